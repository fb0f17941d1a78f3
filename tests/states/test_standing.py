"""How an item stands, sentence by sentence of the rules (sections 2 to 4), over generated grades, decisions, rounds and answers."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from states.case import CaseState
from states.clocks import Clock
from states.items import Applicability, Stance
from states.ripe import Ripe, ripe
from states.standing import Graded, Standing

MAXIMUM = 5
POINTS = st.integers(0, MAXIMUM)


@st.composite
def graded(draw, number):
    """What one body gave: only a grade can be signed, and round 2 carries the explanation round it was given in."""
    round1, round2 = draw(st.none() | POINTS), draw(st.none() | POINTS)
    return Graded(
        number, f"B{number}", round1=round1, signed1=round1 is not None and draw(st.booleans()), round2=round2,
        round2_round=draw(st.integers(1, 3)) if round2 is not None else 0, signed2=round2 is not None and draw(st.booleans()),
        ended=draw(st.sampled_from([False, False, False, True])),
    )  # fmt: skip


@st.composite
def standing(draw):
    """An item at any moment: one or two bodies, any answers, any decisions, at most three explanation rounds."""
    bodies = draw(st.integers(1, 2))
    decision2 = draw(st.none() | POINTS)
    explanation_round = draw(st.integers(0, 3))
    return Standing(
        1, 1, "IV.01", MAXIMUM, draw(st.sampled_from(Applicability)), draw(st.booleans()), self_points=draw(st.none() | POINTS),
        grades=tuple(draw(graded(number)) for number in range(bodies)), decision1=draw(st.none() | POINTS), decision2=decision2,
        decision2_round=draw(st.integers(1, max(explanation_round, 1))) if decision2 is not None else 0,
        questioned_round=draw(st.integers(0, explanation_round)), reopened_round=draw(st.integers(0, explanation_round)),
        explanation_round=explanation_round, awaited=draw(st.booleans()), contested_round=draw(st.integers(0, explanation_round)),
        stance=draw(st.sampled_from(["", *Stance])), answered=draw(st.booleans()), sent=draw(st.booleans()),
    )  # fmt: skip


def signed(points, *, number=0, round2=None, given_in=1):
    """A body that signed what it gave."""
    second = {"round2": round2, "round2_round": given_in, "signed2": True} if round2 is not None else {}
    return Graded(number, f"B{number}", round1=points, signed1=points is not None, **second)


def item(*grades, **more):
    """An applicable item of five points, self-scored five."""
    return replace(Standing(1, 1, "IV.01", MAXIMUM, self_points=5, grades=grades), **more)


CONTESTED = {"explanation_round": 1, "contested_round": 1}


# round 1


@given(standing())
def test_round_1_is_the_decision_or_the_one_value_that_all_bodies_signed(one):
    if one.decision1 is not None:
        assert one.round1 == one.decision1
        return
    values = [(grade.round1, grade.signed1) for grade in one.grades if not grade.ended]
    agreed = bool(values) and all(is_signed for _, is_signed in values) and len({points for points, _ in values}) == 1
    assert one.round1 == (values[0][0] if agreed else None)


@given(standing())
def test_a_counting_item_waits_for_exactly_what_keeps_it_from_a_result(one):
    waits = (one.ungraded, one.unsigned, one.disputed)
    if not one.counts:
        assert waits == (False, False, False)
        return
    if one.open_grades or one.decision1 is not None:
        assert (one.round1 is None) == any(waits)
    if one.disputed:
        assert not one.ungraded
        assert not one.unsigned
        assert len(one.open_grades) == 2


@pytest.mark.parametrize(
    ("grades", "decision", "result", "disputed"),
    [
        ([signed(4)], None, 4, False),
        ([replace(signed(4), signed1=False)], None, None, False),
        ([signed(4), signed(4, number=1)], None, 4, False),
        ([signed(4), signed(3, number=1)], None, None, True),
        ([signed(4), replace(signed(3, number=1), signed1=False)], None, None, False),
        ([signed(4), signed(3, number=1)], 2, 2, False),
        ([signed(4), replace(signed(3, number=1), ended=True)], None, 4, False),
        ([], 3, 3, False),
        ([], None, None, False),
    ],
)
def test_one_value_signed_by_all_agrees_two_are_a_dispute(grades, decision, result, disputed):
    one = item(*grades, decision1=decision)
    assert (one.round1, one.disputed) == (result, disputed)


def test_bodies_that_once_differed_can_change_nothing_more_even_when_decided():
    assert item(signed(4), signed(3, number=1), decision1=4).differed
    assert item(signed(4), signed(3, number=1)).differed
    assert not item(signed(4), signed(4, number=1)).differed
    assert item(signed(4), signed(4, number=1)).both_signed
    assert not item(signed(4)).both_signed
    assert item(signed(4, round2=5), signed(4, number=1, round2=4), decision2=5, decision2_round=1, **CONTESTED).differed2


# what the unit may contest


@pytest.mark.parametrize(
    ("change", "contestable"),
    [
        ({}, True),  # four of five
        ({"self_points": 4}, False),
        ({"self_points": 3}, False),  # better than asked for
        ({"self_points": None}, False),  # a blank of a case that was closed unsubmitted
        ({"self_points": None, "self_scored": False}, True),  # measured, below the maximum
        ({"self_points": None, "self_scored": False, "maximum": 4}, False),
        ({"self_points": 4, "questioned_round": 1}, True),
        ({"self_points": 4, "reopened_round": 2}, True),
        ({"self_points": 0, "applicability": Applicability.REFUSED}, True),
        ({"applicability": Applicability.NOT_APPLICABLE}, False),
        ({"decision1": 5}, False),
        ({"self_points": 4, "decision1": 3}, True),
    ],
)
def test_what_may_be_contested(change, contestable):
    assert replace(item(signed(4)), **change).contestable is contestable


@given(standing())
def test_before_round_1_has_a_result_only_a_question_makes_contestable(one):
    if one.round1 is None and not one.questioned_round and not one.reopened_round and one.applicability is not Applicability.REFUSED:
        assert not one.contestable


@given(standing())
def test_contested_is_contestable_answered_and_sent(one):
    assert one.contested == (one.contestable and one.contested_round > 0)


@given(standing())
def test_silence_and_agreement_carry_round_1(one):
    if one.contested_round or one.reopened_round:
        return
    assert not one.to_regrade
    assert not one.round2_open
    bare = replace(one, decision2=None, decision2_round=0, grades=tuple(replace(grade, round2=None, signed2=False) for grade in one.grades))
    assert bare.final == (one.round1 if one.counts else None)


@given(standing())
def test_an_answer_belongs_to_the_round_it_was_named_for(one):
    assert one.own_round == max(one.questioned_round, one.reopened_round, 1)
    if one.answerable:
        assert one.contestable
        assert one.own_round == max(one.explanation_round, 1)


# round 2


@given(standing())
def test_round_2_is_for_contested_and_reopened_items_alone(one):
    if one.to_regrade:
        assert one.counts or one.reopened_round  # the council may put back what does not apply
        assert one.contested or one.reopened_round
        assert one.explanation_round >= max(one.contested_round, one.reopened_round) > 0
    if one.round2_open:
        assert one.to_regrade
    if one.round2_disputed:
        assert one.round2_open
        assert all(grade.signed2 for grade in one.open_grades)


@pytest.mark.parametrize(
    ("grades", "more", "still_open", "disputed"),
    [
        ([signed(4)], {}, True, False),
        ([signed(4, round2=5)], {}, False, False),
        ([replace(signed(4, round2=5), signed2=False)], {}, True, False),
        ([signed(4, round2=5), signed(4, number=1)], {}, True, False),
        ([signed(4, round2=5), signed(4, number=1, round2=5)], {}, False, False),
        ([signed(4, round2=5), signed(4, number=1, round2=4)], {}, True, True),
        ([signed(4, round2=5), signed(4, number=1, round2=4)], {"decision2": 5, "decision2_round": 1}, False, False),
        ([signed(4)], {"decision2": 5, "decision2_round": 1}, False, False),
        ([], {"decision1": 3}, True, False),  # nobody left to grade: the council decides
        ([signed(4)], {"contested_round": 0}, False, False),
        ([signed(4)], {"applicability": Applicability.NOT_APPLICABLE}, False, False),
    ],
)
def test_a_contested_item_is_open_until_one_signed_result_or_a_decision(grades, more, still_open, disputed):
    one = item(*grades, **CONTESTED | more)
    assert (one.round2_open, one.round2_disputed) == (still_open, disputed)


REOPENED = CONTESTED | {"explanation_round": 2, "reopened_round": 2}


@pytest.mark.parametrize(
    ("grade", "more", "still_open", "final"),
    [
        (signed(3, round2=4), {}, True, 4),  # the old re-grade stands until superseded, and does not settle the new round
        (signed(3, round2=4, given_in=2), {}, False, 4),
        (signed(3), {"decision2": 4, "decision2_round": 1}, True, 4),
        (signed(3), {"decision2": 4, "decision2_round": 2}, False, 4),
        (signed(3, round2=5, given_in=2), {"decision2": 4, "decision2_round": 1}, False, 5),  # the newer re-grade supersedes the decision
        (signed(3, round2=4, given_in=1), {"decision2": 5, "decision2_round": 1}, True, 5),  # of one round the decision stands
    ],
)
def test_a_reopened_item_needs_a_newer_re_grade_or_decision(grade, more, still_open, final):
    one = item(grade, **REOPENED | more)
    assert one.to_regrade
    assert (one.round2_open, one.final) == (still_open, final)


def test_an_item_that_a_reopening_did_not_name_keeps_its_round():
    one = item(signed(3, round2=4), **CONTESTED | {"explanation_round": 2})
    assert not one.round2_open
    assert not one.answerable
    assert not one.regradable, "what was settled before is not given anew beside another item"


@pytest.mark.parametrize(
    ("grade", "more", "regradable", "still_open"),
    [
        (signed(3), {"awaited": True}, False, True),  # the unit may still say something of it
        (signed(3), {"awaited": False}, True, True),  # silence: what was contested before is to re-grade all the same
        (signed(3, round2=4), {"awaited": False}, False, False),  # settled before; silence opens nothing
        (signed(3, round2=4), {"awaited": False, "contested_round": 2}, True, True),  # contested anew: needs a newer re-grade
        (signed(3, round2=4, given_in=2), {"awaited": False, "contested_round": 2}, True, False),
    ],
)
def test_a_question_of_the_council_takes_no_contest_away_and_undoes_no_result(grade, more, regradable, still_open):
    one = item(grade, **CONTESTED | {"explanation_round": 2, "questioned_round": 2} | more)
    assert one.to_regrade
    assert (one.regradable, one.round2_open) == (regradable, still_open)
    assert one.final == (grade.round2 if grade.round2 is not None else 3)


@given(standing())
def test_nobody_re_grades_while_the_unit_may_answer(one):
    if one.awaited and one.answerable:
        assert not one.regradable
        assert ripe(CaseState.EXPLANATION_REQUESTED, one, lambda _: True) is None
    if one.round2_open and not one.awaits_answer and one.counts:
        assert one.regradable


# what stands


@given(standing())
@example(item(signed(5), decision2=0, decision2_round=1, explanation_round=1))
def test_what_stands_is_the_newest_of_round_2_else_round_1(one):
    if not one.counts:
        assert one.final is None
        return
    signed2 = [grade for grade in one.open_grades if grade.signed2]
    agreed = signed2 and len(signed2) == len(one.open_grades) and len({grade.round2 for grade in signed2}) == 1
    newest = min((grade.round2_round for grade in signed2), default=0) if agreed else 0
    if one.decision2 is not None and one.decision2_round >= newest:
        assert one.final == one.decision2
    elif agreed:
        assert one.final == signed2[0].round2
    else:
        assert one.final == one.round1


@given(standing())
def test_a_settled_item_has_points_once_round_1_had(one):
    if one.counts and one.round1 is not None and not one.round2_open:
        assert one.final is not None
        assert 0 <= one.final <= MAXIMUM


# when the council may speak

NEVER, ALWAYS = (lambda _: False), (lambda _: True)


def over(*clocks):
    return lambda clock: clock in clocks


@pytest.mark.parametrize(
    ("state", "one", "ran_out", "why"),
    [
        ("self_scored", item(signed(4)), NEVER, None),
        ("self_scored", item(signed(4), signed(3, number=1)), NEVER, Ripe.DISPUTED),
        ("self_scored", item(signed(4), signed(None, number=1)), NEVER, None),
        ("self_scored", item(signed(4), signed(None, number=1)), over(Clock.ROUND_1), Ripe.LEFT),
        ("self_scored", item(replace(signed(4), signed1=False)), over(Clock.ROUND_1), Ripe.LEFT),
        ("self_scored", item(signed(4)), over(Clock.ROUND_1), None),
        ("self_scored", item(signed(4), signed(3, number=1), decision1=4), NEVER, Ripe.ANEW),
        ("explanation_requested", item(signed(4), explanation_round=1), ALWAYS, None),
        ("explanation_requested", item(signed(4), **CONTESTED), NEVER, None),
        ("explanation_requested", item(signed(4), **CONTESTED), over(Clock.ROUND_2), Ripe.LEFT),
        ("explanation_requested", item(signed(4), **CONTESTED), over(Clock.EXPLANATION, Clock.ROUND_1), None),
        ("explanation_requested", item(signed(4, round2=5), signed(4, number=1, round2=4), **CONTESTED), NEVER, Ripe.DISPUTED),
        ("explanation_requested", item(signed(4, round2=5), **CONTESTED), NEVER, None),
        ("explanation_requested", item(signed(4), decision2=5, decision2_round=1, **CONTESTED), NEVER, Ripe.ANEW),
        ("explanation_requested", item(signed(4), **REOPENED), NEVER, Ripe.REOPENED),
        ("explanation_requested", item(signed(0), applicability=Applicability.REFUSED, **CONTESTED), NEVER, Ripe.REFUSED_NA),
        ("round2_final", item(signed(4)), ALWAYS, None),
        ("round1_reviewed", item(signed(4)), ALWAYS, None),
        ("draft", item(), ALWAYS, None),
        ("published", item(signed(4)), ALWAYS, None),
    ],
)
def test_the_council_speaks_only_where_the_bodies_cannot_settle_it(state, one, ran_out, why):
    assert ripe(CaseState(state), one, ran_out) is why


@given(standing(), st.sampled_from(CaseState), st.booleans(), st.booleans())
def test_a_correction_is_the_only_way_into_a_final_case(one, state, ran_out, correcting):
    why = ripe(state, one, lambda _: ran_out, correcting=correcting)
    if state is CaseState.ROUND2_FINAL:
        assert why is (Ripe.CORRECTION if correcting else None)
    if state in {CaseState.DRAFT, CaseState.ROUND1_REVIEWED, CaseState.PUBLISHED}:
        assert why is None
    if state is CaseState.SELF_SCORED and one.disputed:
        assert why is Ripe.DISPUTED
