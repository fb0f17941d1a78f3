"""Every action, by every role, in every relation to the case, in every state: what the loaders answer is what the matrix and the parts
say, and the filters for lists let through exactly what the loaders hand out.

One season per database is played from state to state; in each, all cells are asked and nothing is kept.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from models.session import transaction
from models.tables import Assignment, Case, Indicator, Item, Membership, Organisation
from states.case import CaseState
from states.permissions import ACTIONS, MATRIX, WITHOUT_CASE, act_named, may
from states.refusal import NotFound, Refused
from states.roles import BODY, COUNCIL, UNIT
from tests.season import GRADING
from tests.small import BODIES, MEETING, SPRING, Small, make_small
from workflow.access import (
    assignments_seen,
    cases_seen,
    require_assessment,
    require_assignment,
    require_case,
    require_item,
)
from workflow.actor import Actor, actor_for

COMMUNE, OFFICE = "00004", "SKHCN"
PLAYED, NAMED = (COMMUNE, OFFICE), "council.1"
"""The office grades, holds the secretariat and the deputy, and is assessed itself: everybody's conflict of interest."""
PEOPLE = (
    "unit.00004", "head.00004", "unit.skhcn", "head.skhcn", "grader.catp", "lead.catp", "grader.skhcn", "lead.skhcn",
    "secretariat.skhcn", "council.1", "council.2", "deputy", "chair", "auditor", "admin", "grader.elsewhere",
)  # fmt: skip
OF_CASES = [action for action in ACTIONS if action not in WITHOUT_CASE]
READING = {action for action in ACTIONS if (act := act_named(action)) is not None and act.reads}
OF_ASSIGNMENTS = [action for action in OF_CASES if (act := act_named(action)) is not None and act.on == "assignment"]
YES, NO, NOTHING = "yes", "refused", "not found"


@dataclass(frozen=True)
class Cell:
    """One question and what came of it."""

    state: str
    local: str
    action: str
    on: str
    expected: object
    found: object


def answer(load, *wanted, **more) -> str:
    """What a loader says."""
    try:
        load(*wanted, **more)
    except NotFound:
        return NOTHING
    except Refused:
        return NO
    return YES


# what the rules say, without asking the loaders


def expected_on_case(actor: Actor, action: str, state: CaseState, unit: str) -> str:
    """The relation first, then the state: a foreign thing is not there, the own one says no."""
    own = actor.organisation_code == unit
    if not may(actor.role, action):
        return NOTHING
    if actor.role in UNIT:
        return NOTHING if not own else YES if may(actor.role, action, state) else NO
    if actor.role in BODY and (own or actor.organisation_code not in BODIES):
        return NOTHING
    if own:
        return NO
    if may(actor.role, action, state):
        return YES
    return NOTHING if action in READING else NO


def expected_on_assignment(actor: Actor, action: str, state: CaseState, unit: str, code: str, *, named: bool) -> str:
    """A body has its own indicators, a member what the chair named him or her for."""
    own = actor.organisation_code == unit
    if not may(actor.role, action):
        return NOTHING
    if actor.role in BODY:
        has = not own and code in BODIES.get(actor.organisation_code, ())
    else:
        has = actor.role in COUNCIL and named and unit == OFFICE and code in BODIES[OFFICE]
    if not has:
        return NOTHING
    return YES if may(actor.role, action, state) else NO


# the season, state by state


def states_of(season: Small):
    """Play both cases on and stop in every state."""
    season.name_graders(NAMED)
    yield CaseState.DRAFT
    season.hand_in(*PLAYED)
    season.at(GRADING)
    yield CaseState.SELF_SCORED
    season.grade_all(units=PLAYED)
    season.batch("release_round_1", units=PLAYED)
    yield CaseState.ROUND1_REVIEWED
    season.batch("request_explanation", units=PLAYED)
    yield CaseState.EXPLANATION_REQUESTED
    for unit in PLAYED:
        season.accept(unit)
    season.batch("finalise", "chair", MEETING, PLAYED)
    yield CaseState.ROUND2_FINAL
    season.exclude_others(*PLAYED)
    season.at(SPRING)
    season.publish()
    yield CaseState.PUBLISHED


@pytest.fixture
def season(engine) -> Small:
    """The small season, with a grader whose organisation grades nothing here."""
    season = make_small(engine)
    person = season.people["council.3@demo.example"]
    season.people["grader.elsewhere@demo.example"] = person
    with transaction(engine) as session:
        session.scalars(select(Membership).where(Membership.person_id == person)).one().role = "grader"
    return season


def cells_of(season: Small, state: CaseState, local: str) -> list[Cell]:
    with transaction(season.engine) as session:
        actor = actor_for(session, season.people[f"{local}@demo.example"])
        found = [*_of_cases(session, season, actor, state, local), *_of_assignments(session, season, actor, state, local)]
        session.rollback()
    return found


