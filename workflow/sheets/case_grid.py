"""The grid of one case: every indicator of the unit that the actor grades, a row each (rules sections 3 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Indicator, Item, Organisation
from states.case import CaseState
from states.clocks import Clock
from states.refusal import NotFound
from workflow.access import mine, require_assessment
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.sheets.counted import Counted, beside
from workflow.sheets.grid_row import FIRST, SECOND, GridRow
from workflow.sheets.grid_rows import load_cells
from workflow.sheets.indicator_head import IndicatorHead, load_heads


@dataclass(frozen=True, slots=True)
class CaseGrid(Counted):
    """One case with all the actor's indicators, in one of the two rounds."""

    slug: str
    year: int
    trial: bool
    unit: str
    name: str
    kind: str
    """The first words of the name ("Phường")."""
    state: CaseState
    number: int
    """The round that is shown."""
    rounds: tuple[int, int]
    """How many rows each round has."""
    until: datetime | None
    cells: tuple[tuple[IndicatorHead, GridRow], ...]
    previous: str
    next: str
    """The units before and after this one in the actor's work that have handed in."""

    @property
    def keyed(self) -> tuple[tuple[str, GridRow], ...]:
        """Each row by its indicator."""
        return tuple((head.code, row) for head, row in self.cells)

    @property
    def now(self) -> datetime:
        """The moment the page is made."""
        return self.cells[0][0].now

    @property
    def joint(self) -> bool:
        """Whether another body grades any of the rows too."""
        return any(row.partners for _, row in self.cells)

    @property
    def proposed(self) -> bool:
        """Whether the unit proposes other figures for any of the rows."""
        return any(row.explained is not None and row.explained.proposed is not None for _, row in self.cells)


def case_grid(session: Session, actor: Actor, slug: str, unit: str, wanted: int = 0) -> CaseGrid:
    """Return the grid in round `wanted` (0: the one that runs). Whoever grades nothing of the case finds nothing."""
    assessment = require_assessment(session, actor, "see_queue", slug)
    query = select(Indicator.code).join(Item, Item.indicator_id == Indicator.id).join(Assignment, Assignment.item_id == Item.id)
    query = query.join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Organisation.code == unit, mine(actor), Assignment.ended_at.is_(None))
    codes = session.scalars(query).all()
    cells = load_cells(session, actor, assessment, load_heads(session, actor, assessment, codes), unit) if codes else []
    if not cells:
        raise NotFound
    return _grid(session, actor, assessment, cells, wanted)


def _grid(
    session: Session, actor: Actor, assessment: Assessment, cells: Sequence[tuple[IndicatorHead, GridRow]], wanted: int
) -> CaseGrid:
    first, second = list(cells), [(head, row) for head, row in cells if row.second]
    row = cells[0][1]
    number = wanted if wanted == FIRST or (wanted == SECOND and second) else (SECOND if second and row.running == SECOND else FIRST)
    case_id = session.scalars(
        select(Case.id).join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id, Organisation.code == row.unit)
    ).one()  # fmt: skip
    calendar = calendar_of(session, assessment.id, [case_id])
    before, after = _neighbours(session, actor, assessment, row.unit)
    return CaseGrid(
        slug=assessment.slug, year=assessment.year, trial=assessment.trial, unit=row.unit, name=row.name, kind=row.kind, state=row.state,
        number=number, rounds=(len(first), len(second)),
        until=calendar.until(Clock.ROUND_2 if number == SECOND else Clock.ROUND_1, case_id),
        cells=tuple(second if number == SECOND else first), previous=before, next=after,
    )  # fmt: skip


def _neighbours(session: Session, actor: Actor, assessment: Assessment, unit: str) -> tuple[str, str]:
    query = select(Organisation.code, Organisation.sort_key).join(Case, Case.unit_id == Organisation.id)
    query = query.join(Item, Item.case_id == Case.id).join(Assignment, Assignment.item_id == Item.id)
    query = query.where(Case.assessment_id == assessment.id, Case.state != CaseState.DRAFT.value, mine(actor)).distinct()
    return beside([code for code, _ in session.execute(query.order_by(Organisation.sort_key, Organisation.code))], unit)
