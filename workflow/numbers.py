"""Numbers at the edge: what people type becomes exact values, and exact values are printed the Vietnamese way.

Points inside are integers of one ten-thousandth of a point. Typed numbers are folded first: full-width digits and every kind of space.

- A *score* (`parse_decimal`, `parse_points`) has no thousands: dot and comma are both the decimal sign, so "8.500" is 8,5.
- A *quantity* (`parse_quantity`) is judged by the digits behind the sign: dots or spaces before groups of three part thousands
  ("12.480" is 12480), one or two digits behind a comma or a last dot are decimals ("12,5"). "12,480" could be either and is refused.
"""

import re
from decimal import Decimal

from states.refusal import Problem, Refused
from states.words import N_

POINT = 10_000
LONGEST = 40
SCORE = re.compile(r"(\d{1,6})(?:[.,](\d+))?", re.ASCII)
QUANTITY = re.compile(
    r"(\d{1,15}|[1-9]\d{0,2}(?: \d{3}){1,4})(?:[.,](\d{1,2}))?|([1-9]\d{0,2}(?:\.\d{3}){1,4})(?:,(\d{1,2}))?",
    re.ASCII,
)
DIGITS = re.compile(r"(\d[\d ]*)(?:[.,]\d*)?", re.ASCII)
AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)

PLAIN = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)} | dict.fromkeys((0x200B, 0x2060, 0xFEFF))
"""Full-width signs become plain ones and invisible ones go; superscripts and the like stay, and are refused."""

MISSING = N_("Chưa nhập số.")
TOO_LONG = N_("Số quá lớn hoặc quá dài.")
NEGATIVE = N_("Số không được âm.")
NOT_A_SCORE = N_("“%(typed)s” không phải là số điểm. Viết như 8 hoặc 8,5.")
TOO_FINE = N_("“%(typed)s” có quá nhiều chữ số thập phân; nhiều nhất là 4.")
NOT_A_QUANTITY = N_("“%(typed)s” không phải là số. Viết như 12480 hoặc 12.480.")
NOT_WHOLE = N_("“%(typed)s” phải là số nguyên, không có phần thập phân.")
EITHER = N_("Không rõ “%(typed)s” là %(whole)s hay số thập phân. Viết %(whole)s nếu là số nguyên, hoặc chỉ giữ hai chữ số thập phân.")


def parse_decimal(text: str, place: str = "") -> Decimal:
    """Read a score of any precision; "8,5" and "8.5" are the same. Refused (with `place`) when it is no such number."""
    typed = _fold(text, place)
    found = SCORE.fullmatch(typed)
    if not found:
        raise Refused(_why_none(typed, place, NOT_A_SCORE, 6))
    whole, fraction = found.groups()
    return Decimal(f"{whole}.{fraction or 0}")


def parse_points(text: str, place: str = "") -> int:
    """Read a score as ten-thousandths of a point. Refused when it is finer than that."""
    value = parse_decimal(text, place) * POINT
    if value != value.to_integral_value():
        raise Refused(Problem(TOO_FINE, place, {"typed": text.strip()}))
    return int(value)


def parse_quantity(text: str, place: str = "", *, whole: bool = True) -> Decimal:
    """Read a count (`whole`) or an amount of at most two decimals, with or without thousands parted by dots or spaces."""
    typed = _fold(text, place)
    if AMBIGUOUS.fullmatch(typed):
        raise Refused(Problem(EITHER, place, {"typed": typed, "whole": typed.replace(",", "")}))
    found = QUANTITY.fullmatch(typed)
    if not found:
        raise Refused(_why_none(typed, place, NOT_A_QUANTITY, 15))
    digits, fraction = found[1] or found[3], found[2] or found[4]
    if whole and fraction:
        raise Refused(Problem(NOT_WHOLE, place, {"typed": typed}))
    return Decimal(f"{re.sub('[. ]', '', digits)}.{fraction or 0}")


def round_points(points: int, decimals: int) -> int:
    """Round ten-thousandths half-up to `decimals` (0 to 4) digits of a point; still in ten-thousandths."""
    step: int = 10 ** (4 - decimals)
    return round_half_up(points, step) * step


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide exactly and round to the nearest integer, halves away from zero. `denominator` is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def percent(points: int, maximum: int) -> int | None:
    """Return hundredths of a percent of the applicable maximum, half-up; none when the maximum is 0 (unranked)."""
    return round_half_up(points * 10_000, maximum) if maximum else None


def format_points(points: int, decimals: int | None = 2) -> str:
    """Print points with a decimal comma, rounded half-up to `decimals`; with None, only the decimals there are ("5", "7,5")."""
    exact = Decimal(round_points(points, 4 if decimals is None else decimals)) / POINT
    return _vietnamese(f"{exact:,.4f}".rstrip("0").rstrip(".") if decimals is None else f"{exact:,.{decimals}f}")


def format_count(value: Decimal | int) -> str:
    """Print a quantity with dots between thousands and only the decimals there are ("12.480", "1.234,5")."""
    text = f"{Decimal(value):,f}"
    return _vietnamese(text.rstrip("0").rstrip(".") if "." in text else text)


def format_percent(hundredths: int) -> str:
    """Print hundredths of a percent: 9674 is "96,74%"."""
    return _vietnamese(f"{Decimal(hundredths) / 100:.2f}%")


def canonical(value: Decimal) -> str:
    """Return the one spelling that is stored and hashed: ASCII digits, a dot, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fold(text: str, place: str) -> str:
    """Make full-width signs and odd spaces plain; refuse the empty, the endless and the negative."""
    typed = " ".join(text.translate(PLAIN).split())
    for wrong, why in ((not typed, MISSING), (len(typed) > LONGEST, TOO_LONG), (typed[:1] in ("-", "−", "–"), NEGATIVE)):
        if wrong:
            raise Refused(Problem(why, place))
    return typed


def _why_none(typed: str, place: str, otherwise: str, longest: int) -> Problem:
    """Say that digits are too many where there are too many of them, else what was expected."""
    digits = DIGITS.fullmatch(typed)
    too_many = digits is not None and len(digits[1].replace(" ", "")) > longest
    return Problem(TOO_LONG, place) if too_many else Problem(otherwise, place, {"typed": typed})


def _vietnamese(text: str) -> str:
    """Swap the signs of an English number: 1,234.5 becomes 1.234,5."""
    return text.translate(str.maketrans(",.", ".,"))
