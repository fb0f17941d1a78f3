"""What one cell (an indicator of a unit) needs from the body or the council member who grades it: one word, derived from how it stands."""

from enum import StrEnum

from states.case import CaseState
from states.items import Applicability
from states.standing import Graded, Standing
from workflow.applicability import AGREED


class Need(StrEnum):
    """What is to be done with a cell, or why nothing is."""

    CONFLICT = "conflict"
    UNSUBMITTED = "unsubmitted"
    EXCLUDED = "excluded"
    NOT_APPLICABLE = "not_applicable"
    ANSWER_NA = "answer_na"
    """The unit asks that it does not apply; the body has not answered."""
    AGREED_NA = "agreed_na"
    """The body agreed; the council has the word."""
    GRADE = "grade"
    SIGN = "sign"
    DISPUTED = "disputed"
    DONE = "done"
    WAITING = "waiting"
    """With the unit: released, or its explanation is not sent."""
    CLOSED = "closed"


TO_DO = frozenset({Need.GRADE, Need.ANSWER_NA})
"""What a grader can do something about now."""
OUT = frozenset({Need.CONFLICT, Need.NOT_APPLICABLE, Need.EXCLUDED})
"""Cells that are nobody's work here, and count in no progress."""
NA_ANSWERS = {"": Need.ANSWER_NA, AGREED: Need.AGREED_NA}
"""A body that declined grades on as usual."""


def need_of(state: CaseState, item: Standing, own: Graded | None, *, excluded: bool = False) -> Need:
    """Return what a cell needs from the holder of its assignment `own`."""
    if excluded:
        return Need.EXCLUDED
    if own is None or own.ended or not item.counts:
        return Need.NOT_APPLICABLE
    if state is CaseState.DRAFT:
        return Need.UNSUBMITTED
    if state is CaseState.SELF_SCORED:
        return _first(item, own)
    if state is CaseState.EXPLANATION_REQUESTED:
        return _second(item, own)
    return Need.WAITING if state is CaseState.ROUND1_REVIEWED else Need.CLOSED


def _first(item: Standing, own: Graded) -> Need:
    if item.applicability is Applicability.REQUESTED and not own.council and own.na_answer in NA_ANSWERS:
        return NA_ANSWERS[own.na_answer]
    if item.decision1 is not None:
        return Need.DONE
    if item.disputed:
        return Need.DISPUTED
    return _given(own.round1, signed=own.signed1)


def _second(item: Standing, own: Graded) -> Need:
    if item.awaits_answer or not item.to_regrade:
        return Need.WAITING if item.awaited else Need.CLOSED
    if item.round2_disputed:
        return Need.DISPUTED
    if not item.round2_open:
        return Need.DONE
    return _given(own.round2 if item.given_anew(own) else None, signed=own.signed2)


def _given(points: int | None, *, signed: bool) -> Need:
    if points is None:
        return Need.GRADE
    return Need.DONE if signed else Need.SIGN


def graded(item: Standing, own: Graded) -> bool:
    """Return whether round 1 of a cell has its points, by its body or by decision."""
    return own.round1 is not None or item.decision1 is not None
