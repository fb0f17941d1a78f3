"""The matrix of units × indicators: how far each cell is and what it came to; the own organisation's row is named and empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Indicator, IndicatorGroup, IndicatorSet, Organisation
from states.case import SUBMITTED, CaseState
from states.items import Applicability
from states.standing import Standing
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.standing import standings


class Cell(StrEnum):
    """How far one cell is."""

    NOT_SUBMITTED = "not_submitted"
    NOT_APPLICABLE = "not_applicable"
    REQUESTED = "requested"
    TO_GRADE = "to_grade"
    TO_SIGN = "to_sign"
    DISPUTED = "disputed"
    TO_REGRADE = "to_regrade"
    DONE = "done"


CELL_LABELS: Mapping[Cell, str] = {
    Cell.NOT_SUBMITTED: N_("chưa nộp"),
    Cell.NOT_APPLICABLE: N_("không phát sinh"),
    Cell.REQUESTED: N_("xin không phát sinh"),
    Cell.TO_GRADE: N_("chưa chấm"),
    Cell.TO_SIGN: N_("chờ ký"),
    Cell.DISPUTED: N_("chưa thống nhất"),
    Cell.TO_REGRADE: N_("chấm lại vòng 2"),
    Cell.DONE: N_("xong"),
}


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """A main index with the codes under it."""

    number: str
    short_title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One unit's indicator: how far, the result if there is one, and the most it can be."""

    cell: Cell
    points: int | None
    maximum: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit; `cells` by code, empty where the row is hidden."""

    unit: str
    name: str
    kind: str
    state: CaseState | None
    cells: Mapping[str, MatrixCell]

    def share(self, codes: Sequence[str]) -> tuple[int, int] | None:
        """Return points reached and reachable in a group, of the cells that have a result; none where none has."""
        known = [cell for code in codes if (cell := self.cells.get(code)) and cell.points is not None]
        return (sum(cell.points or 0 for cell in known), sum(cell.maximum for cell in known)) if known else None


@dataclass(frozen=True, slots=True)
class MatrixList:
    """One list: its groups over the columns, its units down the rows."""

    key: str
    name: str
    groups: tuple[MatrixGroup, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix."""

    slug: str
    year: int
    title: str
    trial: bool
    now: datetime
    lists: tuple[MatrixList, ...]


def matrix(session: Session, actor: Actor, slug: str) -> Matrix:
    """Return the matrix; five statements, however many units."""
    assessment = require_assessment(session, actor, "see_progress", slug)
    query = select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id).order_by(Organisation.sort_key)
    rows = session.execute(query.where(Case.assessment_id == assessment.id, Case.excluded_at.is_(None))).all()
    shown = [case.id for case, unit in rows if unit.id not in actor.organisations]
    found = standings(session, shown)
    made = [
        MatrixList(key, name, groups, tuple(_row(case, unit, found.get(case.id)) for case, unit in rows if case.indicator_set_id == set_id))
        for set_id, key, name, groups in _sets(session, assessment)
    ]
    ordered = sorted((one for one in made if one.rows), key=lambda one: -len(one.rows))
    return Matrix(slug, assessment.year, assessment.title, assessment.trial, working_now(session), tuple(ordered))


def _sets(session: Session, assessment: Assessment) -> list[tuple[int, str, str, tuple[MatrixGroup, ...]]]:
    about = (IndicatorSet.id, IndicatorSet.code, IndicatorSet.ranking_group)
    query = (
        select(*about, IndicatorGroup.number, IndicatorGroup.short_title, Indicator.code)
        .join(IndicatorGroup, IndicatorGroup.indicator_set_id == IndicatorSet.id)
        .join(Indicator, Indicator.group_id == IndicatorGroup.id)
        .where(IndicatorSet.catalogue_id == assessment.catalogue_id)
        .order_by(IndicatorSet.position, IndicatorGroup.position, Indicator.number)
    )
    sets: dict[tuple[int, str, str], dict[tuple[str, str], list[str]]] = {}
    for set_id, key, name, number, title, code in session.execute(query):
        sets.setdefault((set_id, key, name), {}).setdefault((number, title), []).append(code)
    return [(*one, tuple(MatrixGroup(*group, tuple(codes)) for group, codes in groups.items())) for one, groups in sets.items()]


def _row(case: Case, unit: Organisation, items: Sequence[Standing] | None) -> MatrixRow:
    if items is None:
        return MatrixRow(unit.code, unit.name, unit.type_word, None, {})
    state = CaseState(case.state)
    cells = {item.code: MatrixCell(_cell(item, state), item.final if state in SUBMITTED else None, item.maximum) for item in items}
    return MatrixRow(unit.code, unit.name, unit.type_word, state, cells)


def _cell(item: Standing, state: CaseState) -> Cell:
    rules = (
        (item.applicability is Applicability.NOT_APPLICABLE, Cell.NOT_APPLICABLE),
        (state not in SUBMITTED, Cell.NOT_SUBMITTED),
        (item.applicability is Applicability.REQUESTED, Cell.REQUESTED),
        (item.disputed or item.round2_disputed, Cell.DISPUTED),
        (item.round2_open, Cell.TO_REGRADE),
        (item.ungraded, Cell.TO_GRADE),
        (item.unsigned, Cell.TO_SIGN),
    )
    return next((cell for holds, cell in rules if holds), Cell.DONE)
