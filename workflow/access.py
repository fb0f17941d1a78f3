"""The loader is the check: a row comes back only with the matrix, the person's part and the state on one's side (rules sections 3 and 7).

A foreign thing is `NotFound`; a thing of one's own that may not be done now is `Refused`; the own case of somebody who
acts in another role is refused as a conflict of interest.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Indicator, Item, Organisation, Side
from states.case import CaseState
from states.permissions import may, states_for
from states.refusal import NotFound, Problem, Refused
from states.roles import BODY, CASE_PARTS, COUNCIL, UNIT, Role, assigned
from states.words import N_
from workflow.actor import Actor

CONFLICT = N_("Xung đột lợi ích: đây là hồ sơ của cơ quan mình.")
BOTH_SIDES = N_("Bạn đã tham gia hồ sơ này ở phía bên kia nên không làm được việc này.")
WRONG_STATE = N_("Hồ sơ đang ở trạng thái “%(state)s” nên không làm được việc này.")
EXCLUDED = N_("Hồ sơ đã được loại khỏi kỳ đánh giá.")


@dataclass(frozen=True, slots=True)
class Held:
    """What the loader hands out: the rows of one thing, as far as asked for."""

    assessment: Assessment
    case: Case
    item: Item | None = None
    assignment: Assignment | None = None
    indicator: Indicator | None = None


def side_of(actor: Actor) -> str:
    """Return on which side of a case the actor writes."""
    return "unit" if actor.role in UNIT else "other"


def assessment_by_slug(session: Session, slug: str, *, lock: bool = False) -> Assessment:
    """Return an assessment by its slug; locked only by acts that write its chain."""
    query = select(Assessment).where(Assessment.slug == slug)
    found = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def require_assessment(session: Session, actor: Actor, action: str, slug: str, *, lock: bool = False) -> Assessment:
    """Return the assessment for an act on the whole of it."""
    assessment = assessment_by_slug(session, slug, lock=lock)
    if not may(actor.role, action) or not _in_season(actor, assessment.id):
        raise NotFound
    return assessment


def _in_season(actor: Actor, assessment_id: int) -> bool:
    return actor.assessment_id is None or actor.assessment_id == assessment_id


def cases_seen(actor: Actor, action: str) -> ColumnElement[bool]:
    """Return the filter for lists: the cases on which the actor may do `action` now. The same rule as `require_case`."""
    states = states_for(actor.role, action)
    part = CASE_PARTS.get(actor.role)
    if not states or part is None:
        return false()
    conditions = [Case.state.in_(states), part(actor, Case)]
    if actor.role not in UNIT and actor.organisations:
        conditions.append(Case.unit_id.not_in(actor.organisations))
    if actor.assessment_id is not None:
        conditions.append(Case.assessment_id == actor.assessment_id)
    if actor.role in BODY:
        conditions.append(exists().where(Item.case_id == Case.id, Assignment.item_id == Item.id, _mine(actor)))
    return and_(*conditions)


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Return the filter for assignments that are the actor's own: his or her body's, or named to the person."""
    if actor.role in COUNCIL:
        return and_(Assignment.council.is_(True), Assignment.person_id == actor.person_id)
    return and_(assigned(actor, Assignment), Assignment.council.is_(False))


def assignments_seen(actor: Actor, action: str) -> ColumnElement[bool]:
    """Return the filter for lists of assignments joined with `Item` and `Case`: own ones whose case is in a right state."""
    states = states_for(actor.role, action)
    if not states:
        return false()
    conditions = [_mine(actor), Assignment.ended_at.is_(None), Case.state.in_(states)]
    if actor.organisations:
        conditions.append(Case.unit_id.not_in(actor.organisations))
    return and_(*conditions)


def require_case(session: Session, actor: Actor, action: str, slug: str, unit: str, *, lock: bool = False) -> Held:
    """Return the case of a unit (by code) for an act or page; `lock` takes the row first and reads its state after."""
    assessment = assessment_by_slug(session, slug)
    query = select(Case).join(Organisation, Organisation.id == Case.unit_id)
    case = _locked(session, query.where(Case.assessment_id == assessment.id, Organisation.code == unit), lock=lock)
    if case is None:
        raise NotFound
    _check(session, actor, action, assessment, case, writes=lock)
    return Held(assessment, case)


