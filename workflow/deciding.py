"""The council: decisions on disputes and on what bodies left, its questions, its named graders, exclusions (rules sections 1 and 3)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables import Assignment, Case, Item, Membership, Organisation, Person, ScoreEntry
from states.case import CaseState
from states.clocks import Clock, local_day
from states.items import Applicability, Stage
from states.policies import policy_value
from states.refusal import NotFound, Problem, Refused, Stale
from states.ripe import Ripe, ripe
from states.roles import COUNCIL
from states.standing import Standing
from states.words import N_
from workflow.access import CONFLICT, Held, require_case, require_item, take_side
from workflow.actor import Actor
from workflow.applicability import NOT_ASKED, end_assignments
from workflow.asking import ask, asked_already
from workflow.calendar import calendar_of, explanation_ends, set_deadlines
from workflow.clock import working_now
from workflow.drafting import arrival, check_length, decimals_of
from workflow.grading import bounded
from workflow.journal import Chain, record
from workflow.numbers import format_points
from workflow.outbox import owe, valid_on
from workflow.parties import parties_of
from workflow.reasons import keep_reason
from workflow.standing import standing_of
from workflow.submitting import append_entries

STAGES = {
    CaseState.SELF_SCORED: Stage.DECISION1, CaseState.EXPLANATION_REQUESTED: Stage.DECISION2, CaseState.ROUND2_FINAL: Stage.CORRECTION,
}  # fmt: skip
TOO_EARLY = N_("Chỉ số này chưa cần Hội đồng quyết định: bên chấm còn làm được.")
BARRED = N_("Bạn thuộc bên chấm hoặc đã chấm chỉ số này nên không quyết định được.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the council says of one item: points, or that it does not apply after all; always with a reason."""

    points: int | None
    reason: str
    minutes: str = ""
    not_applicable: bool = False
    seen: int | None = None
    """The entry of the decision that stood when the page was made (0: none yet); nothing where no page was."""


def decide(session: Session, actor: Actor, slug: str, unit: str, code: str, decision: Decision) -> int:
    """Append the council's decision on one item and return its entry. Refused where the bodies can still do it themselves.

    `Stale` where another member decided since the page was made.
    """
    held = require_item(session, actor, "decide", slug, unit, code, lock=True)
    item = held.item
    assert item is not None
    standing, stage = standing_of(session, item), STAGES[CaseState(held.case.state)]
    if barred_items(session, actor, [item.id]):
        raise Refused(BARRED)
    if decision.seen not in {None, standing_decision(item, stage)}:
        raise Stale(_given(session, standing_decision(item, stage)))
    if why_ripe(session, actor, held, standing) is None:
        raise Refused(TOO_EARLY)
    reason = check_length(decision.reason, "reason")
    if not reason:
        raise Refused(Problem(N_("Mọi quyết định đều phải ghi lý do."), "reason"))
    if decision.not_applicable and not may_grant(standing, stage):
        raise Refused(NOT_ASKED)
    points = None if decision.not_applicable else _points(session, held, standing, stage, decision)
    entry = append_entries(
        session,
        [
            {
                "item_id": item.id, "stage": stage.value, "round": 0 if stage is Stage.DECISION1 else max(held.case.explanation_round, 1),
                "person_id": actor.person_id, "membership_id": actor.membership_id, "points": points, "reason": reason,
                "minutes": decision.minutes.strip()[:64], "at": working_now(session),
            }
        ],
    )[0]  # fmt: skip
    _point_to(session, item, stage, entry, not_applicable=decision.not_applicable)
    take_side(session, actor, held.case.id)
    noted = {"entry": entry, "points": points, "stage": stage.value, "not_applicable": decision.not_applicable}
    record(session, Chain.of_case(held.case.id), actor, "decide", code, noted)
    return entry


def standing_decision(item: Item, stage: Stage) -> int:
    """Return the entry of the decision that stands in a stage, or 0."""
    return (item.decision1_entry_id if stage is Stage.DECISION1 else item.decision2_entry_id) or 0


