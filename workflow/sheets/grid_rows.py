"""Loads the rows of a grading grid: the same few statements for three units or for all, masked row by row."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.tables import (
    Assessment,
    Assignment,
    Blob,
    Case,
    Document,
    EvidenceLink,
    Explanation,
    Indicator,
    Item,
    Organisation,
    Person,
    Question,
    ScoreEntry,
)
from states.case import RELEASED, CaseState
from states.refusal import Problem
from states.roles import COUNCIL
from states.standing import Graded, Standing
from states.visibility import Part
from states.words import N_
from workflow.access import CONFLICT, mine, on_other_side, reads_case, why_not
from workflow.actor import Actor
from workflow.grading import NOT_APPLICABLE, action_of, why_closed
from workflow.sheets.form import calculate
from workflow.sheets.grid_row import Explained, GridRow, Mark, Partner
from workflow.sheets.indicator_head import IndicatorHead, InputColumn
from workflow.sheets.needs import Need, need_of
from workflow.sheets.view import View, all_signed
from workflow.standing import standings

UNSUBMITTED = N_("Đơn vị chưa nộp hồ sơ.")
Found = tuple[Item, Case, Organisation, Assignment | None]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the rows are made of, by id."""

    actor: Actor
    assessment: Assessment
    now: datetime
    standings: Mapping[int, Standing]
    entries: Mapping[int, tuple[ScoreEntry, str]]
    proofs: Mapping[int, Counter[int]]
    explanations: Mapping[tuple[int, int], Explanation]
    questions: Mapping[int, Sequence[tuple[int | None, str]]]
    other_side: frozenset[int]


def load_rows(session: Session, actor: Actor, assessment: Assessment, head: IndicatorHead, unit: str = "") -> list[GridRow]:
    """Return the rows of the actor's body or of the named council member, in the order of the units (or the row of one)."""
    return [row for _, row in load_cells(session, actor, assessment, [head], unit)]


def load_cells(
    session: Session, actor: Actor, assessment: Assessment, heads: Sequence[IndicatorHead], unit: str = ""
) -> list[tuple[IndicatorHead, GridRow]]:
    """Return the actor's cells under these indicators, of all units or of one: by unit, within it by indicator."""
    found = _cells(session, actor, assessment, heads, unit)
    if not found:
        return []
    by_id = {head.indicator_id: head for head in heads}
    material = _material(session, actor, assessment, heads[0].now, found)
    return [(head, _row(material, head, *one)) for one in found for head in (by_id[one[0].indicator_id],)]


def _cells(session: Session, actor: Actor, assessment: Assessment, heads: Sequence[IndicatorHead], unit: str) -> list[Found]:
    """Return the items with the actor's assignment: a body sees all units of its indicators, a council member those named to him or her."""
    named = actor.role in COUNCIL
    own = [head.indicator_id for head in heads if named or actor.organisation_code in head.bodies]
    query = select(Item, Case, Organisation, Assignment).join(Case, Case.id == Item.case_id)
    query = query.join(Organisation, Organisation.id == Case.unit_id).join(Indicator, Indicator.id == Item.indicator_id)
    query = query.join(Assignment, and_(Assignment.item_id == Item.id, mine(actor)), isouter=not named)
    query = query.where(Case.assessment_id == assessment.id, Item.indicator_id.in_(own))
    if unit:
        query = query.where(Organisation.code == unit)
    rows = session.execute(query.order_by(Organisation.sort_key, Organisation.code, Indicator.number))
    return [(item, case, organisation, assignment) for item, case, organisation, assignment in rows]


def _material(session: Session, actor: Actor, assessment: Assessment, now: datetime, found: Sequence[Found]) -> Material:
    items = [item.id for item, *_ in found]
    cases = sorted({case.id for _, case, *_ in found})
    pointers = [item.self_entry_id for item, *_ in found]
    pointers += [pointer for *_, one in found if one for pointer in (one.round1_entry_id, one.round2_entry_id)]
    answers = session.scalars(select(Explanation).where(Explanation.item_id.in_(items), Explanation.sent_at.is_not(None)))
    return Material(
        actor, assessment, now, {one.item_id: one for rows in standings(session, cases, items).values() for one in rows},
        _entries(session, [pointer for pointer in pointers if pointer]), _proofs(session, items),
        {(row.item_id, row.round): row for row in answers}, _questions(session, items),
        frozenset(on_other_side(session, actor, set(cases))),
    )  # fmt: skip


