"""Words sent at once go the way of every other: through the outbox, checked when they are delivered, without a score."""

import re

from tests.notifications.conftest import text_of
from workflow.reminding import remind_now


def remind(season, reason="remind_submit"):
    with season.acting("secretariat.skhcn") as (session, actor):
        return remind_now(session, actor, season.slug, reason)


def test_they_arrive_at_once_and_hold_no_score(office, season):
    office.forget()
    sent = remind(season)
    office.collect()
    office.deliver()
    letters = office.letters()
    assert len(letters) == sent == 4
    for letter in letters:
        assert "hồ sơ tự chấm chưa nộp" in text_of(letter)
        assert "Hạn nộp tự chấm: 23:59 ngày" in text_of(letter)
        assert not re.search(r"\d[,.]\d", text_of(letter).replace("127.0.0.1", ""))


def test_what_is_done_meanwhile_is_not_sent(office, season):
    office.forget()
    remind(season)
    office.collect()
    season.fill("00004")
    season.submit("00004")
    office.deliver()
    assert office.letters("unit.00004@") == []
    assert len(office.letters("unit.00008@")) == 1
