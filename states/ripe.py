"""When an item is ripe for a word of the council: disputed, left after the date, reopened, under correction (rules sections 1–4)."""

from collections.abc import Callable
from enum import StrEnum

from states.case import CaseState
from states.clocks import Clock
from states.items import Applicability
from states.standing import Standing


class Ripe(StrEnum):
    """Why the council may decide an item now."""

    DISPUTED = "disputed"
    """All bodies have signed and they differ."""
    LEFT = "left"
    """The date of the round has passed and something is ungraded or unsigned."""
    REOPENED = "reopened"
    """A reopening named it."""
    REFUSED_NA = "refused_na"
    """A refused request that it does not apply is contested; the council may still grant it."""
    ANEW = "anew"
    """It is settled, by the council or by bodies that have all signed, and may be decided anew."""
    CORRECTION = "correction"
    """The published case is under correction."""


def ripe(state: CaseState, item: Standing, over: Callable[[Clock], bool], *, correcting: bool = False) -> Ripe | None:
    """Return why the council may decide an item, or nothing while the bodies can still do it. `over` says whether a clock has run out."""
    if state is CaseState.SELF_SCORED:
        return _first(item, over)
    if state is CaseState.EXPLANATION_REQUESTED:
        return _second(item, over)
    return Ripe.CORRECTION if state is CaseState.ROUND2_FINAL and correcting else None


def _first(item: Standing, over: Callable[[Clock], bool]) -> Ripe | None:
    if item.disputed:
        return Ripe.DISPUTED
    if over(Clock.ROUND_1) and (item.ungraded or item.unsigned):
        return Ripe.LEFT
    return Ripe.ANEW if item.decision1 is not None or item.both_signed else None


def _second(item: Standing, over: Callable[[Clock], bool]) -> Ripe | None:
    if not item.to_regrade or item.awaits_answer:
        return None
    if item.round2_disputed:
        return Ripe.DISPUTED
    named = 0 < item.reopened_round == item.due_round
    why = {
        Ripe.REOPENED: named,
        Ripe.REFUSED_NA: item.applicability is Applicability.REFUSED and item.contested,
        Ripe.LEFT: over(Clock.ROUND_2) or not item.open_grades,
        Ripe.ANEW: item.decision2 is not None or item.both_signed2,
    }
    found = next((reason for reason, holds in why.items() if holds), None)
    if item.round2_open:
        return found
    return Ripe.ANEW if found is not None and item.due_round == item.explanation_round else None
