"""What stands on top of every page of a case: whose it is, its state, the clock it is under, and the line of its steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Deadline
from states.case import CaseState
from states.clocks import CLOCK_LABELS, LOCKING, Clock, running_clock
from states.policies import policy_value
from states.refusal import Problem
from states.words import N_
from workflow.calendar import Calendar, calendar_of
from workflow.sheets.view import View

STEPS = (*Clock, None)
"""The steps of a case: its four clocks, then publication."""
PUBLICATION = N_("Công bố")
WORKING_DAYS = N_("%(days)s ngày làm việc")
AFTER_DECISION = N_("sau quyết định của UBND Thành phố")

CLOSES = {
    Clock.SELF_SCORE: N_("Hạn nộp"), Clock.ROUND_1: N_("Hạn chấm vòng 1"), Clock.EXPLANATION: N_("Hạn giải trình"),
    Clock.ROUND_2: N_("Hạn chấm vòng 2"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line: `status` is done, now or later; a date, or words where there is none."""

    label: str
    status: str
    until: datetime | None
    note: Problem | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The clock a case is under: its words, when it runs out, whether it has, whether it locks, why it was moved."""

    clock: Clock
    label: str
    until: datetime
    over: bool
    locks: bool
    extended: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What every page of a case shows of it."""

    slug: str
    year: int
    title: str
    trial: bool
    unit: str
    name: str
    kind: str
    """The first words of the name that say what it is ("Phường"), or nothing."""
    ranking_group: str
    state: CaseState
    excluded: bool
    excluded_reason: str
    own: bool
    now: datetime
    running: Running | None
    steps: tuple[Step, ...]


def make_head(session: Session, view: View, calendar: Calendar | None = None) -> CaseHead:
    """Return the head of a case; two statements, one where the calendar is known."""
    assessment, case, unit = view.assessment, view.case, view.unit
    calendar = calendar or calendar_of(session, assessment.id, [case.id])
    return CaseHead(
        assessment.slug, assessment.year, assessment.title, assessment.trial, unit.code, unit.name, unit.type_word, case.ranking_group,
        view.state, case.excluded_at is not None, case.excluded_reason, view.own, view.now, _running(session, view, calendar),
        tuple(_steps(view, calendar)),
    )  # fmt: skip


def clock_of(view: View) -> Clock | None:
    """Return the clock the case is under."""
    return running_clock(view.state, sent=view.case.answered)


def _running(session: Session, view: View, calendar: Calendar) -> Running | None:
    clock = clock_of(view)
    until = calendar.until(clock, view.case.id) if clock else None
    if clock is None or until is None:
        return None
    moved = calendar.extended(clock, view.case.id)
    own = select(Deadline.reason).where(Deadline.stage == clock, Deadline.case_id == view.case.id)
    reason = session.scalar(own) or "" if moved else ""
    return Running(clock, CLOSES[clock], until, view.now >= until, clock in LOCKING, moved and bool(reason), reason)


def _steps(view: View, calendar: Calendar) -> Iterable[Step]:
    place = step_of(view)
    for number, clock in enumerate(STEPS):
        status = "done" if number < place else "now" if number == place else "later"
        if clock is None:
            yield Step(PUBLICATION, status, None, Problem(AFTER_DECISION))
            continue
        until = calendar.until(clock, view.case.id)
        days = policy_value(view.assessment.policies, "explanation_working_days")
        yield Step(CLOCK_LABELS[clock], status, until, None if until else Problem(WORKING_DAYS, params={"days": days}))


def step_of(view: View) -> int:
    """Return which of the steps the case is at; beyond the last when it is published."""
    clock = clock_of(view)
    if clock is not None:
        return STEPS.index(clock)
    between = {CaseState.ROUND1_REVIEWED: STEPS.index(Clock.EXPLANATION), CaseState.ROUND2_FINAL: STEPS.index(None)}
    return between.get(view.state, len(STEPS))
