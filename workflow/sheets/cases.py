"""The list of cases as an actor may see it: state, clock, how far; one's own case in another role is masked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case as when
from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from models.tables import Assignment, Case, Item, Organisation
from states.case import CaseState
from states.clocks import running_clock
from states.permissions import may
from states.refusal import NotFound
from states.roles import BODY, STAFF, UNIT
from workflow.access import assessment_by_slug, cases_seen, mine, refuse_unopened
from workflow.actor import Actor
from workflow.calendar import Calendar, calendar_of
from workflow.sheets.view import reading_action


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in the list. `done` of `whole` items: for a body its own that are graded, else those the unit has filled in.

    A line without a state is masked: the own organisation's case, of which nothing but the name is said.
    """

    unit: str
    name: str
    kind: str
    ranking_group: str
    state: CaseState | None = None
    excluded: bool = False
    until: datetime | None = None
    submitted_at: datetime | None = None
    done: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class CasesSheet:
    """All cases of an assessment that the actor may open, and how many there are in each state."""

    slug: str
    title: str
    lines: tuple[CaseLine, ...]
    as_body: bool

    def count(self, state: CaseState) -> int:
        """Return how many cases are in a state."""
        return sum(line.state is state for line in self.lines)


def cases_sheet(session: Session, actor: Actor, slug: str) -> CasesSheet:
    """Return the list; five statements, however many cases."""
    assessment = assessment_by_slug(session, slug)
    if not may(actor.role, reading_action(actor.role)) or actor.assessment_id not in {None, assessment.id}:
        raise NotFound
    refuse_unopened(actor, assessment)
    own = Case.unit_id.in_(actor.organisations) if actor.role in STAFF else false()
    rows = session.execute(
        select(Case, Organisation)
        .join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id, or_(cases_seen(actor, reading_action(actor.role)), own))
        .order_by(Case.ranking_group, Organisation.sort_key, Organisation.code)
    ).all()
    ids = [case.id for case, _ in rows]
    calendar, counts = calendar_of(session, assessment.id, ids), _counts(session, actor, ids)
    return CasesSheet(slug, assessment.title, tuple(_line(actor, *row, calendar, counts) for row in rows), actor.role in BODY)


def _counts(session: Session, actor: Actor, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (done, whole) of each case."""
    if actor.role in BODY:
        query = select(Item.case_id, func.count(Assignment.round1_entry_id), func.count(Assignment.id))
        query = query.join(Item, Item.id == Assignment.item_id).where(mine(actor), Assignment.ended_at.is_(None))
    else:
        filled = when((or_(Item.draft_points.is_not(None), Item.applicability != "applicable", Item.self_scored.is_(False)), 1))
        query = select(Item.case_id, func.count(filled), func.count(Item.id))
    rows = session.execute(query.where(Item.case_id.in_(case_ids)).group_by(Item.case_id))
    return {case_id: (done, whole) for case_id, done, whole in rows}


def _line(actor: Actor, case: Case, unit: Organisation, calendar: Calendar, counts: dict[int, tuple[int, int]]) -> CaseLine:
    about = CaseLine(unit.code, unit.name, unit.type_word, case.ranking_group)
    if actor.role not in UNIT and case.unit_id in actor.organisations:
        return about
    clock = running_clock(CaseState(case.state), sent=case.answered)
    until = calendar.until(clock, case.id) if clock else None
    done, whole = counts.get(case.id, (0, 0))
    return replace(
        about, state=CaseState(case.state), excluded=case.excluded_at is not None, until=until, submitted_at=case.submitted_at, done=done,
        whole=whole,
    )  # fmt: skip
