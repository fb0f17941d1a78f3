"""What was given on one item: the grades of its bodies, the council's decisions, and all of it as a log; as far as the actor sees it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.tables import Assignment, Event, Membership, Organisation, Person, ScoreEntry
from states.items import STAGE_LABELS, Stage
from states.standing import Graded, Standing
from states.visibility import Part
from states.words import N_
from workflow.sheets.happened import names_seen
from workflow.sheets.view import SECOND, View, all_signed

SIGNING = {"sign_off": N_("Ký xác nhận"), "withdraw_sign_off": N_("Rút chữ ký"), "grade": N_("Chữ ký hết hiệu lực vì điểm được sửa")}
"""What happens to a signature, by the act that does it; a grade only where it was typed over one."""
FIRST_OF = {Stage.ROUND1: Part.ROUND1, Stage.ROUND2: Part.ROUND2}


@dataclass(frozen=True, slots=True)
class Grade:
    """What one assignment gave in one round. `note` is the internal one; `body` is empty for the council's own grader."""

    second: bool
    body: str
    council: bool
    mine: bool
    points: int | None
    reason: str
    note: str
    verdict: str
    signed_at: datetime | None
    at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of the council that stands."""

    label: str
    second: bool
    points: int | None
    reason: str
    minutes: str
    at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One giving of points, or one signature given or gone, for the log."""

    at: datetime
    label: str
    stage: Stage
    who: str
    person: str
    points: int | None
    reason: str
    signing: bool = False


@dataclass(frozen=True, slots=True)
class GivenOn:
    """All that was given on one item."""

    grades: tuple[Grade, ...] = ()
    decisions: tuple[Decided, ...] = ()
    log: tuple[Entry, ...] = ()

    def of_round(self, *, second: bool) -> tuple[Grade, ...]:
        """Return the grades of one round."""
        return tuple(grade for grade in self.grades if grade.second is second)


def given_on(session: Session, view: View, item: Standing) -> GivenOn:
    """Return what was given on an item; three statements."""
    of = {grade.assignment_id: grade for grade in item.grades}
    assignments = {row.Assignment.id: row for row in session.execute(_assignments(item.item_id))}
    entries = session.execute(_entries(item.item_id)).all()
    shown = [row for row in entries if _sees(view, item, row.ScoreEntry, of, assignments)]
    return GivenOn(
        tuple(_grades(view, item, shown, of, assignments)), tuple(_decisions(view, shown)),
        (*(_entry(view, row, assignments) for row in shown), *(() if view.own else _signings(session, view, item, shown, assignments))),
    )  # fmt: skip


def _assignments(item_id: int) -> Any:  # noqa: ANN401  (a select)
    instead = aliased(Organisation)
    return (
        select(Assignment, Organisation.name, instead.name.label("instead"))
        .outerjoin(Organisation, Organisation.id == Assignment.body_id)
        .outerjoin(instead, instead.id == Assignment.instead_of_id)
        .where(Assignment.item_id == item_id)
        .order_by(Assignment.id)
    )


def _entries(item_id: int) -> Any:  # noqa: ANN401
    return (
        select(ScoreEntry, Person.name.label("person"), Membership.organisation_id, Organisation.name.label("organisation"))
        .outerjoin(Person, Person.id == ScoreEntry.person_id)
        .outerjoin(Membership, Membership.id == ScoreEntry.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(ScoreEntry.item_id == item_id)
        .order_by(ScoreEntry.id)
    )


def _sees(view: View, item: Standing, entry: ScoreEntry, of: dict[int, Graded], assignments: dict[int, Any]) -> bool:
    stage = Stage(entry.stage)
    if stage is Stage.SELF:
        return view.sees(Part.SELF)
    part = Part.ROUND2 if stage in SECOND else Part.ROUND1
    if entry.assignment_id is None:
        return view.sees_result(part, item)
    if not view.sees_grade(part, item, of[entry.assignment_id]):
        return False
    return not view.own or entry.id in _pointers(assignments[entry.assignment_id].Assignment)


def _pointers(assignment: Assignment) -> set[int | None]:
    """The entries that stand: a unit sees these only, not what a grader wrote before it."""
    return {assignment.round1_entry_id, assignment.round2_entry_id}


def _grades(view: View, item: Standing, shown: Sequence[Any], of: dict[int, Graded], assignments: dict[int, Any]) -> Iterable[Grade]:
    for row in shown:
        entry: ScoreEntry = row.ScoreEntry
        if entry.assignment_id is None or entry.id not in _pointers(assignments[entry.assignment_id].Assignment):
            continue
        found, graded = assignments[entry.assignment_id], of[entry.assignment_id]
        second = entry.stage == Stage.ROUND2
        signed = all_signed(item, FIRST_OF[Stage(entry.stage)])
        notes = view.sees(Part.INTERNAL_NOTE, mine=view.owns(graded), all_signed=signed)
        assignment = found.Assignment
        yield Grade(
            second, found.name or "", assignment.council, view.owns(graded), entry.points, entry.reason,
            entry.internal_note if notes else "", entry.verdict, assignment.signed2_at if second else assignment.signed1_at, entry.at,
            _person(view, row),
        )  # fmt: skip


def _person(view: View, row: Any) -> str:  # noqa: ANN401  (a result row)
    return row.person or "" if names_seen(view, row.organisation_id) else ""


def _decisions(view: View, shown: Sequence[Any]) -> Iterable[Decided]:
    newest: dict[bool, Any] = {}
    for row in shown:
        if row.ScoreEntry.assignment_id is None and row.ScoreEntry.stage != Stage.SELF:
            newest[row.ScoreEntry.stage in SECOND] = row
    for second, row in sorted(newest.items()):
        entry = row.ScoreEntry
        yield Decided(STAGE_LABELS[Stage(entry.stage)], second, entry.points, entry.reason, entry.minutes, entry.at, _person(view, row))


def _entry(view: View, row: Any, assignments: dict[int, Any]) -> Entry:  # noqa: ANN401  (a result row)
    entry: ScoreEntry = row.ScoreEntry
    body = assignments[entry.assignment_id].name if entry.assignment_id in assignments else None
    stage = Stage(entry.stage)
    who = body or (row.organisation or "" if stage is Stage.SELF else "")
    return Entry(entry.at, STAGE_LABELS[stage], stage, who, _person(view, row), entry.points, entry.reason)


def _signings(session: Session, view: View, item: Standing, shown: Sequence[Any], assignments: dict[int, Any]) -> Iterable[Entry]:
    """Yield the signatures given and gone on the grades that are shown; a unit is not told of them."""
    stages = {row.ScoreEntry.id: Stage(row.ScoreEntry.stage) for row in shown}
    rows = session.execute(
        select(Event, Person.name.label("person"), Membership.organisation_id)
        .outerjoin(Membership, Membership.id == Event.membership_id)
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(Event.chain == "case", Event.chain_id == view.case.id, Event.object == item.code, Event.act.in_(SIGNING))
        .order_by(Event.seq)
    )
    for row in rows:
        fact = row.Event.payload
        assignment = assignments.get(fact.get("unsigned" if row.Event.act == "grade" else "assignment", 0))
        if assignment is not None and fact.get("entry") in stages:
            stage = stages[fact["entry"]]
            yield Entry(row.Event.at, SIGNING[row.Event.act], stage, assignment.name or "", _person(view, row), None, "", signing=True)
