"""The inputs a rule asks for, and how what was typed or ticked becomes an exact value or a problem at the field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import POINT, parse_points, parse_quantity

Typed = str | bool | list[str]
Inputs = Mapping[str, Typed]
Value = Decimal | str | tuple[str, ...]
NONE_OF_THEM = "0"

NOT_CHOSEN = N_("Chưa chọn.")
NO_SUCH_CHOICE = N_("Không có lựa chọn “%(typed)s”.")
NOTHING_TICKED = N_("Chưa chọn nội dung nào. Nếu không đạt nội dung nào, hãy chọn ô cuối cùng.")
NONE_AND_SOME = N_("Đã chọn “không đạt nội dung nào” thì không chọn thêm nội dung khác.")


@dataclass(frozen=True)
class Sentence:
    """One line of the method in plain words: a Vietnamese source string and its exact values, translated at the edge."""

    text: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in Vietnamese."""
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen or ticked; `points` is what it earns, none where it earns the whole maximum."""

    value: str
    label: str
    points: int | None = None


@dataclass(frozen=True)
class Field:
    """One input of a rule's form. `kind` is number, choice, tick or points; texts come from the catalogue."""

    name: str
    label: str
    kind: str
    unit: str = ""
    hint: str = ""
    whole: bool = True
    choices: tuple[Choice, ...] = ()

    def read(self, inputs: Inputs) -> Value:
        """Return the exact value typed here. Refused with problems at the field's name."""
        return READERS[self.kind](self, inputs.get(self.name, ""))


def _read_number(asked: Field, typed: Typed) -> Decimal:
    return parse_quantity(str(typed), asked.name, whole=asked.whole)


def _read_points(asked: Field, typed: Typed) -> Decimal:
    return Decimal(parse_points(str(typed), asked.name)) / POINT


def _read_choice(asked: Field, typed: Typed) -> str:
    word = {True: "yes", False: "no"}[typed] if isinstance(typed, bool) else str(typed).strip()
    if not word:
        raise Refused(Problem(NOT_CHOSEN, asked.name))
    if word not in {choice.value for choice in asked.choices}:
        raise Refused(Problem(NO_SUCH_CHOICE, asked.name, {"typed": word[:40]}))
    return word


def _read_ticks(asked: Field, typed: Typed) -> tuple[str, ...]:
    ticked = typed if isinstance(typed, list) else [typed] if isinstance(typed, str) and typed else []
    words = {_read_choice(asked, word) for word in ticked}
    if not words:
        raise Refused(Problem(NOTHING_TICKED, asked.name))
    if NONE_OF_THEM in words and len(words) > 1:
        raise Refused(Problem(NONE_AND_SOME, asked.name))
    return tuple(choice.value for choice in asked.choices if choice.value in words)


READERS: Mapping[str, Callable[[Field, Typed], Value]] = {
    "number": _read_number,
    "points": _read_points,
    "choice": _read_choice,
    "tick": _read_ticks,
}
