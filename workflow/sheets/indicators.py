"""The indicators of a result: those of one unit beside the median, and how one is spread over its list. Pure, as `results`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states.refusal import NotFound
from workflow.sheets.results import Group, Line, RankingList, first, middle


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of one unit; none of the points where they were never given."""

    code: str
    title: str
    group: str
    maximum: int
    counts: bool = True
    own: int | None = None
    round1: int | None = None
    final: int | None = None
    middle: int | None = None
    """The median of the list."""


def items_of(dataset: Mapping[str, Any], ranking: RankingList, unit: str) -> list[tuple[Group, list[Item]]]:
    """Return a unit's indicators by group, each with the median of its list."""
    titles = {one["code"]: (one["title"], group["number"]) for group in _set(dataset, ranking)["groups"] for one in group["indicators"]}
    middles = {code: middle(points) for code, points in _finals(dataset, ranking).items()}
    row = first(one for one in dataset["units"] if one["code"] == unit)
    found = [
        _given(one, *titles[one["code"]], middles.get(one["code"])) for one in row["items"] if one["code"] in titles
    ]
    return [(group, mine) for group in ranking.groups if (mine := [item for item in found if item.group == group.number])]


def _given(row: Mapping[str, Any], title: str, group: str, common: int | None = None) -> Item:
    return Item(row["code"], title, group, row["maximum"], row["counts"], row["self"], row["round1"], row["final"], common)


@dataclass(frozen=True)
class IndicatorSpread:
    """One indicator over a list: who got how much."""

    item: Item
    group: Group
    ranking: RankingList
    lines: tuple[tuple[Line, Item], ...]
    """Units to which it applies, best first."""
    without: tuple[Line, ...]
    """Units to which it does not apply."""

    @property
    def points(self) -> list[int]:
        """What the units got."""
        return [item.final or 0 for _, item in self.lines]

    @property
    def full(self) -> int:
        """How many got everything."""
        return sum(item.final == item.maximum for _, item in self.lines)

    @property
    def nothing(self) -> int:
        """How many got nothing."""
        return sum(not item.final for _, item in self.lines)


def spread_of(dataset: Mapping[str, Any], lists: Sequence[RankingList], code: str) -> IndicatorSpread:
    """Return how the points of one indicator are spread; `NotFound` for a code the decision does not have."""
    for ranking in lists:
        for group in _set(dataset, ranking)["groups"]:
            for one in group["indicators"]:
                if one["code"] == code:
                    return _spread(dataset, ranking, ranking.group(group["number"]), one)
    raise NotFound


def _spread(dataset: Mapping[str, Any], ranking: RankingList, group: Group, indicator: Mapping[str, Any]) -> IndicatorSpread:
    code, title = indicator["code"], indicator["title"]
    rows = {unit["code"]: item for unit in dataset["units"] for item in unit["items"] if item["code"] == code}
    found = [
        (line, _given(row, title, group.number)) for line in ranking.lines if (row := rows.get(line.code)) and not line.hidden
    ]
    lines = sorted(((line, item) for line, item in found if item.counts), key=lambda pair: -(pair[1].final or 0))
    whole = Item(code, title, group.number, indicator["points"], middle=middle(item.final or 0 for _, item in lines))
    return IndicatorSpread(whole, group, ranking, tuple(lines), tuple(line for line, item in found if not item.counts))


def indicators_of(dataset: Mapping[str, Any], lists: Sequence[RankingList]) -> list[tuple[RankingList, list[tuple[Group, list[Item]]]]]:
    """Return every indicator of every list with its median."""
    made = []
    for ranking in lists:
        middles = {code: middle(points) for code, points in _finals(dataset, ranking).items()}
        groups = [(ranking.group(group["number"]), _listed(group, middles)) for group in _set(dataset, ranking)["groups"]]
        made.append((ranking, groups))
    return made


def _listed(group: Mapping[str, Any], middles: Mapping[str, int | None]) -> list[Item]:
    return [Item(one["code"], one["title"], group["number"], one["points"], middle=middles.get(one["code"])) for one in group["indicators"]]


def _finals(dataset: Mapping[str, Any], ranking: RankingList) -> dict[str, list[int]]:
    shown = {line.code for line in ranking.settled}
    finals: dict[str, list[int]] = {}
    for unit in dataset["units"]:
        if unit["code"] in shown:
            for item in unit["items"]:
                if item["counts"]:
                    finals.setdefault(item["code"], []).append(item["final"] or 0)
    return finals


def _set(dataset: Mapping[str, Any], ranking: RankingList) -> Mapping[str, Any]:
    return first(chosen for chosen in dataset["sets"] if chosen["code"] == ranking.key)
