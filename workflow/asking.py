"""Questions to the unit: of its body before release, of the council after it; each makes an item contestable (rules section 1)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Question
from states.refusal import Problem, Refused
from states.words import N_
from workflow.access import Held, require_assignment, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import check_length
from workflow.journal import Chain, record
from workflow.standing import standing_of


def question(session: Session, actor: Actor, slug: str, unit: str, code: str, text: str) -> None:
    """Ask the unit about an item before release, which makes it contestable in the first explanation round."""
    held = require_assignment(session, actor, "question", slug, unit, code)
    assert held.item is not None
    assert held.assignment is not None
    if not asked_already(session, actor, held, text, 1):
        ask(session, actor, held, text, 1, held.assignment.id)


def asked_already(session: Session, actor: Actor, held: Held, text: str, explanation_round: int) -> bool:
    """Whether this was a click too many: the same question of the same person, in the same round."""
    assert held.item is not None
    query = select(Question.text).where(Question.item_id == held.item.id, Question.round == explanation_round)
    return text.strip() in session.scalars(query.where(Question.person_id == actor.person_id))


def ask(session: Session, actor: Actor, held: Held, text: str, explanation_round: int, assignment_id: int | None) -> int:
    """Append a question, make its item contestable in that round, and return its id.

    A blank of a case closed unsubmitted is not questioned, nor what does not apply.
    """
    assert held.item is not None
    text = check_length(text, "text")
    if not text:
        raise Refused(Problem(N_("Chưa ghi câu hỏi."), "text"))
    if held.case.frozen_blank_reason and held.item.self_scored and standing_of(session, held.item).self_points is None:
        raise Refused(N_("Đơn vị không nộp điểm cho chỉ số này nên không đặt câu hỏi."))
    if not standing_of(session, held.item).counts:
        raise Refused(N_("Chỉ số không phát sinh nên không đặt câu hỏi."))
    asked = Question(
        item_id=held.item.id, round=explanation_round, assignment_id=assignment_id, person_id=actor.person_id,
        membership_id=actor.membership_id, text=text, at=working_now(session),
    )  # fmt: skip
    session.add(asked)
    held.item.questioned_round = explanation_round
    session.flush()
    take_side(session, actor, held.case.id)
    code = held.indicator.code if held.indicator else ""
    record(session, Chain.of_case(held.case.id), actor, "question", code, {"item": held.item.id, "round": explanation_round})
    return asked.id
