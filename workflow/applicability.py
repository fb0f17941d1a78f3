"""Not applicable: the body's answer and the council's word on a request (rules section 2)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.tables import Assignment
from states.items import Applicability
from states.refusal import Problem, Refused
from states.words import N_
from workflow.access import require_assignment, require_item, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import check_length
from workflow.journal import Chain, record
from workflow.standing import standing_of

AGREED, DECLINED = "agreed", "declined"
NOT_ASKED = N_("Đơn vị không đề nghị không phát sinh cho chỉ số này.")


def answer_na(session: Session, actor: Actor, slug: str, unit: str, code: str, *, agree: bool, reason: str) -> None:
    """Say as the grading body whether the request is right; with a reason when it is not."""
    held = require_assignment(session, actor, "agree_na", slug, unit, code)
    assert held.item is not None
    assert held.assignment is not None
    if held.item.applicability != Applicability.REQUESTED:
        raise Refused(NOT_ASKED)
    reason = check_length(reason, "reason")
    if not agree and not reason:
        raise Refused(Problem(N_("Cần ghi lý do."), "reason"))
    held.assignment.na_answer, held.assignment.na_answer_reason = AGREED if agree else DECLINED, reason
    held.assignment.version += 1
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "agree_na", code, {"assignment": held.assignment.id, "agree": agree})


def confirm_na(session: Session, actor: Actor, slug: str, unit: str, code: str, *, grant: bool, reason: str) -> None:
    """Settle a request as the council: granted it leaves numerator and maximum, refused it counts as a self-score of 0."""
    held = require_item(session, actor, "confirm_na", slug, unit, code, lock=True)
    assert held.item is not None
    if held.item.applicability != Applicability.REQUESTED:
        raise Refused(N_("Không có đề nghị không phát sinh nào đang chờ."))
    reason = check_length(reason, "reason")
    if not grant and not reason:
        raise Refused(Problem(N_("Cần ghi lý do."), "reason"))
    bodies = [grade for grade in standing_of(session, held.item).open_grades if not grade.council]
    if grant and any(grade.na_answer != AGREED for grade in bodies):
        raise Refused(N_("Bên chấm chưa đồng ý là không phát sinh."))
    held.item.applicability = (Applicability.NOT_APPLICABLE if grant else Applicability.REFUSED).value
    held.item.na_decision_reason = reason
    if grant:
        end_assignments(session, held.item.id)
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "confirm_na", code, {"granted": grant})


def end_assignments(session: Session, item_id: int) -> None:
    """Close the assignments of an item that no longer counts."""
    query = update(Assignment).where(Assignment.item_id == item_id, Assignment.ended_at.is_(None))
    session.execute(query.values(ended_at=working_now(session), version=Assignment.version + 1))
