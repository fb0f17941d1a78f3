"""Not applicable, measured, maximum of nothing: what leaves numerator and maximum, and what stays (rules section 2)."""

import pytest

from states.refusal import NotFound
from states.results import POINT
from tests.season import GRADING
from tests.small import MAXIMUM, MEASURED, OWN, REASON, Small, make_small, refused
from workflow.dataset import build_dataset
from workflow.grading import NOT_APPLICABLE

UNIT = "00004"


@pytest.fixture
def season(engine) -> Small:
    season = make_small(engine)
    season.fill(UNIT)
    return season


def asked(season, *codes):
    for code in codes:
        season.ask_na(UNIT, code)
    season.submit(UNIT)
    season.at(GRADING)


def test_nothing_to_count_offers_the_request_and_gives_no_points(season):
    from workflow.drafting import Draft, save_self_score

    version = season.row(UNIT, "T.01").version
    with season.acting(f"unit.{UNIT}") as (session, actor):
        saved = save_self_score(session, actor, season.slug, UNIT, "T.01", Draft({"a": "0", "b": "0"}, REASON, version))
    assert saved.asks_not_applicable
    assert saved.points is None


def test_a_request_needs_a_reason_and_an_empty_one_takes_it_back(season):
    season.ask_na(UNIT, "T.02")
    assert season.item(UNIT, "T.02").applicability == "requested"
    season.ask_na(UNIT, "T.02", "")
    assert season.item(UNIT, "T.02").applicability == "applicable"


def test_a_score_typed_after_a_request_takes_it_back(season):
    season.ask_na(UNIT, "T.02")
    season.save(UNIT, "T.02", 2)
    assert season.item(UNIT, "T.02").applicability == "applicable"


def test_granted_it_leaves_numerator_and_maximum_and_closes_its_assignments(season):
    asked(season, "T.01")
    season.settle(UNIT, "T.01", grant=True)
    one = season.item(UNIT, "T.01")
    assert (one.counts, one.final, one.open_grades) == (False, None, ())
    with pytest.raises(NotFound):
        season.give("grader.skhcn", UNIT, "T.01", 3)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert season.case(UNIT).round1_maximum == (sum(MAXIMUM.values()) - 5) * POINT


def test_the_council_confirms_only_what_every_body_agreed_to(season):
    asked(season, "T.06")
    with refused():
        season.confirm_na(UNIT, "T.06", grant=True)
    season.answer_na("CATP", UNIT, "T.06", agree=True)
    with refused():
        season.confirm_na(UNIT, "T.06", grant=True)
    season.answer_na("STC", UNIT, "T.06", agree=False)
    with refused():
        season.confirm_na(UNIT, "T.06", grant=True)
    season.answer_na("STC", UNIT, "T.06", agree=True)
    season.confirm_na(UNIT, "T.06", grant=True)


def test_refusals_need_a_reason(season):
    asked(season, "T.01")
    with refused("reason"):
        season.answer_na("SKHCN", UNIT, "T.01", agree=False, reason=" ")
    with refused("reason"):
        season.confirm_na(UNIT, "T.01", grant=False, reason=" ")


def test_bodies_answer_requests_only(season):
    asked(season)
    with refused():
        season.answer_na("SKHCN", UNIT, "T.01", agree=True)
    with refused():
        season.confirm_na(UNIT, "T.01", grant=True)


def test_an_open_request_holds_the_release(season):
    asked(season, "T.01")
    season.grade_all({"T.01": 0}, units=(UNIT,))
    with refused("T.01"):
        season.batch("release_round_1", units=[UNIT])
    season.settle(UNIT, "T.01", grant=False)
    season.batch("release_round_1", units=[UNIT])


def refused_and_contested(season):
    asked(season, "T.01")
    season.settle(UNIT, "T.01", grant=False)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    season.batch("request_explanation", units=[UNIT])
    season.contest(UNIT, "T.01")
    season.send(UNIT)


def test_refused_is_a_self_score_of_nothing_and_contestable(season):
    asked(season, "T.01")
    season.settle(UNIT, "T.01", grant=False)
    assert season.item(UNIT, "T.01").self_points == 0
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    one = season.item(UNIT, "T.01")
    assert (one.counts, one.round1, one.contestable) == (True, 0, True)