def require_item(session: Session, actor: Actor, action: str, slug: str, unit: str, code: str, *, lock: bool = False) -> Held:
    """Return one item of a case by the indicator's code."""
    held = require_case(session, actor, action, slug, unit, lock=lock)
    query = select(Item, Indicator).join(Indicator, Indicator.id == Item.indicator_id)
    row = session.execute(query.where(Item.case_id == held.case.id, Indicator.code == code)).first()
    if row is None:
        raise NotFound
    return Held(held.assessment, held.case, row[0], None, row[1])


def require_assignment(session: Session, actor: Actor, action: str, slug: str, unit: str, code: str) -> Held:
    """Return the actor's own assignment on an item, the case locked before the assignment."""
    held = require_item(session, actor, action, slug, unit, code, lock=True)
    assert held.item is not None
    query = select(Assignment).where(Assignment.item_id == held.item.id, _mine(actor), Assignment.ended_at.is_(None))
    assignment = session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).first()
    if assignment is None:
        raise NotFound
    return Held(held.assessment, held.case, held.item, assignment, held.indicator)


def _locked(session: Session, query: Select[tuple[Case]], *, lock: bool) -> Case | None:
    if lock:
        query = query.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).first()


def _check(session: Session, actor: Actor, action: str, assessment: Assessment, case: Case, *, writes: bool) -> None:
    part = CASE_PARTS.get(actor.role)
    states = states_for(actor.role, action)
    if not states or part is None or not _in_season(actor, assessment.id):
        raise NotFound
    if actor.role in UNIT and not part(actor, case):
        raise NotFound
    if actor.role in BODY and not _has_assignment(session, actor, case):
        raise NotFound
    if actor.role not in UNIT and case.unit_id in actor.organisations:
        raise Refused(CONFLICT) if actor.role not in BODY else NotFound
    if case.state not in states:
        if not writes and actor.role not in UNIT:
            raise NotFound
        raise Refused(Problem(WRONG_STATE, params={"state": CaseState(case.state).label}))
    if writes:
        check_may_write(session, actor, case, action)


def check_may_write(session: Session, actor: Actor, case: Case, action: str) -> None:
    """Refuse acts on an excluded case, and by a person who already stands on the other side of it."""
    if case.excluded_at is not None and action not in {"readmit"}:
        raise Refused(EXCLUDED)
    other = {"unit": "other", "other": "unit"}[side_of(actor)]
    taken = session.scalar(select(Side.id).where(Side.case_id == case.id, Side.person_id == actor.person_id, Side.side == other))
    if taken is not None:
        raise Refused(BOTH_SIDES)


def _has_assignment(session: Session, actor: Actor, case: Case) -> bool:
    query = select(Assignment.id).join(Item, Item.id == Assignment.item_id).where(Item.case_id == case.id, _mine(actor)).limit(1)
    return session.scalar(query) is not None


def take_side(session: Session, actor: Actor, *case_ids: int) -> None:
    """Note that the actor has written on these cases, on his or her side."""
    if actor.person_id is None or not case_ids:
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    rows = [{"case_id": case_id, "person_id": actor.person_id, "side": side_of(actor)} for case_id in sorted(case_ids)]
    session.execute(insert(Side).values(rows).on_conflict_do_nothing())


def reads_case(actor: Actor, case: Case) -> bool:
    """Return whether the contents of a case are open to the actor by role and state (not by part)."""
    action = "see_case" if actor.role in UNIT else "see_assigned_items" if actor.role in BODY else "see_submitted_case"
    return case.state in states_for(actor.role, action)


def role_guard(actor: Actor, *roles: Role) -> None:
    """Let only these roles pass; for acts that are not on a case."""
    if actor.role not in roles:
        raise NotFound


