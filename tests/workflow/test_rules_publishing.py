"""Batches, proposals, finalising, publishing and correcting (rules sections 1 and 2)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.session import transaction
from models.tables import Batch, Document, Proposal, Publication
from states.facts import Asked
from states.refusal import NotFound, Refused
from states.results import POINT
from tests.season import GRADING
from tests.small import MEETING, SECRETARY, SPRING, UNITS, Small, make_small, policy, refused
from workflow.access import EXCLUDED
from workflow.confirming import propose_publication
from workflow.dataset import build_dataset
from workflow.deciding import exclude, readmit
from workflow.move import move_batch, preview_batch
from workflow.proposals import refuse, withdraw
from workflow.publishing import is_public, visible
from workflow.sheets.case import case_sheet

UNIT = "00004"


@pytest.fixture
def season(engine) -> Small:
    return make_small(engine)


def publications(season):
    with season.looking() as session:
        return session.scalars(select(Publication).order_by(Publication.version)).all()


def unit_of(publication, code=UNIT):
    return next(unit for unit in publication.dataset["units"] if unit["code"] == code)


# releasing, in batches


def test_a_batch_moves_what_is_ready_and_lists_the_rest_with_reasons(season):
    season.hand_in(UNIT, "00008")
    season.at(GRADING)
    season.grade_all({("00008", "T.06", "STC"): 7}, units=(UNIT, "00008"))
    with season.acting(SECRETARY) as (session, actor):
        ready, left = preview_batch(session, actor, season.slug, "release_round_1", Asked())
    assert (ready, [(one.unit, [problem.place for problem in one.problems]) for one in left]) == ([UNIT], [("00008", ["T.06"])])
    moved = season.batch("release_round_1")
    assert (moved.units, [one.unit for one in moved.left_out]) == ((UNIT,), ["00008"])
    with season.looking() as session:
        batch = session.scalars(select(Batch)).one()
    assert (batch.id, batch.moved, [unit for unit, _ in batch.left_out]) == (moved.batch_id, [UNIT], ["00008"])


@pytest.mark.parametrize(
    ("wound", "place"),
    [("ungraded", "T.02"), ("unsigned", "T.03"), ("disputed", "T.06")],
)
def test_release_waits_for_every_grade_every_signature_and_every_dispute(season, wound, place):
    season.hand_in(UNIT)
    season.at(GRADING)
    if wound == "disputed":
        season.grade_all({(UNIT, "T.06", "STC"): 7}, units=(UNIT,))
    else:
        season.grade_all(units=(UNIT,))
        season.give(*{"unsigned": ("grader.stc", UNIT, "T.03", 3), "ungraded": ("grader.catp", UNIT, "T.02", 3)}[wound])
    if wound == "ungraded":
        season.at(GRADING - timedelta(days=10))
        season.move(f"head.{UNIT}", UNIT, "recall")
        season.save(UNIT, "T.02", 5)
        season.submit(UNIT)
    with refused(place):
        season.batch("release_round_1", units=[UNIT])
    if wound == "disputed":
        season.decide(UNIT, "T.06", 7)
        season.batch("release_round_1", units=[UNIT])


def test_nothing_ready_is_refused(season):
    with pytest.raises(Refused):
        season.batch("release_round_1")


def test_a_batch_with_the_secretariats_own_case_is_a_proposal_for_the_chair(season):
    season.hand_in(UNIT, "SKHCN")
    season.at(GRADING)
    season.grade_all(units=(UNIT, "SKHCN"))
    with season.acting(SECRETARY) as (session, actor):
        moved = move_batch(session, actor, season.slug, "release_round_1", Asked())
    assert moved.units == ()
    assert {season.state(unit) for unit in (UNIT, "SKHCN")} == {"self_scored"}
    season.confirm(moved.proposal_id)
    assert {season.state(unit) for unit in (UNIT, "SKHCN")} == {"round1_reviewed"}


def test_a_proposed_batch_goes_together_or_not_at_all(season):
    season.hand_in(UNIT, "SKHCN")
    season.at(GRADING)
    season.grade_all(units=(UNIT, "SKHCN"))
    with season.acting(SECRETARY) as (session, actor):
        moved = move_batch(session, actor, season.slug, "release_round_1", Asked())
    season.give("grader.catp", UNIT, "T.02", 3)  # a signature is lost meanwhile
    with refused("T.02"):
        season.confirm(moved.proposal_id)
    assert {season.state(unit) for unit in (UNIT, "SKHCN")} == {"self_scored"}


def test_the_deputy_of_the_secretariat_does_not_finalise_its_own_case(season):
    season.asked_to_explain(UNIT, "SKHCN")
    for unit in (UNIT, "SKHCN"):
        season.accept(unit)
    with season.acting("deputy") as (session, actor):
        moved = move_batch(session, actor, season.slug, "finalise", MEETING)
    assert (moved.units, [one.unit for one in moved.left_out]) == ((UNIT,), ["SKHCN"])


# proposals


def test_a_refused_or_withdrawn_proposal_does_nothing(season):
    season.at(GRADING)
    for settle in ("refuse", "withdraw"):
        proposal = season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.").proposal_id
        if settle == "refuse":
            with refused("reason"), season.acting("chair") as (session, actor):
                refuse(session, actor, season.slug, proposal, " ")
            with season.acting("chair") as (session, actor):
                refuse(session, actor, season.slug, proposal, "Cho thêm thời gian.")
        else:
            with season.acting(SECRETARY) as (session, actor):
                withdraw(session, actor, season.slug, proposal)
        with refused():
            season.confirm(proposal)
    assert season.state(UNIT) == "draft"


def test_nobody_confirms_the_own_proposal(season):
    from models.session import transaction
    from tests.small import as_person
    from workflow.proposals import confirm

    season.at(GRADING)
    proposal = season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.").proposal_id
    held = season.enlist(SECRETARY, "chair", "UBNDTP")
    with refused(), transaction(season.engine) as session:
        confirm(session, as_person(season, session, SECRETARY, held), season.slug, proposal)


# finalising


def test_finalise_needs_the_minutes_and_the_chair_or_deputy(season):
    season.asked_to_explain(UNIT)
    season.accept(UNIT)
    for local in ("council.1", SECRETARY, f"head.{UNIT}"):
        with pytest.raises(NotFound):
            season.move(local, UNIT, "finalise", minutes_number="01/BB", minutes_on=date(2025, 12, 10))
    with refused("minutes_number", "minutes_on"):
        season.move("deputy", UNIT, "finalise")
    season.move("deputy", UNIT, "finalise", minutes_number="01/BB", minutes_on=date(2025, 12, 10))
    assert season.state(UNIT) == "round2_final"


# excluding


def test_an_excluded_case_is_unranked_and_can_come_back(season):
    season.finished(UNIT)
    with refused("reason"), season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, UNIT, " ")
    season.exclude_others("00008")
    with season.looking() as session:
        unit = next(one for one in build_dataset(session, season.assessment())["units"] if one["code"] == UNIT)
    assert (unit["excluded"], unit["rank"], unit["items"]) == (True, None, [])
    with refused(saying=EXCLUDED):
        season.move("chair", UNIT, "reopen", reason="Xem lại.", items=("T.02",))
    with season.acting("chair") as (session, actor):
        readmit(session, actor, season.slug, UNIT, "Hoạt động trở lại.")
    with season.looking() as session:
        unit = next(one for one in build_dataset(session, season.assessment())["units"] if one["code"] == UNIT)
    assert (unit["excluded"], unit["rank"]) == (False, 1)


# publishing


@pytest.fixture
def finished(season) -> Small:
    """Two communes final, the two bodies' own cases excluded."""
    season.finished(UNIT, "00008")
    season.exclude_others(UNIT, "00008")
    season.at(SPRING)
    return season


