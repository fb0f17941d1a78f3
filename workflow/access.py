"""The loader is the check: a row comes back only with the matrix, the person's part and the state on one's side (rules sections 3 and 7).

A foreign thing is `NotFound`; a thing of one's own that may not be done now is `Refused`; the own case of somebody who
acts in another role is refused as a conflict of interest.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, select
from sqlalchemy.orm import Session

from models.session import insert_once
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
BEFORE_OPENING = ("prepare_assessment", "see_council", "see_journal")
EXCLUDED = N_("Hồ sơ đã được loại khỏi kỳ đánh giá.")

NAMED = select(Assessment).where(Assessment.slug == bindparam("slug"))
NAMED_LOCKED = NAMED.with_for_update(key_share=True)
OF_UNIT = (
    select(Case).join(Organisation, Organisation.id == Case.unit_id)
    .where(Case.assessment_id == bindparam("assessment"), Organisation.code == bindparam("unit"))
)  # fmt: skip
OF_UNIT_LOCKED = OF_UNIT.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
ITEM = (
    select(Item, Indicator).join(Indicator, Indicator.id == Item.indicator_id)
    .where(Item.case_id == bindparam("case"), Indicator.code == bindparam("code"))
)  # fmt: skip
TAKEN = select(Side.id).where(Side.case_id == bindparam("case"), Side.person_id == bindparam("person"), Side.side == bindparam("side"))
"""Asked for by every act, so put together once: that costs more than running them."""


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
    found = session.scalars(NAMED_LOCKED if lock else NAMED, {"slug": slug}).first()
    if found is None:
        raise NotFound
    return found


def require_assessment(session: Session, actor: Actor, action: str, slug: str, *, lock: bool = False) -> Assessment:
    """Return the assessment for an act on the whole of it."""
    assessment = assessment_by_slug(session, slug, lock=lock)
    if not may(actor.role, action) or not _in_season(actor, assessment.id):
        raise NotFound
    return assessment


def refuse_unopened(actor: Actor, assessment: Assessment) -> None:
    """Let only those who prepare, open or audit it know of an assessment that has not opened."""
    if assessment.opened_at is None and not any(may(actor.role, action) for action in BEFORE_OPENING):
        raise NotFound


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
        conditions.append(exists().where(Item.case_id == Case.id, Assignment.item_id == Item.id, mine(actor)))
    return and_(*conditions)


def mine(actor: Actor) -> ColumnElement[bool]:
    """Return the filter for assignments that are the actor's own: his or her body's, or named to the person."""
    if actor.role in COUNCIL:
        return and_(Assignment.council.is_(True), Assignment.person_id == actor.person_id)
    return and_(assigned(actor, Assignment), Assignment.council.is_(False))


def assignments_seen(actor: Actor, action: str) -> ColumnElement[bool]:
    """Return the filter for lists of assignments joined with `Item` and `Case`: own ones whose case is in a right state."""
    states = states_for(actor.role, action)
    if not states:
        return false()
    conditions = [mine(actor), Assignment.ended_at.is_(None), Case.state.in_(states)]
    if actor.organisations:
        conditions.append(Case.unit_id.not_in(actor.organisations))
    if actor.assessment_id is not None:
        conditions.append(Case.assessment_id == actor.assessment_id)
    return and_(*conditions)


def require_case(session: Session, actor: Actor, action: str, slug: str, unit: str, *, lock: bool = False) -> Held:
    """Return the case of a unit (by code) for an act or page; `lock` takes the row first and reads its state after."""
    assessment = assessment_by_slug(session, slug)
    case = session.scalars(OF_UNIT_LOCKED if lock else OF_UNIT, {"assessment": assessment.id, "unit": unit}).first()
    if case is None:
        raise NotFound
    _check(session, actor, action, assessment, case, writes=lock)
    return Held(assessment, case)


def require_item(session: Session, actor: Actor, action: str, slug: str, unit: str, code: str, *, lock: bool = False) -> Held:
    """Return one item of a case by the indicator's code."""
    held = require_case(session, actor, action, slug, unit, lock=lock)
    named = {"case": held.case.id, "code": code}
    row = session.execute(ITEM, named, execution_options={"populate_existing": lock}).first()
    if row is None:
        raise NotFound
    return Held(held.assessment, held.case, row[0], None, row[1])


