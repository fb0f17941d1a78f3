"""The `transitions` machine, built from the table once; it is fired from outside and attached to nothing."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from transitions import EventData, Machine

from states.case import CaseState
from states.facts import Asked, CaseFacts
from states.guards import GUARDS
from states.moves import MOVES, Move, move_from
from states.refusal import Problem, Refused
from states.words import N_


@dataclass(slots=True)
class Moving:
    """A case about to move: its state, what the guards may look at, and what they found missing."""

    state: str
    facts: CaseFacts
    asked: Asked
    problems: list[Problem] = field(default_factory=list)


def missing(move: Move, facts: CaseFacts, asked: Asked) -> list[Problem]:
    """Return everything that stands in the way of a move, all guards asked."""
    return [problem for name in move.guards for problem in GUARDS[name](facts, asked)]


def _condition(move: Move) -> Any:  # noqa: ANN401  (transitions wants a bare callable)
    def passes(event: EventData) -> bool:
        moving = cast("Moving", event.model)
        moving.problems = missing(move, moving.facts, moving.asked)
        return not moving.problems

    return passes


@cache
def machine() -> Machine:
    """Return the one machine; no automatic transitions, no model of its own."""
    built = Machine(
        model=None, states=[state.value for state in CaseState], initial=CaseState.DRAFT.value, auto_transitions=False, send_event=True
    )
    for move in MOVES:
        built.add_transition(move.trigger, move.source.value, move.target.value, conditions=_condition(move))
    return built


def fire(trigger: str, facts: CaseFacts, asked: Asked) -> Move:
    """Return the row that was taken, or raise `Refused` with everything that is missing."""
    move = move_from(trigger, facts.state)
    if move is None:
        raise Refused(Problem(N_("Hồ sơ đang ở trạng thái “%(state)s” nên không làm được việc này."), params={"state": facts.state.label}))
    moving = Moving(facts.state.value, facts, asked)
    if not machine().events[trigger].trigger(moving):
        raise Refused(moving.problems)
    return move
