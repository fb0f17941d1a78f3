"""The arithmetic of the result: what is final of an item, what can be contested, and who ranks where (rules section 2)."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

POINT = 10_000
"""Points are kept as integers of one ten-thousandth."""

K = TypeVar("K", bound=Hashable)


def final_of(decision2: int | None, round2: int | None, decision1: int | None, round1: int | None) -> int | None:
    """Return the points that stand: decision of round 2, else round 2, else decision of round 1, else round 1."""
    return next((points for points in (decision2, round2, decision1, round1) if points is not None), None)


def percent_of(total: int, maximum: int) -> int | None:
    """Return hundredths of a percent, half-up; nothing where the maximum is 0 (unranked)."""
    if maximum <= 0:
        return None
    return (total * 20_000 + maximum) // (2 * maximum)


def ranks(values: Mapping[K, int]) -> dict[K, int]:
    """Return the rank of each by its published value; equal values share one and the next is skipped (1, 2, 2, 4)."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[int, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in values.items()}


def total_of(points: Iterable[int | None]) -> int:
    """Return the sum of printed values; what was never given counts nothing."""
    return sum(value or 0 for value in points)
