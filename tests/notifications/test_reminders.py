"""Who is reminded of what on which day: read from the real season, on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from models.session import reading, transaction
from models.tables import Assignment, Deadline, Membership, Notification, Organisation, Person
from notifications.scheduler import scan
from states.clocks import end_of_day, shown_day
from states.facts import Asked
from tests.season import GRADING, make_season, own_items
from workflow.applicability import answer_na
from workflow.deciding import exclude
from workflow.duties import REASONS
from workflow.extending import extend
from workflow.move import move_case
from workflow.reminders import due_words, preview
from workflow.signing import sign_off, withdraw_sign_off

SELF_SCORE = date(2025, 12, 15)
ROUND_1 = date(2026, 1, 14)
ROUND_2 = date(2026, 2, 6)
WEEK_BEFORE_ROUND_1 = ROUND_1 - timedelta(days=7)
ONE_BODY = "IV.22"
"""Graded by Công an Thành phố alone."""
JOINT = "IV.21"
"""Graded by two bodies."""
COUNCIL = tuple(("remind_decide", member) for member in ("council.1", "council.2", "council.3", "council.4", "deputy", "chair"))


def told(engine, day):
    """Return {(reason, address without its end): count} of a day."""
    with reading(engine) as session:
        people = dict(session.execute(select(Person.id, Person.email)).all())
        words = due_words(session, day)
    return {(word.duty.reason.name, people[word.duty.seat.person_id].partition("@")[0]): word.duty.count for word in words}


def reasons(engine, day):
    return {reason for reason, _ in told(engine, day)}


def close_self_scores(season):
    """Everything filled in and submitted; the clock stands in round 1."""
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)


def test_units_are_reminded_on_the_days_of_the_law(engine, season):
    units = {("remind_submit", f"{role}.{unit}"): 1 for role in ("unit", "head") for unit in season.units}
    late = {("remind_unsubmitted", "secretariat.skhcn"): 2}
    for offset in range(-20, 12):
        expected = {-14: units, -7: units, -3: units, -1: units, 1: units | late, 3: units | late, 7: units | late}.get(offset, {})
        assert told(engine, SELF_SCORE + timedelta(days=offset)) == expected, offset


def test_who_has_submitted_is_left_alone(engine, season):
    season.fill("00004")
    season.submit("00004")
    assert {who for _, who in told(engine, SELF_SCORE - timedelta(days=1))} == {"unit.00008", "head.00008"}


def test_an_extension_moves_the_reminders_of_that_case_only(engine, season):
    later = end_of_day(date(2025, 12, 22))
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", later, "Bão lụt.")
    assert {who for _, who in told(engine, SELF_SCORE - timedelta(days=1))} == {"unit.00008", "head.00008"}
    assert {who for _, who in told(engine, date(2025, 12, 21))} == {"unit.00004", "head.00004"}


def test_an_excluded_case_reminds_nobody(engine, season):
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, "00004", "Giải thể.")
    assert {who for _, who in told(engine, SELF_SCORE - timedelta(days=1))} == {"unit.00008", "head.00008"}


def test_disabled_people_and_ended_memberships_are_not_reminded(engine, season):
    with transaction(engine) as session:
        ended = update(Membership).where(Membership.person_id == season.people["head.00004@demo.example"])
        session.execute(ended.values(valid_to=date(2025, 11, 1)))
        gone = update(Person).where(Person.email == "unit.00004@demo.example")
        session.execute(gone.values(disabled_at=datetime(2025, 11, 1, tzinfo=UTC)))
    assert {who for _, who in told(engine, SELF_SCORE - timedelta(days=1))} == {"unit.00008", "head.00008"}


# round 1


def test_bodies_are_reminded_of_what_they_have_not_graded_then_leads_of_what_is_unsigned(engine, season):
    close_self_scores(season)
    with reading(engine) as session:
        bodies = dict(session.execute(select(Organisation.code, func.count()).join(Assignment, Assignment.body_id == Organisation.id)
                                      .group_by(Organisation.code)).all())  # fmt: skip
    expected = {("remind_grade", f"{role}.{body.lower()}"): many for body, many in bodies.items() for role in ("grader", "lead")}
    assert told(engine, WEEK_BEFORE_ROUND_1) == expected

    season.grade("grader.catp")
    now = told(engine, WEEK_BEFORE_ROUND_1)
    assert {who: many for who, many in now.items() if "catp" in who[1]} == {("remind_sign", "lead.catp"): bodies["CATP"]}

    season.sign("CATP")
    assert not {who for who in told(engine, WEEK_BEFORE_ROUND_1) if "catp" in who[1]}


def test_a_request_goes_to_the_body_and_then_to_the_council(engine, season):
    season.fill("00004")
    season.fill("00008", skip=["IV.01"])
    season.ask_na("00008", "IV.01")
    season.submit()
    season.at(GRADING)
    season.grade_all()
    assert told(engine, WEEK_BEFORE_ROUND_1) == {("remind_grade", "grader.skhcn"): 1, ("remind_grade", "lead.skhcn"): 1}
    with season.acting("grader.skhcn") as (session, actor):
        answer_na(session, actor, season.slug, "00008", "IV.01", agree=True, reason="")
    assert told(engine, WEEK_BEFORE_ROUND_1) == dict.fromkeys(COUNCIL, 1)


def test_a_dispute_goes_to_the_council_when_all_bodies_have_signed(engine, season):
    close_self_scores(season)
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}")
        if body != "CATP":
            season.sign(body)
    season.grade("grader.catp", points=0, codes=[JOINT], units=["00004"])
    with season.acting("lead.catp") as (session, actor):
        codes = {item.code for _, item, _ in own_items(session, actor)}
        for code in sorted(codes):
            sign_off(session, actor, season.slug, code, ["00008"] if code == JOINT else None)
    season.name_graders()
    season.grade("council.1")
    assert told(engine, WEEK_BEFORE_ROUND_1) == {("remind_sign", "lead.catp"): 1}
    season.sign("CATP", [JOINT])
    free = [who for who in COUNCIL if who[1] != "deputy"]  # of Sở KH&CN, one of the two bodies
    assert told(engine, WEEK_BEFORE_ROUND_1) == dict.fromkeys(free, 1)


def test_the_chair_is_reminded_to_name_and_then_the_member_named(engine):
    season = make_season(engine, ("SKHCN",))
    close_self_scores(season)
    named = {who: many for who, many in told(engine, WEEK_BEFORE_ROUND_1).items() if who[0] in {"remind_name", "remind_grade_instead"}}
    assert set(named) == {("remind_name", "chair")}
    season.name_graders("council.1")
    after = {who: many for who, many in told(engine, WEEK_BEFORE_ROUND_1).items() if who[0] in {"remind_name", "remind_grade_instead"}}
    assert after == {("remind_grade_instead", "council.1"): named["remind_name", "chair"]}


def test_of_the_own_organisations_case_only_the_unit_hears(engine):
    season = make_season(engine, ("SKHCN", "00004"))
    assert told(engine, SELF_SCORE + timedelta(days=1))["remind_unsubmitted", "secretariat.skhcn"] == 1
    assert ("remind_submit", "head.skhcn") in told(engine, SELF_SCORE + timedelta(days=1))
    assert season.units == ("SKHCN", "00004")


# the explanation and round 2


def release(season):
    season.grade_all()
    with season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, ONE_BODY, ["00004"])
    season.grade("grader.catp", points=0, codes=[ONE_BODY], units=["00004"])
    season.sign("CATP", [ONE_BODY])
    season.batch("release_round_1")
    season.batch("request_explanation")


def test_units_are_reminded_to_explain_and_bodies_to_grade_what_was_contested(engine, season):
    close_self_scores(season)
    release(season)
    until = explanation_day(engine)
    assert told(engine, until - timedelta(days=1)) == {
        ("remind_explain", f"{role}.{unit}"): 1 for role in ("unit", "head") for unit in season.units
    }
    assert told(engine, until + timedelta(days=1)) == {}, "silence carries round 1: nothing is late"

    season.contest("00004", ONE_BODY)
    season.send("00004")
    assert {who for _, who in told(engine, until - timedelta(days=1))} == {"unit.00008", "head.00008"}
    assert told(engine, ROUND_2 - timedelta(days=3)) == {("remind_regrade", "grader.catp"): 1, ("remind_regrade", "lead.catp"): 1}

    season.grade("grader.catp", points=0, codes=[ONE_BODY], units=["00004"], verdict="not_accepted")
    assert told(engine, ROUND_2 - timedelta(days=3)) == {("remind_sign", "lead.catp"): 1}
    season.sign("CATP", [ONE_BODY])
    assert told(engine, ROUND_2 - timedelta(days=3)) == {}


def explanation_day(engine):
    with reading(engine) as session:
        return shown_day(session.scalars(select(Deadline.at).where(Deadline.stage == "explanation")).first())


# what waits for the chair, and the outbox


def test_the_chair_is_reminded_of_proposals_by_their_age(engine, season):
    asked_on = date(2025, 12, 17)
    season.at(end_of_day(asked_on) - timedelta(hours=10))
    with season.acting("secretariat.skhcn") as (session, actor):
        move_case(session, actor, season.slug, "00004", "close_unsubmitted", Asked(reason="Không nộp."))
    days = [days for days in range(-14, 15) if ("remind_confirm", "chair") in told(engine, asked_on + timedelta(days=days))]
    assert days == [1, 3, 7]


def test_scanning_twice_inserts_nothing_and_preview_says_what_was_inserted(engine, season):
    day = SELF_SCORE - timedelta(days=3)
    with reading(engine) as session:
        planned = preview(session, day)
    assert [line.owed for line in planned] == [False] * 4
    season.at(end_of_day(day) - timedelta(hours=12))
    assert (scan(engine), scan(engine)) == (4, 0)
    with reading(engine) as session:
        owed = session.scalars(select(Notification.person_id).where(Notification.digest.is_(True))).all()
        assert sorted(owed) == sorted(line.person_id for line in planned)
        assert [line.owed for line in preview(session, day)] == [True] * 4


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_plan_takes_the_same_statements_for_one_unit_and_for_five(engine):
    make_season(engine, ("00004",), "2025")
    few = statements_of(engine)
    make_season(engine, ("00004", "00008", "00025", "00037", "SKHCN"), "2026")
    assert statements_of(engine) - few <= 4, "one more assessment, whatever its size"


def statements_of(engine):
    counted = []
    event.listen(engine, "before_cursor_execute", counter := lambda *given: counted.append(given[2]))
    told(engine, SELF_SCORE - timedelta(days=7))
    event.remove(engine, "before_cursor_execute", counter)
    return len(counted)


def test_every_reason_is_seen_in_these_tests():
    """A reason nobody ever gets would be a reason nobody has checked."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert not [name for name in REASONS if f'"{name}"' not in text]
