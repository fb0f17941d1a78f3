"""Rules that ask for an answer: yes or no, one of several levels, some of several parts, or points from a person's judgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import POINT, format_points
from workflow.scoring.inputs import NONE_OF_THEM, Choice, Field, Sentence, Value
from workflow.scoring.reading import many
from workflow.scoring.rule import Line, Rule
from workflow.scoring.values import Points, Text

YES, NO = N_("Có"), N_("Không")
ALL_OR_NOTHING = N_("Có: %(maximum)s điểm. Không: 0 điểm.")
ONE_LEVEL = N_("Chọn một mức, được điểm của mức ấy.")
SUM_OF_PARTS = N_("Cộng điểm của các nội dung đạt được, tối đa %(maximum)s.")
JUDGEMENT = N_("Chưa có công thức: người chấm cân nhắc và cho từ 0 đến %(maximum)s điểm.")
NONE_LABEL = N_("Không đạt nội dung nào")
POINTS_LABEL = N_("Điểm")
ABOVE_MAXIMUM = N_("Điểm không được vượt điểm tối đa %(maximum)s.")


@dataclass(frozen=True)
class Earning:
    """A level or a part: what it says and what it earns."""

    points: Points
    label: Text


@dataclass(frozen=True)
class YesNo(Rule):
    """Yes earns everything, no earns nothing."""

    kind: ClassVar[str] = "yes_no"
    question: Text

    def fields(self) -> tuple[Field, ...]:
        """Ask for yes or no."""
        return (Field("answer", self.question, "choice", choices=(Choice("yes", YES), Choice("no", NO, 0))),)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction, Line]:
        """Give all or nothing."""
        yes = values["answer"] == "yes"
        return Fraction(maximum if yes else 0), Line(maximum, label=YES if yes else NO)

    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Say that it is all or nothing."""
        return (Sentence(ALL_OR_NOTHING, {"maximum": format_points(maximum, None)}),)


@dataclass(frozen=True)
class Levels(Rule):
    """One of several levels, the best first; each earns its own points."""

    kind: ClassVar[str] = "levels"
    question: Text
    levels: Annotated[tuple[Earning, ...], many(Earning)]

    def fields(self) -> tuple[Field, ...]:
        """Ask for one level."""
        return (Field("level", self.question, "choice", choices=_numbered(self.levels)),)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction, Line]:
        """Give the points of the level chosen."""
        level = self.levels[int(str(values["level"])) - 1]
        return Fraction(level.points), Line(maximum, label=level.label)

    def amounts(self) -> tuple[int, ...]:
        """Return the points of every level."""
        return tuple(level.points for level in self.levels)

    def highest(self, maximum: int) -> int:  # noqa: ARG002  (the levels say it)
        """Return the points of the best level."""
        return max(self.amounts(), default=0)

    def formula(self, maximum: int) -> tuple[Sentence, ...]:  # noqa: ARG002  (the levels say it)
        """Say that one level counts; the choices carry their points."""
        return (Sentence(ONE_LEVEL),)


@dataclass(frozen=True)
class Parts(Rule):
    """Several parts, each met or not; their points add up."""

    kind: ClassVar[str] = "parts"
    question: Text
    parts: Annotated[tuple[Earning, ...], many(Earning)]

    def fields(self) -> tuple[Field, ...]:
        """Ask which parts are met; that none is met must be said, not left open."""
        return (Field("parts", self.question, "tick", choices=(*_numbered(self.parts), Choice(NONE_OF_THEM, NONE_LABEL, 0))),)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction, Line]:
        """Add up the parts that are met."""
        met = tuple(self.parts[int(tick) - 1].points for tick in values["parts"] if tick != NONE_OF_THEM)  # type: ignore[union-attr]
        return Fraction(sum(met)), Line(maximum, amounts=met, label="" if met else NONE_LABEL)

    def amounts(self) -> tuple[int, ...]:
        """Return the points of every part."""
        return tuple(part.points for part in self.parts)

    def highest(self, maximum: int) -> int:  # noqa: ARG002  (the parts say it)
        """Return the points of all parts together."""
        return sum(self.amounts())

    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Say that the parts add up; the choices carry their points."""
        return (Sentence(SUM_OF_PARTS, {"maximum": format_points(maximum, None)}),)


@dataclass(frozen=True)
class Manual(Rule):
    """No formula: a person weighs what `weighing` names and gives the points."""

    kind: ClassVar[str] = "manual"
    weighing: Text

    def fields(self) -> tuple[Field, ...]:
        """Ask for the points themselves."""
        return (Field("points", POINTS_LABEL, "points", hint=self.weighing),)

    def weigh(self, values: Mapping[str, Value], maximum: int) -> tuple[Fraction, Line]:
        """Take the points given. Refused above the maximum."""
        points = Fraction(values["points"]) * POINT  # type: ignore[arg-type]
        if points > maximum:
            raise Refused(Problem(ABOVE_MAXIMUM, "points", {"maximum": format_points(maximum, None)}))
        return points, Line(maximum, amounts=(int(points),))

    def formula(self, maximum: int) -> tuple[Sentence, ...]:
        """Say that a person decides."""
        return (Sentence(JUDGEMENT, {"maximum": format_points(maximum, None)}),)


def _numbered(earnings: tuple[Earning, ...]) -> tuple[Choice, ...]:
    """Return choices named by their place in the list, from "1"."""
    return tuple(Choice(str(number), earning.label, earning.points) for number, earning in enumerate(earnings, 1))
