"""Who grades and how: reasons, bounds, signatures, blind joint grading, conflicts of interest, both sides (rules sections 2 and 3)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.session import reading, transaction
from models.tables import Assignment, Case, Event, Item, Membership, Notification, Person, ScoreEntry, Side
from states.refusal import NotFound, Refused, Stale
from states.results import POINT
from states.roles import Role
from tests.season import GRADING, LATE, OPENED
from tests.small import ALL, BODIES, REASON, SECRETARY, Small, as_person, make_small, refused
from workflow.access import BOTH_SIDES, CONFLICT, assignments_seen
from workflow.actor import SYSTEM
from workflow.asking import question
from workflow.deciding import BARRED, TOO_EARLY, Decision, decide, exclude, name_council_grader
from workflow.drafting import Draft, save_self_score
from workflow.extending import extend
from workflow.grading import FOR_COUNCIL, Grade, flag, save_grade
from workflow.memberships import NewMembership, add_membership
from workflow.signing import sign_off, withdraw_sign_off

UNIT = "00004"


@pytest.fixture
def season(engine) -> Small:
    """The season with one commune and both bodies' own cases handed in, in round 1."""
    season = make_small(engine)
    season.hand_in(UNIT, "SKHCN", "STC")
    season.at(GRADING)
    return season


# points and reasons


def test_a_reason_is_required_where_a_grade_differs_from_the_self_score(season):
    with refused("reason"):
        season.give("grader.catp", UNIT, "T.02", 3, reason=" ")
    season.give("grader.catp", UNIT, "T.02", 4, reason="")
    season.give("grader.catp", UNIT, "T.02", 3, reason="Thiếu phụ lục.")


@pytest.mark.parametrize("points", [-1, 50_001, 10**9])
def test_points_lie_between_nothing_and_the_maximum(season, points):
    with refused("points"), season.acting("grader.catp") as (session, actor):
        save_grade(session, actor, season.slug, UNIT, "T.02", Grade(points, 0, REASON))


def test_points_are_rounded_half_up_to_the_printed_decimals(season):
    with season.acting("grader.catp") as (session, actor):
        assert save_grade(session, actor, season.slug, UNIT, "T.02", Grade(31_250, 0, REASON)).points == 31_300
        assert save_grade(session, actor, season.slug, UNIT, "T.02", Grade(31_249, 1, REASON)).points == 31_200


def test_no_points_are_no_grade(season):
    with refused("points"):
        season.give("grader.catp", UNIT, "T.02", None)


def test_each_grade_appends_an_entry_and_the_assignment_points_to_the_last(season):
    for points in (3, 4):
        season.give("grader.catp", UNIT, "T.02", points)
    with season.looking() as session:
        entries = session.scalars(select(ScoreEntry).where(ScoreEntry.stage == "round1").order_by(ScoreEntry.id)).all()
    assert [entry.points for entry in entries] == [3 * POINT, 4 * POINT]
    assert season.assignment(UNIT, "T.02", "CATP").round1_entry_id == entries[-1].id


def test_a_stale_grade_is_told_what_stands(season):
    season.give("grader.catp", UNIT, "T.02", 3)
    with pytest.raises(Stale) as stale:
        season.give("lead.catp", UNIT, "T.02", 4, version=0)
    assert (stale.value.current.points, stale.value.current.reason) == (3 * POINT, REASON)


def test_a_body_grades_only_what_is_assigned_to_it(season):
    for code in set(ALL) - set(BODIES["CATP"]):
        with pytest.raises(NotFound), season.acting("grader.catp") as (session, actor):
            save_grade(session, actor, season.slug, UNIT, code, Grade(0, 0, REASON))


def test_nothing_is_graded_before_it_is_handed_in(season):
    with refused():
        season.give("grader.catp", "00008", "T.02", 3)


def test_an_excluded_case_takes_no_grade(season):
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, UNIT, "Giải thể.")
    with refused():
        season.give("grader.catp", UNIT, "T.02", 3)
    with pytest.raises(Refused), season.acting("lead.catp") as (session, actor):
        sign_off(session, actor, season.slug, "T.02", [UNIT])