def test_publishing_waits_until_every_case_is_final_or_excluded(season):
    season.finished(UNIT)
    with pytest.raises(Refused) as caught:
        season.propose_publication(season.decision())
    assert {problem.place for problem in caught.value.problems} == set(UNITS) - {UNIT}


def test_publishing_needs_number_date_and_file(finished):
    with refused("decision_number", "decision_on", "decision_document"), finished.acting(SECRETARY, proved=True) as (session, actor):
        propose_publication(session, actor, finished.slug, Asked())


def test_both_people_type_their_password_just_before(finished):
    asked = finished.decision()
    with refused("password"):
        finished.propose_publication(asked, proved=False)
    proposal = finished.propose_publication(asked)
    with refused("password"):
        finished.confirm(proposal, proved=False)
    finished.confirm(proposal)
    assert finished.state(UNIT) == "published"


def test_only_the_secretariat_proposes_and_only_the_chair_confirms(finished):
    asked = finished.decision()
    for local in ("chair", "deputy", "auditor", "admin", f"head.{UNIT}"):
        with pytest.raises(NotFound), finished.acting(local, proved=True) as (session, actor):
            propose_publication(session, actor, finished.slug, asked)
    proposal = finished.propose_publication(asked)
    for local in ("deputy", "council.1", SECRETARY):
        with pytest.raises(NotFound):
            finished.confirm(proposal, local)