def require_assignment(session: Session, actor: Actor, action: str, slug: str, unit: str, code: str) -> Held:
    """Return the actor's own assignment on an item, the case locked before the assignment."""
    _, found, refused = require_assignments(session, actor, action, slug, [code], [unit])
    if (unit, code) in refused:
        raise refused[(unit, code)] if actor.role not in BODY or refused[(unit, code)].problems[0].text != CONFLICT else NotFound
    if (unit, code) not in found:
        raise NotFound
    return found[(unit, code)].held


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
    if case.excluded_at is not None and action != "readmit":
        raise Refused(EXCLUDED)
    other = {"unit": "other", "other": "unit"}[side_of(actor)]
    if session.scalar(TAKEN, {"case": case.id, "person": actor.person_id, "side": other}) is not None:
        raise Refused(BOTH_SIDES)


@dataclass(frozen=True, slots=True)
class Graded:
    """One of the actor's own assignments with all it stands on, and the unit's code."""

    held: Held
    unit: str
    code: str


def require_assignments(
    session: Session, actor: Actor, action: str, slug: str, codes: Collection[str], units: Collection[str]
) -> tuple[Assessment, dict[tuple[str, str], Graded], dict[tuple[str, str], Refused]]:
    """Return the actor's own open assignments on these indicators and units, cases locked first; and why others are refused."""
    assessment = assessment_by_slug(session, slug)
    if not may(actor.role, action) or not _in_season(actor, assessment.id):
        raise NotFound
    query = (
        select(Assignment, Item, Case, Indicator, Organisation.code)
        .join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
        .join(Indicator, Indicator.id == Item.indicator_id).join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id, Indicator.code.in_(codes), Organisation.code.in_(units), mine(actor))
        .where(Assignment.ended_at.is_(None)).order_by(Case.id, Assignment.id)
    )  # fmt: skip
    lock_cases(session, assessment.id, units)
    rows = session.execute(query.with_for_update(of=Assignment, key_share=True).execution_options(populate_existing=True)).all()
    other_side = on_other_side(session, actor, {row[2].id for row in rows})
    found, refused = {}, {}
    for assignment, item, case, indicator, unit in rows:
        key = (unit, indicator.code)
        why = why_not(actor, action, case, case.id in other_side)
        if why is None:
            found[key] = Graded(Held(assessment, case, item, assignment, indicator), unit, indicator.code)
        else:
            refused[key] = why
    return assessment, found, refused


def lock_cases(session: Session, assessment_id: int, units: Collection[str]) -> None:
    """Lock the cases of these units in the order of their ids."""
    query = select(Case.id).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment_id, Organisation.code.in_(units)).order_by(Case.id)
    session.execute(query.with_for_update(of=Case, key_share=True)).all()


def on_other_side(session: Session, actor: Actor, case_ids: set[int]) -> set[int]:
    """Return those of the cases on which the person has written for the other side."""
    side = {"unit": "other", "other": "unit"}[side_of(actor)]
    query = select(Side.case_id).where(Side.case_id.in_(case_ids), Side.person_id == actor.person_id, Side.side == side)
    return set(session.scalars(query))


def why_not(actor: Actor, action: str, case: Case, both_sides: bool) -> Refused | None:  # noqa: FBT001  (a fact, not a switch)
    """Return why a person may not do it on a case where he or she has the part; the same answer for locking buttons and for refusing."""
    if case.unit_id in actor.organisations and actor.role not in UNIT:
        return Refused(CONFLICT)
    if case.state not in states_for(actor.role, action):
        return Refused(Problem(WRONG_STATE, params={"state": CaseState(case.state).label}))
    if case.excluded_at is not None:
        return Refused(EXCLUDED)
    return Refused(BOTH_SIDES) if both_sides else None


def _has_assignment(session: Session, actor: Actor, case: Case) -> bool:
    query = select(Assignment.id).join(Item, Item.id == Assignment.item_id).where(Item.case_id == case.id, mine(actor)).limit(1)
    return session.scalar(query) is not None


def take_side(session: Session, actor: Actor, *case_ids: int) -> None:
    """Note that the actor has written on these cases, on his or her side."""
    if actor.person_id is None or not case_ids:
        return
    rows = [{"case_id": case_id, "person_id": actor.person_id, "side": side_of(actor)} for case_id in sorted(case_ids)]
    session.execute(insert_once(session, Side), rows)


def reads_case(actor: Actor, case: Case) -> bool:
    """Return whether the contents of a case are open to the actor by role and state (not by part)."""
    action = "see_case" if actor.role in UNIT else "see_assigned_items" if actor.role in BODY else "see_submitted_case"
    return case.state in states_for(actor.role, action)


def role_guard(actor: Actor, *roles: Role) -> None:
    """Let only these roles pass; for acts that are not on a case."""
    if actor.role not in roles:
        raise NotFound