def test_only_the_body_and_the_council_read_the_internal_note(season):
    season.give("grader.catp", UNIT, "T.02", 3, internal_note="Xem lại quý III.")
    with season.looking() as session:
        assert session.scalars(select(ScoreEntry.internal_note).where(ScoreEntry.stage == "round1")).all() == ["Xem lại quý III."]


# signing


def test_only_the_lead_signs(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    with pytest.raises(NotFound), season.acting("grader.catp") as (session, actor):
        sign_off(session, actor, season.slug, "T.02")
    season.sign("CATP", ["T.02"])
    assert season.graded(UNIT, "T.02", "CATP").signed1


def test_a_signature_covers_all_graded_units_or_the_rest_later(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    season.sign("CATP", ["T.02"])
    season.give("grader.catp", "SKHCN", "T.02", 4)
    with refused():
        season.sign("CATP", ["T.02"], [UNIT])
    season.sign("CATP", ["T.02"])
    assert season.graded("SKHCN", "T.02", "CATP").signed1


def test_a_changed_grade_loses_its_signature(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    season.sign("CATP", ["T.02"])
    season.give("grader.catp", UNIT, "T.02", 3)
    assert not season.graded(UNIT, "T.02", "CATP").signed1
    assert season.item(UNIT, "T.02").unsigned


def test_a_signed_grade_changes_only_when_it_is_known_that_the_signature_goes(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    season.sign("CATP", ["T.02"])
    with refused():
        season.give("grader.catp", UNIT, "T.02", 3, unsign=False)
    assert season.graded(UNIT, "T.02", "CATP").signed1
    season.give("grader.catp", UNIT, "T.02", 3)
    season.give("grader.catp", UNIT, "T.02", 2, unsign=False)  # no signature stands any more
    with reading(season.engine) as session:
        facts = session.scalars(select(Event.payload).where(Event.act == "grade", Event.object == "T.02").order_by(Event.seq)).all()
    assert ["unsigned" in fact for fact in facts] == [False, True, False]


def test_a_signature_can_be_withdrawn(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    season.sign("CATP", ["T.02"])
    with season.acting("lead.catp") as (session, actor):
        assert withdraw_sign_off(session, actor, season.slug, "T.02") == 1
    assert season.item(UNIT, "T.02").unsigned
    with refused(), season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, "T.02")


def test_a_lead_of_another_season_signs_nothing_here(season):
    season.give("grader.catp", UNIT, "T.02", 4)
    with transaction(season.engine) as session:
        from models.tables import Assessment

        here = session.scalars(select(Assessment)).one()
        other = Assessment(
            slug="2024", year=2024, title="2024", catalogue_id=here.catalogue_id, secretariat_id=here.secretariat_id, state="closed",
            policies={}, calendar={}, chain_head="0" * 64,
        )  # fmt: skip
        session.add(other)
        session.flush()
        elsewhere = other.id
    held = season.enlist("council.3", "grader_lead", "CATP", assessment_id=elsewhere)
    with transaction(season.engine) as session:
        actor = as_person(season, session, "council.3", held)
        query = select(Assignment.id).join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
        assert session.scalars(query.where(assignments_seen(actor, "sign_off"))).all() == []
        with pytest.raises((Refused, NotFound)):
            sign_off(session, actor, season.slug, "T.02")


# joint indicators


def joint(season, first, second, *, sign=("CATP", "STC")):
    season.give("grader.catp", UNIT, "T.06", first)
    season.give("grader.stc", UNIT, "T.06", second)
    for body in sign:
        season.sign(body, ["T.06"])


def test_equal_agrees(season):
    joint(season, 8, 8)
    assert season.item(UNIT, "T.06").round1 == 8 * POINT


def test_different_is_disputed_once_both_have_signed(season):
    joint(season, 8, 7, sign=["CATP"])
    assert not season.item(UNIT, "T.06").disputed
    season.sign("STC", ["T.06"])
    assert season.item(UNIT, "T.06").disputed


def test_from_then_on_only_the_council_changes_round_1(season):
    joint(season, 8, 7)
    for local in ("grader.catp", "grader.stc"):
        with refused(saying=FOR_COUNCIL):
            season.give(local, UNIT, "T.06", 7)
    with refused(), season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, "T.06")
    season.decide(UNIT, "T.06", 7)
    for local in ("grader.catp", "grader.stc"):
        with refused(saying=FOR_COUNCIL):
            season.give(local, UNIT, "T.06", 8)
    with refused(), season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, "T.06")
    assert season.item(UNIT, "T.06").round1 == 7 * POINT


def test_who_has_read_the_other_body_s_points_changes_nothing_even_where_they_agree(season):
    joint(season, 8, 8)
    for local in ("grader.catp", "grader.stc"):
        with refused(saying=FOR_COUNCIL):
            season.give(local, UNIT, "T.06", 7)
    with refused(), season.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, season.slug, "T.06")
    assert season.item(UNIT, "T.06").round1 == 8 * POINT
    season.decide(UNIT, "T.06", 7)
    assert season.item(UNIT, "T.06").round1 == 7 * POINT


def test_the_council_does_not_decide_before_both_have_signed(season):
    joint(season, 8, 7, sign=["CATP"])
    with refused(saying=TOO_EARLY):
        season.decide(UNIT, "T.06", 8)


def test_a_decision_needs_a_reason_and_points_within_bounds(season):
    joint(season, 8, 7)
    with refused("reason"):
        season.decide(UNIT, "T.06", 8, reason=" ")
    with refused("points"):
        season.decide(UNIT, "T.06", 11)
    with refused("points"):
        season.decide(UNIT, "T.06", None)


def test_a_decision_of_round_1_says_points_not_that_it_does_not_apply(season):
    joint(season, 8, 7)
    with refused():
        season.decide(UNIT, "T.06", None, not_applicable=True)


@pytest.mark.parametrize("left", ["ungraded", "unsigned"])
def test_after_the_round_date_the_council_decides_what_a_body_left(season, left):
    if left == "unsigned":
        season.give("grader.catp", UNIT, "T.02", 3)
    with refused(saying=TOO_EARLY):
        season.decide(UNIT, "T.02", 3)
    season.at(LATE)
    season.decide(UNIT, "T.02", 3)
    assert season.item(UNIT, "T.02").round1 == 3 * POINT


def test_a_member_is_barred_from_disputes_of_the_own_body(season):
    joint(season, 8, 7)
    with refused(saying=BARRED):  # council.4 belongs to STC
        season.decide(UNIT, "T.06", 8, "council.4")
    season.decide(UNIT, "T.06", 8, "council.2")


def test_a_member_is_barred_from_what_he_or_she_graded_in(season):
    held = season.enlist("council.3", "grader", "CATP")
    with season.acting("council.3") as (session, _):
        actor = as_person(season, session, "council.3", held)
        save_grade(session, actor, season.slug, UNIT, "T.06", Grade(8 * POINT, 0, REASON))
    with transaction(season.engine) as session:
        from models.tables import Membership

        session.get_one(Membership, held).valid_to = date(2025, 1, 1)
    season.give("grader.stc", UNIT, "T.06", 7)
    season.sign("CATP", ["T.06"])
    season.sign("STC", ["T.06"])
    with refused(saying=BARRED):
        season.decide(UNIT, "T.06", 8, "council.3")


# the own case


def test_a_body_never_grades_its_own_case(season):
    for body in ("SKHCN", "STC"):
        for code in BODIES[body]:
            grades = season.item(body, code).grades
            assert [(grade.body, grade.council) for grade in grades if grade.council or grade.body == body] == [("", True)]
            with pytest.raises(NotFound), season.acting(f"grader.{body.lower()}") as (session, actor):
                save_grade(session, actor, season.slug, body, code, Grade(0, 0, REASON))


def test_the_chair_and_never_the_secretariat_names_the_member(season):
    person = season.people["council.1@demo.example"]
    for local in (SECRETARY, "deputy", "council.2", "admin"):
        with pytest.raises(NotFound), season.acting(local) as (session, actor):
            name_council_grader(session, actor, season.slug, "STC", "T.03", person)
    with season.acting("chair") as (session, actor):
        name_council_grader(session, actor, season.slug, "STC", "T.03", person)
    season.give("council.1", "STC", "T.03", 3)
    given = season.graded("STC", "T.03")
    assert (given.round1, given.signed1) == (3 * POINT, True)


def test_whoever_is_named_hears_of_it_once_a_case_and_nobody_else(season):
    season.name_graders("council.1")
    with season.looking() as session:
        words = session.scalars(select(Notification).where(Notification.kind == "name_council_grader")).all()
    assert {word.person_id for word in words} == {season.people["council.1@demo.example"]}
    assert sorted(word.path for word in words) == [f"/ky/{season.slug}/ho-so/{unit}/cham-diem" for unit in ("SKHCN", "STC")]


def test_a_member_grades_only_what_he_or_she_was_named_for(season):
    season.name_graders("council.1")
    with pytest.raises(NotFound):
        season.give("council.2", "STC", "T.03", 3)


def test_nobody_is_named_for_the_case_of_the_own_organisation(season):
    for local, unit, code in (("council.4", "STC", "T.03"), ("deputy", "SKHCN", "T.01")):
        with refused(saying=CONFLICT), season.acting("chair") as (session, actor):
            name_council_grader(session, actor, season.slug, unit, code, season.people[f"{local}@demo.example"])


def test_nobody_is_named_whose_time_on_the_council_is_over_or_whose_account_is_off(season):
    member = season.people["council.3@demo.example"]

    def name():
        with season.acting("chair") as (session, actor):
            name_council_grader(session, actor, season.slug, "SKHCN", "T.01", member)

    with transaction(season.engine) as session:
        session.execute(update(Membership).where(Membership.person_id == member).values(valid_to=date(2025, 1, 1)))
    with pytest.raises(NotFound):
        name()
    with transaction(season.engine) as session:
        session.execute(update(Membership).where(Membership.person_id == member).values(valid_to=None))
        session.execute(update(Person).where(Person.id == member).values(disabled_at=OPENED))
    with pytest.raises(NotFound):
        name()
    with transaction(season.engine) as session:
        session.execute(update(Person).where(Person.id == member).values(disabled_at=None))
    name()


def test_a_named_member_who_joins_the_unit_grades_it_no_more(season):
    member = season.people["council.3@demo.example"]
    with season.acting("chair") as (session, actor):
        name_council_grader(session, actor, season.slug, "SKHCN", "T.01", member)
    with transaction(season.engine) as session:
        add_membership(session, SYSTEM, member, NewMembership("unit_staff", "SKHCN"))
        sits = session.scalars(select(Membership.id).where(Membership.person_id == member, Membership.role == "council_member")).one()
    version = season.assignment("SKHCN", "T.01").version
    with refused(saying=CONFLICT), transaction(season.engine) as session:
        save_grade(session, as_person(season, session, "council.3", sits), season.slug, "SKHCN", "T.01", Grade(40_000, version, REASON))


def test_only_members_are_named(season):
    with pytest.raises(NotFound), season.acting("chair") as (session, actor):
        name_council_grader(session, actor, season.slug, "STC", "T.03", season.people["grader.catp@demo.example"])


def test_the_named_member_of_a_joint_item_and_the_other_body_can_differ_too(season):
    season.name_graders()
    season.give("council.1", "STC", "T.06", 7)
    season.give("grader.catp", "STC", "T.06", 8)
    season.sign("CATP", ["T.06"])
    assert season.item("STC", "T.06").disputed
    with refused(saying=BARRED):  # named, so he graded in it
        season.decide("STC", "T.06", 8, "council.1")
    season.decide("STC", "T.06", 8, "council.2")


@pytest.mark.parametrize(("local", "unit"), [(SECRETARY, "SKHCN"), ("council.4", "STC"), ("deputy", "SKHCN")])
def test_no_other_role_acts_on_the_own_organisations_case(season, local, unit):
    season.at(LATE)
    with refused(saying=CONFLICT), season.acting(local) as (session, actor):
        if local == SECRETARY:
            extend(session, actor, season.slug, unit, LATE + timedelta(days=9), "Mất điện.")
        else:
            decide(session, actor, season.slug, unit, "T.02", Decision(POINT, REASON))


# both sides


def wrote_for_the_unit(season, local="council.3"):
    """Somebody typed for the commune that is not handed in yet, and left it since; returns nothing of that membership."""
    held = season.enlist(local, "unit_staff", "00008")
    season.at(OPENED)
    with season.acting(local) as (session, _):
        actor = as_person(season, session, local, held)
        save_self_score(session, actor, season.slug, "00008", "T.02", Draft({"points": "3"}, REASON, 0))
    with transaction(season.engine) as session:
        from models.tables import Membership

        session.get_one(Membership, held).valid_to = date(2025, 1, 1)
    season.hand_in("00008")
    season.at(GRADING)


def test_whoever_wrote_as_unit_takes_no_other_act_on_the_case(season):
    wrote_for_the_unit(season)
    season.at(LATE)
    with refused(saying=BOTH_SIDES):
        season.decide("00008", "T.02", 3, "council.3")
    season.decide("00008", "T.02", 3, "council.2")


def test_nor_signs_for_a_body_under_another_membership(season):
    wrote_for_the_unit(season)
    lead = season.enlist("council.3", "grader_lead", "CATP")
    season.give("grader.catp", "00008", "T.02", 3)
    season.give("grader.catp", UNIT, "T.02", 3)
    with season.acting("council.3") as (session, _):
        actor = as_person(season, session, "council.3", lead)
        assert sign_off(session, actor, season.slug, "T.02") == 1
    assert not season.graded("00008", "T.02", "CATP").signed1
    assert season.graded(UNIT, "T.02", "CATP").signed1
    with refused(), season.acting("council.3") as (session, _):
        sign_off(session, as_person(season, session, "council.3", lead), season.slug, "T.02", ["00008"])


def test_whoever_acted_on_a_case_does_not_write_for_its_unit(season):
    season.give("grader.catp", UNIT, "T.02", 3)
    held = season.enlist("grader.catp", "unit_head", UNIT)
    season.at(OPENED)
    with refused(saying=BOTH_SIDES), season.acting("grader.catp") as (session, _):
        from states.facts import Asked
        from workflow.move import move_case

        move_case(session, as_person(season, session, "grader.catp", held), season.slug, UNIT, "recall", Asked())


ACTS_OF_OTHERS = {
    "extend": (SECRETARY, lambda s, a, slug: extend(s, a, slug, UNIT, LATE + timedelta(days=9), "Mất điện.")),
    "exclude": ("chair", lambda s, a, slug: exclude(s, a, slug, UNIT, "Giải thể.")),
    "flag": ("grader.catp", lambda s, a, slug: flag(s, a, slug, UNIT, "T.02", on=True)),
    "question": ("grader.catp", lambda s, a, slug: question(s, a, slug, UNIT, "T.02", "Vì sao?")),
}


@pytest.mark.parametrize("act", ACTS_OF_OTHERS)
def test_every_act_on_a_case_takes_its_side(season, act):
    local, do = ACTS_OF_OTHERS[act]
    with season.acting(local) as (session, actor):
        do(session, actor, season.slug)
    with season.looking() as session:
        person = season.people[f"{local}@demo.example"]
        assert session.scalars(select(Side.side).where(Side.person_id == person, Side.case_id == season.case(UNIT).id)).all() == ["other"]


def test_a_person_chooses_one_membership_and_it_is_in_every_record(season):
    held = season.enlist("grader.catp", Role.GRADER_LEAD, "STC")
    with season.acting("grader.catp") as (session, _):
        save_grade(session, as_person(season, session, "grader.catp", held), season.slug, UNIT, "T.03", Grade(3 * POINT, 0, REASON))
    with season.looking() as session:
        assert session.scalars(select(ScoreEntry.membership_id).where(ScoreEntry.stage == "round1")).all() == [held]