def _entries(session: Session, pointers: Sequence[int]) -> dict[int, tuple[ScoreEntry, str]]:
    query = select(ScoreEntry, Person.name).outerjoin(Person, Person.id == ScoreEntry.person_id).where(ScoreEntry.id.in_(pointers))
    return {entry.id: (entry, name or "") for entry, name in session.execute(query)}


def _proofs(session: Session, items: Sequence[int]) -> dict[int, Counter[int]]:
    """Return by item how many documents there are still to look at, by explanation round (0: with the self-score)."""
    query = select(EvidenceLink.item_id, EvidenceLink.round, func.count()).join(Document, Document.id == EvidenceLink.document_id)
    query = query.outerjoin(Blob, Blob.id == Document.blob_id).where(EvidenceLink.item_id.in_(items), EvidenceLink.removed_at.is_(None))
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for item_id, number, count in session.execute(
        query.where(Blob.removed_at.is_(None)).group_by(EvidenceLink.item_id, EvidenceLink.round)
    ):
        found[item_id][number] = count
    return found


def _questions(session: Session, items: Sequence[int]) -> dict[int, list[tuple[int | None, str]]]:
    """Return by item who asked (an assignment, or nothing for the council) and what."""
    found: defaultdict[int, list[tuple[int | None, str]]] = defaultdict(list)
    query = select(Question.item_id, Question.assignment_id, Question.text).where(Question.item_id.in_(items)).order_by(Question.id)
    for item_id, asked_by, text in session.execute(query):
        found[item_id].append((asked_by, text))
    return found


def _row(
    material: Material, head: IndicatorHead, item: Item, case: Case, unit: Organisation, assignment: Assignment | None
) -> GridRow:
    actor, state = material.actor, CaseState(case.state)
    name, kind = unit.called, unit.type_word
    if case.unit_id in actor.organisations:
        return GridRow(unit.code, name, kind, Need.CONFLICT, state, locked=Problem(CONFLICT))
    standing = material.standings[item.id]
    own = next((grade for grade in standing.grades if assignment and grade.assignment_id == assignment.id), None)
    need = need_of(state, standing, own, excluded=case.excluded_at is not None)
    view = View(actor, material.assessment, case, unit, material.now, public=False, contents=reads_case(actor, case))
    return GridRow(
        unit.code, name, kind, need, state, **_place(material, case, standing, own, assignment),
        **_self(material, head, view, item, standing), **_marks(material, head, view, assignment, standing),
        **_explained(material, head, view, standing),
    )  # fmt: skip


def _place(material: Material, case: Case, standing: Standing, own: Graded | None, assignment: Assignment | None) -> dict[str, Any]:
    """Return whether the row is open and which round it stands in."""
    return {
        "locked": _locked(material, case, standing, own), "version": assignment.version if assignment else 0,
        "second": standing.to_regrade or (own is not None and own.round2 is not None), "flagged": own is not None and own.flagged,
        "fresh": own is not None and standing.given_anew(own),
        "sealed": own is not None and standing.signed(own, second=case.state == CaseState.EXPLANATION_REQUESTED),
        "na_answer": own.na_answer if own else "", "na_answer_reason": assignment.na_answer_reason if assignment else "",
        "applicability": standing.applicability, "questions": tuple(_asked(material, standing, own, state=CaseState(case.state))),
    }  # fmt: skip


def _asked(material: Material, standing: Standing, own: Graded | None, *, state: CaseState) -> Iterable[str]:
    """Yield the questions to the unit: the own ones, and after release also the partner's and the council's."""
    for asked_by, text in material.questions.get(standing.item_id, ()):
        if state in RELEASED or (own is not None and asked_by == own.assignment_id):
            yield text


