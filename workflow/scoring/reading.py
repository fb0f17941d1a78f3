"""Reads tables of a catalogue into frozen dataclasses: the dataclass is the schema, and every problem is noted at its place."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import POINT, canonical, parse_points

T = TypeVar("T")
CODE = re.compile(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*")
LARGEST, FINEST = 10**12, 4

UNKNOWN_KEY = N_("Không có khóa “%(key)s” ở đây; các khóa dùng được: %(known)s.")
MISSING_KEY = N_("Thiếu khóa bắt buộc “%(key)s”.")
NOT_A_TABLE = N_("Phải là một bảng gồm các khóa.")
NOT_A_LIST = N_("Phải là một danh sách trong ngoặc vuông, có ít nhất một phần tử.")


@dataclass(frozen=True)
class Place:
    """Where in the file one is, and the list to which problems are added."""

    path: str
    problems: list[Problem]

    def at(self, step: str | int) -> "Place":
        """Go down one key or one position."""
        below = f"[{step}]" if isinstance(step, int) else f".{step}" if CODE.fullmatch(step) or "_" in step else f".{step!r}"
        return Place((self.path + below).removeprefix("."), self.problems)

    def report(self, text: str, **params: str | int) -> None:
        """Note one problem here."""
        self.problems.append(Problem(text, self.path, params))


Read = Callable[[Any, Place], Any]


@cache
def keys_of(shape: type[Any]) -> Mapping[str, tuple[Read, bool]]:
    """Return the keys a dataclass declares as `Annotated[type, read]`: how each is read, and whether it must be there."""
    hints = get_type_hints(shape, include_extras=True)
    return {one.name: (hints[one.name].__metadata__[0], one.default is MISSING) for one in fields(shape)}


def read_table(shape: type[T], table: object, place: Place) -> T:
    """Read every key that `shape` declares. What cannot be read is reported, and an empty value stands in for it."""
    if not isinstance(table, Mapping):
        place.report(NOT_A_TABLE)
        table = {}
    declared = keys_of(shape)  # type: ignore[arg-type]
    for unknown in table.keys() - declared.keys():
        place.at(str(unknown)).report(UNKNOWN_KEY, key=str(unknown), known=", ".join(declared))
    values = {}
    for name, (read, required) in declared.items():
        if name in table:
            values[name] = read(table[name], place.at(name))
        elif required:
            place.report(MISSING_KEY, key=name)
            values[name] = read(None, Place("", []))
    return shape(**values)


def many(read: Read) -> Read:
    """Return a reader of a list of at least one, each element read by `read`."""

    def read_list(value: object, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            place.report(NOT_A_LIST)
            return ()
        return tuple(read(element, place.at(position)) for position, element in enumerate(value))

    return read_list


def table_of(shape: type[Any]) -> Read:
    """Return a reader of a table of that shape."""
    return lambda value, place: read_table(shape, value, place)


def value_of(read: Callable[[Any], T], empty: T, wrong: str) -> Read:
    """Return a reader of one plain value: `read` raises when it is none of its kind; then `wrong` is reported and `empty` stands in."""

    def read_value(value: object, place: Place) -> T:
        try:
            return read(value)
        except (TypeError, ValueError, ArithmeticError, Refused):
            place.report(wrong)
            return empty

    return read_value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return unicodedata.normalize("NFC", value)


def _code(value: object) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise TypeError
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError
    number = Decimal(value)
    if not 0 <= number <= LARGEST or number != round(number, FINEST):
        raise ValueError
    return round(number, FINEST).normalize()


def _points(value: object) -> int:
    return parse_points(canonical(_number(value)))


def _whole(value: object) -> int:
    if type(value) is not int or not 0 < value < POINT:
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else date(value.year, value.month, value.day)  # type: ignore[attr-defined]


Text = Annotated[str, value_of(_text, "", N_("Phải là chữ trong ngoặc kép, không để trống."))]
Code = Annotated[str, value_of(_code, "", N_('Phải là mã viết liền trong ngoặc kép, như "SKHCN", "00004" hay "IV.09".'))]
Number = Annotated[Decimal, value_of(_number, Decimal(0), N_("Phải là một số không âm, như 4 hoặc 2.5."))]
Points = Annotated[int, value_of(_points, 0, N_("Phải là số điểm không âm với nhiều nhất bốn chữ số thập phân, như 5 hoặc 2.5."))]
Whole = Annotated[int, value_of(_whole, 0, N_("Phải là một số nguyên dương."))]
Flag = Annotated[bool, value_of(_flag, empty=False, wrong=N_("Phải là true hoặc false."))]
Date = Annotated[date, value_of(_date, date.min, N_("Phải là một ngày có thật, viết 2025-10-23."))]


def one_of(known: Iterable[str]) -> Read:
    """Return a reader of one word out of a closed list."""
    words = tuple(known)

    def read_word(value: object, place: Place) -> str:
        if value in words:
            return str(value)
        place.report(N_("Phải là một trong: %(known)s."), known=", ".join(words))
        return words[0]

    return read_word
