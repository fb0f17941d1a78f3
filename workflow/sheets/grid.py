"""The grid of one indicator over all its units: the head, the rows, and what the lead may sign (rules sections 3 and 7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from states.clocks import Clock
from states.permissions import may
from states.refusal import NotFound
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.folding import folded
from workflow.sheets.counted import Counted
from workflow.sheets.grid_row import FIRST, SECOND, Against, GridRow
from workflow.sheets.grid_rows import load_rows
from workflow.sheets.indicator_head import IndicatorHead, load_head, neighbours
from workflow.sheets.needs import OUT, Need

BUSY = frozenset({Need.GRADE, Need.ANSWER_NA, Need.SIGN})


@dataclass(frozen=True, slots=True)
class Grid(Counted):
    """One indicator with all its units, in one of the two rounds."""

    slug: str
    year: int
    trial: bool
    head: IndicatorHead
    bodies: tuple[str, ...]
    """All bodies of a joint indicator; empty where one grades alone."""
    number: int
    """The round that is shown."""
    rounds: tuple[int, int]
    """How many rows each round has."""
    until: datetime | None
    rows: tuple[GridRow, ...]
    may_name_contact: bool
    previous: str
    next: str

    def row(self, unit: str) -> GridRow | None:
        """Return the row of a unit, or nothing."""
        return next((row for row in self.rows if row.unit == unit), None)

    def count(self, name: str) -> int:
        """Return how many rows a filter leaves."""
        return sum(FILTERS[name](row, self.number) for row in self.rows)

    def chosen(self, name: str = "", typed: str = "") -> list[GridRow]:
        """Return the rows that a filter and a search leave; marks do not matter, an unknown filter leaves all."""
        keep = FILTERS.get(name, _all)
        return [row for row in self.rows if keep(row, self.number) and folded(typed) in folded(f"{row.name} {row.unit}")]

    @property
    def keyed(self) -> tuple[tuple[str, GridRow], ...]:
        """Each row by its unit."""
        return tuple((row.unit, row) for row in self.rows)

    @property
    def now(self) -> datetime:
        """The moment the page is made."""
        return self.head.now


Filter = Callable[[GridRow, int], bool]


def _all(row: GridRow, number: int) -> bool:  # noqa: ARG001  (a filter)
    return True


def _differs(row: GridRow, number: int) -> bool:
    return row.against(number)[0] in {Against.LOWER, Against.RAISE}


def _unproved(row: GridRow, number: int) -> bool:  # noqa: ARG001
    return row.self_points is not None and not row.proofs and not row.text and row.need not in {*OUT, Need.UNSUBMITTED}


FILTERS: Mapping[str, Filter] = {
    "chua-cham": lambda row, number: row.waits(number, Need.GRADE),
    "cho-ky": lambda row, number: row.waits(number, Need.SIGN),
    "can-xem-lai": lambda row, number: row.flagged and row.running == number,
    "chua-thong-nhat": lambda row, number: row.disputed and row.running == number,
    "khac": _differs,
    "thieu-minh-chung": _unproved,
    "xin-khong-phat-sinh": lambda row, number: row.waits(number, Need.ANSWER_NA, Need.AGREED_NA),
    "chua-nop": lambda row, number: row.waits(number, Need.UNSUBMITTED),
}
"""The filters of the grid, by the word in the address."""


def grading_grid(session: Session, actor: Actor, slug: str, code: str, wanted: int = 0) -> Grid:
    """Return the grid in round `wanted` (0: the one with work in it). A body without a part in the indicator finds nothing."""
    assessment = require_assessment(session, actor, "see_queue", slug)
    head = load_head(session, actor, assessment, code)
    rows = load_rows(session, actor, assessment, head)
    if not rows:
        raise NotFound
    rounds = rows, [row for row in rows if row.second]
    number = wanted if wanted == FIRST or (wanted == SECOND and rounds[1]) else _busy(rows)
    before, after = neighbours(session, actor, assessment, code)
    return Grid(
        slug=assessment.slug, year=assessment.year, trial=assessment.trial, head=head,
        bodies=tuple(head.bodies.values()) if len(head.bodies) > 1 else (), number=number,
        rounds=(len(rounds[0]), len(rounds[1])), until=head.calendar.until(Clock.ROUND_2 if number == SECOND else Clock.ROUND_1),
        rows=tuple(rounds[number - 1]), may_name_contact=may(actor.role, "name_contact"), previous=before, next=after,
    )  # fmt: skip


def _busy(rows: Sequence[GridRow]) -> int:
    """Return the round to show first: the second only when nothing is left to do in the first."""
    busy = {row.running for row in rows if row.need in BUSY}
    return SECOND if busy == {SECOND} else FIRST
