"""Extensions: a later date for one case, with a reason that every unit can read (rules section 5)."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.tables import Case, Organisation
from states.case import CaseState
from states.clocks import Clock
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


def clock_of(case: Case) -> Clock | None:
    """Return the clock that an extension of a case would move; none for an explanation that was sent, or a result agreed with."""
    answered = case.explanation_sent_at is not None or case.round1_accepted_at is not None
    state = CaseState(case.state)
    return None if state is CaseState.EXPLANATION_REQUESTED and answered else EXTENDABLE.get(state)


def extend(session: Session, actor: Actor, slug: str, unit: str, until: datetime, reason: str) -> str:
    """Give one case a later date for the clock it is under; also after that clock ran out. Returns the name of its unit."""
    held = require_case(session, actor, "extend", slug, unit, lock=True)
    clock = clock_of(held.case)
    if clock is None:
        raise Refused(NO_CLOCK)
    now = calendar_of(session, held.assessment.id, [held.case.id]).until(clock, held.case.id)
    reason = check_length(reason, "reason")
    problems = [] if reason else [Problem(N_("Cần ghi lý do."), "reason")]
    if until <= working_now(session) or (now is not None and until <= now):
        problems.append(Problem(N_("Hạn mới phải sau hạn đang có và sau thời điểm hiện tại."), "until"))
    if problems:
        raise Refused(problems)
    give_time(session, actor, clock, until, [held.case], "extend", reason)
    keep_reason(session, actor, "extend", reason, [held.case.id])
    take_side(session, actor, held.case.id)
    payload = {"clock": clock.value, "until": until.isoformat(), "before": now.isoformat() if now else ""}
    record(session, Chain.of_case(held.case.id), actor, "extend", unit, payload)
    key, path = f"{held.case.id}.{clock}.{until.isoformat()}", f"/ky/{slug}/ho-so/{unit}"
    owe(session, "extend", key, ("unit",), held.assessment.id, [held.case.id], path=path)
    return session.get_one(Organisation, held.case.unit_id).name
