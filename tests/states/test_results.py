"""The arithmetic of the result: percent half-up, shared ranks, sums of what was printed."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.results import POINT, final_of, percent_of, ranks, total_of

POINTS = st.integers(0, 400 * POINT)


@given(POINTS, st.integers(1, 400 * POINT))
def test_percent_is_rounded_half_up_to_two_decimals(total, maximum):
    exact = Decimal(total) * 100 / Decimal(maximum)
    assert percent_of(total, maximum) == int((exact * 100).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(("total", "maximum", "percent"), [(1, 20_000, 1), (1, 20_001, 0), (3, 20_000, 2), (7, 7, 10_000), (0, 5, 0)])
def test_halves_go_up(total, maximum, percent):
    assert percent_of(total, maximum) == percent


def test_of_nothing_there_is_no_percent():
    assert percent_of(0, 0) is None


def test_equal_values_share_a_rank_and_the_next_is_skipped():
    assert ranks({"a": 90, "b": 80, "c": 80, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert ranks({}) == {}


@given(st.dictionaries(st.integers(), st.integers(0, 5), max_size=12))
def test_a_rank_is_one_more_than_those_who_stand_above(values):
    assert ranks(values) == {key: 1 + sum(other > value for other in values.values()) for key, value in values.items()}


def test_a_total_is_the_sum_of_what_was_given():
    assert total_of([10_000, None, 25_000]) == 35_000
    assert total_of([]) == 0


@given(*[st.none() | POINTS] * 4)
def test_what_stands_is_the_latest_that_was_given(decision2, round2, decision1, round1):
    given_ones = [points for points in (decision2, round2, decision1, round1) if points is not None]
    assert final_of(decision2, round2, decision1, round1) == (given_ones[0] if given_ones else None)
