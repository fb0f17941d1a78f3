"""Rules that ask for numbers: a share of a whole, thresholds, or so much for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import format_count, format_points, round_half_up
from workflow.scoring.inputs import Field, Sentence, Value
from workflow.scoring.reading import many
from workflow.scoring.rule import Line, Rule
from workflow.scoring.values import LARGEST, Flag, Number, Points, Text

ALL = Decimal(100)
UNLIMITED = Decimal(LARGEST)
PART_ABOVE_WHOLE = N_("a (%(part)s) không được lớn hơn b (%(whole)s).")
BAD_TARGET = N_("Tỷ lệ cần đạt (phần trăm) phải lớn hơn 0 và không quá 100.")
SHARE = N_("Điểm = a ÷ b × %(maximum)s, không quá %(maximum)s.")
SHARE_OF_TARGET = N_("Điểm = a ÷ b ÷ %(target)s%% × %(maximum)s; từ %(target)s%% trở lên được đủ %(maximum)s điểm.")
FROM_COUNT = N_("Từ %(least)s %(unit)s: %(points)s điểm.")
FROM_SHARE = N_("a ÷ b từ %(least)s%%: %(points)s điểm.")
BELOW = N_("Thấp hơn: 0 điểm.")
SO_MUCH_EACH = N_("Mỗi %(unit)s được %(each)s điểm, tối đa %(most)s điểm.")
STEPS_OUT_OF_ORDER = N_("Các ngưỡng phải viết từ cao xuống thấp, điểm cũng giảm dần.")


@dataclass(frozen=True)
class Ratio(Rule):
    """a of b: the share times the maximum; with a `target` (percent), full points from there on. b = 0 asks whether it applies at all."""

    kind: ClassVar[str] = "ratio"
    a: Text
    b: Text
    unit: Text
    a_hint: Text = ""
    b_hint: Text = ""
    target: Number = ALL
    may_exceed: Flag = False
    """Whether a may be more than b: it may where b is a norm, not a whole."""
    decimals: Flag = False
    """Whether a and b may have decimals, as money may; people and machines are whole."""

    def fields(self) -> tuple[Field, ...]:
        """Ask for a and b, named in words."""
        return _pair(self)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction | None, Line]:
        """Give a ÷ b ÷ target of the maximum. Refused when the part is more than the whole."""
        share, line = _share(self, values, maximum, int(self.target * 100))
        if share is None:
            return None, line
        return min(share / Fraction(self.target / 100), Fraction(1)) * maximum, line

    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Say what is divided by what."""
        text = SHARE if self.target == ALL else SHARE_OF_TARGET
        return (Sentence(text, {"maximum": format_points(maximum, None), "target": format_count(self.target)}),)

    def flaws(self, maximum: int) -> Iterator[Problem]:
        """Add a target that cannot be."""
        yield from super().flaws(maximum)
        if not 0 < self.target <= ALL:
            yield Problem(BAD_TARGET, "target")


@dataclass(frozen=True)
class Step:
    """From `at_least` on (times, or percent where there is a b), that many points."""

    at_least: Number
    points: Points


@dataclass(frozen=True)
class Steps(Rule):
    """Thresholds on a, or on the percentage a of b, the highest first; below the last one there is nothing."""

    kind: ClassVar[str] = "steps"
    a: Text
    unit: Text
    steps: Annotated[tuple[Step, ...], many(Step)]
    b: Text = ""
    a_hint: Text = ""
    b_hint: Text = ""
    may_exceed: Flag = False
    decimals: Flag = False

    def fields(self) -> tuple[Field, ...]:
        """Ask for a, and for b where there is one."""
        return _pair(self) if self.b else _pair(self)[:1]

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction | None, Line]:
        """Give the points of the highest threshold that is reached."""
        if self.b:
            share, line = _share(self, values, maximum)
            reached = None if share is None else share * 100
        else:
            line = Line(maximum, a=_decimal(values["a"]), unit=self.unit)
            reached = Fraction(_decimal(values["a"]))
        if reached is None:
            return None, line
        return Fraction(next((step.points for step in self.steps if reached >= step.at_least), 0)), line

    def amounts(self) -> tuple[int, ...]:
        """Return the points of every threshold."""
        return tuple(step.points for step in self.steps)

    def highest(self, maximum: int) -> int:  # noqa: ARG002  (the steps say it)
        """Return the points of the best threshold that can be reached."""
        top = 100 if self.b and not self.may_exceed else None
        return max((step.points for step in self.steps if top is None or step.at_least <= top), default=0)

    def formula(self, maximum: int) -> tuple[Sentence, ...]:  # noqa: ARG002  (the steps say it)
        """Say every threshold."""
        text = FROM_SHARE if self.b else FROM_COUNT
        said = [
            Sentence(text, {"least": format_count(step.at_least), "unit": self.unit, "points": format_points(step.points, None)})
            for step in self.steps
        ]
        return (*said, Sentence(BELOW))

    def flaws(self, maximum: int) -> Iterator[Problem]:
        """Add thresholds that are out of order."""
        yield from super().flaws(maximum)
        if any(low.at_least >= high.at_least or low.points >= high.points for high, low in pairwise(self.steps)):
            yield Problem(STEPS_OUT_OF_ORDER, "steps")


@dataclass(frozen=True)
class CountCap(Rule):
    """So many points for `each`, up to the maximum or to a lower `cap` of their number."""

    kind: ClassVar[str] = "count_cap"
    a: Text
    unit: Text
    each: Points
    a_hint: Text = ""
    most: Number = UNLIMITED
    """How many count at most, where the maximum is not the only cap."""

    def fields(self) -> tuple[Field, ...]:
        """Ask how many there are."""
        return (Field("a", self.a, "number", self.unit, self.a_hint),)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction, Line]:
        """Give `each` times as many as count."""
        a = _decimal(values["a"])
        return Fraction(min(a, self.most)) * self.each, Line(maximum, a=a, unit=self.unit, amounts=(self.each,))

    def amounts(self) -> tuple[int, ...]:
        """Return what one earns."""
        return (self.each,)

    def highest(self, maximum: int) -> int:  # noqa: ARG002  (the rule says it)
        """Return what as many as count can earn."""
        return int(self.each * self.most)

    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Say what each earns."""
        most = format_points(self.reachable_maximum(maximum), None)
        return (Sentence(SO_MUCH_EACH, {"unit": self.unit, "each": format_points(self.each, None), "most": most}),)


def _pair(rule: Ratio | Steps) -> tuple[Field, Field]:
    """Return the two number fields of a rule that knows a and b."""
    whole = not rule.decimals
    return Field("a", rule.a, "number", rule.unit, rule.a_hint, whole), Field("b", rule.b, "number", rule.unit, rule.b_hint, whole)


def _share(rule: Ratio | Steps, values: Mapping[str, Value], maximum: int, target: int | None = None) -> tuple[Fraction | None, Line]:
    """Return a ÷ b exactly, or none when b = 0, and its line."""
    a, b = _decimal(values["a"]), _decimal(values["b"])
    if b == 0:
        return None, Line(maximum, a=a, b=b, unit=rule.unit)
    if a > b and not rule.may_exceed:
        raise Refused(Problem(PART_ABOVE_WHOLE, "a", {"part": rule.a, "whole": rule.b}))
    share = Fraction(a) / Fraction(b)
    ratio = round_half_up(share.numerator * 10_000, share.denominator)
    return share, Line(maximum, a=a, b=b, unit=rule.unit, ratio=ratio, target=target)


def _decimal(value: Value) -> Decimal:
    """Narrow a value that its field has read as a number."""
    assert isinstance(value, Decimal)
    return value
