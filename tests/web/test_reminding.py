"""Reminding at once: first who would get what, then the words, through the outbox like every other."""

import re

import pytest
from sqlalchemy import select

from models.session import reading
from models.tables import Event, Notification, Person
from notifications.scheduler import scan
from states.clocks import end_of_day
from tests.season import GRADING
from tests.small import Small, make_small
from workflow.auditing import breaks

PAGE = "/ky/2025/nhac-ngay"
SEND = "/ky/2025/viec/remind_now"
SECRETARY = "secretariat.skhcn"


@pytest.fixture
def season(engine) -> Small:
    return make_small(engine)


def shown(client, reason="remind_submit"):
    """Whom the preview shows, without the end of the address."""
    return {one.partition("@")[0] for one in re.findall(r'data-reader="([^"]+)"', client.get(f"{PAGE}?viec={reason}").text)}


def words(engine, kind="remind_submit"):
    with reading(engine) as session:
        query = select(Notification, Person.email).join(Person, Person.id == Notification.person_id).where(Notification.kind == kind)
        found = {email.partition("@")[0]: word for word, email in session.execute(query)}
        session.expunge_all()
        return found


def count(engine):
    with reading(engine) as session:
        return len(session.scalars(select(Notification.id).where(Notification.kind.startswith("remind_"))).all())


def events(engine):
    with reading(engine) as session:
        assert list(breaks(session)) == []
        return [(one.chain, one.object, one.payload) for one in session.scalars(select(Event).where(Event.act == "remind_now"))]


def test_looking_writes_nothing_and_sending_owes_exactly_what_was_shown(season, as_demo, engine):
    client = as_demo(SECRETARY)
    season.hand_in("00008")
    due = shown(client)
    assert due == {"unit.00004", "head.00004", "unit.stc", "head.stc"}  # handed in: left alone; the own organisation's: no act
    assert count(engine) == 0
    answer = client.post(SEND, {"reason": "remind_submit"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?viec=remind_submit")
    assert set(words(engine)) == due
    assert {word.digest for word in words(engine).values()} == {False}
    assert events(engine) == [("assessment", "remind_submit", {"words": 4})]
    assert "4 lời nhắc đã vào hộp gửi." in client.get(f"{PAGE}?viec=remind_submit").text


def test_nobody_is_told_the_same_twice_a_day(season, as_demo, engine):
    client = as_demo(SECRETARY)
    client.post(SEND, {"reason": "remind_submit"})
    before = count(engine)
    page = client.get(f"{PAGE}?viec=remind_submit").text
    assert "đã nhắc hôm nay" in page
    assert 'act="remind_now"' not in page
    again = client.post(SEND, {"reason": "remind_submit"})
    assert (again.status_code, "Không còn ai để nhắc" in again.text) == (422, True)
    assert count(engine) == before
    assert len(events(engine)) == 1
    season.at(small_day(season, -5))
    assert client.post(SEND, {"reason": "remind_submit"}).status_code == 303
    assert count(engine) == 2 * before


def small_day(season, offset):
    """A morning so many days from the deadline of the self-scores."""
    from datetime import date, timedelta

    return end_of_day(date(2025, 12, 15) + timedelta(days=offset)) - timedelta(hours=12)


def test_the_reminder_of_the_day_and_the_word_at_once_are_one(season, as_demo, engine):
    client = as_demo(SECRETARY)
    season.at(small_day(season, -7))
    client.post(SEND, {"reason": "remind_submit"})
    told = set(words(engine))
    scan(engine)
    with reading(engine) as session:
        keys = session.scalars(select(Notification.key).where(Notification.kind == "remind_submit", Notification.digest.is_(True))).all()
        people = session.scalars(
            select(Person.email).join(Notification, Notification.person_id == Person.id)
            .where(Notification.kind == "remind_submit", Notification.digest.is_(True))
        ).all()  # fmt: skip
    assert {one.partition("@")[0] for one in people} == {"unit.skhcn", "head.skhcn"}  # only who was not told yet
    assert told.isdisjoint(one.partition("@")[0] for one in people)
    assert len(keys) == 2
    season.at(small_day(season, -3))
    scan(engine)
    before = count(engine)
    assert client.post(SEND, {"reason": "remind_submit"}).status_code == 422  # told by the reminder of that morning
    assert count(engine) == before


def test_bodies_are_reminded_of_what_they_have_not_graded(season, as_demo, engine):
    season.hand_in(*season.units)
    season.at(GRADING)
    client = as_demo(SECRETARY)
    page = client.get("/ky/2025/tien-do").text
    assert f'href="{PAGE}?viec=remind_grade"' in page
    assert shown(client, "remind_grade") >= {"grader.catp", "lead.catp"}
    client.post(SEND, {"reason": "remind_grade"})
    told = words(engine, "remind_grade")
    assert told["lead.catp"].params["count"] > 1
    assert set(told["lead.catp"].params) == {"duty", "until", "count"}  # never a score


def test_only_the_secretariat_reminds(season, as_demo, engine):
    for other in ("chair", "council.1", "auditor", "admin", "lead.catp", "head.00004"):
        client = as_demo(other)
        assert client.get(PAGE).status_code == 404, other
        assert client.post(SEND, {"reason": "remind_submit"}).status_code == 404, other
        assert PAGE not in client.get("/ky/2025/tien-do").text, other
    assert count(engine) == 0


def test_an_unknown_thing_is_none_and_nothing_to_remind_of_says_so(season, as_demo, engine):
    client = as_demo(SECRETARY)
    assert client.get(f"{PAGE}?viec=password_reset").status_code == 404
    assert client.post(SEND, {"reason": "submit"}).status_code == 404
    assert client.post(SEND).status_code == 404
    assert "Không có ai để nhắc" in client.get(f"{PAGE}?viec=remind_regrade").text
    assert count(engine) == 0