def _given(session: Session, entry_id: int) -> Decision | None:
    """Return the decision that stands, as it was given."""
    entry = session.get(ScoreEntry, entry_id)
    if entry is None:
        return None
    return Decision(entry.points, entry.reason, entry.minutes, not_applicable=entry.points is None, seen=entry.id)


def may_grant(standing: Standing, stage: Stage) -> bool:
    """Whether a decision may take an item out: round 2 grants a request that was refused, a correction grants what it names."""
    settled = {Applicability.REFUSED, Applicability.NOT_APPLICABLE}
    return stage is Stage.CORRECTION or (stage is Stage.DECISION2 and standing.applicability in settled)


def _point_to(session: Session, item: Item, stage: Stage, entry: int, *, not_applicable: bool) -> None:
    if stage is Stage.DECISION1:
        item.decision1_entry_id = entry
    else:
        item.decision2_entry_id = entry
    if not_applicable:
        item.applicability = Applicability.NOT_APPLICABLE.value
        end_assignments(session, item.id)
    elif stage is not Stage.DECISION1 and item.applicability == Applicability.NOT_APPLICABLE:
        item.applicability = Applicability.APPLICABLE.value  # it counts after all, with the council's points
    session.flush()


def barred_items(session: Session, actor: Actor, item_ids: Collection[int]) -> set[int]:
    """Return those of the items that a member is barred from: of the body he or she belongs to, or graded in (rules section 3)."""
    parties = parties_of(session, item_ids)
    return {item_id for item_id, one in parties.items() if one.include(actor.person_id, actor.organisations)}


def why_ripe(session: Session, actor: Actor, held: Held, standing: Standing) -> Ripe | None:
    """Return why the council may decide an item now, or nothing."""
    calendar, now = calendar_of(session, held.assessment.id, [held.case.id]), arrival(session, actor)
    over = calendar.over(now, held.case.id)
    return ripe(CaseState(held.case.state), standing, over, correcting=held.case.correction_id is not None)


def _points(session: Session, held: Held, standing: Standing, stage: Stage, decision: Decision) -> int:
    assert held.item is not None
    if decision.points is None:
        raise Refused(Problem(N_("Chưa nhập điểm."), "points"))
    points = bounded(decision.points, held.item.maximum, decimals_of(session, held.assessment))
    before = standing.round1
    lowers = stage is Stage.DECISION2 and before is not None and points < before
    if lowers and not policy_value(held.assessment.policies, "round2_may_lower"):
        raise Refused(
            Problem(N_("Vòng 2 không được thấp hơn vòng 1 (%(points)s)."), "points", {"points": format_points(before or 0, None)})
        )
    return points


def question_by_council(session: Session, actor: Actor, slug: str, unit: str, code: str, text: str) -> None:
    """Ask after release; in a running explanation with a new clock: a new round, or the running one while the unit still answers it."""
    held = require_item(session, actor, "question_by_council", slug, unit, code, lock=True)
    case = held.case
    assert held.item is not None
    running = not case.answered if case.state == CaseState.ROUND1_REVIEWED else standing_of(session, held.item).awaited
    if running and asked_already(session, actor, held, text, max(case.explanation_round, 1)):
        return
    if case.state == CaseState.EXPLANATION_REQUESTED:
        _give_round(session, held)
    case.round1_accepted_at = None  # what the unit agreed to was without this question
    session.flush()
    occurrence = f"{case.id}.{ask(session, actor, held, text, max(case.explanation_round, 1), None)}"
    owe(session, "question_by_council", occurrence, ("unit",), held.assessment.id, [case.id], path=f"/ky/{slug}/ho-so/{unit}/chi-so/{code}")


def _give_round(session: Session, held: Held) -> None:
    """Give the unit its whole time to answer: in the running round while it has not answered that, else in a new one."""
    case, ends = held.case, explanation_ends(session, held.assessment)
    until = calendar_of(session, held.assessment.id, [case.id]).until(Clock.EXPLANATION, case.id)
    if case.answered or until is None or until <= working_now(session):
        case.explanation_round += 1
        case.explanation_sent_at = None
    else:
        ends = max(ends, until)
    set_deadlines(session, held.assessment.id, Clock.EXPLANATION, ends, [case.id])


