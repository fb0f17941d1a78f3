"""The scheduler was down on a day of reminders: they are made up when it comes back, once for each deadline."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.session import reading
from models.tables import Notification, Person
from notifications.scheduler import scan
from states.clocks import end_of_day, local_day
from workflow.reminding import now_sheet

SELF_SCORE = date(2025, 12, 15)


@pytest.fixture
def day(season):
    """Move the clock to noon of a day so many days from the deadline of the self-scores."""

    def go(offset):
        season.at(end_of_day(SELF_SCORE + timedelta(days=offset)) - timedelta(hours=12))

    return go


def told(engine):
    """Return (who, offset in the key, day it may go out) of every reminder to the head of one unit."""
    with reading(engine) as session:
        query = select(Notification.key, Notification.due_at).join(Person, Person.id == Notification.person_id)
        query = query.where(Person.email == "head.00004@demo.example", Notification.kind == "remind_submit").order_by(Notification.id)
        return [(int(key.rpartition(":")[2]), (local_day(at) - SELF_SCORE).days) for key, at in session.execute(query)]


def test_what_was_missed_is_made_up_the_day_it_comes_back(engine, season, day):
    day(-8)
    scan(engine)
    day(-5)  # down on the seventh day before
    scan(engine)
    assert told(engine) == [(-7, -5)]
    scan(engine)
    day(-4)
    scan(engine)
    assert told(engine) == [(-7, -5)], "made up once"
    day(-3)
    scan(engine)
    assert told(engine) == [(-7, -5), (-3, -3)]


def test_however_many_were_missed_only_one_goes_out(engine, season, day):
    day(-15)
    scan(engine)
    day(-2)  # down on -14, -7 and -3
    scan(engine)
    assert told(engine) == [(-3, -2)]


def test_the_reminder_of_the_day_itself_stands_for_those_missed(engine, season, day):
    day(-8)
    scan(engine)
    day(-3)
    scan(engine)
    assert told(engine) == [(-3, -3)]


def test_the_first_scan_of_all_makes_up_nothing(engine, season, day):
    day(-5)
    scan(engine)
    assert told(engine) == []


def test_what_was_done_meanwhile_is_not_made_up(engine, season, day):
    day(-8)
    scan(engine)
    season.fill("00004")
    season.submit("00004")
    day(-5)
    scan(engine)
    assert told(engine) == []


def test_made_up_today_is_told_today(engine, season, day):
    day(-8)
    scan(engine)
    day(-5)
    scan(engine)
    with season.acting("secretariat.skhcn") as (session, actor):
        sheet = now_sheet(session, actor, season.slug, "remind_submit")
    assert [line.today for line in sheet.lines] == [True] * 4
    assert sheet.going == 0
