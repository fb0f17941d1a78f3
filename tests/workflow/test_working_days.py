"""Which days count: Vietnam's holidays and weekends, corrected by what the assessment says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.tables import Assessment
from tests.season import DATES
from tests.small import CATALOGUE, SECRETARY, make_small
from workflow.calendar import explanation_ends, working_days
from workflow.preparing import Preparation, prepare_assessment

OWN_DAYS = replace(DATES, holidays=(date(2026, 1, 2),), working_days=(date(2026, 1, 10),))
"""A day off of the season's own, and a Saturday that is worked for it."""


@pytest.fixture
def prepared(engine):
    """The assessment with days of its own, in a session."""
    season = make_small(engine)
    season.at(datetime(2025, 12, 31, 2, tzinfo=UTC))
    with season.acting(SECRETARY) as (session, actor):
        yield session, prepare_assessment(session, actor, Preparation(CATALOGUE.stem, 2025, "lai", OWN_DAYS))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 12, 31), True), (date(2026, 1, 1), False), (date(2026, 1, 2), False), (date(2026, 1, 3), False),
        (date(2026, 1, 9), True), (date(2026, 1, 10), True), (date(2026, 1, 11), False),
        (date(2026, 2, 16), False), (date(2026, 2, 17), False), (date(2026, 2, 20), False), (date(2026, 2, 23), True),
        (date(2026, 4, 30), False), (date(2026, 5, 1), False), (date(2026, 9, 2), False),
    ],
)  # fmt: skip
def test_holidays_weekends_and_the_seasons_own_days(prepared, day, works):
    session, assessment = prepared
    assert working_days(session, assessment.id)(day) is works


def test_another_seasons_days_are_its_own(prepared):
    session, assessment = prepared
    other = session.query(Assessment).filter(Assessment.id != assessment.id).one()
    assert working_days(session, other.id)(date(2026, 1, 2))
    assert not working_days(session, other.id)(date(2026, 1, 10))


def test_the_explanation_counts_them(prepared):
    session, assessment = prepared
    # 5, 6, 7, 8 and 9 January: the 1st is New Year, the 2nd the season's day off, then a weekend
    assert explanation_ends(session, assessment) == datetime(2026, 1, 9, 17, tzinfo=UTC)