def name_council_grader(session: Session, actor: Actor, slug: str, unit: str, code: str, person_id: int) -> None:
    """Name the council member who grades instead of a body's own grading; never one of the unit's own organisation."""
    held = require_item(session, actor, "name_council_grader", slug, unit, code, lock=True)
    assert held.item is not None
    query = select(Assignment).where(Assignment.item_id == held.item.id, Assignment.council.is_(True), Assignment.ended_at.is_(None))
    assignment = session.scalars(query.with_for_update(key_share=True)).first()
    if assignment is None:
        raise NotFound
    if not _sits(session, held, person_id):
        raise NotFound
    of = select(Membership.id).where(Membership.person_id == person_id, Membership.organisation_id == held.case.unit_id)
    if session.scalar(of.limit(1)) is not None:
        raise Refused(CONFLICT)
    standing = standing_of(session, held.item)
    own = next(grade for grade in standing.grades if grade.assignment_id == assignment.id)
    if standing.bound(own, second=held.case.state == CaseState.EXPLANATION_REQUESTED):
        raise Refused(N_("Ủy viên đã chấm chỉ số này nên không thay người được."))
    assignment.person_id, assignment.version = person_id, assignment.version + 1
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "name_council_grader", code, {"assignment": assignment.id, "person": person_id})
    path = f"/ky/{slug}/ho-so/{unit}/cham-diem"
    owe(session, "name_council_grader", "case", ("named",), held.assessment.id, [held.case.id], path=path)


def _sits(session: Session, held: Held, person_id: int) -> bool:
    """Whether a person is a member of the council of this season today, with an account that is in use."""
    query = select(Membership.id).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.person_id == person_id, Membership.role.in_(COUNCIL), Person.disabled_at.is_(None))
    query = query.where(or_(Membership.assessment_id.is_(None), Membership.assessment_id == held.assessment.id))
    return session.scalar(query.where(valid_on(local_day(working_now(session)))).limit(1)) is not None


def exclude(session: Session, actor: Actor, slug: str, unit: str, reason: str) -> str:
    """Take a case out of the assessment, with a reason: locked and shown as unranked. Return the unit's name."""
    return _set_excluded(session, actor, require_case(session, actor, "exclude", slug, unit, lock=True), unit, reason, out=True)


def readmit(session: Session, actor: Actor, slug: str, unit: str, reason: str) -> str:
    """Take an excluded case back in, with a reason. Return the unit's name."""
    return _set_excluded(session, actor, require_case(session, actor, "readmit", slug, unit, lock=True), unit, reason, out=False)


def _set_excluded(session: Session, actor: Actor, held: Held, unit: str, reason: str, *, out: bool) -> str:
    case: Case = held.case
    reason = check_length(reason, "reason")
    if not reason:
        raise Refused(Problem(N_("Cần ghi lý do."), "reason"))
    if out and case.correction_id is not None:
        raise Refused(N_("Hồ sơ đã công bố, đang đính chính, nên không loại được."))
    if (case.excluded_at is not None) == out:
        raise Refused(N_("Hồ sơ đã ở trạng thái đó."))
    case.excluded_at, case.excluded_reason = (working_now(session), reason) if out else (None, "")
    case.version += 1
    session.flush()
    take_side(session, actor, case.id)
    act = "exclude" if out else "readmit"
    keep_reason(session, actor, act, reason, [case.id])
    record(session, Chain.of_case(case.id), actor, act, unit, {"version": case.version})
    owe(
        session,
        act,
        f"{case.id}.{case.version}",
        ("unit", "secretariat"),
        held.assessment.id,
        [case.id],
        path=f"/ky/{held.assessment.slug}/ho-so/{unit}",
    )
    return session.get_one(Organisation, case.unit_id).name
