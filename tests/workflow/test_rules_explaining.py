"""Explanation and round 2: rounds, silence, agreement, what is contested, re-grading, the council's last word (rules sections 1 to 4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.tables import Explanation, Question, Verdict
from states.clocks import Clock
from states.refusal import NotFound, Stale
from states.results import POINT
from tests.season import GRADING
from tests.small import ALL, SECRETARY, SPRING, Small, make_small, policy, refused
from workflow.asking import question
from workflow.calendar import calendar_of
from workflow.deciding import TOO_EARLY, question_by_council
from workflow.evidence import Particulars, attach_link
from workflow.explaining import Answer, save_explanation
from workflow.extending import extend
from workflow.grading import ONLY_CONTESTED, UNIT_FIRST
from workflow.signing import withdraw_sign_off

UNIT = "00004"
LOWER = {"T.02": 2, "T.06": 6}
"""Two items below the self-score (of 4 and 8), the measured one below its maximum, the others as scored."""
CONTESTABLE = {"T.02", "T.04", "T.06"}


@pytest.fixture
def season(engine) -> Small:
    """One commune asked to explain."""
    season = make_small(engine)
    season.asked_to_explain(UNIT, told=LOWER)
    return season


def until(season, clock=Clock.EXPLANATION):
    with season.looking() as session:
        return calendar_of(session, season.assessment().id).until(clock, season.case(UNIT).id)


def ask_by_council(season, code):
    with season.acting("council.1") as (session, actor):
        question_by_council(session, actor, season.slug, UNIT, code, "Vì sao?")


def answer(season, code, stance="contest", text="Đề nghị xem lại.", version=0, who=f"unit.{UNIT}"):
    with season.acting(who) as (session, actor):
        return save_explanation(session, actor, season.slug, UNIT, code, Answer(stance, text, version))


# asking


def test_what_is_contestable_is_what_is_below_the_self_score(season):
    assert {code for code in ALL if season.item(UNIT, code).contestable} == CONTESTABLE


def test_what_a_body_questions_is_contestable_too(engine):
    season = make_small(engine)
    season.hand_in(UNIT)
    season.at(GRADING)
    with season.acting("grader.stc") as (session, actor):
        question(session, actor, season.slug, UNIT, "T.03", "Nguồn số liệu?")
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert season.item(UNIT, "T.03").contestable
    with refused(), season.acting("grader.stc") as (session, actor):
        question(session, actor, season.slug, UNIT, "T.03", "Sau khi gửi?")


def test_everyone_is_asked_unless_the_policy_says_otherwise(engine):
    season = make_small(engine, policies=policy(ask_everyone="no"))
    season.released(UNIT, told={"T.04": 5})
    with refused():
        season.batch("request_explanation", units=[UNIT])
    season.finalise(UNIT)  # nothing is contestable, so there is nothing to say
    assert season.state(UNIT) == "round2_final"


def test_where_not_everyone_is_asked_what_is_contestable_keeps_it_open(engine):
    season = make_small(engine, policies=policy(ask_everyone="no"))
    season.released(UNIT, told=LOWER)
    with refused():
        season.finalise(UNIT)
    season.batch("request_explanation", units=[UNIT])


def test_the_request_starts_the_clock_of_the_case(season):
    from states.clocks import shown_day

    assert shown_day(until(season)).isoformat() == "2025-12-26"  # five working days after Saturday 20 December
    assert season.case(UNIT).explanation_round == 1


# answering


def test_only_contestable_items_are_answered(season):
    answer(season, "T.02")
    with refused():
        answer(season, "T.03")


def test_an_answer_takes_a_stance(season):
    with refused("stance"):
        answer(season, "T.02", stance="maybe")


def test_two_tabs_do_not_overwrite_each_other(season):
    answer(season, "T.02")
    with pytest.raises(Stale):
        answer(season, "T.02", text="Từ tab cũ.")
    assert answer(season, "T.02", version=0).version == 1  # the same once more is no clash


def test_the_head_sends_once_for_the_whole_case(season):
    season.contest(UNIT, "T.02")
    with pytest.raises(NotFound), season.acting(f"unit.{UNIT}") as (session, actor):
        from workflow.explaining import send_explanation

        send_explanation(session, actor, season.slug, UNIT)
    season.send(UNIT)
    with refused():
        season.send(UNIT)
    with refused():
        answer(season, "T.06")
    with refused():
        season.accept(UNIT)


def test_nothing_prepared_is_nothing_to_send(season):
    with refused():
        season.send(UNIT)


def test_the_clock_of_the_explanation_locks(season):
    season.contest(UNIT, "T.02")
    season.at(until(season) - timedelta(milliseconds=1))
    answer(season, "T.06")
    season.at(until(season))
    with refused():
        answer(season, "T.04")
    with refused():
        season.send(UNIT)
    with refused():
        season.accept(UNIT)


def test_an_answer_may_be_prepared_before_the_request(engine):
    season = make_small(engine)
    season.released(UNIT, told=LOWER)
    season.contest(UNIT, "T.02")
    season.batch("request_explanation", units=[UNIT])
    season.send(UNIT)
    assert season.item(UNIT, "T.02").contested


# silence and agreement


def test_an_unsent_draft_is_silence_and_silence_carries_round_1(season):
    season.contest(UNIT, "T.02")
    with refused():
        season.finalise(UNIT)
    season.at(until(season))
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 2 * POINT
    assert season.case(UNIT).final_total == season.case(UNIT).round1_total


def test_agreement_counts_as_sent_and_carries_round_1(season):
    season.contest(UNIT, "T.02")
    season.accept(UNIT)
    with refused():
        answer(season, "T.06")
    assert not season.item(UNIT, "T.02").contested
    season.finalise(UNIT)
    assert season.case(UNIT).final_total == season.case(UNIT).round1_total


def test_agreement_before_the_request_lets_the_case_be_finished_at_once(engine):
    season = make_small(engine)
    season.released(UNIT)
    with refused():
        season.finalise(UNIT)
    season.accept(UNIT)
    season.finalise(UNIT)
    assert season.state(UNIT) == "round2_final"


# round 2


def sent(season, *codes):
    for code in codes:
        season.contest(UNIT, code)
    season.send(UNIT)


def test_bodies_re_grade_contested_items_only_and_only_when_sent(season):
    season.contest(UNIT, "T.02")
    with refused(saying=UNIT_FIRST):
        season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.send(UNIT)
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    for local, code in (("grader.catp", "T.06"), ("grader.stc", "T.03")):
        with refused(saying=ONLY_CONTESTED):
            season.give(local, UNIT, code, 8, verdict="accepted")


def test_each_body_gives_a_verdict_and_a_reason(season):
    sent(season, "T.02")
    with refused("verdict"):
        season.give("grader.catp", UNIT, "T.02", 4)
    with refused("reason"):
        season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted", reason="")
    season.give("grader.catp", UNIT, "T.02", 4, verdict="partly")
    with season.looking() as session:
        assert session.scalars(select(Verdict.verdict)).all() == ["partly"]


def test_round_2_may_not_go_below_round_1(season):
    sent(season, "T.02")
    with refused("points"):
        season.give("grader.catp", UNIT, "T.02", 1, verdict="not_accepted")
    season.at(SPRING)
    with refused("points"):
        season.decide(UNIT, "T.02", 1)


def test_unless_the_policy_lets_it(engine):
    season = make_small(engine, policies=policy(round2_may_lower="yes"))
    season.asked_to_explain(UNIT, told=LOWER)
    sent(season, "T.02")
    season.give("grader.catp", UNIT, "T.02", 1, verdict="not_accepted")


def test_a_contested_item_holds_the_case_until_re_graded_and_signed(season):
    sent(season, "T.02")
    with refused("T.02"):
        season.finalise(UNIT)
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    with refused("T.02"):
        season.finalise(UNIT)
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT
    assert season.case(UNIT).final_total == season.case(UNIT).round1_total + 2 * POINT


def test_joint_items_are_re_graded_by_both_and_a_difference_goes_to_the_council(season):
    sent(season, "T.06")
    season.give("grader.catp", UNIT, "T.06", 8, verdict="accepted")
    season.sign("CATP", ["T.06"])
    with refused(saying=TOO_EARLY):
        season.decide(UNIT, "T.06", 8)
    season.give("grader.stc", UNIT, "T.06", 7, verdict="partly")
    season.sign("STC", ["T.06"])
    with refused("T.06"):
        season.finalise(UNIT)
    season.decide(UNIT, "T.06", 7)
    season.finalise(UNIT)
    assert season.item(UNIT, "T.06").final == 7 * POINT


def test_what_is_missing_at_the_round_2_date_goes_to_the_council(season):
    sent(season, "T.06")
    season.give("grader.catp", UNIT, "T.06", 8, verdict="accepted")
    season.sign("CATP", ["T.06"])
    season.at(SPRING)
    season.decide(UNIT, "T.06", 8)
    season.finalise(UNIT)


def test_new_evidence_contests_as_a_text_does(season):
    answer(season, "T.02", text="")
    with season.acting(f"unit.{UNIT}") as (session, actor):
        attach_link(session, actor, season.slug, UNIT, "T.02", "https://hanoi.example/bc", Particulars())
    answer(season, "T.06", text="")
    season.send(UNIT)
    assert season.item(UNIT, "T.02").contested
    assert not season.item(UNIT, "T.06").contested  # a stance alone says nothing


# later rounds


def test_a_question_of_the_council_starts_a_new_round_with_a_new_clock(season):
    sent(season, "T.02")
    before = until(season)
    season.at(before - timedelta(days=1))
    ask_by_council(season, "T.03")
    assert season.case(UNIT).explanation_round == 2
    assert season.case(UNIT).explanation_sent_at is None
    assert until(season) > before
    with refused():
        answer(season, "T.06")  # it belongs to the first round
    answer(season, "T.03")
    season.send(UNIT)
    assert season.item(UNIT, "T.03").contested
    assert season.item(UNIT, "T.02").contested  # what was said in the first round stands


def test_a_question_before_the_answer_joins_the_round_and_takes_no_answer_away(season):
    answer(season, "T.02", text="Có số liệu mới.")
    before = until(season)
    season.at(before - timedelta(days=1))
    ask_by_council(season, "T.03")
    assert season.case(UNIT).explanation_round == 1
    assert until(season) > before, "the unit has its whole time for the question"
    answer(season, "T.06")
    answer(season, "T.03")
    season.send(UNIT)
    assert {code for code in ALL if season.item(UNIT, code).contested} == {"T.02", "T.03", "T.06"}


def test_a_question_never_takes_time_away(season):
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, UNIT, SPRING, "Mất điện.")
    ask_by_council(season, "T.03")
    assert until(season) == SPRING


def test_two_questions_are_answered_in_one_round(season):
    sent(season, "T.02")
    ask_by_council(season, "T.03")
    ask_by_council(season, "T.01")
    assert season.case(UNIT).explanation_round == 2
    answer(season, "T.03")
    answer(season, "T.01")
    season.send(UNIT)
    assert season.item(UNIT, "T.03").contested
    assert season.item(UNIT, "T.01").contested


def test_a_click_too_many_asks_once(season):
    sent(season, "T.02")
    ask_by_council(season, "T.03")
    ends = until(season)
    ask_by_council(season, "T.03")
    assert (season.case(UNIT).explanation_round, until(season)) == (2, ends)
    with season.looking() as session:
        assert len(session.scalars(select(Question)).all()) == 1


def test_silence_after_a_question_unsays_nothing_that_was_sent(season):
    sent(season, "T.02")
    ask_by_council(season, "T.02")
    with refused():
        season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")  # the unit may still answer
    season.at(until(season))
    with refused("T.02"):
        season.finalise(UNIT)
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


def test_what_an_earlier_round_settled_is_changed_by_no_signature_taken_back(season):
    sent(season, "T.02")
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.sign("CATP", ["T.02"])
    ask_by_council(season, "T.02")
    for moment in (None, until(season)):
        if moment:
            season.at(moment)
        with refused(), season.acting("lead.catp") as (session, actor):
            withdraw_sign_off(session, actor, season.slug, "T.02", [UNIT])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


def test_contested_anew_after_a_question_it_needs_a_newer_re_grade(season):
    sent(season, "T.02")
    season.give("grader.catp", UNIT, "T.02", 3, verdict="partly")
    season.sign("CATP", ["T.02"])
    ask_by_council(season, "T.02")
    answer(season, "T.02", text="Lần hai.")
    season.send(UNIT)
    with refused("T.02"):
        season.finalise(UNIT)
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


def test_after_a_question_the_case_waits_for_the_answer_again(season):
    season.accept(UNIT)
    ask_by_council(season, "T.03")
    with refused():
        season.finalise(UNIT)


def finished_with_one_regrade(season):
    sent(season, "T.02")
    season.give("grader.catp", UNIT, "T.02", 3, verdict="partly")
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)


def reopen(season, *codes, local="chair", **more):
    return season.move(local, UNIT, "reopen", **{"reason": "Có đơn kiến nghị.", "items": codes} | more)


def test_only_the_chair_reopens_with_a_reason_and_the_items_named(season):
    finished_with_one_regrade(season)
    for local in ("deputy", "council.1", SECRETARY):
        with pytest.raises(NotFound):
            reopen(season, "T.03", local=local)
    with refused("reason"):
        reopen(season, "T.03", reason=" ")
    with refused("items"):
        reopen(season)
    with pytest.raises(NotFound):
        reopen(season, "T.99")
    reopen(season, "T.03")
    assert season.state(UNIT) == "explanation_requested"


def test_a_reopened_item_needs_a_newer_re_grade_and_the_old_value_stands_until_then(season):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    case = season.case(UNIT)
    assert (case.explanation_round, case.explanation_sent_at) == (2, None)
    assert season.item(UNIT, "T.02").final == 3 * POINT
    season.at(SPRING)
    with refused("T.02"):
        season.finalise(UNIT)
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


def test_reopening_opens_the_named_items_and_nothing_else(season):
    finished_with_one_regrade(season)
    reopen(season, "T.03", until=SPRING)
    season.at(SPRING)
    with refused():
        season.give("grader.catp", UNIT, "T.02", 5, verdict="accepted")
    season.give("grader.stc", UNIT, "T.03", 5, verdict="accepted")


def test_of_a_reopened_item_the_unit_speaks_first(season):
    finished_with_one_regrade(season)
    reopen(season, "T.03")
    with refused():
        season.give("grader.stc", UNIT, "T.03", 5, verdict="accepted")
    with refused():
        season.decide(UNIT, "T.03", 5)
    answer(season, "T.03", text="Lý do mới.")
    season.send(UNIT)
    season.give("grader.stc", UNIT, "T.03", 5, verdict="accepted")
    season.sign("STC", ["T.03"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.03").final == 5 * POINT


def test_a_newer_re_grade_supersedes_an_older_decision(season):
    sent(season, "T.02")
    season.at(SPRING)
    season.decide(UNIT, "T.02", 3)
    season.finalise(UNIT)
    reopen(season, "T.02")
    season.at(SPRING + timedelta(days=30))
    season.give("grader.catp", UNIT, "T.02", 4, verdict="accepted")
    season.sign("CATP", ["T.02"])
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 4 * POINT


def test_a_reopened_item_may_be_decided_once_the_unit_has_spoken_or_its_time_is_over(season):
    finished_with_one_regrade(season)
    reopen(season, "T.03")
    season.at(SPRING)
    season.decide(UNIT, "T.03", 5)
    season.finalise(UNIT)
    assert season.item(UNIT, "T.03").final == 5 * POINT


def test_items_that_were_not_named_keep_their_result(season):
    finished_with_one_regrade(season)
    reopen(season, "T.03", until=SPRING)
    assert until(season) == SPRING
    season.at(SPRING)
    season.decide(UNIT, "T.03", 5)
    season.finalise(UNIT)
    assert season.item(UNIT, "T.02").final == 3 * POINT


def test_answers_of_each_round_are_kept(season):
    finished_with_one_regrade(season)
    reopen(season, "T.02")
    answer(season, "T.02", text="Lần hai.")
    season.send(UNIT)
    with season.looking() as session:
        assert session.scalars(select(Explanation.round).order_by(Explanation.id)).all() == [1, 2]


def test_a_question_after_agreement_can_be_answered(engine):
    season = make_small(engine)
    season.released(UNIT)
    season.accept(UNIT)
    ask_by_council(season, "T.03")
    with refused():
        season.finalise(UNIT)
    season.batch("request_explanation", units=[UNIT])
    answer(season, "T.03")
