"""Later explanation rounds: what comes first, who is blind, what is reopened, and who is told of what waits (rules sections 1 to 4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.tables import Question
from states.clocks import Clock
from states.refusal import Refused
from states.results import POINT
from tests.small import SECRETARY, SPRING, make_small, refused
from tests.workflow.test_rules_explaining import LOWER, UNIT, answer, ask_by_council, finished_with_one_regrade, reopen, sent, until
from workflow.clock import working_now
from workflow.deciding import Decision, decide, question_by_council
from workflow.extending import extend
from workflow.open_work import open_work
from workflow.sheets.grid import grading_grid
from workflow.signing import sign_off, withdraw_sign_off

LATER = timedelta(minutes=1)


@pytest.fixture
def season(engine):
    """One commune asked to explain."""
    season = make_small(engine)
    season.asked_to_explain(UNIT, told=LOWER)
    return season


def regrade(season, code, points, body="CATP", *, signed=True):
    season.give(f"grader.{body.lower()}", UNIT, code, points, verdict="partly")
    if signed:
        season.sign(body, [code])


def later(season):
    """Let a minute go by."""
    with season.looking() as session:
        now = working_now(session)
    season.at(now + LATER)


def reasons(season):
    with season.looking() as session:
        return {(one.reason, one.body) for one in open_work(session, season.assessment(), lambda _: True)}


# what comes first


def test_what_was_given_earlier_in_the_round_does_not_answer_what_is_sent_after_it(season):
    sent(season, "T.02")
    ask_by_council(season, "T.03")
    regrade(season, "T.02", 3)
    later(season)
    ask_by_council(season, "T.02")
    answer(season, "T.02", text="Mới.")
    season.send(UNIT)
    with refused("T.02"):
        season.finalise(UNIT)
    later(season)
    regrade(season, "T.02", 4)
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


@pytest.mark.parametrize("who", ["body", "council"])
def test_nor_what_was_given_before_more_time_was(season, who):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    season.at(until(season))
    if who == "body":
        regrade(season, "T.02", 4)
    else:
        season.decide(UNIT, "T.02", 4)
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, UNIT, until(season) + timedelta(days=5), "Mất điện.")
    later(season)
    answer(season, "T.02", text="Mới.")
    season.send(UNIT)
    with refused("T.02"):
        season.finalise(UNIT)


def test_a_question_after_the_answer_or_the_agreement_is_a_new_one_even_in_the_same_words(season):
    ask_by_council(season, "T.03")
    season.accept(UNIT)
    ask_by_council(season, "T.03")
    with refused():
        season.finalise(UNIT)
    season.at(until(season))  # silence
    ask_by_council(season, "T.03")
    with season.looking() as session:
        assert session.scalars(select(Question.round).order_by(Question.id)).all() == [1, 2, 3]


# blind


def test_both_re_grade_blind_again_after_a_reopening(season):
    sent(season, "T.06")
    for body in ("CATP", "STC"):
        regrade(season, "T.06", 7, body)
    season.finalise(UNIT)
    reopen(season, "T.06")
    season.at(SPRING)
    regrade(season, "T.06", 9)

    def seen(local):
        with season.acting(local) as (session, actor):
            row = next(row for row in grading_grid(session, actor, season.slug, "T.06", 2).rows if row.unit == UNIT)
            return [partner.points for partner in row.partners]

    assert seen("grader.stc") == [None]
    regrade(season, "T.06", 8, "STC")
    assert (seen("grader.stc"), seen("grader.catp")) == ([9 * POINT], [8 * POINT])


# reopening


def test_reopening_after_an_agreement_in_review_lets_the_unit_answer_what_is_named_and_no_more(engine):
    season = make_small(engine)
    season.released(UNIT, told=LOWER)
    season.accept(UNIT)
    season.finalise(UNIT)
    reopen(season, "T.03", until=SPRING)
    with refused():
        answer(season, "T.02")
    answer(season, "T.03")
    season.send(UNIT)
    assert season.item(UNIT, "T.03").contested


def test_a_signature_of_before_cannot_be_taken_back_from_what_is_named(season):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    season.at(SPRING)
    with refused(), season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, "T.02", [UNIT])


def test_no_lead_signs_while_the_unit_may_still_answer(season):
    sent(season, "T.02")
    regrade(season, "T.02", 3, signed=False)
    ask_by_council(season, "T.02")
    with refused(), season.acting("lead.catp") as (session, actor):
        sign_off(session, actor, season.slug, "T.02", [UNIT])


def test_what_a_unit_never_submitted_left_blank_is_not_reopened(engine):
    season = make_small(engine)
    season.at(SPRING - timedelta(days=90))
    season.at(until(season, Clock.SELF_SCORE))
    season.close(UNIT)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    season.accept(UNIT)
    season.finalise(UNIT)
    with pytest.raises(Refused):
        reopen(season, "T.02")


# what does not apply


@pytest.fixture
def without(engine):
    """T.01 was granted not to apply; the case is final."""
    season = make_small(engine)
    season.fill(UNIT)
    season.ask_na(UNIT, "T.01")
    season.submit(UNIT)
    season.settle(UNIT, "T.01", grant=True)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    season.accept(UNIT)
    season.finalise(UNIT)
    return season


def test_what_does_not_apply_is_reopened_and_put_back_by_the_council(without):
    reopen(without, "T.01")
    without.at(SPRING)
    with refused("T.01"):
        without.finalise(UNIT)
    without.decide(UNIT, "T.01", 4)
    without.finalise(UNIT)
    one = without.item(UNIT, "T.01")
    assert (one.counts, one.final) == (True, 4 * POINT)


def test_or_the_council_says_once_more_that_it_does_not_apply(without):
    reopen(without, "T.01")
    without.at(SPRING)
    with without.acting("council.1") as (session, actor):
        decide(session, actor, without.slug, UNIT, "T.01", Decision(None, "Không phát sinh.", not_applicable=True))
    without.finalise(UNIT)
    assert not without.item(UNIT, "T.01").counts


def test_a_correction_puts_it_back_into_numerator_and_maximum(without):
    without.exclude_others(UNIT)
    without.publish()
    asked = without.decision("1187/QĐ-UBND")
    without.move(
        "chair", UNIT, "correct", proved=True, reason="Cộng nhầm.", decision_number=asked.decision_number, decision_on=asked.decision_on,
        decision_document=asked.decision_document,
    )  # fmt: skip
    without.decide(UNIT, "T.01", 4)
    one = without.item(UNIT, "T.01")
    assert (one.counts, one.final) == (True, 4 * POINT)


def test_what_does_not_apply_is_not_questioned(without):
    with pytest.raises(Refused), without.acting("council.1") as (session, actor):
        question_by_council(session, actor, without.slug, UNIT, "T.01", "Vì sao?")


# who is told


def test_of_a_reopened_item_the_body_hears_once_the_unit_was_silent(season):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    assert ("remind_regrade", "CATP") not in reasons(season)
    season.at(until(season))
    assert ("remind_regrade", "CATP") in reasons(season)


def test_while_a_question_runs_the_body_hears_of_what_was_contested_before(season):
    sent(season, "T.02")
    ask_by_council(season, "T.03")
    assert {("remind_regrade", "CATP"), ("remind_explain", "")} <= reasons(season)


def test_who_agreed_before_the_request_is_not_reminded(engine):
    season = make_small(engine)
    season.released(UNIT, told=LOWER)
    season.accept(UNIT)
    season.batch("request_explanation", units=[UNIT])
    assert ("remind_explain", "") not in reasons(season)


# what changed is graded again


def test_a_decision_of_round_1_goes_with_the_item_that_the_unit_changed(engine):
    season = make_small(engine)
    season.hand_in(UNIT)
    season.at(SPRING - timedelta(days=60))
    season.grade_all({(UNIT, "T.06", "STC"): 3}, (UNIT,))
    season.decide(UNIT, "T.06", 6)
    season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=SPRING)
    season.save(UNIT, "T.06", 3)
    season.submit(UNIT)
    assert season.item(UNIT, "T.06").round1 is None
    assert season.item(UNIT, "T.06").ungraded


# what the third reader found


def test_what_bodies_give_after_a_decision_of_the_same_round_stands(season):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    season.at(until(season))
    season.decide(UNIT, "T.02", 3)
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, UNIT, until(season) + timedelta(days=5), "Mất điện.")
    later(season)
    answer(season, "T.02", text="Mới.")
    season.send(UNIT)
    later(season)
    regrade(season, "T.02", 5)
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 5 * POINT


def test_an_overtaken_grade_is_not_signed(season):
    sent(season, "T.02")
    regrade(season, "T.02", 5, signed=False)
    ask_by_council(season, "T.02")
    later(season)
    answer(season, "T.02", text="Mới.")
    season.send(UNIT)
    with refused(), season.acting("lead.catp") as (session, actor):
        sign_off(session, actor, season.slug, "T.02", [UNIT])


def test_what_was_put_back_and_contested_anew_waits_for_the_council_at_once(without):
    reopen(without, "T.01")
    without.at(SPRING)
    without.decide(UNIT, "T.01", 3)
    ask_by_council(without, "T.01")
    later(without)
    answer(without, "T.01", text="Mới.")
    without.send(UNIT)
    later(without)
    without.decide(UNIT, "T.01", 4)
    without.finalise(UNIT)
    assert without.item(UNIT, "T.01").final == 4 * POINT
