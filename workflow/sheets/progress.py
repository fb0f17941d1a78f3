"""The progress board: cases by state, what closes next, who is late, submissions by day (screens.md). One's own case is in no figure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Deadline, Item, Membership, Organisation, Submission
from models.tables import Session as SessionRow
from states.case import CaseState
from states.clocks import CLOCK_LABELS, Clock, local_day, running_clock
from states.refusal import Problem
from states.roles import UNIT
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.calendar import Calendar, calendar_of
from workflow.clock import beside_working, working_now
from workflow.sheets.appraisal import Heat, heats

SOON = timedelta(days=3)
LONGEST = 12
"""Lines of "who is late" on the board; the list of cases has them all."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many cases are in a state, and the one thing to know about them."""

    state: CaseState
    count: int
    note: Problem | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A moment at which something closes; `count` cases are concerned, or one by its name."""

    at: datetime
    text: Problem
    over: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A case whose unit is late, or nearly, or has more time."""

    unit: str
    name: str
    kind: str
    state: CaseState
    until: datetime
    over: bool
    extended: bool
    done: int
    whole: int
    seen_at: datetime | None
    """When somebody of the unit was last here."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Submissions by day: (day, how many had submitted by its end)."""

    days: tuple[tuple[date, int], ...]
    all: int
    in_time: int
    deadline: datetime | None

    @property
    def submitted(self) -> int:
        """How many have submitted."""
        return self.days[-1][1] if self.days else 0

    @property
    def deadline_index(self) -> int | None:
        """Which of the days is the last one; none where it is not among them."""
        if self.deadline is None:
            return None
        last = local_day(self.deadline - timedelta(microseconds=1))
        return next((index for index, (day, _) in enumerate(self.days) if day == last), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything on the board."""

    slug: str
    year: int
    title: str
    trial: bool
    state: str
    now: datetime
    states: tuple[StateCount, ...]
    heats: tuple[Heat, ...]
    closings: tuple[Closing, ...]
    late: tuple[Late, ...]
    late_count: int
    arrivals: Arrivals
    round_1_until: datetime | None
    own_left_out: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the board counts it."""

    case: Case
    unit: Organisation
    clock: Clock | None
    until: datetime | None
    extended: bool


def progress(session: Session, actor: Actor, slug: str) -> Progress:
    """Return the board; eight statements, however many cases."""
    assessment = require_assessment(session, actor, "see_progress", slug)
    now = working_now(session)
    calendar = calendar_of(session, assessment.id)
    found = _rows(session, assessment, calendar)
    rows = [row for row in found if row.case.unit_id not in actor.organisations]
    late = [row for row in rows if row.until is not None and _is_late(row, now)]
    late.sort(key=lambda row: (row.until, row.unit.sort_key))
    return Progress(
        slug, assessment.year, assessment.title, assessment.trial, assessment.state, now, tuple(_states(rows, now)),
        tuple(heats(session, actor, assessment, expected_share(calendar, now))), tuple(_closings(rows, calendar, now)),
        tuple(_late(session, late[:LONGEST], now)), len(late), _arrivals(session, rows, calendar), calendar.until(Clock.ROUND_1),
        len(rows) < len(found),
    )  # fmt: skip


def expected_share(calendar: Calendar, now: datetime) -> int:
    """Return how many percent of round 1 the calendar asks for by now: in a straight line from the submissions' deadline to its own."""
    starts, ends = calendar.until(Clock.SELF_SCORE), calendar.until(Clock.ROUND_1)
    if starts is None or ends is None or ends <= starts:
        return 0
    return max(0, min(100, int((now - starts) / (ends - starts) * 100)))


def _rows(session: Session, assessment: Assessment, calendar: Calendar) -> list[Row]:
    query = select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Case.excluded_at.is_(None)).order_by(Organisation.sort_key)
    own = select(Deadline.stage, Deadline.case_id)
    own = own.where(Deadline.assessment_id == assessment.id, Deadline.case_id.is_not(None), Deadline.reason != "")
    extended: set[tuple[str, int | None]] = {(stage, case_id) for stage, case_id in session.execute(own)}
    return [_row(case, unit, calendar, extended) for case, unit in session.execute(query)]


def _row(case: Case, unit: Organisation, calendar: Calendar, extended: set[tuple[str, int | None]]) -> Row:
    clock = running_clock(CaseState(case.state), sent=case.answered)
    return Row(case, unit, clock, calendar.until(clock, case.id) if clock else None, (str(clock), case.id) in extended)


def _states(rows: Sequence[Row], now: datetime) -> Iterator[StateCount]:
    counts = Counter(CaseState(row.case.state) for row in rows)
    for state in CaseState:
        yield StateCount(state, counts[state], _note(state, [row for row in rows if row.case.state == state], now))


NOTES: Mapping[CaseState, str] = {
    CaseState.SELF_SCORED: N_("đang chấm vòng 1"),
    CaseState.ROUND1_REVIEWED: N_("chờ yêu cầu giải trình"),
    CaseState.ROUND2_FINAL: N_("chờ trình công bố"),
    CaseState.PUBLISHED: N_("theo quyết định của UBND TP"),
}


