"""Extensions: a later date for one case, with a reason that every unit can read (rules section 5)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.tables import Case, Organisation
from states.case import CaseState
from states.clocks import Clock
from states.guards import too_far
from states.refusal import Problem, Refused
from states.words import N_
from workflow.access import require_case, take_side
from workflow.actor import Actor
from workflow.calendar import calendar_of, give_time
from workflow.clock import working_now
from workflow.drafting import check_length
from workflow.journal import Chain, record
from workflow.outbox import owe
from workflow.reasons import keep_reason

NO_CLOCK = N_("Hồ sơ không ở bước có thời hạn để gia hạn.")
EXTENDABLE = {
    CaseState.DRAFT: Clock.SELF_SCORE, CaseState.SELF_SCORED: Clock.ROUND_1, CaseState.EXPLANATION_REQUESTED: Clock.EXPLANATION,
}  # fmt: skip
"""Which clock an extension moves, by the case's state."""
FOLLOWED_BY = {Clock.SELF_SCORE: Clock.ROUND_1, Clock.EXPLANATION: Clock.ROUND_2}
"""The round in which the bodies read what a unit does under a clock."""


def clock_of(case: Case) -> Clock | None:
    """Return the clock that an extension of a case would move; none for an explanation that was sent, or a result agreed with."""
    answered = case.explanation_sent_at is not None or case.round1_accepted_at is not None
    state = CaseState(case.state)
    return None if state is CaseState.EXPLANATION_REQUESTED and answered else EXTENDABLE.get(state)


@dataclass(frozen=True, slots=True)
class Extended:
    """Whose case has more time, and the end of the bodies' round that the new date passes, if it does."""

    name: str
    round_ends: datetime | None


def extend(session: Session, actor: Actor, slug: str, unit: str, until: datetime, reason: str) -> Extended:
    """Give one case a later date for the clock it is under; also after that clock ran out."""
    held = require_case(session, actor, "extend", slug, unit, lock=True)
    clock = clock_of(held.case)
    if clock is None:
        raise Refused(NO_CLOCK)
    calendar = calendar_of(session, held.assessment.id, [held.case.id])
    now, follows = calendar.until(clock, held.case.id), FOLLOWED_BY.get(clock)
    reason = check_length(reason, "reason")
    problems = [] if reason else [Problem(N_("Cần ghi lý do."), "reason")]
    if until <= working_now(session) or (now is not None and until <= now):
        problems.append(Problem(N_("Hạn mới phải sau hạn đang có và sau thời điểm hiện tại."), "until"))
    problems += too_far(until, working_now(session))
    if problems:
        raise Refused(problems)
    give_time(session, actor, clock, until, [held.case], "extend", reason)
    keep_reason(session, actor, "extend", reason, [held.case.id])
    take_side(session, actor, held.case.id)
    payload = {"clock": clock.value, "until": until.isoformat(), "before": now.isoformat() if now else ""}
    record(session, Chain.of_case(held.case.id), actor, "extend", unit, payload)
    key, path = f"{held.case.id}.{clock}.{until.isoformat()}", f"/ky/{slug}/ho-so/{unit}"
    owe(session, "extend", key, ("unit",), held.assessment.id, [held.case.id], path=path)
    ends = calendar.until(follows, held.case.id) if follows else None
    return Extended(session.get_one(Organisation, held.case.unit_id).name, ends if ends and until > ends else None)
