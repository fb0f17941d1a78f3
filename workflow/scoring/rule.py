"""What every scoring rule is: the inputs it asks for, the points they earn, and the line that shows how."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import canonical, format_count, format_percent, format_points, round_half_up
from workflow.scoring.inputs import Field, Inputs, Sentence, Value

FULL = 100_00

UNREACHABLE = N_("Cách tính chỉ đạt được %(reachable)s điểm, điểm tối đa là %(maximum)s.")
TOO_MUCH = N_("Cách tính có mức %(amount)s điểm, vượt điểm tối đa %(maximum)s.")


@dataclass(frozen=True)
class Line:
    """How the points came about. Ratio and target are hundredths of a percent, maximum and amounts ten-thousandths of a point."""

    maximum: int
    label: str = ""
    a: Decimal | None = None
    b: Decimal | None = None
    unit: str = ""
    ratio: int | None = None
    target: int | None = None
    amounts: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Print it as one would write it down: "12.480 ÷ 12.900 = 96,74% × 5", "7 lớp × 0,5", "2 + 3", or the answer's own words."""
        amounts = " + ".join(format_points(amount, None) for amount in self.amounts)
        if self.a is None:
            return amounts or self.label
        if self.b is None:
            return f"{format_count(self.a)} {self.unit}" + (f" × {amounts}" if amounts else "")
        return f"{format_count(self.a)} ÷ {format_count(self.b)}{self._share()}"

    def _share(self) -> str:
        """Print the ratio, and what it is taken times of."""
        if self.ratio is None:
            return ""
        of = "" if self.target == FULL else f" ÷ {format_percent(self.target or 0)}"
        return f" = {format_percent(self.ratio)}" + ("" if self.target is None else f"{of} × {format_points(self.maximum, None)}")


@dataclass(frozen=True)
class Outcome:
    """What the inputs earn: points rounded to the printed decimals and within 0..maximum, or none where b = 0 asks for a person's word."""

    points: int | None
    line: Line
    inputs: Mapping[str, str | list[str]]

    @property
    def not_applicable_question(self) -> bool:
        """Whether nothing can be computed because there was nothing to count (b = 0)."""
        return self.points is None


class Rule(ABC):
    """How one indicator is scored. Pure data and exact arithmetic: no text of a rule is ever run as code."""

    kind: ClassVar[str]

    @abstractmethod
    def fields(self) -> tuple[Field, ...]:
        """Return the inputs to ask for, in order."""

    @abstractmethod
    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction | None, Line]:
        """Return the exact ten-thousandths earned (unclamped, none when b = 0) and the line. Refused where inputs contradict each other."""

    @abstractmethod
    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Return the method in plain words, as it is shown beside the inputs and on the public page."""

    def amounts(self) -> tuple[int, ...]:
        """Return every single amount of points the rule can give; none where it takes shares of the maximum."""
        return ()

    def highest(self, maximum: int) -> int:
        """Return the most the rule could give, unclamped."""
        return maximum

    def score(self, inputs: Inputs, maximum: int, decimals: int = 2) -> Outcome:
        """Return what `inputs` earn of `maximum`, rounded once, half-up. Refused with every problem at its field's name."""
        values = self.read(inputs)
        earned, line = self.weigh(values, maximum)
        kept = {name: list(value) if isinstance(value, tuple) else _spell(value) for name, value in values.items()}
        if earned is None:
            return Outcome(None, line, kept)
        step = 10 ** (4 - decimals)
        rounded = round_half_up(earned.numerator, earned.denominator * step) * step
        return Outcome(min(max(rounded, 0), maximum), line, kept)

    def read(self, inputs: Inputs) -> dict[str, Value]:
        """Return the exact values of all fields; what else was sent is left aside. Refused with every problem at once."""
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        for asked in self.fields():
            try:
                values[asked.name] = asked.read(inputs)
            except Refused as refused:
                problems.extend(refused.problems)
        if problems:
            raise Refused(problems)
        return values

    def reachable_maximum(self, maximum: int) -> int:
        """Return the most points a unit can get by this rule."""
        return min(self.highest(maximum), maximum)

    def flaws(self, maximum: int) -> Iterator[Problem]:
        """Yield what is wrong with the rule for an indicator of `maximum` points."""
        reachable = self.reachable_maximum(maximum)
        if reachable < maximum:
            yield Problem(UNREACHABLE, "", {"reachable": format_points(reachable, None), "maximum": format_points(maximum, None)})
        for amount in self.amounts():
            if amount > maximum:
                yield Problem(TOO_MUCH, "", {"amount": format_points(amount, None), "maximum": format_points(maximum, None)})


def _spell(value: Decimal | str) -> str:
    """Return the one spelling that is stored."""
    return canonical(value) if isinstance(value, Decimal) else value
