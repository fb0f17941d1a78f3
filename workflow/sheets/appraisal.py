"""How far the bodies are with round 1: graded cells by body and group, or by week; the own organisation's case is left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Indicator, IndicatorGroup, Item, Organisation, ScoreEntry
from states.case import SUBMITTED
from states.clocks import local_day
from states.items import Applicability
from states.words import N_
from workflow.actor import Actor

COUNCIL = N_("Hội đồng chấm thay")
BEHIND = 55
"""Percent of what the calendar asks for by now, under which a body is marked as late: a mark on everything marks nothing."""


@dataclass(frozen=True, slots=True)
class Cells:
    """So many assignments, so many of them graded, so many signed."""

    all: int = 0
    graded: int = 0
    signed: int = 0

    @property
    def share(self) -> int:
        """Percent graded."""
        return self.graded * 100 // self.all if self.all else 0

    def __add__(self, other: "Cells") -> "Cells":
        """Put two together."""
        return Cells(self.all + other.all, self.graded + other.graded, self.signed + other.signed)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body (or the council) with its cells in each column; none where it has nothing to grade."""

    code: str
    name: str
    cells: tuple[Cells | None, ...]
    whole: Cells


@dataclass(frozen=True, slots=True)
class Heat:
    """Bodies by groups of one list. `expected` is the percent the calendar asks for by now."""

    key: str
    name: str
    units: int
    columns: tuple[tuple[str, str], ...]
    rows: tuple[BodyRow, ...]
    whole: Cells
    expected: int

    def late(self, cells: Cells | None) -> bool:
        """Whether these cells are behind the calendar."""
        return cells is not None and cells.share * 100 < self.expected * BEHIND and cells.graded < cells.all


def heats(session: Session, actor: Actor, assessment: Assessment, expected: int) -> list[Heat]:
    """Return one table for each list, the longest first. One statement."""
    counted = _counted(session, actor, assessment)
    keys = list(dict.fromkeys((row.list, row.set_position) for row in counted))
    made = [_heat(name, [row for row in counted if row.list == name], expected) for name, _ in keys]
    return sorted(made, key=lambda heat: -heat.units)


def _counted(session: Session, actor: Actor, assessment: Assessment) -> Sequence[Any]:
    about: tuple[Any, ...] = (
        Case.ranking_group.label("list"), IndicatorGroup.indicator_set_id.label("set_position"), Organisation.code, Organisation.short_name,
        Organisation.sort_key, IndicatorGroup.number, IndicatorGroup.short_title, IndicatorGroup.position, func.count().label("all"),
        func.count(Assignment.round1_entry_id).label("graded"), func.count(Assignment.signed1_at).label("signed"),
        func.count(Case.id.distinct()).label("units"),
    )  # fmt: skip
    query = _to_grade(select(*about), actor, assessment)
    grouping = (
        Case.ranking_group, IndicatorGroup.indicator_set_id, Organisation.code, Organisation.short_name, Organisation.sort_key,
        IndicatorGroup.number, IndicatorGroup.short_title, IndicatorGroup.position,
    )  # fmt: skip
    return session.execute(query.group_by(*grouping).order_by(IndicatorGroup.position, Organisation.sort_key)).all()


def _to_grade(query: Select[Any], actor: Actor, assessment: Assessment) -> Select[Any]:
    """Join what has to be graded in round 1: open assignments of submitted, not excluded cases, never of the actor's own organisation."""
    joined = (
        query.select_from(Assignment)
        .join(Item, Item.id == Assignment.item_id)
        .join(Case, Case.id == Item.case_id)
        .join(Indicator, Indicator.id == Item.indicator_id)
        .join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .outerjoin(Organisation, Organisation.id == Assignment.body_id)
        .where(
            Case.assessment_id == assessment.id, Assignment.ended_at.is_(None), Case.excluded_at.is_(None), Case.state.in_(SUBMITTED),
            Item.applicability != Applicability.NOT_APPLICABLE,
        )
    )  # fmt: skip
    return joined.where(Case.unit_id.not_in(actor.organisations)) if actor.organisations else joined


def _heat(name: str, rows: Sequence[Any], expected: int) -> Heat:
    columns = tuple(dict.fromkeys((row.number, row.short_title) for row in rows))
    bodies: dict[tuple[str, str], dict[str, Cells]] = {}
    ordered = sorted(rows, key=lambda row: (row.code is None, row.sort_key or ""))
    for row in ordered:
        of_body = bodies.setdefault((row.code or "", row.short_name or COUNCIL), {})
        of_body[row.number] = Cells(row.all, row.graded, row.signed)
    made = tuple(
        BodyRow(code, label, tuple(cells.get(number) for number, _ in columns), _sum(cells.values()))
        for (code, label), cells in bodies.items()
    )
    return Heat(name, name, max(row.units for row in rows), columns, made, _sum(row.whole for row in made), expected)


def _sum(cells: Iterable[Cells]) -> Cells:
    total = Cells()
    for one in cells:
        total += one
    return total


@dataclass(frozen=True, slots=True)
class WeekRow:
    """What one body graded in each week, and what is left."""

    code: str
    name: str
    counts: tuple[int, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Weeks:
    """Bodies by weeks of round 1; the weeks by their Mondays."""

    mondays: tuple[date, ...]
    rows: tuple[WeekRow, ...]

    @property
    def most(self) -> int:
        """The most that was graded in a week by one body."""
        return max((count for row in self.rows for count in row.counts), default=0)


def weeks(session: Session, actor: Actor, assessment: Assessment) -> Weeks:
    """Return when the grades that stand now were given. One statement."""
    about: tuple[Any, ...] = (Organisation.code, Organisation.short_name, Organisation.sort_key, ScoreEntry.at)
    query = _to_grade(select(*about), actor, assessment).outerjoin(ScoreEntry, ScoreEntry.id == Assignment.round1_entry_id)
    given: defaultdict[tuple[bool, str, str, str], list[datetime | None]] = defaultdict(list)
    for row in session.execute(query):
        given[(row.code is None, row.sort_key or "", row.code or "", row.short_name or COUNCIL)].append(row.at)
    mondays = _mondays([at for moments in given.values() for at in moments if at])
    return Weeks(mondays, tuple(_week_row(code, name, moments, mondays) for (_, _, code, name), moments in sorted(given.items())))


def _week_row(code: str, name: str, moments: Sequence[datetime | None], mondays: Sequence[date]) -> WeekRow:
    of_week = Counter(_monday(at) for at in moments if at is not None)
    return WeekRow(code, name, tuple(of_week[monday] for monday in mondays), sum(at is None for at in moments))


def _monday(at: datetime) -> date:
    day = local_day(at)
    return day - timedelta(days=day.weekday())


def _mondays(moments: Sequence[datetime]) -> tuple[date, ...]:
    if not moments:
        return ()
    first, last = _monday(min(moments)), _monday(max(moments))
    return tuple(first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1))
