"""Geometry and number printing for the charts: pure functions that say where things lie, in percent; templates draw them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from workflow.numbers import format_count, format_percent, format_points

HEAT_STEPS = 8
Number = float | int


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar: where it starts and how long it is, in percent of the whole; `number` counts from 1."""

    number: int
    x: float
    width: float
    value: Number


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram: place and size in percent, from the top left; `far` lies away from the crowd."""

    x: float
    y: float
    width: float
    height: float
    count: int
    far: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """A line that climbs day by day: two SVG paths in a box of 1000 × 1000, and the places of the marks on both axes."""

    line: str
    area: str
    rules: tuple[tuple[float, int], ...]
    ticks: tuple[tuple[float, str], ...]


def share(value: Number, whole: Number) -> float:
    """Return `value` in percent of `whole`, held between 0 and 100, two decimals; 0 of nothing is 0."""
    if whole <= 0:
        return 0.0
    return round(min(max(value / whole, 0.0), 1.0) * 100, 2)


def place(value: Number, low: Number, high: Number) -> float:
    """Return where `value` lies between `low` (0) and `high` (100), in percent."""
    return share(value - low, high - low)


def stack(values: Sequence[Number | None], whole: Number) -> list[Segment]:
    """Lay values one after the other along a bar that is `whole` long; what is missing or zero takes no room."""
    segments, end = [], 0.0
    for number, value in enumerate(values, start=1):
        if not value or value < 0:
            continue
        width = min(share(value, whole), round(100.0 - end, 2))
        segments.append(Segment(number, round(end, 2), width, value))
        end += width
    return segments


def stack_of_states(counts: Sequence[tuple[str, int]], *, least: float = 1.2) -> list[tuple[str, Segment]]:
    """Lay the counts of the states along a bar; a state with anything in it is at least `least` percent wide, to be seen."""
    present = [(state, count) for state, count in counts if count > 0]
    whole = sum(count for _, count in present)
    widths = [max(share(count, whole), least) for _, count in present]
    scale = 100 / sum(widths) if widths else 0
    placed, end = [], 0.0
    for number, ((state, count), width) in enumerate(zip(present, widths, strict=True), start=1):
        placed.append((state, Segment(number, round(end, 2), round(width * scale, 2), count)))
        end += width * scale
    return placed


def heat_step(part: Number, whole: Number = 100) -> int:
    """Return the step of heat, 1 (nothing) to 8 (all), for `part` of `whole`."""
    if whole <= 0:
        return 1
    return min(max(int(part * HEAT_STEPS / whole), 0), HEAT_STEPS - 1) + 1


def histogram(values: Sequence[Number], low: Number, high: Number, bins: int = 35) -> list[Column]:
    """Count values in `bins` columns between `low` and `high`; columns wholly outside the far fences are marked (see `fences`)."""
    columns: list[list[Number]] = [[] for _ in range(bins)]
    for value in values:
        columns[min(int(share(value - low, high - low) * bins / 100), bins - 1)].append(value)
    tallest = max(map(len, columns), default=0)
    if not tallest:
        return []
    below, above = fences(values)
    return [
        Column(
            x=round(index * 100 / bins, 2),
            y=round(100 - share(len(column), tallest), 2),
            width=round(100 / bins * 0.7, 2),
            height=share(len(column), tallest),
            count=len(column),
            far=all(value < below or value > above for value in column),
        )
        for index, column in enumerate(columns)
        if column
    ]


def fences(values: Sequence[Number]) -> tuple[float, float]:
    """Return the values beyond which one lies far from the crowd: three spans of the middle half below and above it (Tukey)."""
    ordered = sorted(values)
    if not ordered:
        return 0.0, 0.0
    first, third = quantile(ordered, 0.25), quantile(ordered, 0.75)
    span = 3 * (third - first)
    return first - span, third + span


def median(values: Sequence[Number]) -> float:
    """Return the middle value; 0 of nothing."""
    return quantile(sorted(values), 0.5)


def quantile(ordered: Sequence[Number], part: float) -> float:
    """Return the value below which `part` of an ordered row lies, by straight line between neighbours; 0 of nothing."""
    if not ordered:
        return 0.0
    position = part * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (position - below))


def steps(days: Sequence[tuple[str, int]], top: int, marks: int = 3) -> Steps:
    """Draw how many had arrived by each day (label, running count), of `top`; `marks` labels are spread over the days."""
    if not days or top <= 0:
        return Steps("", "", (), ())
    width = 1000 / len(days)
    line = f"M0 {1000 - share(days[0][1], top) * 10:g}"
    for index, (_, count) in enumerate(days):
        line += f"V{1000 - share(count, top) * 10:g}H{(index + 1) * width:g}"
    return Steps(line, f"{line}V1000H0Z", _rules(top), _ticks(days, marks))


def _rules(top: int) -> tuple[tuple[float, int], ...]:
    """Horizontal lines at round numbers, and the top itself: (percent from above, number)."""
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if top / size <= 3)  # noqa: PLR2004 (three lines are enough)
    numbers = [number for number in range(0, top, step) if top - number >= step / 2] + [top]
    return tuple((round(100 - share(number, top), 2), number) for number in numbers)


def _ticks(days: Sequence[tuple[str, int]], marks: int) -> tuple[tuple[float, str], ...]:
    """Labels under the first day, the last and some between: (percent from the left, label)."""
    last = len(days) - 1
    chosen = sorted({round(index * last / max(marks, 1)) for index in range(marks + 1)})
    return tuple((round(index * 100 / max(last, 1), 2), days[index][0]) for index in chosen)


FILTERS: Mapping[str, Callable[..., str]] = {
    "points": format_points,
    "quantity": format_count,
    "percent": format_percent,
}

GEOMETRY: Mapping[str, Callable[..., Any]] = {
    "fences": fences,
    "heat_step": heat_step,
    "histogram": histogram,
    "median": median,
    "place": place,
    "share": share,
    "stack": stack,
    "stack_of_states": stack_of_states,
    "steps": steps,
}
"""What the templates call as `charts.stack(...)`."""


def install(environment: Environment) -> None:
    """Give the templates of an app the filters `points`, `quantity`, `percent` and the functions of `charts`."""
    environment.filters.update(FILTERS)
    environment.globals["charts"] = GEOMETRY
