"""Extensions: another date for one case, with a reason that every unit can read (rules section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Case, Extension, Organisation
from states.case import CaseState
from states.clocks import Clock, shown_day
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

NOT_LATER = N_("Hạn mới phải sau thời điểm hiện tại và sau ngày %(day)s, là hạn khi chưa gia hạn.")
SAME = N_("Hạn mới trùng với hạn đang có.")
NO_CLOCK = N_("Hồ sơ không ở bước có thời hạn để gia hạn.")
EXTENDABLE = {
    CaseState.DRAFT: Clock.SELF_SCORE, CaseState.SELF_SCORED: Clock.ROUND_1, CaseState.EXPLANATION_REQUESTED: Clock.EXPLANATION,
}  # fmt: skip
"""Which clock an extension moves, by the case's state."""
FOLLOWED_BY = {Clock.SELF_SCORE: Clock.ROUND_1, Clock.EXPLANATION: Clock.ROUND_2}
"""The round in which the bodies read what a unit does under a clock."""


def clock_of(case: Case) -> Clock | None:
    """Return the clock that an extension of a case would move; none for an explanation that was sent, or a result agreed with."""
    state = CaseState(case.state)
    return None if state is CaseState.EXPLANATION_REQUESTED and case.answered else EXTENDABLE.get(state)


@dataclass(frozen=True, slots=True)
class Extended:
    """Whose case has more time, and the end of the bodies' round that the new date passes, if it does."""

    name: str
    round_ends: datetime | None


def extend(session: Session, actor: Actor, slug: str, unit: str, until: datetime, reason: str) -> Extended:
    """Give one case a later date for the clock it is under, also after that clock ran out; or take a slip back.

    What an extension gave can be shortened, never to before what held without it.
    """
    held = require_case(session, actor, "extend", slug, unit, lock=True)
    clock = clock_of(held.case)
    if clock is None:
        raise Refused(NO_CLOCK)
    calendar = calendar_of(session, held.assessment.id, [held.case.id])
    now, follows = calendar.until(clock, held.case.id), FOLLOWED_BY.get(clock)
    reason = check_length(reason, "reason")
    problems = [] if reason else [Problem(N_("Cần ghi lý do."), "reason")]
    given = _given(session, held.case.id, clock)
    problems += _not_later(until, working_now(session), now, given)
    problems += too_far(until, max(working_now(session), now or working_now(session)))
    if problems:
        raise Refused(problems)
    give_time(session, actor, clock, until, [held.case], "extend", reason)
    keep_reason(session, actor, "extend", reason, [held.case.id])
    take_side(session, actor, held.case.id)
    payload = {"clock": clock.value, "until": until.isoformat(), "before": now.isoformat() if now else ""}
    record(session, Chain.of_case(held.case.id), actor, "extend", unit, payload)
    path = f"/ky/{slug}/ho-so/{unit}"
    occurrence = f"{held.case.id}.{clock}.{len(given)}.{until.isoformat()}"
    owe(session, "extend", occurrence, ("unit",), held.assessment.id, [held.case.id], path=path)
    ends = calendar.until(follows, held.case.id) if follows else None
    return Extended(session.get_one(Organisation, held.case.unit_id).name, ends if ends and until > ends else None)


def _given(session: Session, case_id: int, clock: Clock) -> list[Extension]:
    """Return the extensions of a case under a clock, the newest first."""
    query = select(Extension).where(Extension.case_id == case_id, Extension.stage == clock, Extension.act == "extend")
    return list(session.scalars(query.order_by(Extension.id.desc())))


def _not_later(until: datetime, now: datetime, held: datetime | None, given: Sequence[Extension]) -> list[Problem]:
    """Return what is wrong with a date: it has to lie ahead, beyond the date that held before the extensions that led to today's."""
    if until == held:
        return [Problem(SAME, "until")]
    floor = held
    for one in given:
        if one.until_at != floor:
            break
        floor = one.before_at
    if until > now and (floor is None or until > floor):
        return []
    return [Problem(NOT_LATER, "until", {"day": f"{shown_day(floor or now):%d/%m/%Y}"})]
