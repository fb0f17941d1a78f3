"""The clocks: a deadline includes its last second, working days skip weekends and Tết, and what a case is under in each state."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.case import CaseState
from states.clocks import (
    CLOCK_LABELS,
    HANOI,
    LOCKING,
    RUNNING,
    Clock,
    add_working_days,
    end_of_day,
    local_day,
    running_clock,
    shown_day,
)
from states.guards import after_self_score_deadline, before_self_score_deadline
from tests.states.facts import GIVEN, READY

DAY = date(2025, 12, 15)
MS = timedelta(milliseconds=1)
VIETNAM = holidays.country_holidays("VN", years=range(2024, 2031))


def is_working(day):
    return day.weekday() < 5 and day not in VIETNAM


def hanoi(*moment):
    return datetime(*moment, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("arrives", "in_time"),
    [
        (hanoi(2025, 12, 15, 23, 59), True),
        (hanoi(2025, 12, 15, 23, 59, 59, 500_000), True),
        (end_of_day(DAY) - MS, True),
        (end_of_day(DAY), False),
        (end_of_day(DAY) + MS, False),
        (hanoi(2025, 12, 16, 0, 0, 1), False),
    ],
)
def test_the_last_second_counts_and_midnight_does_not(arrives, in_time):
    from dataclasses import replace

    facts = replace(READY, arrived_at=arrives.astimezone(UTC), self_score_until=end_of_day(DAY))
    assert (before_self_score_deadline(facts, GIVEN) == []) is in_time
    assert (after_self_score_deadline(facts, GIVEN) == []) is not in_time


@given(st.dates(date(2000, 1, 1), date(2100, 12, 30)))
def test_a_day_ends_at_the_next_midnight_of_hanoi_and_is_shown_as_itself(day):
    end = end_of_day(day)
    assert end.tzinfo is UTC
    assert end.astimezone(HANOI) == datetime.combine(day + timedelta(days=1), datetime.min.time(), HANOI)
    assert shown_day(end) == day
    assert local_day(end - MS) == day
    assert local_day(end) == day + timedelta(days=1)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles"])
def test_the_zone_of_the_host_changes_nothing(zone):
    moment = end_of_day(DAY).astimezone(ZoneInfo(zone))
    assert shown_day(moment) == DAY
    assert add_working_days(moment - MS, 5, is_working) == end_of_day(date(2025, 12, 22))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (hanoi(2025, 12, 8, 0, 0), 5, date(2025, 12, 15)),  # a Monday's first second: day 1 is Tuesday
        (hanoi(2025, 12, 8, 23, 59, 59), 5, date(2025, 12, 15)),
        (hanoi(2025, 12, 12, 16), 1, date(2025, 12, 15)),  # Friday to Monday
        (hanoi(2025, 12, 13, 9), 1, date(2025, 12, 15)),  # from a Saturday
        (hanoi(2025, 12, 31, 9), 1, date(2026, 1, 2)),  # over New Year's Day
        (hanoi(2026, 2, 12, 9), 5, date(2026, 2, 26)),  # over Tết of the year of the horse: off from 16 to 20 February
        (hanoi(2026, 4, 24, 9), 2, date(2026, 4, 29)),  # the Hùng Kings' day falls on Sunday; Monday is off instead
    ],
)
def test_working_days_are_counted_from_the_next_one(start, days, last):
    assert shown_day(add_working_days(start, days, is_working)) == last


@given(st.integers(0, 3 * 365 * 24 * 3600).map(lambda seconds: hanoi(2025, 1, 1) + timedelta(seconds=seconds)), st.integers(1, 30))
def test_between_start_and_end_lie_as_many_working_days(start, days):
    end = shown_day(add_working_days(start, days, is_working))
    first = local_day(start)
    between = [first + timedelta(days=n) for n in range(1, (end - first).days + 1)]
    assert sum(is_working(day) for day in between) == days
    assert is_working(end)


def test_a_day_worked_instead_counts():
    saturday = date(2025, 12, 13)
    end = add_working_days(hanoi(2025, 12, 12, 9), 1, lambda day: day == saturday or is_working(day))
    assert shown_day(end) == saturday


def test_which_clock_a_case_is_under():
    assert set(RUNNING) == set(CaseState)
    assert set(CLOCK_LABELS) == set(Clock)
    for state in CaseState:
        for sent in (False, True):
            after_answer = state is CaseState.EXPLANATION_REQUESTED and sent
            assert running_clock(state, sent=sent) == (Clock.ROUND_2 if after_answer else RUNNING[state])


def test_only_the_units_dates_lock():
    assert {Clock.SELF_SCORE, Clock.EXPLANATION} == LOCKING
