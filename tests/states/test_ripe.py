"""When the council may decide: every reason by itself, and nothing while the bodies can still do it."""

from dataclasses import replace

import pytest

from states.case import CaseState
from states.clocks import Clock
from states.items import Applicability
from states.ripe import Ripe, ripe
from states.standing import Graded, Standing

FIRST, SECOND, FINAL = CaseState.SELF_SCORED, CaseState.EXPLANATION_REQUESTED, CaseState.ROUND2_FINAL
DAY = 10_000


def never(_: Clock) -> bool:
    return False


def always(_: Clock) -> bool:
    return True


def signed(number: int, points: int, again: int | None = None) -> Graded:
    return Graded(number, f"B{number}", round1=points, signed1=True, round2=again, round2_round=1 if again is not None else 0, signed2=True)


def item(*grades: Graded, **more: object) -> Standing:
    return replace(Standing(1, 1, "IV.44", 5 * DAY, self_points=5 * DAY, grades=grades), **more)


def contested(*grades: Graded, **more: object) -> Standing:
    """An item the unit contests, with its answer sent."""
    return item(*grades, explanation_round=1, contested_round=1, **more)


AGREED = item(signed(1, 4 * DAY), signed(2, 4 * DAY))
DIFFERENT = item(signed(1, 4 * DAY), signed(2, 3 * DAY))
UNSIGNED = item(Graded(1, "B1", round1=4 * DAY))
LOWERED = contested(signed(1, 4 * DAY), signed(2, 4 * DAY))


@pytest.mark.parametrize(
    ("state", "standing", "over", "why"),
    [
        (FIRST, DIFFERENT, never, Ripe.DISPUTED),
        (FIRST, AGREED, always, Ripe.ANEW),
        (FIRST, UNSIGNED, never, None),
        (FIRST, UNSIGNED, always, Ripe.LEFT),
        (FIRST, item(Graded(1, "B1")), always, Ripe.LEFT),
        (FIRST, replace(DIFFERENT, decision1=4 * DAY), never, Ripe.ANEW),
        (SECOND, LOWERED, never, None),
        (SECOND, LOWERED, always, Ripe.LEFT),
        (SECOND, replace(LOWERED, contested_round=0), always, None),
        (SECOND, contested(signed(1, 4 * DAY, 5 * DAY), signed(2, 4 * DAY, 4 * DAY)), never, Ripe.DISPUTED),
        (SECOND, replace(LOWERED, reopened_round=1), never, Ripe.REOPENED),
        (SECOND, replace(LOWERED, applicability=Applicability.REFUSED), never, Ripe.REFUSED_NA),
        (SECOND, replace(LOWERED, decision2=5 * DAY, decision2_round=1), never, Ripe.ANEW),
        (SECOND, contested(signed(1, 4 * DAY, 5 * DAY)), never, None),
        (SECOND, contested(signed(1, 4 * DAY, 5 * DAY)), always, Ripe.ANEW),
        (CaseState.DRAFT, DIFFERENT, always, None),
        (CaseState.ROUND1_REVIEWED, DIFFERENT, always, None),
        (CaseState.PUBLISHED, DIFFERENT, always, None),
        (FINAL, LOWERED, always, None),
    ],
)
def test_why_the_council_may_decide(state, standing, over, why):
    assert ripe(state, standing, over) is why


def test_a_case_under_correction_is_open_to_the_council():
    assert ripe(FINAL, AGREED, never, correcting=True) is Ripe.CORRECTION
    assert ripe(CaseState.PUBLISHED, AGREED, never, correcting=True) is None


def test_each_round_asks_its_own_clock():
    asked: list[Clock] = []

    def over(clock: Clock) -> bool:
        asked.append(clock)
        return True

    ripe(FIRST, UNSIGNED, over)
    ripe(SECOND, LOWERED, over)
    assert asked == [Clock.ROUND_1, Clock.ROUND_2]