def test_what_changed_after_the_proposal_is_not_published(finished):
    proposal = finished.propose_publication(finished.decision())
    finished.move("chair", UNIT, "reopen", reason="Xem lại.", items=("T.02",))
    finished.at(SPRING + timedelta(days=60))
    finished.decide(UNIT, "T.02", 5)
    finished.finalise(UNIT)
    with refused():
        finished.confirm(proposal)
    assert publications(finished) == []


def test_a_publication_holds_everybody_ranked_and_the_hash_both_saw(finished):
    finished.publish()
    (made,) = publications(finished)
    assert {unit["code"]: unit["rank"] for unit in made.dataset["units"]} == {UNIT: 1, "00008": 1, "SKHCN": None, "STC": None}
    with finished.looking() as session:
        proposal = session.get_one(Proposal, made.proposal_id)
    assert proposal.proposed_by_id != proposal.settled_by_id
    assert {finished.state(unit) for unit in UNITS} == {"published", "draft"}


def test_ranking_may_go_by_points(engine):
    season = make_small(engine, policies=policy(rank_on="points"), presets={"00008": ["T.01"]})
    season.finished(UNIT, "00008")
    with season.looking() as session:
        units = {one["code"]: one for one in build_dataset(session, season.assessment())["units"]}
    assert units[UNIT]["total"] > units["00008"]["total"]
    assert (units[UNIT]["rank"], units["00008"]["rank"]) == (1, 2)


def test_visible_from_gates_every_reader(finished):
    later = SPRING + timedelta(days=3)
    finished.publish(visible_from=later)
    for moment, seen in ((SPRING, False), (later - timedelta(milliseconds=1), False), (later, True)):
        finished.at(moment)
        with finished.looking() as session:
            assessment = finished.assessment().id
            assert (visible(session, assessment) is not None, is_public(session, assessment)) == (seen, seen)


def test_an_excluded_case_can_no_longer_come_back_into_what_is_published(finished):
    finished.publish()
    assert finished.state("STC") == "draft"
    with finished.acting("chair") as (session, actor):
        readmit(session, actor, finished.slug, "STC", "Hoạt động trở lại.")
    with pytest.raises(Refused):
        finished.propose_publication(finished.decision("1200/QĐ-UBND"))


def test_a_published_case_is_corrected_not_reopened(finished):
    finished.publish()
    with refused():
        finished.move("chair", UNIT, "reopen", reason="Xem lại.", items=("T.02",))


def correcting(season, number="1187/QĐ-UBND"):
    asked = season.decision(number)
    return season.move(
        "chair", UNIT, "correct", proved=True, reason="Cộng nhầm.", decision_number=asked.decision_number,
        decision_on=asked.decision_on, decision_document=asked.decision_document,
    )  # fmt: skip


def test_a_correction_needs_the_amending_decision_and_a_fresh_password(finished):
    finished.publish()
    with refused("reason", "decision_number", "decision_on", "decision_document"):
        finished.move("chair", UNIT, "correct", proved=True)
    asked = finished.decision("2/QĐ")
    with refused("password"):
        finished.move(
            "chair", UNIT, "correct", reason="Cộng nhầm.", decision_number="2/QĐ", decision_on=asked.decision_on,
            decision_document=asked.decision_document,
        )  # fmt: skip