def _locked(material: Material, case: Case, standing: Standing, own: Graded | None) -> Problem | None:
    """Return why no points may be typed: the same answers with which a save would be refused."""
    if own is None or own.ended:
        return Problem(NOT_APPLICABLE)
    if case.state == CaseState.DRAFT:
        return Problem(UNSUBMITTED)
    refused = why_not(material.actor, action_of(material.actor), case, case.id in material.other_side)
    if refused is not None:
        return refused.problems[0]
    closed = why_closed(standing, second=case.state == CaseState.EXPLANATION_REQUESTED)
    return Problem(closed) if closed else None


def _self(material: Material, head: IndicatorHead, view: View, item: Item, standing: Standing) -> dict[str, Any]:
    """Return what the unit handed in: score, inputs, words and documents."""
    if not view.sees(Part.SELF):
        return {}
    entry, _ = material.entries.get(item.self_entry_id or 0, (None, ""))
    asked = standing.applicability.asked
    typed = (entry.inputs or {}) if entry and not asked else {}
    line = calculate(head.rule, typed, standing.maximum, head.decimals).line
    return {
        "self_points": standing.self_points, "inputs": tuple(_shown(column, typed.get(column.name)) for column in head.columns),
        "line": line, "text": entry.reason if entry else item.na_reason,
        **_counted(material, view, standing, material.proofs.get(standing.item_id, Counter())),
    }  # fmt: skip


def _counted(material: Material, view: View, standing: Standing, proofs: Counter[int]) -> dict[str, int]:
    """Return how many documents are seen; those of an explanation only once it is sent."""
    sent = {number for number in proofs if (standing.item_id, number) in material.explanations}
    added = sum(proofs[number] for number in sent) if view.sees(Part.EXPLANATION, sent=bool(sent)) else 0
    return {"proofs": (proofs[0] if view.sees(Part.EVIDENCE) else 0) + added, "new_proofs": added}


def _shown(column: InputColumn, value: Any) -> Decimal | str | None:  # noqa: ANN401  (what was kept)
    if value is None or value == "":
        return None
    if column.number:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return str(value)
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(column.choices.get(str(one), str(one)) for one in chosen)


def _marks(
    material: Material, head: IndicatorHead, view: View, assignment: Assignment | None, standing: Standing
) -> dict[str, Any]:
    """Return the own marks, and of the partners what may be seen."""
    part = Part.ROUND2 if standing.to_regrade else Part.ROUND1
    others = [grade for grade in standing.open_grades if assignment is None or grade.assignment_id != assignment.id]
    seen = view.sees(part, all_signed=all_signed(standing, part)) and not view.blind(part, standing)
    shown = [(grade, grade.round2 if part is Part.ROUND2 else grade.round1) for grade in others]
    return {
        "round1": _mark(material, assignment.round1_entry_id, assignment.signed1_at) if assignment else None,
        "round2": _mark(material, assignment.round2_entry_id, assignment.signed2_at) if assignment else None,
        "result1": standing.round1 if view.state in RELEASED else None,
        "decided": (standing.decision1, standing.decision2),
        "disputed": standing.disputed or standing.round2_disputed,
        "partners": tuple(Partner(head.bodies.get(grade.body, ""), points if seen else None) for grade, points in shown),
    }  # fmt: skip


def _mark(material: Material, pointer: int | None, signed_at: Any) -> Mark | None:  # noqa: ANN401  (a moment or none)
    found = material.entries.get(pointer or 0)
    if found is None:
        return None
    entry, name = found
    return Mark(entry.points, entry.reason, entry.internal_note, entry.verdict, entry.at, name, signed_at is not None)


def _explained(material: Material, head: IndicatorHead, view: View, standing: Standing) -> dict[str, Any]:
    """Return what the unit answered last, once sent."""
    rounds = range(standing.explanation_round, 0, -1)
    answer = next((one for number in rounds if (one := material.explanations.get((standing.item_id, number)))), None)
    if answer is None or not view.sees(Part.EXPLANATION, sent=True):
        return {}
    line = calculate(head.rule, answer.proposed_inputs or {}, standing.maximum, head.decimals).line
    return {"explained": Explained(answer.stance, answer.answer, answer.proposed_points, line)}
