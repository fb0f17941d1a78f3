"""A result as people read it: lists with their ranks, shares by group, medians, spreads. Pure: made of a dataset, published or not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, TypeVar

from states.refusal import NotFound
from states.results import percent_of, ranks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """A main index of a list; points in ten-thousandths, `place` counts from 1."""

    number: str
    place: int
    title: str
    short_title: str
    points: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit reached in one group, of what applies to it there."""

    points: int
    maximum: int

    @property
    def percent(self) -> int:
        """Hundredths of a percent."""
        return percent_of(self.points, self.maximum) or 0


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in its list. Without a rank it is excluded, not wholly graded, has no maximum, or is hidden from the reader."""

    code: str
    name: str
    kind: str
    rank: int | None
    tied: bool
    total: int
    maximum: int
    percent: int | None
    shares: Mapping[str, Share]
    excluded_reason: str = ""
    excluded: bool = False
    hidden: bool = False
    """The reader's own organisation: nothing of it is here (rules section 3, own case)."""
    awaited: int = 0
    """How many of its indicators have no result yet: a draft ranks it only when none is left."""

    @property
    def settled(self) -> bool:
        """Whether there are points to show."""
        return self.percent is not None and not self.excluded and not self.hidden and not self.awaited

    def parts(self, groups: Sequence[Group]) -> list[int | None]:
        """The points of each group in their order; none where it does not apply."""
        return [self.shares[group.number].points if group.number in self.shares else None for group in groups]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of unit in a list, by the word their names begin with ("Phường")."""

    kind: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One unit in a list sorted by one group."""

    rank: int | None
    tied: bool
    line: Line
    share: Share | None


@dataclass(frozen=True)
class RankingList:
    """The units of one set, best first; those without a rank at the end."""

    key: str
    name: str
    total: int
    rank_on: str
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]

    @cached_property
    def settled(self) -> tuple[Line, ...]:
        """The lines that have points."""
        return tuple(line for line in self.lines if line.settled)

    @property
    def uniform(self) -> bool:
        """Whether every indicator applies to every unit, so that points alone compare."""
        return all(line.maximum == self.total for line in self.settled)

    @cached_property
    def middle_total(self) -> int | None:
        """The median of totals."""
        return middle(line.total for line in self.settled)

    @cached_property
    def middle_percent(self) -> int | None:
        """The median of percents."""
        return middle(line.percent for line in self.settled)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of units, where their names begin alike."""
        by_kind: dict[str, list[Line]] = {}
        for line in self.lines:
            by_kind.setdefault(line.kind, []).append(line)
        return tuple(Kind(kind, _word(lines), len(lines)) for kind, lines in by_kind.items())

    @property
    def words(self) -> Mapping[str, str]:
        """The word of each kind; empty where names do not begin alike."""
        return {kind.kind: kind.word for kind in self.kinds}

    def group(self, number: str) -> Group:
        """Return a group by its number; `NotFound` for any other."""
        return first(group for group in self.groups if group.number == number)

    def line(self, unit: str) -> Line:
        """Return a unit's line."""
        return first(line for line in self.lines if line.code == unit)

    def middle_of(self, number: str) -> Share | None:
        """Return the median points in a group, of the group's points; for a list in which not all count the same, of equal weight."""
        reached = middle(share.percent for line in self.settled if (share := line.shares.get(number)))
        return None if reached is None else Share((reached * self.group(number).points + 5_000) // 10_000, self.group(number).points)

    def profile(self, line: Line) -> list[tuple[Group, Share, Share]]:
        """Return a unit's share of each group that applies to it, with the median."""
        made = [(group, line.shares.get(group.number), self.middle_of(group.number)) for group in self.groups]
        return [(group, share, common) for group, share, common in made if share and common]

    def by_group(self, number: str) -> list[GroupLine]:
        """Return the units ranked by one group, as the list is ranked: by percent of what applies, or by points."""
        found = {line.code: share for line in self.settled if (share := line.shares.get(number))}
        placed = ranks({code: share.percent if self.rank_on == "percent" else share.points for code, share in found.items()})
        sorted_lines = sorted(self.lines, key=lambda line: placed.get(line.code, len(self.lines) + 1))
        shared = Counter(placed.values())
        return [GroupLine(placed.get(one.code), shared[placed.get(one.code, 0)] > 1, one, found.get(one.code)) for one in sorted_lines]


def lists_of(dataset: Mapping[str, Any], hidden: Iterable[str] = (), *, draft: bool = False) -> list[RankingList]:
    """Return the lists of a dataset, the longest first. Units in `hidden` are named only, and ranks count without them.

    A draft ranks only units whose indicators all have a result; what is published says its ranks itself.
    """
    masked = frozenset(hidden)
    made = [_list(dataset, chosen, masked, draft=draft) for chosen in dataset["sets"]]
    return sorted((one for one in made if one.lines), key=lambda one: -len(one.lines))


def _list(dataset: Mapping[str, Any], chosen: Mapping[str, Any], masked: frozenset[str], *, draft: bool) -> RankingList:
    units = [unit for unit in dataset["units"] if unit["ranking_group"] == chosen["ranking_group"]]
    rank_on = str(dataset["rank_on"])
    awaited = {unit["code"]: _awaited(unit) if draft else 0 for unit in units}
    values = {
        unit["code"]: _value(unit, rank_on)
        for unit in units if unit["rank"] is not None and unit["code"] not in masked and not awaited[unit["code"]]
    }  # fmt: skip
    placed = ranks(values)
    shared = Counter(placed.values())
    lines = [
        _line(unit, placed.get(unit["code"]), shared, awaited[unit["code"]], hidden=unit["code"] in masked) for unit in units
    ]  # fmt: skip
    groups = tuple(
        Group(one["number"], place, one["title"], one["short_title"], one["points"]) for place, one in enumerate(chosen["groups"], start=1)
    )
    ordered = tuple(sorted(lines, key=lambda line: line.rank or len(lines) + 1))
    return RankingList(chosen["code"], chosen["ranking_group"], chosen["total"], rank_on, groups, ordered)


def _awaited(unit: Mapping[str, Any]) -> int:
    return 0 if unit["excluded"] else sum(item["counts"] and item["final"] is None for item in unit["items"])


def _value(unit: Mapping[str, Any], rank_on: str) -> int:
    return int(unit["percent"] if rank_on == "percent" else unit["total"])


def _line(unit: Mapping[str, Any], rank: int | None, shared: Counter[int], awaited: int, *, hidden: bool) -> Line:
    if hidden:
        return Line(unit["code"], unit["name"], unit["kind"], None, tied=False, total=0, maximum=0, percent=None, shares={}, hidden=True)
    shares = {group["number"]: Share(group["points"], group["maximum"]) for group in unit["groups"]}
    return Line(
        unit["code"], unit["name"], unit["kind"], rank, rank is not None and shared[rank] > 1, unit["total"], unit["maximum"],
        unit["percent"], shares, unit["excluded_reason"], unit["excluded"], awaited=awaited,
    )  # fmt: skip


def middle(values: Iterable[int | None]) -> int | None:
    """Return the median of what is there, half-up; nothing of nothing."""
    known = [value for value in values if value is not None]
    return int(median(known) + 0.5) if known else None


def _word(lines: Sequence[Line]) -> str:
    words = {line.name.split(" ", 1)[0] for line in lines}
    return words.pop() if len(words) == 1 and len(lines) > 1 else ""


def first(found: Iterable[T]) -> T:
    """Return the first, or `NotFound`."""
    one = next(iter(found), None)
    if one is None:
        raise NotFound
    return one
