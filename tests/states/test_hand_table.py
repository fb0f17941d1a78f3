"""The tables of the law against the rules written out by hand."""

import ast
from inspect import getsource

import pytest

from states.acts import ACTS
from states.case import CaseState
from states.moves import MOVES
from states.permissions import MATRIX, may
from states.roles import BODY, SIGNED_IN, Role
from states.visibility import Part, Seen, sees
from tests import hand_table

SIGNED_BY_ALL = {Part.ROUND2: "EfpP"}
"""In which situations all have signed; round 1 is signed by then for every other part."""


def seen(situation: str, part: Part, *, mine: bool) -> Seen:
    """A situation of the hand table as the law sees it."""
    signed = situation in SIGNED_BY_ALL.get(part, "SreEfpP")
    return Seen(
        CaseState(hand_table.SITUATIONS[situation]), published=situation == "P", mine=mine, sent=situation in "EfpP", all_signed=signed
    )


def test_the_hand_table_knows_nothing_of_the_law():
    imports = [node for node in ast.walk(ast.parse(getsource(hand_table))) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert not imports


def test_it_is_about_a_hundred_and_fifty_cells_of_acts_and_as_many_of_sight():
    assert sum(len(states) for states in hand_table.acts().values()) + len(hand_table.moves()) >= 150
    assert len([line for line in hand_table.VISIBLE.split("\n") if line]) * len(hand_table.SITUATIONS) >= 150


def test_its_words_are_the_words_of_the_law():
    assert tuple(CaseState) == hand_table.STATES
    assert set(hand_table.LETTERS.values()) == SIGNED_IN


def test_moves_are_those_written_by_hand():
    assert {(move.trigger, move.source, move.target, role) for move in MOVES for role in move.by} == hand_table.moves()


def test_what_the_chair_confirms_and_what_goes_in_batches():
    rows = [(move.trigger, move) for move in MOVES] + [(act.name, act) for act in ACTS]
    confirmed = {name for name, row in rows if row.confirmed_by}
    assert confirmed == set(hand_table.CONFIRMED)
    assert {frozenset(row.confirmed_by) for _, row in rows if row.confirmed_by} == {frozenset({Role.CHAIR})}
    assert {move.trigger for move in MOVES if move.batch} >= set(hand_table.BATCHES)


@pytest.mark.parametrize("act", hand_table.acts())
def test_acts_are_those_written_by_hand(act):
    for state, who in hand_table.acts()[act].items():
        assert {role for role in Role if may(role, act, CaseState(state))} == who, (act, state)


@pytest.mark.parametrize("act", hand_table.WITHOUT_CASE)
def test_acts_on_no_case_are_those_written_by_hand(act):
    assert {role for role in Role if may(role, act)} == hand_table.roles(hand_table.WITHOUT_CASE[act])


def test_sight_is_as_written_by_hand():
    wrong = [
        key
        for key, expected in hand_table.visible().items()
        if sees(Role(key[0]), Part(key[2]), seen(key[3], Part(key[2]), mine=key[1] == "own")) is not expected
    ]
    assert wrong == []


# sentences of section 3 that hold over all actions at once


def changing():
    reading = {act.name for act in ACTS if act.reads}
    return [action for action in MATRIX if action not in reading]


def test_the_auditor_reads_and_changes_nothing():
    assert [action for action in changing() if may(Role.AUDITOR, action)] == []


def test_secretariat_and_admin_never_score():
    scoring = {"self_score", "grade", "grade_for_council", "decide", "sign_off", "agree_na", "confirm_na"}
    assert [action for action in scoring if may(Role.SECRETARIAT, action) or may(Role.ADMIN, action)] == []


def test_the_admin_has_no_business_on_a_case():
    of_cases = {move.trigger for move in MOVES} | {act.name for act in ACTS if act.on in {"case", "item", "assignment"}}
    assert [action for action in of_cases if may(Role.ADMIN, action)] == []


def test_nobody_without_a_membership_may_do_anything():
    assert [action for action in MATRIX if may(Role.PUBLIC, action) or may(Role.SYSTEM, action)] == []


def test_bodies_move_no_case():
    assert [move.trigger for move in MOVES if move.by & BODY] == []
