"""The plain values of catalogues and rules: how each is read, and what a person is told when it is none of its kind."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from states.refusal import Refused
from states.words import N_
from workflow.numbers import POINT, canonical, parse_points
from workflow.scoring.reading import Place, Read

T = TypeVar("T")
CODE = re.compile(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*")
LARGEST, FINEST = 10**12, 4


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


def _digits(value: object) -> int:
    if type(value) is not int or not 0 <= value <= FINEST:
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> date:
    if type(value) is not date and not isinstance(value, str):
        raise TypeError
    return value if isinstance(value, date) else date.fromisoformat(value)


Text = Annotated[str, value_of(_text, "", N_("Phải là chữ trong ngoặc kép, không để trống."))]
Code = Annotated[str, value_of(_code, "", N_('Phải là mã viết liền trong ngoặc kép, như "SKHCN", "00004" hay "IV.09".'))]
Number = Annotated[Decimal, value_of(_number, Decimal(0), N_("Phải là một số không âm và không quá lớn, như 4."))]
Points = Annotated[int, value_of(_points, 0, N_("Phải là số điểm không âm, không quá lớn, với nhiều nhất bốn chữ số thập phân, như 5."))]
Whole = Annotated[int, value_of(_whole, 0, N_("Phải là một số nguyên dương."))]
Digits = Annotated[int, value_of(_digits, FINEST, N_("Phải là số chữ số thập phân, từ 0 đến 4."))]
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
