"""Reads tables of a catalogue into frozen dataclasses: the dataclass is the schema, and every problem is noted at its place."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

from states.refusal import Problem
from states.words import N_

T = TypeVar("T")

UNKNOWN_KEY = N_("Không có khóa “%(key)s” ở đây; các khóa dùng được: %(known)s.")
MISSING_KEY = N_("Thiếu khóa bắt buộc “%(key)s”.")
NOT_A_TABLE = N_("Phải là một bảng gồm các khóa.")
NOT_A_LIST = N_("Phải là một danh sách trong ngoặc vuông, có ít nhất một phần tử.")


Trail = tuple[str | int, ...]


def spell(trail: Trail) -> str:
    """Write where one is, the way one would find it: sets[0].groups[1].points."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in trail).removeprefix(".")


@dataclass(frozen=True)
class Place:
    """Where in the data one is, the list to which problems are added, and how a place is told to people."""

    trail: Trail
    problems: list[Problem]
    tell: Callable[[Trail], str] = spell

    def at(self, step: str | int) -> "Place":
        """Go down one key or one position."""
        return Place((*self.trail, step), self.problems, self.tell)

    def report(self, text: str, **params: str | int) -> None:
        """Note one problem here."""
        self.problems.append(Problem(text, self.tell(self.trail), params))


Read = Callable[[Any, Place], Any]


@cache
def keys_of(shape: type[Any]) -> Mapping[str, tuple[Read, bool]]:
    """Return the keys a dataclass declares as `Annotated[type, read]`: how each is read, and whether it must be there."""
    hints = get_type_hints(shape, include_extras=True)
    return {one.name: (read_of(hints[one.name]), one.default is MISSING) for one in fields(shape)}


def read_table(shape: type[T], table: object, place: Place) -> T:
    """Read every key that `shape` declares. What cannot be read is reported, and an empty value stands in for it."""
    if not isinstance(table, Mapping):
        place.report(NOT_A_TABLE)
        table = {}
    declared = keys_of(shape)  # type: ignore[arg-type]
    for unknown in [name for name in table if name not in declared]:
        place.at(str(unknown)).report(UNKNOWN_KEY, key=str(unknown), known=", ".join(declared))
    values = {}
    for name, (read, required) in declared.items():
        if name in table:
            values[name] = read(table[name], place.at(name))
        elif required:
            place.report(MISSING_KEY, key=name)
            values[name] = read(None, Place((), []))
    return shape(**values)


def read_of(kind: Any) -> Read:  # noqa: ANN401  (a dataclass or an Annotated type)
    """Return how a kind of value is read: the reader an Annotated type carries, or the table a dataclass declares."""
    carried = getattr(kind, "__metadata__", None)
    return carried[0] if carried else lambda value, place: read_table(kind, value, place)


def many(kind: Any) -> Read:  # noqa: ANN401  (a dataclass or an Annotated type)
    """Return a reader of a list of at least one of that kind."""
    read = read_of(kind)

    def read_list(value: object, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            place.report(NOT_A_LIST)
            return ()
        return tuple(read(element, place.at(position)) for position, element in enumerate(value))

    return read_list


def keyed(kind: Any) -> Read:  # noqa: ANN401  (a dataclass or an Annotated type)
    """Return a reader of a table with keys of one's own, all values of that kind."""
    read = read_of(kind)

    def read_keyed(value: object, place: Place) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            place.report(NOT_A_TABLE)
            return {}
        return {key: read(one, place.at(key)) for key, one in value.items()}

    return read_keyed