def _of_cases(session, season, actor, state, local):
    codes = dict(session.execute(select(Case.id, Organisation.code).join(Organisation, Organisation.id == Case.unit_id)).all())
    for action in OF_CASES:
        lock = action not in READING
        answers = {}
        for unit in PLAYED:
            act = act_named(action)
            answers[unit] = answer(require_case, session, actor, action, season.slug, unit, lock=lock)
            yield Cell(state, local, action, unit, expected_on_case(actor, action, state, unit), answers[unit])
            if act is not None and act.on == "item":
                item = answer(require_item, session, actor, action, season.slug, unit, "T.02", lock=lock)
                yield Cell(state, local, action, f"{unit} T.02", answers[unit], item)
        listed = {codes[case] for case in session.scalars(select(Case.id).where(cases_seen(actor, action)))} & set(PLAYED)
        yield Cell(state, local, action, "list", {unit for unit in PLAYED if answers[unit] == YES}, listed)


def _of_assignments(session, season, actor, state, local):
    every = [(unit, code) for unit in PLAYED for code in ("T.01", "T.02", "T.05", "T.06")]
    query = select(Organisation.code, Indicator.code).select_from(Assignment).join(Item, Item.id == Assignment.item_id)
    query = query.join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
    query = query.join(Organisation, Organisation.id == Case.unit_id)
    for action in OF_ASSIGNMENTS:
        answers = {}
        for unit, code in every:
            answers[unit, code] = answer(require_assignment, session, actor, action, season.slug, unit, code)
            expected = expected_on_assignment(actor, action, state, unit, code, named=local == NAMED)
            yield Cell(state, local, action, f"{unit} {code}", expected, answers[unit, code])
        listed = {tuple(row) for row in session.execute(query.where(assignments_seen(actor, action)))} & set(every)
        yield Cell(state, local, action, "list", {key for key, said in answers.items() if said == YES}, listed)


@pytest.mark.long
def test_every_action_by_every_role_in_every_relation_and_state(season):
    cells = [cell for state in states_of(season) for local in PEOPLE for cell in cells_of(season, state, local)]
    wrong = [cell for cell in cells if cell.found != cell.expected]
    assert len({cell.state for cell in cells}) == len(CaseState)
    assert {cell.action for cell in cells} == set(OF_CASES)
    assert len(cells) > 10_000
    assert wrong == []


def test_what_is_not_on_a_case_asks_for_the_role_alone(season):
    wrong = []
    for local in PEOPLE:
        with season.acting(local) as (session, actor):
            for action in WITHOUT_CASE:
                said = answer(require_assessment, session, actor, action, season.slug)
                if said != (YES if may(actor.role, action) else NOTHING):
                    wrong.append((local, action, said))
    assert wrong == []


def test_people_of_the_matrix_are_all_asked(season):
    with transaction(season.engine) as session:
        asked = {actor_for(session, season.people[f"{local}@demo.example"]).role for local in PEOPLE}
    assert asked == {role for roles in MATRIX.values() for role in roles}


def test_an_excluded_case_is_read_but_not_written(season):
    from workflow.deciding import exclude

    season.hand_in(COMMUNE)
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, COMMUNE, "Giải thể.")
    wrong = []
    for local in PEOPLE:
        with transaction(season.engine) as session:
            actor = actor_for(session, season.people[f"{local}@demo.example"])
            for action in OF_CASES:
                lock = action not in READING
                expected = expected_on_case(actor, action, CaseState.SELF_SCORED, COMMUNE)
                if lock and expected == YES and action != "readmit":
                    expected = NO
                said = answer(require_case, session, actor, action, season.slug, COMMUNE, lock=lock)
                if said != expected:
                    wrong.append((local, action, said, expected))
            session.rollback()
    assert wrong == []


def test_unknown_things_are_not_there_for_anybody(season):
    for local in PEOPLE:
        with transaction(season.engine) as session:
            actor = actor_for(session, season.people[f"{local}@demo.example"])
            for load, *wanted in (
                (require_case, "see_case", "1999", COMMUNE),
                (require_case, "see_case", season.slug, "99999"),
                (require_case, "no_such_act", season.slug, COMMUNE),
                (require_item, "self_score", season.slug, COMMUNE, "T.99"),
            ):
                assert answer(load, session, actor, *wanted) == NOTHING, (local, wanted)


def test_a_membership_for_another_season_opens_nothing_here(season):
    held = season.enlist("council.2", "unit_head", COMMUNE, assessment_id=None)
    with transaction(season.engine) as session:
        from dataclasses import replace

        actor = actor_for(session, season.people["council.2@demo.example"], held)
        assert answer(require_case, session, actor, "see_case", season.slug, COMMUNE) == YES
        stranger = replace(actor, assessment_id=-1)
        assert answer(require_case, session, stranger, "see_case", season.slug, COMMUNE) == NOTHING
        assert session.scalars(select(Case.id).where(cases_seen(stranger, "see_case"))).all() == []