def _note(state: CaseState, rows: Sequence[Row], now: datetime) -> Problem | None:
    if state is CaseState.DRAFT:
        over = sum(row.until is not None and row.until <= now for row in rows)
        extended = sum(row.extended for row in rows)
        return Problem(N_("%(over)s quá hạn, %(extended)s có gia hạn"), params={"over": over, "extended": extended})
    if state is CaseState.EXPLANATION_REQUESTED:
        over = sum(row.clock is Clock.EXPLANATION and row.until is not None and row.until <= now for row in rows)
        soon = sum(row.clock is Clock.EXPLANATION and row.until is not None and now < row.until <= now + SOON for row in rows)
        return Problem(N_("%(over)s quá hạn, %(soon)s hết hạn trong 3 ngày"), params={"over": over, "soon": soon})
    return Problem(NOTES[state])


def _is_late(row: Row, now: datetime) -> bool:
    """Whether the unit owes something that is overdue, due soon, or had its time extended."""
    if row.clock not in {Clock.SELF_SCORE, Clock.EXPLANATION} or row.until is None:
        return False
    return row.until <= now + SOON or row.extended


def _closings(rows: Sequence[Row], calendar: Calendar, now: datetime) -> Iterator[Closing]:
    """Yield what closes from now on, by moment; several cases at one moment are one line, and one case is named."""
    at: defaultdict[tuple[datetime, Clock], list[Row]] = defaultdict(list)
    for row in rows:
        if row.clock is not None and row.until is not None and row.until > now:
            at[(row.until, row.clock)].append(row)
    for clock in Clock:
        general = calendar.until(clock)
        if general is not None and general > now:
            at.setdefault((general, clock), [])
    for (moment, clock), waiting in sorted(at.items()):
        yield Closing(moment, _closing(clock, waiting), over=False)


def _closing(clock: Clock, waiting: Sequence[Row]) -> Problem:
    if len(waiting) == 1:
        return Problem(N_("%(stage)s của %(unit)s"), params={"stage": CLOCK_LABELS[clock], "unit": waiting[0].unit.name})
    return Problem(N_("%(stage)s: còn %(count)s đơn vị"), params={"stage": CLOCK_LABELS[clock], "count": len(waiting)})


def _late(session: Session, rows: Sequence[Row], now: datetime) -> Iterator[Late]:
    ids = [row.case.id for row in rows]
    done = _filled(session, ids)
    seen = _seen(session, [row.unit.id for row in rows])
    for row in rows:
        assert row.until is not None
        count, whole = done.get(row.case.id, (0, 0))
        yield Late(
            row.unit.code, row.unit.name, row.unit.type_word, CaseState(row.case.state), row.until, row.until <= now, row.extended,
            count, whole, seen.get(row.unit.id),
        )  # fmt: skip


def _filled(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many items each unit has filled in, of how many (counts only: what was typed is not read)."""
    filled = when((or_(Item.draft_points.is_not(None), Item.applicability != "applicable"), 1))
    query = select(Item.case_id, func.count(filled), func.count()).where(Item.case_id.in_(case_ids), Item.self_scored.is_(True))
    return {case: (done, whole) for case, done, whole in session.execute(query.group_by(Item.case_id))}


def _seen(session: Session, unit_ids: Sequence[int]) -> dict[int, datetime]:
    query = select(Membership.organisation_id, func.max(SessionRow.seen_at)).join(SessionRow, SessionRow.person_id == Membership.person_id)
    query = query.where(Membership.organisation_id.in_(unit_ids), Membership.role.in_(UNIT)).group_by(Membership.organisation_id)
    return {unit: beside_working(session, at) for unit, at in session.execute(query)}


def _arrivals(session: Session, rows: Sequence[Row], calendar: Calendar) -> Arrivals:
    """Count each case once, by its first submission; what the chair closed unsubmitted is none."""
    closed = {row.case.id for row in rows if row.case.frozen_blank_reason}
    query = select(Submission.case_id, func.min(Submission.at)).where(Submission.case_id.in_([row.case.id for row in rows]))
    first: list[tuple[Any, ...]] = [(case, at) for case, at in session.execute(query.group_by(Submission.case_id)) if case not in closed]
    deadline = calendar.until(Clock.SELF_SCORE)
    per_day = Counter(local_day(at) for _, at in first)
    in_time = sum(deadline is None or at < deadline for _, at in first)
    return Arrivals(tuple(_running_total(per_day, deadline)), len(rows), in_time, deadline)


def _running_total(per_day: Mapping[date, int], deadline: datetime | None) -> Iterator[tuple[date, int]]:
    if not per_day:
        return
    day, last, total = min(per_day), max(per_day), 0
    if deadline is not None:
        last = max(last, local_day(deadline - timedelta(microseconds=1)))
    while day <= last:
        total += per_day.get(day, 0)
        yield day, total
        day += timedelta(days=1)
