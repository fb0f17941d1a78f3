"""One row of the grading grid: what a grader sees of one unit under one indicator, and whether points may be typed there."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from states.case import CaseState
from states.items import Applicability
from states.refusal import Problem
from workflow.scoring import Line
from workflow.sheets.needs import Need

FIRST, SECOND = 1, 2
"""The two rounds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Points given in one round (ten-thousandths), with what was said, by whom and when."""

    points: int | None
    reason: str
    internal_note: str
    verdict: str
    at: datetime
    by: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Partner:
    """What another body gave in the running round, where it may be seen: only once everybody has signed."""

    name: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    """What the unit says to round 1, once sent."""

    stance: str
    text: str
    proposed: int | None
    line: Line | None


class Against(StrEnum):
    """How the points of a row stand to what they are held against (the self-score; in round 2, round 1)."""

    OPEN = "open"
    AGREE = "agree"
    LOWER = "lower"
    RAISE = "raise"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One unit. A row of the own organisation holds its name and nothing else."""

    unit: str
    name: str
    kind: str
    """The first words of the name ("Phường")."""
    need: Need
    state: CaseState
    second: bool = False
    """The row stands in round 2: it is contested, or was graded again."""
    fresh: bool = False
    """Its round 2 was given since it is due; not a grade that a reopening or a newer answer has overtaken."""
    locked: Problem | None = None
    version: int = 0
    applicability: Applicability = Applicability.APPLICABLE
    self_points: int | None = None
    inputs: tuple[Decimal | str | None, ...] = ()
    line: Line | None = None
    """How the self-score comes about."""
    text: str = ""
    """What the unit wrote with its score, or why it asks that the indicator does not apply."""
    proofs: int = 0
    """How many documents there are to look at."""
    new_proofs: int = 0
    """How many of them came with the explanation."""
    round1: Mark | None = None
    round2: Mark | None = None
    result1: int | None = None
    """What round 1 came to, once released."""
    decided: tuple[int | None, int | None] = (None, None)
    """What the council decided in round 1 and in round 2."""
    partners: tuple[Partner, ...] = ()
    disputed: bool = False
    flagged: bool = False
    sealed: bool = False
    """A lead's signature stands on it: points are typed over it only in the panel, knowing that it goes."""
    na_answer: str = ""
    na_answer_reason: str = ""
    questions: tuple[str, ...] = ()
    explained: Explained | None = None

    @property
    def open(self) -> bool:
        """Whether points may be typed."""
        return self.locked is None

    @property
    def running(self) -> int:
        """The round in which points typed now are given."""
        return SECOND if self.state is CaseState.EXPLANATION_REQUESTED else FIRST

    @property
    def shown(self) -> int:
        """The round to show closely: the one that takes points, or else the last in which there are any."""
        return SECOND if self.round2 is not None else self.running

    def waits(self, number: int, *needs: Need) -> bool:
        """Whether one of these things is to be done with the row in a round: what waits in round 2 is no work of round 1."""
        return self.need in needs and self.running == number

    def editable(self, number: int) -> bool:
        """Whether points may be typed in the column of a round."""
        return self.takes(number) and not self.sealed

    def takes(self, number: int) -> bool:
        """Whether a round is the one that takes points now, be it over a signature."""
        return self.open and self.running == number

    def mark(self, number: int) -> Mark | None:
        """Return the mark of round 1 or 2."""
        return self.round1 if number == FIRST else self.round2

    def decision(self, number: int) -> int | None:
        """Return what the council decided in a round, over the points of the bodies."""
        return self.decided[number - 1]

    def base(self, number: int) -> int | None:
        """Return what the points of a round are held against."""
        return self.self_points if number == FIRST else self.result1

    def against(self, number: int) -> tuple[Against, int]:
        """Return how a round's points stand to their base, and the difference (ten-thousandths, not negative)."""
        mark, base = self.mark(number), self.base(number)
        if mark is None or mark.points is None:
            return Against.OPEN, 0
        if base is None:
            return Against.PLAIN, 0
        word = Against.AGREE if mark.points == base else Against.LOWER if mark.points < base else Against.RAISE
        return word, abs(mark.points - base)
