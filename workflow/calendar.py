"""The calendar of an assessment: working days, and when each clock of each case runs out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import holidays
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Deadline, Extension, Holiday
from states.clocks import Clock, add_working_days, local_day, shown_day
from states.policies import policy_value
from workflow.actor import Actor
from workflow.clock import working_now

SATURDAY = 5


@cache
def _vietnam(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def special_days(session: Session, assessment_id: int) -> tuple[tuple[date, bool], ...]:
    """Return what the assessment's own list says beyond the holidays of Vietnam: (day, whether it is worked), by day."""
    query = select(Holiday.day, Holiday.working).where(Holiday.assessment_id == assessment_id).order_by(Holiday.day)
    return tuple((day, working) for day, working in session.execute(query))


def working_days(session: Session, assessment_id: int) -> Callable[[date], bool]:
    """Return the test for a working day: Vietnam's holidays and weekends, corrected by the assessment's own list."""
    own = dict(special_days(session, assessment_id))

    def is_working(day: date) -> bool:
        return own.get(day, day.weekday() < SATURDAY and day not in _vietnam(day.year))

    return is_working


@dataclass(frozen=True, slots=True)
class Calendar:
    """All deadlines of an assessment, as moments; a case's own row stands before the general one."""

    moments: Mapping[tuple[str, int | None], datetime]

    def until(self, clock: Clock, case_id: int | None = None) -> datetime | None:
        """Return when the clock runs out for a case; nothing where none is set."""
        return self.moments.get((clock, case_id), self.moments.get((clock, None)))

    def over(self, now: datetime, case_id: int | None = None) -> Callable[[Clock], bool]:
        """Return the test whether a clock of a case has run out by a moment."""

        def ran_out(clock: Clock) -> bool:
            until = self.until(clock, case_id)
            return until is not None and now >= until

        return ran_out

    def extended(self, clock: Clock, case_id: int) -> bool:
        """Return whether the case has a row of its own."""
        return (clock, case_id) in self.moments


def calendar_of(session: Session, assessment_id: int, case_ids: Sequence[int] | None = None) -> Calendar:
    """Return the deadlines of an assessment (for some cases, or all)."""
    query = select(Deadline.stage, Deadline.case_id, Deadline.at).where(Deadline.assessment_id == assessment_id)
    if case_ids is not None:
        query = query.where(or_(Deadline.case_id.is_(None), Deadline.case_id.in_(case_ids)))
    return Calendar({(stage, case): at for stage, case, at in session.execute(query)})


def set_deadlines(
    session: Session, assessment_id: int, clock: Clock, at: datetime, case_ids: Sequence[int] | None = None, reason: str = ""
) -> None:
    """Set a clock for everybody, or for some cases; form access, colour and reminders follow, since they all read this row."""
    owners: Sequence[int | None] = [None] if case_ids is None else case_ids
    gone = Deadline.case_id.is_(None) if case_ids is None else Deadline.case_id.in_(case_ids)
    session.execute(delete(Deadline).where(Deadline.assessment_id == assessment_id, Deadline.stage == clock, gone))
    now = working_now(session)
    rows = [{"assessment_id": assessment_id, "stage": clock, "case_id": case, "at": at, "reason": reason, "set_at": now} for case in owners]
    session.execute(insert(Deadline), rows)


def give_time(session: Session, actor: Actor, clock: Clock, until: datetime, cases: Sequence[Case], act: str, reason: str) -> None:
    """Set a clock for some cases of one assessment and keep who gave them which time and why, for every unit to read."""
    assessment_id, ids = cases[0].assessment_id, [case.id for case in cases]
    calendar = calendar_of(session, assessment_id, ids)
    common = {
        "stage": clock.value, "act": act, "until_at": until, "reason": reason, "person_id": actor.person_id,
        "membership_id": actor.membership_id, "at": working_now(session),
    }  # fmt: skip
    session.execute(insert(Extension), [{**common, "case_id": key, "before_at": calendar.until(clock, key)} for key in ids])
    set_deadlines(session, assessment_id, clock, until, ids, reason)


def days_off(session: Session, assessment_id: int, until: datetime) -> tuple[date, ...]:
    """Return the weekdays up to a deadline that do not count as working days: why it lies further away than one would think."""
    works = working_days(session, assessment_id)
    first, last = local_day(working_now(session)) + timedelta(days=1), shown_day(until)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < SATURDAY and not works(day))


def explanation_ends(session: Session, assessment: Assessment) -> datetime:
    """Return when an explanation clock started now runs out."""
    days = int(policy_value(assessment.policies, "explanation_working_days"))
    return add_working_days(working_now(session), days, working_days(session, assessment.id))
