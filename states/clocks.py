"""The clocks of an assessment: its stages in order, which of them lock, and how working days are counted (rules section 5)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from states.case import CaseState
from states.words import N_

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(StrEnum):
    """A stage with a deadline, in the order of the calendar."""

    SELF_SCORE = "self_score"
    ROUND_1 = "round_1"
    EXPLANATION = "explanation"
    ROUND_2 = "round_2"


CLOCK_LABELS = {
    Clock.SELF_SCORE: N_("Tự chấm điểm"),
    Clock.ROUND_1: N_("Thẩm định vòng 1"),
    Clock.EXPLANATION: N_("Giải trình"),
    Clock.ROUND_2: N_("Thẩm định vòng 2"),
}
LOCKING = frozenset({Clock.SELF_SCORE, Clock.EXPLANATION})
"""These refuse late writes; the round dates only turn red and remind."""

RUNNING: Mapping[CaseState, Clock | None] = {
    CaseState.DRAFT: Clock.SELF_SCORE,
    CaseState.SELF_SCORED: Clock.ROUND_1,
    CaseState.ROUND1_REVIEWED: None,
    CaseState.EXPLANATION_REQUESTED: Clock.EXPLANATION,
    CaseState.ROUND2_FINAL: None,
    CaseState.PUBLISHED: None,
}
"""Which clock a case in a state is under; after its explanation was sent it is `ROUND_2`."""


def running_clock(state: CaseState, *, sent: bool) -> Clock | None:
    """Return the clock a case is under, or nothing between clocks; `sent`: the explanation of the running round was sent."""
    clock = RUNNING[state]
    return Clock.ROUND_2 if clock is Clock.EXPLANATION and sent else clock


REMIND_DAYS = (14, 7, 3, 1)
"""Days before a deadline on which a word is due."""
LATE_DAYS = (1, 3, 7)
"""Days after it."""


def end_of_day(day: date) -> datetime:
    """Return the moment a day ends in Hanoi: the following midnight. Strictly before counts, so its last second does."""
    return datetime.combine(day + timedelta(days=1), time(), HANOI).astimezone(UTC)


def shown_day(moment: datetime) -> date:
    """Return the day a deadline is shown on (its 23:59)."""
    return (moment.astimezone(HANOI) - timedelta(microseconds=1)).date()


LONGEST_EXTENSION = timedelta(days=183)
"""How far ahead of today a deadline of one case may be put."""


def local_day(moment: datetime) -> date:
    """Return the calendar day in Hanoi."""
    return moment.astimezone(HANOI).date()


def add_working_days(start: datetime, days: int, is_working: Callable[[date], bool]) -> datetime:
    """Return the end of the given working day after `start`; day 1 is the next working day."""
    day = local_day(start)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working(day):
            day += timedelta(days=1)
    return end_of_day(day)
