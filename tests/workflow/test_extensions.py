"""More time for one unit: who gave it, why, and every earlier time stays readable."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.session import reading, transaction
from models.tables import Deadline, Extension, Notification
from states.clocks import Clock, end_of_day
from states.facts import Asked
from tests.season import GRADING, make_season
from tests.small import SECRETARY, make_small, refused
from workflow.extending import NO_CLOCK, NOT_LATER, SAME, extend
from workflow.move import move_case

FIRST, SECOND = (end_of_day(datetime(2025, 12, day, tzinfo=UTC).date()) for day in (20, 24))


@pytest.fixture
def season(engine):
    return make_season(engine, ["00004"])


def extensions(season):
    with reading(season.engine) as session:
        rows = session.scalars(select(Extension).order_by(Extension.id))
        return [(one.act, one.stage, one.before_at, one.until_at, one.reason) for one in rows]


def test_each_extension_is_kept_and_the_newest_is_the_deadline(season):
    for until, reason in ((FIRST, "Mất điện hai ngày."), (SECOND, "Sáp nhập đơn vị.")):
        with season.acting("secretariat.skhcn") as (session, actor):
            extend(session, actor, season.slug, "00004", until, reason)
    general = end_of_day(datetime(2025, 12, 15, tzinfo=UTC).date())
    assert extensions(season) == [
        ("extend", Clock.SELF_SCORE, general, FIRST, "Mất điện hai ngày."), ("extend", Clock.SELF_SCORE, FIRST, SECOND, "Sáp nhập đơn vị."),
    ]  # fmt: skip
    with reading(season.engine) as session:
        assert session.scalars(select(Deadline.at).where(Deadline.case_id.is_not(None))).all() == [SECOND]


def test_a_slip_is_taken_back_never_to_before_what_held_without_it(season, engine):
    def extended(until):
        with season.acting("secretariat.skhcn") as (session, actor):
            extend(session, actor, season.slug, "00004", until, "Ghi nhầm tháng.")

    general = end_of_day(datetime(2025, 12, 15, tzinfo=UTC).date())
    with refused("until", saying=SAME):
        extended(general)
    extended(SECOND)
    extended(FIRST)
    for until in (general, general - timedelta(days=1)):
        with refused("until", saying=NOT_LATER):
            extended(until)
    with refused("until", saying=SAME):
        extended(FIRST)
    extended(SECOND)
    assert [until for _, _, _, until, _ in extensions(season)] == [SECOND, FIRST, SECOND]
    with reading(engine) as session:
        told = session.scalars(select(Notification.key).where(Notification.kind == "extend")).all()
        assert len(set(told)) == 3, "the unit hears each time"


def test_a_date_of_the_past_is_no_deadline(season):
    season.at(FIRST + timedelta(days=1))
    with refused("until"), season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", FIRST, "Mất điện.")


def test_the_new_date_of_a_case_sent_back_is_kept_with_its_reason(season):
    season.fill("00004")
    season.submit()
    season.at(GRADING)
    until = GRADING + timedelta(days=3)
    with season.acting("secretariat.skhcn") as (session, actor):
        move_case(session, actor, season.slug, "00004", "send_back", Asked(reason="Thiếu phụ lục.", until=until))
    assert [(act, until_at, reason) for act, _, _, until_at, reason in extensions(season)] == [("send_back", until, "Thiếu phụ lục.")]


@pytest.mark.parametrize("change", ["UPDATE extension SET reason = ''", "DELETE FROM extension"])
def test_the_database_refuses_to_change_what_was_given(season, change):
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", FIRST, "Mất điện.")
    with pytest.raises(DBAPIError, match="append-only"), transaction(season.engine) as session:
        session.execute(text(change))


def test_a_case_whose_explanation_is_closed_has_no_date_left_to_move(engine):
    season = make_small(engine)
    season.released("00004", told={("00004", "T.02", "CATP"): 3})
    season.batch("request_explanation", units=("00004",))
    season.accept("00004")
    with refused(saying=NO_CLOCK), season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, "00004", GRADING + timedelta(days=60), "Bão.")
