"""Whatever the workflow owes has its words in both languages; nothing is owed that has none."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from notifications import wording
from notifications.kinds import ACTS, KINDS
from notifications.truth import CHECKS
from notifications.wording import Said
from settings import ROOT
from states.acts import ACTS as LAW_ACTS
from states.clocks import Clock
from states.moves import MOVES, TRIGGERS
from states.roles import Role
from workflow.accounts import ADDRESS_CHANGED, LIVES, PASSWORD_CHANGED, ROLE_GIVEN
from workflow.duties import REASONS
from workflow.ledger import KIND_LABELS
from workflow.proposals import CARRIED_OUT

OWED_BY_LAW = {move.trigger for move in MOVES if move.notify} | {act.name for act in LAW_ACTS if act.notify}
OWED = OWED_BY_LAW | set(REASONS) | set(LIVES) | {PASSWORD_CHANGED, ADDRESS_CHANGED, ROLE_GIVEN}
OWED |= {"proposal", "proposal_confirmed", "proposal_refused", "proposal_withdrawn"}
PLACES = {"unit", "season", "count", "act", "until"}


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_kind_owed_has_its_words_and_its_label():
    assert set(KINDS) == OWED
    assert set(KIND_LABELS) == OWED
    assert set(CHECKS) - OWED <= set(TRIGGERS)


def owed_in_code():
    """Return the kinds that calls of `owe` name literally, and how often a kind is computed."""
    literal, computed = set(), []
    for path in sorted((ROOT / "workflow").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "owe":
                kind = node.args[1]
                if isinstance(kind, ast.Constant):
                    literal.add(kind.value)
                else:
                    computed.append(f"{path.relative_to(ROOT)}: {ast.unparse(kind)}")
    return literal, computed


def test_every_call_that_owes_a_word_is_known_here():
    literal, computed = owed_in_code()
    assert literal <= OWED
    assert sorted(computed) == [
        "workflow/deciding.py: act",
        "workflow/move.py: move.trigger",
        "workflow/proposals.py: f'proposal_{how}'",
    ], "a kind that is computed has to be among those of the law; add it here after looking"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_both_languages_say_the_same_with_known_places(kind):
    assert places(kind.line.vi) == places(kind.line.en) <= PLACES
    assert places(kind.subject.vi) == places(kind.subject.en) == set(), "a subject holds nothing that is looked up"
    for said in (kind.subject, kind.line):
        assert said.vi != said.en
        assert "\n" not in said.vi + said.en


def test_the_frame_and_the_clocks_speak_both_languages():
    sentences = [value for value in vars(wording).values() if isinstance(value, Said)] + list(wording.CLOCKS.values())
    assert len(sentences) > 10
    for said in sentences:
        assert said.vi != said.en
        assert places(said.vi) == places(said.en)
    assert set(wording.CLOCKS) == set(Clock)


def test_everything_that_can_be_proposed_has_a_name():
    by_secretariat = {move.trigger for move in MOVES if move.batch and Role.SECRETARIAT in move.by}
    proposed = (
        set(CARRIED_OUT)
        | by_secretariat
        | {act.name for act in LAW_ACTS if act.confirmed_by}
        | {m.trigger for m in MOVES if m.confirmed_by}
    )
    assert set(ACTS) >= proposed


def test_no_word_of_a_score_in_any_template():
    text = Path(ROOT / "notifications" / "kinds.py").read_text(encoding="utf-8")
    assert "{points" not in text
    assert "{total" not in text
