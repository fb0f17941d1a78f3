"""Explanation: the unit prepares answers per item, the head sends them once a round or agrees with round 1 (rules section 4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Explanation, Item
from states.case import CaseState
from states.clocks import Clock
from states.items import Stance
from states.refusal import Problem, Refused, Stale
from states.words import N_
from workflow.access import Held, require_case, require_item, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import LATE_EXPLANATION, check_length, decimals_of, refuse_late, rule_of, weigh
from workflow.journal import Chain, record
from workflow.outbox import owe
from workflow.scoring import Inputs
from workflow.standing import standing_of

SENT = N_("Giải trình đã gửi nên không sửa được nữa.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the unit says of one item: agree or contest, with a text and, if it likes, other inputs."""

    stance: str
    text: str
    version: int
    inputs: Inputs | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What was kept."""

    version: int
    proposed_points: int | None
    at: datetime


def save_explanation(session: Session, actor: Actor, slug: str, unit: str, code: str, answer: Answer) -> Answered:
    """Keep the answer on one contestable item of the running round, while it is not sent and the clock runs."""
    held = require_item(session, actor, "explain", slug, unit, code, lock=True)
    item = held.item
    assert item is not None
    _refuse_closed(session, actor, held)
    standing = standing_of(session, item)
    if not standing.answerable:
        raise Refused(N_("Chỉ số này không thuộc diện giải trình."))
    if answer.stance not in set(Stance):
        raise Refused(Problem(N_("Cần chọn thống nhất hay đề nghị xem xét lại."), "stance"))
    row, text = _row(session, item, standing.own_round), check_length(answer.text, "text")
    inputs, points = _proposed(session, held, item, answer)
    if answer.version != row.version:
        if (row.stance, row.answer, row.proposed_inputs) == (answer.stance, text, inputs):
            return Answered(row.version, row.proposed_points, row.saved_at)  # sent twice, stored already: no clash
        raise Stale(Answer(row.stance, row.answer, row.version, row.proposed_inputs))
    row.answer, row.stance, row.proposed_inputs, row.proposed_points = text, answer.stance, inputs, points
    row.saved_at, row.saved_by_id, row.version = working_now(session), actor.person_id, row.version + 1
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "explain", code, {"round": row.round, "version": row.version})
    return Answered(row.version, row.proposed_points, row.saved_at)


def _proposed(session: Session, held: Held, item: Item, answer: Answer) -> tuple[dict[str, Any] | None, int | None]:
    """Return the inputs proposed and the points they give; the figures of the self-score propose nothing new."""
    if not answer.inputs or answer.stance != Stance.CONTEST:
        return None, None
    kept, points, _, _ = weigh(rule_of(session, item), answer.inputs, item.maximum, decimals_of(session, held.assessment))
    return (None, None) if kept == (item.draft_inputs or {}) else (kept, points)


def _row(session: Session, item: Item, explanation_round: int) -> Explanation:
    query = select(Explanation).where(Explanation.item_id == item.id, Explanation.round == explanation_round)
    row = session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None:
        row = Explanation(item_id=item.id, round=explanation_round, version=0, stance="", answer="", saved_at=working_now(session))
        session.add(row)
    return row


def _refuse_closed(session: Session, actor: Actor, held: Held) -> None:
    if held.case.answered:
        raise Refused(SENT)
    if held.case.state == CaseState.EXPLANATION_REQUESTED:
        refuse_late(session, actor, held, Clock.EXPLANATION, LATE_EXPLANATION)


def send_explanation(session: Session, actor: Actor, slug: str, unit: str) -> int:
    """Send the prepared answers of the running round, once for the whole case; return how many items are contested."""
    held = require_case(session, actor, "send_explanation", slug, unit, lock=True)
    _refuse_closed(session, actor, held)
    now, case = working_now(session), held.case
    rows = session.scalars(
        select(Explanation).join(Item, Item.id == Explanation.item_id)
        .where(Item.case_id == case.id, Explanation.round == case.explanation_round)
    ).all()  # fmt: skip
    if not rows:
        raise Refused(N_("Chưa soạn giải trình nào. Nếu đồng ý, chọn “Thống nhất với kết quả vòng 1”."))
    session.execute(update(Explanation).where(Explanation.id.in_([row.id for row in rows])).values(sent_at=now))
    case.explanation_sent_at = now
    session.flush()
    take_side(session, actor, case.id)
    record(session, Chain.of_case(case.id), actor, "send_explanation", unit, {"round": case.explanation_round, "answers": len(rows)})
    occurrence = f"{case.id}.{case.explanation_round}"
    for audience, path in (("regraders", f"/ky/{slug}/cham-diem?loc=vong-2"), ("secretariat", f"/ky/{slug}/ho-so/{unit}")):
        owe(session, "send_explanation", occurrence, (audience,), held.assessment.id, [case.id], path=path)
    return sum(row.stance == Stance.CONTEST for row in rows)


def accept_round_1(session: Session, actor: Actor, slug: str, unit: str) -> None:
    """Agree with the result of round 1 for the whole case; it counts as sent."""
    held = require_case(session, actor, "accept_round_1", slug, unit, lock=True)
    _refuse_closed(session, actor, held)
    case = held.case
    case.round1_accepted_at = working_now(session)
    if case.state == CaseState.EXPLANATION_REQUESTED:
        case.explanation_sent_at = case.round1_accepted_at
    session.flush()
    take_side(session, actor, case.id)
    record(session, Chain.of_case(case.id), actor, "accept_round_1", unit, {"round": case.explanation_round})
    owe(
        session,
        "accept_round_1",
        f"{case.id}.{case.explanation_round}",
        ("secretariat",),
        held.assessment.id,
        [case.id],
        path=f"/ky/{slug}/tien-do",
    )
