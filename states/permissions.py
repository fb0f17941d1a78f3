"""The permission matrix, derived from moves and acts: action → {role: states}. Absent means forbidden."""

from collections.abc import Iterable, Mapping

from states.acts import ACTS, Act
from states.case import ALL, CaseState
from states.moves import MOVES
from states.roles import Role

Matrix = Mapping[str, Mapping[Role, frozenset[CaseState]]]


def _rows() -> Iterable[tuple[str, Role, frozenset[CaseState]]]:
    for move in MOVES:
        for role in move.by:
            yield move.trigger, role, frozenset({move.source})
    for act in ACTS:
        for role in act.by:
            yield act.name, role, act.while_


def _matrix() -> Matrix:
    matrix: dict[str, dict[Role, frozenset[CaseState]]] = {}
    for action, role, states in _rows():
        allowed = matrix.setdefault(action, {})
        allowed[role] = allowed.get(role, frozenset()) | states
    return matrix


MATRIX: Matrix = _matrix()
ACTIONS = tuple(MATRIX)
WITHOUT_CASE = frozenset(act.name for act in ACTS if act.on in {"assessment", "system"})


def may(role: Role, action: str, state: CaseState | None = None) -> bool:
    """Return whether a role may do an action at all, or on a case in that state. Parts and guards come on top."""
    states = MATRIX.get(action, {}).get(role)
    return states is not None and (state is None or state in states)


def states_for(role: Role, action: str) -> frozenset[CaseState]:
    """Return the states in which the role may do it (empty: never); the list filter of the same rule."""
    return MATRIX.get(action, {}).get(role, frozenset())


def act_named(name: str) -> Act | None:
    """Return the row of an act, or nothing for a move."""
    return next((act for act in ACTS if act.name == name), None)


EVERY_STATE = ALL
