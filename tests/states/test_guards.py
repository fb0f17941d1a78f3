"""Each guard: what it lets pass, what it finds missing, and where it says so."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from states.guards import GUARDS
from states.moves import MOVES
from tests.states.facts import DAY, GIVEN, NOON, READY

BLANK = "  \n"
TOMORROW = date(2025, 12, 11)
BEFORE, AT, AFTER = NOON + timedelta(milliseconds=1), NOON, NOON - timedelta(milliseconds=1)
"""Deadlines seen from a request that arrives at noon: it is a millisecond early, on the stroke, a millisecond late."""

MISSING = {
    # guard: what of the case is wrong, what of the request, and at which places it says so
    "not_excluded": [({"excluded": True}, {}, [""])],
    "before_self_score_deadline": [({"self_score_until": AT}, {}, [""]), ({"self_score_until": AFTER}, {}, [""])],
    "not_by_grace": [({"self_score_until": AT}, {}, [""]), ({"self_score_until": AFTER, "within_grace": True}, {}, [""])],
    "after_self_score_deadline": [
        ({"self_score_until": BEFORE}, {}, [""]), ({"self_score_until": None}, {}, [""]),
        ({"self_score_until": AT, "within_grace": True}, {}, [""]),
    ],
    "every_item_scored": [({"unscored": ("IV.01", "IV.09")}, {}, ["IV.01", "IV.09"])],
    "every_item_proved": [({"unproved": ("IV.02",)}, {}, ["IV.02"])],
    "every_item_confirmed": [({"unconfirmed": ("IV.03",)}, {}, ["IV.03"])],
    "declared": [({}, {"declared": False}, ["declared"])],
    "reason_given": [({}, {"reason": ""}, ["reason"]), ({}, {"reason": BLANK}, ["reason"])],
    "no_deadline_of_the_past": [({}, {"until": NOON}, ["until"]), ({}, {"until": NOON - DAY}, ["until"])],
    "new_deadline_given": [({}, {"until": None}, ["until"]), ({}, {"until": NOON}, ["until"]), ({}, {"until": NOON - DAY}, ["until"])],
    "every_assignment_graded": [({"ungraded": ("IV.04",)}, {}, ["IV.04"])],
    "every_assignment_signed": [({"unsigned": ("IV.05",)}, {}, ["IV.05"])],
    "no_open_dispute": [({"disputed": ("IV.21",)}, {}, ["IV.21"])],
    "na_requests_settled": [({"na_unsettled": ("IV.06",)}, {}, ["IV.06"])],
    "something_to_explain": [({"ask_everyone": False}, {}, [""])],
    "nothing_left_to_say": [
        ({"accepted": False}, {}, [""]), ({"accepted": False, "ask_everyone": False, "contestable": ("IV.07",)}, {}, [""]),
    ],
    "explanation_over": [
        ({"sent": False, "accepted": False}, {}, [""]), ({"sent": False, "accepted": False, "explanation_until": BEFORE}, {}, [""]),
        ({"sent": False, "accepted": False, "explanation_until": None}, {}, [""]),
    ],
    "contested_items_settled": [({"contested_open": ("IV.08",)}, {}, ["IV.08"])],
    "minutes_given": [
        ({}, {"minutes_number": BLANK}, ["minutes_number"]), ({}, {"minutes_on": None}, ["minutes_on"]),
        ({}, {"minutes_on": TOMORROW}, ["minutes_on"]), ({"opened_on": date(2025, 12, 11)}, {}, ["minutes_on"]),
        ({}, {"minutes_number": "", "minutes_on": None}, ["minutes_number", "minutes_on"]),
    ],
    "items_named": [({}, {"items": ()}, ["items"])],
    "not_in_publication": [({"published": True}, {}, [""])],
    "decision_given": [
        ({}, {"decision_number": BLANK}, ["decision_number"]), ({}, {"decision_on": None}, ["decision_on"]),
        ({}, {"decision_on": TOMORROW}, ["decision_on"]),
        ({}, {"decision_document": None}, ["decision_document"]),
    ],
}  # fmt: skip

PASSING = {
    "not_excluded": [({}, {})],
    "before_self_score_deadline": [
        ({"self_score_until": BEFORE}, {}), ({"self_score_until": None}, {}), ({"self_score_until": AFTER, "within_grace": True}, {}),
    ],
    "not_by_grace": [({"self_score_until": BEFORE}, {}), ({"self_score_until": None}, {})],
    "after_self_score_deadline": [({"self_score_until": AT}, {}), ({"self_score_until": AFTER}, {})],
    "something_to_explain": [({"ask_everyone": False, "contestable": ("IV.07",)}, {}), ({"ask_everyone": True}, {})],
    "nothing_left_to_say": [({"accepted": True, "contestable": ("IV.07",)}, {}), ({"accepted": False, "ask_everyone": False}, {})],
    "explanation_over": [
        ({"sent": True, "accepted": False}, {}), ({"sent": False, "accepted": True}, {}),
        ({"sent": False, "accepted": False, "explanation_until": AT}, {}),
        ({"sent": False, "accepted": False, "explanation_until": AFTER}, {}),
    ],
    "new_deadline_given": [({}, {"until": BEFORE})],
    "no_deadline_of_the_past": [({}, {"until": BEFORE}), ({}, {"until": None})],
}  # fmt: skip


def say(name, facts, asked):
    return GUARDS[name](replace(READY, **facts), replace(GIVEN, **asked))


@pytest.mark.parametrize(("name", "facts", "asked", "places"), [(name, *case) for name, cases in MISSING.items() for case in cases])
def test_what_is_missing_is_named_at_its_place(name, facts, asked, places):
    problems = say(name, facts, asked)
    assert [problem.place for problem in problems] == places
    assert all(problem.text for problem in problems)


@pytest.mark.parametrize(("name", "facts", "asked"), [(name, *case) for name, cases in PASSING.items() for case in cases])
def test_what_is_enough_passes(name, facts, asked):
    assert say(name, facts, asked) == []


@pytest.mark.parametrize("name", [name for name in GUARDS if name != "after_self_score_deadline"])
def test_a_case_that_lacks_nothing_passes_every_guard(name):
    assert say(name, {}, {}) == []


def test_every_guard_is_tested_and_used():
    assert set(MISSING) == set(GUARDS) == {name for move in MOVES for name in move.guards}


def test_each_fault_is_the_business_of_its_guards_alone():
    shared = [
        {"before_self_score_deadline", "not_by_grace", "after_self_score_deadline"}, {"explanation_over", "nothing_left_to_say"},
        {"new_deadline_given", "no_deadline_of_the_past"},
    ]  # fmt: skip
    for name, cases in MISSING.items():
        together = next((pair for pair in shared if name in pair), {name})
        for facts, asked, _ in cases:
            complaining = {other for other in GUARDS if say(other, facts, asked)} - {"after_self_score_deadline"}
            assert complaining <= together, (name, facts, asked)


def test_every_fact_and_every_part_of_a_request_is_looked_at():
    looked_at = {fact for cases in MISSING.values() for facts, *_ in cases for fact in facts}
    looked_at |= {fact for cases in PASSING.values() for facts, *_ in cases for fact in facts}
    of_the_page = {"case_id", "unit", "state", "arrived_at", "submitted_before", "round1_until", "round2_until", "own_of_secretariat"}
    assert {one.name for one in fields(READY)} - looked_at == of_the_page
    asked = {part for cases in MISSING.values() for _, parts, _ in cases for part in parts}
    assert {one.name for one in fields(GIVEN)} - asked == {"visible_from", "more"}