def test_a_round_2_decision_may_still_grant_it(season):
    refused_and_contested(season)
    season.decide(UNIT, "T.01", None, not_applicable=True)
    one = season.item(UNIT, "T.01")
    assert (one.counts, one.round2_open) == (False, False)
    season.finalise(UNIT)
    assert season.case(UNIT).final_maximum == (sum(MAXIMUM.values()) - 5) * POINT


def test_round_1_does_not_grant_it_after_all(season):
    asked(season, "T.06")
    season.settle(UNIT, "T.06", grant=False)
    season.grade_all({(UNIT, "T.06", "STC"): 1}, units=(UNIT,))
    assert season.item(UNIT, "T.06").disputed
    with refused():
        season.decide(UNIT, "T.06", None, not_applicable=True)


def test_round_2_grants_nothing_that_was_not_asked_for(season):
    season.submit(UNIT)
    season.at(GRADING)
    season.grade_all({(UNIT, "T.02"): 2}, units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    season.batch("request_explanation", units=[UNIT])
    season.contest(UNIT, "T.02")
    season.send(UNIT)
    from tests.small import SPRING

    season.at(SPRING)
    with refused():
        season.decide(UNIT, "T.02", None, not_applicable=True)


def test_after_a_recall_a_refused_item_may_be_scored_after_all(season):
    for code in ("T.01",):
        season.ask_na(UNIT, code)
    season.submit(UNIT)
    season.settle(UNIT, "T.01", grant=False)
    season.move(f"head.{UNIT}", UNIT, "recall")
    season.save(UNIT, "T.01", 4)
    season.submit(UNIT)
    one = season.item(UNIT, "T.01")
    assert (one.applicability, one.self_points, one.contestable) == ("applicable", 4 * POINT, False)


def test_a_granted_item_stays_out_whatever_the_unit_does(season):
    season.ask_na(UNIT, "T.01")
    season.submit(UNIT)
    season.settle(UNIT, "T.01", grant=True)
    season.move(f"head.{UNIT}", UNIT, "recall")
    with refused():
        season.ask_na(UNIT, "T.01", "")
    season.save(UNIT, "T.01", 5)
    season.submit(UNIT)
    assert not season.item(UNIT, "T.01").counts


def test_the_council_may_preset_it_per_unit_before_opening(engine):
    season = make_small(engine, presets={UNIT: ["T.01", MEASURED]})
    assert not season.item(UNIT, "T.01").counts
    assert season.item(UNIT, "T.01").grades == ()
    assert season.item("00008", "T.01").counts
    season.hand_in(UNIT)
    season.at(GRADING)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert season.case(UNIT).round1_maximum == 30 * POINT


def test_a_case_whose_maximum_is_nothing_is_unranked(engine):
    season = make_small(engine, presets={UNIT: [*OWN, MEASURED]})
    season.submit(UNIT)
    season.at(GRADING)
    season.batch("release_round_1", units=[UNIT])
    season.batch("request_explanation", units=[UNIT])
    season.accept(UNIT)
    season.finalise(UNIT)
    with season.looking() as session:
        units = {unit["code"]: unit for unit in build_dataset(session, season.assessment())["units"]}
    assert (units[UNIT]["maximum"], units[UNIT]["percent"], units[UNIT]["rank"]) == (0, None, None)


def test_what_is_measured_is_entered_by_its_body_and_contestable_below_the_maximum(season):
    asked(season)
    assert season.item(UNIT, MEASURED).ungraded
    season.grade_all({(UNIT, MEASURED): 3}, units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert season.item(UNIT, MEASURED).contestable
    assert season.case(UNIT).round1_total == (28 + 3) * POINT


def test_an_item_that_does_not_apply_takes_no_grade_even_from_an_old_page(season):
    asked(season, "T.06")
    season.settle(UNIT, "T.06", grant=True)
    from workflow.grading import why_closed

    assert why_closed(season.item(UNIT, "T.06"), second=False) == NOT_APPLICABLE