def test_a_published_case_under_correction_is_not_excluded(finished):
    finished.publish()
    correcting(finished)
    with refused(), finished.acting("chair") as (session, actor):
        exclude(session, actor, finished.slug, UNIT, "Giải thể.")


def test_corrected_cases_are_published_as_the_next_version_and_the_earlier_stays(finished):
    finished.publish()
    correcting(finished)
    with refused():
        finished.decide("00008", "T.02", 5)
    finished.decide(UNIT, "T.02", 1)  # a correction may go below round 1
    with refused():
        finished.move("chair", UNIT, "reopen", reason="Xem lại.", items=("T.02",))
    finished.publish("1187/QĐ-UBND")
    first, second = publications(finished)
    assert (first.version, second.version, second.amends_id) == (1, 2, first.id)
    assert unit_of(first)["total"] - unit_of(second)["total"] == 3 * POINT
    with finished.looking() as session:
        assert visible(session, finished.assessment().id, 1) is not None
    assert finished.state(UNIT) == "published"


def test_while_a_correction_waits_for_its_moment_the_others_keep_their_result_and_the_corrected_reads_nothing_new(finished):
    finished.publish()
    correcting(finished)
    finished.decide(UNIT, "T.02", 1)
    later = SPRING + timedelta(days=90)
    finished.publish("1187/QĐ-UBND", visible_from=later)

    def read(unit):
        with finished.acting(f"head.{unit}") as (session, actor):
            return case_sheet(session, actor, finished.slug, unit).sees_final

    assert (read(UNIT), read("00008")) == (False, True)
    finished.at(later)
    assert (read(UNIT), read("00008")) == (True, True)


def test_a_version_may_correct_no_case(finished):
    finished.publish()
    finished.publish("1200/QĐ-UBND")
    first, second = publications(finished)
    assert first.dataset["units"] == second.dataset["units"]


def test_a_units_evidence_is_no_decision(finished):
    asked = finished.decision()
    with transaction(finished.engine) as session:
        session.get_one(Document, asked.decision_document).public = False
    with refused("decision_document"), finished.acting(SECRETARY, proved=True) as (session, actor):
        propose_publication(session, actor, finished.slug, asked)


def test_a_correction_needs_a_reason_as_every_decision_does(finished):
    finished.publish()
    correcting(finished)
    with refused("reason"):
        finished.decide(UNIT, "T.02", 1, reason=" ")


# the chair who once wrote for a unit, under a membership that ended


def wrote_for(season, unit, local="chair"):
    from models.session import transaction
    from models.tables import Membership
    from tests.small import as_person
    from workflow.drafting import Draft, save_self_score

    held = season.enlist(local, "unit_staff", unit)
    with transaction(season.engine) as session:
        actor = as_person(season, session, local, held)
        save_self_score(session, actor, season.slug, unit, "T.02", Draft({"points": "3"}, "Theo báo cáo.", 0))
        session.get_one(Membership, held).valid_to = date(2025, 1, 1)


def both_sides(season):
    from workflow.invariants.scores import people_on_both_sides

    with season.looking() as session:
        return list(people_on_both_sides(session))


def test_the_chair_who_wrote_for_a_unit_does_not_confirm_closing_it(season):
    wrote_for(season, UNIT)
    season.at(GRADING)
    proposal = season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.").proposal_id
    with pytest.raises(Refused):
        season.confirm(proposal)


def test_publishing_as_a_whole_takes_no_side(season):
    wrote_for(season, UNIT)
    season.asked_to_explain(UNIT, "00008")
    for unit in (UNIT, "00008"):
        season.accept(unit)
    season.batch("finalise", "deputy", MEETING, (UNIT, "00008"))
    season.exclude_others(UNIT, "00008")
    season.at(SPRING)
    season.publish()
    assert both_sides(season) == []


def test_a_reopening_gives_no_date_of_the_past(season):
    season.finished(UNIT)
    with pytest.raises(Refused):
        season.move("chair", UNIT, "reopen", reason="Xem lại.", items=("T.02",), until=GRADING - timedelta(days=1))
