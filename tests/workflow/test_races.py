"""Races on PostgreSQL with real threads: one wins, the other is told, nothing is lost, and every invariant holds after.

Each race runs at a barrier, over and over, and then in both orders with the loser already waiting for the winner's lock.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.session import make_engine, transaction
from models.tables import Batch, Deadline, Event, Extension, Item, Notification, Proposal, Publication, ScoreEntry, Submission
from states.clocks import end_of_day
from states.facts import Asked
from states.refusal import Refused, Stale
from states.results import POINT
from tests.season import GRADING
from tests.small import BODIES, MAXIMUM, MEETING, OWN, REASON, SECRETARY, SPRING, UNITS, inputs_for, make_small
from tests.workflow.races import Doing, assert_whole, at_once, backwards, behind, sorted_out
from workflow.actor import SYSTEM
from workflow.clock import set_working_clock, working_now
from workflow.confirming import propose_publication
from workflow.deciding import Decision, decide, exclude
from workflow.drafting import Draft, save_self_score
from workflow.extending import extend
from workflow.grading import Given, Grade, save_grade, save_grades
from workflow.journal import SYSTEM_CHAIN, record
from workflow.move import move_batch, move_case
from workflow.proposals import confirm
from workflow.signing import sign_off

pytestmark = pytest.mark.postgres
WAYS = [at_once, behind, backwards]
COMMUNES = ("00004", "00008")
CLOSES = end_of_day(datetime(2025, 12, 15, tzinfo=UTC).date())
LAST_SECOND = CLOSES - timedelta(seconds=1)


@pytest.fixture
def season(postgres):
    engine = make_engine(postgres)
    yield make_small(engine)
    engine.dispose()


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def race(request):
    return request.param


def count(season, table, *where):
    with season.looking() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where))


def happened(season, act, on=None):
    return count(season, Event, Event.act == act, *([] if on is None else [Event.object == on]))


def entries(season, unit, code, stage):
    with season.looking() as session:
        item = season.row(unit, code).id
        return session.scalars(select(ScoreEntry).where(ScoreEntry.item_id == item, ScoreEntry.stage == stage)).all()


def one_each(outcomes):
    """The one winner's result and the one loser's message."""
    (won,), (told,) = sorted_out(outcomes)
    return won, told


# the things people do


def saving(season, local, unit, code, points):
    version = season.row(unit, code).version
    draft = Draft(inputs_for(code, points), REASON, version)
    return Doing(local, lambda session, actor: save_self_score(session, actor, season.slug, unit, code, draft))


def moving(season, local, unit, trigger, asked):
    return Doing(local, lambda session, actor: move_case(session, actor, season.slug, unit, trigger, asked))


def submitting(season, unit):
    return moving(season, f"head.{unit.lower()}", unit, "submit", Asked(declared=True))


def batching(season, trigger, units, local=SECRETARY):
    return Doing(local, lambda session, actor: move_batch(session, actor, season.slug, trigger, Asked(), units))


def grading(season, local, unit, code, points):
    grade = Grade(points * POINT, season.assignment(unit, code, local.partition(".")[2].upper()).version, REASON, unsign=True)
    return Doing(local, lambda session, actor: save_grade(session, actor, season.slug, unit, code, grade))


def extending(season, unit, until):
    return Doing(SECRETARY, lambda session, actor: extend(session, actor, season.slug, unit, until, "Bão."))


def deciding(season, local, unit, code, points):
    decision = Decision(points * POINT, f"Quyết của {local}.", seen=0)
    return Doing(local, lambda session, actor: decide(session, actor, season.slug, unit, code, decision))


def signing_off(season, body, units):
    return Doing(f"lead.{body}", lambda session, actor: sign_off(session, actor, season.slug, "T.06", units))


def confirming(season, proposal):
    return Doing("chair", lambda session, actor: confirm(session, actor, season.slug, proposal), proved=True)


# the unit


def test_two_people_of_a_unit_on_one_draft(season, race):
    for unit in UNITS:
        for code in OWN:
            mine, yours = (saving(season, f"{who}.{unit.lower()}", unit, code, points) for who, points in (("unit", 1), ("head", 2)))
            won, told = one_each(race(season, mine, yours))
            kept = season.row(unit, code)
            assert isinstance(told, Stale)
            assert (told.current.version, won.version) == (kept.version, kept.version)
            assert (kept.draft_points, kept.version) == (won.points, 1)
    assert happened(season, "self_score") == len(UNITS) * len(OWN)
    assert_whole(season)


def test_a_double_submit_leaves_one_submission(season, race):
    for unit in UNITS:
        season.fill(unit)
        won, told = one_each(race(season, submitting(season, unit), submitting(season, unit)))
        case = season.case(unit).id
        assert isinstance(told, Refused)
        assert (won.units, season.state(unit)) == ((unit,), "self_scored")
        with season.looking() as session:
            assert [one.receipt_code for one in session.scalars(select(Submission).where(Submission.case_id == case))] == [
                won.made["receipt"]
            ]
        assert all(len(entries(season, unit, code, "self")) == 1 for code in OWN)
        assert happened(season, "submit", unit) == 1
    assert_whole(season)


def test_a_draft_saved_while_the_head_submits_is_in_the_submission_or_refused(season, race):
    for unit in UNITS:
        season.fill(unit)
        saved, moved = race(season, saving(season, f"unit.{unit.lower()}", unit, "T.02", 1), submitting(season, unit))
        assert moved.units == (unit,)
        assert isinstance(saved, Refused) or saved.points == POINT
        kept = 4 * POINT if isinstance(saved, Refused) else POINT
        assert [one.points for one in entries(season, unit, "T.02", "self")] == [kept]
        assert season.row(unit, "T.02").draft_points == kept
    assert_whole(season)


def test_a_submission_that_arrived_in_time_counts_however_long_it_waits(season):
    season.at(LAST_SECOND)
    unit = COMMUNES[0]
    season.fill(unit)

    def save_and_let_the_deadline_pass(session, actor):
        version = session.scalars(select(Item.version).where(Item.id == season.row(unit, "T.02").id)).one()
        save_self_score(session, actor, season.slug, unit, "T.02", Draft(inputs_for("T.02", 1), REASON, version))
        set_working_clock(session, CLOSES, fixed=True)

    _, moved = behind(season, Doing(f"unit.{unit}", save_and_let_the_deadline_pass), submitting(season, unit))
    assert moved.units == (unit,)
    with season.looking() as session:
        assert session.scalars(select(Event.at).where(Event.act == "submit")).all() == [LAST_SECOND]
    assert [one.points for one in entries(season, unit, "T.02", "self")] == [POINT]
    assert_whole(season)


def test_a_submission_against_the_deadline_is_in_time_or_refused(season):
    accepted = 0
    for unit in UNITS:
        season.at(LAST_SECOND)
        season.fill(unit)
        clock = Doing("admin", lambda session, _: set_working_clock(session, CLOSES, fixed=True))
        _, moved = at_once(season, clock, submitting(season, unit), arriving=True)
        with season.looking() as session:
            at = session.scalars(select(Submission.at).where(Submission.case_id == season.case(unit).id)).all()
        refused = isinstance(moved, Refused)
        assert at == ([] if refused else [LAST_SECOND])
        assert season.state(unit) == ("draft" if refused else "self_scored")
        accepted += not refused
        one_more = at_once(season, submitting(season, unit))[0]
        assert isinstance(one_more, Refused)
    assert happened(season, "submit") == accepted
    assert_whole(season)


# the bodies


def test_two_graders_on_one_item(season, race):
    season.hand_in(*UNITS)
    season.at(GRADING)
    for unit in UNITS:
        for code in BODIES["CATP"]:
            won, told = one_each(race(season, grading(season, "grader.catp", unit, code, 3), grading(season, "lead.catp", unit, code, 2)))
            assert isinstance(told, Stale)
            assert (told.current.points, told.current.version) == (won.points, won.version)
            assert [one.points for one in entries(season, unit, code, "round1")] == [won.points]
            assert season.graded(unit, code, "CATP").round1 == won.points
    assert happened(season, "grade") == len(UNITS) * len(BODIES["CATP"])
    assert_whole(season)


def test_a_grade_against_the_release_of_round_1(season, race):
    season.hand_in(*UNITS)
    season.at(GRADING)
    season.grade_all()
    released = 0
    for unit in ("00004", "00008", "STC"):
        graded, moved = race(season, grading(season, "grader.catp", unit, "T.02", 1), batching(season, "release_round_1", [unit]))
        won, told = one_each([graded, moved])
        assert isinstance(told, Refused)
        standing = season.graded(unit, "T.02", "CATP")
        if won is graded:
            assert (season.state(unit), standing.round1, standing.signed1) == ("self_scored", POINT, False)
        else:
            assert (season.state(unit), standing.round1, standing.signed1) == ("round1_reviewed", 4 * POINT, True)
            released += 1
    assert happened(season, "release_round_1") == 2 * released  # one in the case's chain, one in the assessment's
    assert count(season, Batch) == released
    assert_whole(season)


def test_grids_that_cross_do_not_stand_in_each_others_way(season):
    season.hand_in(*UNITS)
    season.at(GRADING)

    def grid(body, units, points):
        grades = {(unit, "T.06"): Grade(points, season.assignment(unit, "T.06", body).version, REASON, unsign=True) for unit in units}
        return Doing(f"grader.{body.lower()}", lambda session, actor: save_grades(session, actor, season.slug, grades))

    def leaving(unit):
        return Doing("chair", lambda session, actor: exclude(session, actor, season.slug, unit, "Giải thể."))

    for points in range(1, 6):
        units = ("00004", "00008", "SKHCN")  # each graded by both
        others = [leaving("STC")] if points == 1 else []
        got = at_once(season, grid("CATP", units, points * POINT), grid("STC", units[::-1], points * POINT), *others)
        assert [isinstance(one, Given) for grid in got[:2] for one in grid.values()] == [True] * 6
    signing = [signing_off(season, body, units) for body in ("catp", "stc")]
    assert at_once(season, *signing) == [3, 3]
    assert {season.item(unit, "T.06").round1 for unit in units} == {5 * POINT}
    with pytest.raises(Refused), season.acting("lead.catp") as (session, actor):
        sign_off(session, actor, season.slug, "T.06", units)
    assert happened(season, "grade") == 2 * 3 * 5
    assert_whole(season)


# the council


def test_two_decisions_on_one_dispute(season, race):
    season.hand_in(*COMMUNES)
    season.at(GRADING)
    told = {(unit, code, "CATP"): 1 for unit in COMMUNES for code in ("T.05", "T.06")}
    season.grade_all(told, COMMUNES)
    for unit in COMMUNES:
        for code in ("T.05", "T.06"):
            assert season.item(unit, code).disputed
            won, lost = one_each(
                race(season, deciding(season, "council.2", unit, code, 5), deciding(season, "council.3", unit, code, MAXIMUM[code]))
            )
            assert isinstance(lost, Stale)
            assert [one.id for one in entries(season, unit, code, "decision1")] == [won]
            assert lost.current.seen == won
    assert happened(season, "decide") == 4
    assert_whole(season)


def test_an_extension_against_finalising(season, race):
    season.asked_to_explain(*COMMUNES)
    season.at(SPRING)
    for unit in COMMUNES:
        case, until = season.case(unit).id, SPRING + timedelta(days=3)
        extended, moved = race(season, extending(season, unit, until), moving(season, "deputy", unit, "finalise", MEETING))
        won, told = one_each([extended, moved])
        assert isinstance(told, Refused)
        given = count(season, Extension, Extension.case_id == case)
        if won is moved:
            assert (season.state(unit), given) == ("round2_final", 0)
        else:
            assert (season.state(unit), given) == ("explanation_requested", 1)
            assert count(season, Deadline, Deadline.case_id == case, Deadline.at == until) == 1
        assert happened(season, "extend", unit) == given
    assert_whole(season)


# batches and publication


def test_two_batches_of_the_same_cases(season, race):
    units = ("00004", "00008", "STC")
    season.hand_in(*UNITS)
    season.at(GRADING)
    season.grade_all()
    for trigger in ("release_round_1", "request_explanation"):
        won, told = one_each(race(season, batching(season, trigger, units), batching(season, trigger, units)))
        assert isinstance(told, Refused)
        assert sorted(won.units) == sorted(units)
        assert [happened(season, trigger, unit) for unit in units] == [1, 1, 1]
        with season.looking() as session:
            assert [(one.id, one.moved) for one in session.scalars(select(Batch).where(Batch.trigger == trigger))] == [
                (won.batch_id, list(won.units))
            ]
            words = session.execute(
                select(Notification.person_id, Notification.case_id).where(Notification.kind == trigger, Notification.case_id.is_not(None))
            ).all()
        assert len(words) == len(set(words)) > 0
    assert_whole(season)


def test_two_batches_that_overlap_move_each_case_once(season):
    season.hand_in(*UNITS)
    season.at(GRADING)
    season.grade_all()
    for trigger in ("release_round_1", "request_explanation"):
        outcomes = at_once(season, batching(season, trigger, ["00004", "00008"]), batching(season, trigger, ["00008", "STC"]))
        assert sorted(unit for won in outcomes for unit in won.units) == ["00004", "00008", "STC"]
        assert count(season, Batch, Batch.trigger == trigger) == 2
    assert_whole(season)


def test_two_batches_with_the_own_case_make_one_proposal_confirmed_once(season, race):
    season.hand_in(*UNITS)
    season.at(GRADING)
    season.grade_all()
    won, told = one_each(race(season, batching(season, "release_round_1", None), batching(season, "release_round_1", None)))
    assert isinstance(told, Refused)
    assert count(season, Proposal, Proposal.act == "release_round_1") == 1
    done, late = one_each(race(season, confirming(season, won.proposal_id), confirming(season, won.proposal_id)))
    assert isinstance(late, Refused)
    assert sorted(done["units"]) == sorted(UNITS)
    assert [happened(season, "release_round_1", unit) for unit in UNITS] == [1] * len(UNITS)
    assert_whole(season)


def test_publishing_twice_publishes_once(season, race):
    season.finished(*COMMUNES)
    season.exclude_others(*COMMUNES)
    season.at(SPRING)
    for version in (1, 2, 3):
        asked = season.decision(f"{version}/QĐ-UBND")
        proposing = Doing(
            SECRETARY, lambda session, actor, asked=asked: propose_publication(session, actor, season.slug, asked).id, proved=True
        )
        proposal, told = one_each(race(season, proposing, proposing))
        assert isinstance(told, Refused)
        _, late = one_each(race(season, confirming(season, proposal), confirming(season, proposal)))
        assert isinstance(late, Refused)
        with season.looking() as session:
            assert session.scalars(select(Publication.version).order_by(Publication.id)).all() == list(range(1, version + 1))
        assert [happened(season, "publish", unit) for unit in COMMUNES] == [version, version]
        if version < 3:
            for unit in COMMUNES:
                season.move(
                    "chair", unit, "correct", proved=True, **vars_of(season.decision(f"{version}/ĐC", items=("T.02",), reason=REASON))
                )
    assert_whole(season)


def vars_of(asked):
    return {name: getattr(asked, name) for name in ("decision_number", "decision_on", "decision_document", "items", "reason")}


# the system's chain


class Nobody:
    """An empty database and nobody in it but the system."""

    def __init__(self, engine):
        self.engine = engine

    @contextmanager
    def acting(self, local, *, proved=False):
        with transaction(self.engine) as session:
            working_now(session)
            yield session, SYSTEM


def test_the_first_two_events_of_the_system(postgres, race):
    engine = make_engine(postgres)
    nobody = Nobody(engine)
    doing = Doing("", lambda session, actor: record(session, SYSTEM_CHAIN, actor, "import_catalogue"))
    assert len(set(race(nobody, doing, doing))) == 2
    with transaction(engine) as session:
        assert session.scalars(select(Event.seq).order_by(Event.seq)).all() == [1, 2]
    assert_whole(nobody)
    engine.dispose()
