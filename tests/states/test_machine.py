"""The machine is the table: every trigger in every state is taken as written or refused, and nothing moves by itself."""

from dataclasses import replace
from itertools import product

import pytest

from states.case import CaseState
from states.facts import Asked
from states.guards import GUARDS
from states.machine import fire, machine, missing
from states.moves import MOVES, TRIGGERS, move_from, moves_from
from states.refusal import Refused
from tests.states.facts import GIVEN, READY, ready_for
from workflow.effects import EFFECTS

CELLS = list(product(TRIGGERS, CaseState))


@pytest.mark.parametrize(("trigger", "state"), CELLS)
def test_a_trigger_moves_where_the_table_says_and_is_refused_elsewhere(trigger, state):
    written = [move for move in MOVES if (move.trigger, move.source) == (trigger, state)]
    assert len(written) <= 1
    if written:
        assert fire(trigger, ready_for(written[0]), GIVEN) is written[0]
        return
    with pytest.raises(Refused) as refused:
        fire(trigger, replace(READY, state=state), GIVEN)
    (problem,) = refused.value.problems
    assert problem.params == {"state": state.label}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.trigger}-{move.source}")
def test_a_move_is_refused_with_everything_that_is_missing(move):
    bare = replace(
        ready_for(move), excluded=True, unscored=("IV.01",), unproved=("IV.02",), ungraded=("IV.03",), unsigned=("IV.04",),
        disputed=("IV.05",), na_unsettled=("IV.06",), contested_open=("IV.07",), unconfirmed=("IV.08",), accepted=False, sent=False,
        published=True,
    )  # fmt: skip
    problems = [problem for name in move.guards for problem in GUARDS[name](bare, Asked())]
    assert missing(move, bare, Asked()) == problems
    with pytest.raises(Refused) as refused:
        fire(move.trigger, bare, Asked())
    assert list(refused.value.problems) == problems
    assert problems


def test_there_are_only_the_transitions_of_the_table():
    built = machine()
    assert set(built.states) == set(CaseState)
    assert set(built.events) == set(TRIGGERS)
    taken = {
        (name, source, transition.dest)
        for name, event in built.events.items()
        for source, transitions in event.transitions.items()
        for transition in transitions
    }
    assert taken == {(move.trigger, move.source.value, move.target.value) for move in MOVES}
    assert built.models == []


def test_firing_leaves_the_facts_as_they_were():
    facts = ready_for(MOVES[0])
    assert fire("submit", facts, GIVEN).target is CaseState.SELF_SCORED
    assert facts.state is CaseState.DRAFT


def test_an_unknown_trigger_is_refused():
    with pytest.raises(Refused):
        fire("to_published", READY, GIVEN)


def test_every_state_can_be_reached_and_left():
    assert {move.target for move in MOVES} == set(CaseState)
    assert {state for state in CaseState if not moves_from(state)} == set()
    assert move_from("publish", CaseState.DRAFT) is None


def test_what_a_row_names_exists():
    from dataclasses import fields

    from states.clocks import Clock
    from states.roles import AUDIENCES

    asks = {one.name for one in fields(Asked)}
    for move in MOVES:
        assert set(move.guards) <= set(GUARDS), move
        assert set(move.effects) <= set(EFFECTS), move
        assert set(move.asks) <= asks, move
        assert set(move.notify) <= set(AUDIENCES), move
        assert move.due in {"", *Clock}, move
    assert {name for move in MOVES for name in move.effects} == set(EFFECTS)
