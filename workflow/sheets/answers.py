"""What was asked about an item and what the unit answered, round by round, as far as the actor sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assignment, Explanation, Item, Organisation, Person, Question
from states.standing import Standing
from states.visibility import Part
from workflow.sheets.happened import names_seen
from workflow.sheets.view import View


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to the unit, from a body or (empty) the council."""

    round: int
    text: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answering:
    """The unit's answer of one round; `version` is what a page must send back. Points in ten-thousandths."""

    round: int
    stance: str
    text: str
    version: int
    inputs: dict[str, Any] | None
    points: int | None
    saved_at: datetime
    saved_by: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions and answers on one item."""

    questions: tuple[Asking, ...] = ()
    answers: tuple[Answering, ...] = ()
    sent_rounds: frozenset[int] = frozenset()

    def answer_of(self, explanation_round: int) -> Answering | None:
        """Return the answer of a round."""
        return next((answer for answer in self.answers if answer.round == explanation_round), None)


def dialogue_on(session: Session, view: View, item: Standing) -> Dialogue:
    """Return what was asked and answered on an item; two statements."""
    rows = session.execute(
        select(Explanation, Person.name)
        .outerjoin(Person, Person.id == Explanation.saved_by_id)
        .where(Explanation.item_id == item.item_id)
        .order_by(Explanation.round)
    ).all()
    sent = frozenset(row.round for row, _ in rows if row.sent_at is not None)
    answers = tuple(_answer(view, row, name or "") for row, name in rows if view.sees(Part.EXPLANATION, sent=row.sent_at is not None))
    return Dialogue(_questions(session, view, item), answers, sent)


def _answer(view: View, row: Explanation, name: str) -> Answering:
    return Answering(
        row.round, row.stance, row.answer, row.version, row.proposed_inputs, row.proposed_points, row.saved_at,
        name if names_seen(view, view.unit.id) else "", row.sent_at,
    )  # fmt: skip


def _questions(session: Session, view: View, item: Standing) -> tuple[Asking, ...]:
    """A question of a body is part of its round 1; the council's are asked after release and known to all."""
    rows = session.execute(
        select(Question, Organisation.name, Organisation.code)
        .outerjoin(Assignment, Assignment.id == Question.assignment_id)
        .outerjoin(Organisation, Organisation.id == Assignment.body_id)
        .where(Question.item_id == item.item_id)
        .order_by(Question.id)
    ).all()
    return tuple(Asking(one.round, one.text, name or "", one.at) for one, name, code in rows if _may_read(view, item, one, code))


def _may_read(view: View, item: Standing, question: Question, body: str | None) -> bool:
    if question.assignment_id is None:
        return True
    return view.sees(Part.ROUND1, mine=view.body and body == view.actor.organisation_code) or view.sees_result(Part.ROUND1, item)


def answers_of_case(session: Session, view: View) -> dict[tuple[int, int], Explanation]:
    """Return the unit's own answers of all items by (item, round); one statement. For the unit only."""
    if not view.own:
        return {}
    query = select(Explanation).join(Item, Item.id == Explanation.item_id)
    return {(row.item_id, row.round): row for row in session.scalars(query.where(Item.case_id == view.case.id))}
