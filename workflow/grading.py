"""Grading by the bodies and by named council members: points, reasons and verdicts, item by item (rules sections 2 and 3)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import Explanation, Question, ScoreEntry, Verdict
from states.case import CaseState
from states.items import Applicability, Stage
from states.items import Verdict as VerdictWord
from states.policies import policy_value
from states.refusal import Problem, Refused, Stale
from states.roles import COUNCIL
from states.standing import Standing
from states.words import N_
from workflow.access import Held, require_assignment, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import check_length, decimals_of, rule_of, weigh
from workflow.journal import Chain, record
from workflow.numbers import format_points, round_points
from workflow.scoring import Inputs
from workflow.standing import standing_of
from workflow.submitting import append_entries

ABOVE_MAXIMUM = N_("Điểm không được vượt điểm tối đa %(maximum)s.")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a grader gives: points (ten-thousandths) or the inputs they follow from, what the unit reads, what it does not read."""

    points: int | None
    version: int
    reason: str = ""
    internal_note: str = ""
    inputs: Inputs | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A grade as it stands now: for the answer to a save, and for the clash row."""

    points: int | None
    version: int
    reason: str
    at: datetime | None
    by: int | None = None


def save_grade(session: Session, actor: Actor, slug: str, unit: str, code: str, grade: Grade) -> Given:
    """Give points on one's own assignment; in round 2 only on contested items, with a verdict. A changed grade loses its signature."""
    held = require_assignment(session, actor, _action(actor), slug, unit, code)
    assignment, item = held.assignment, held.item
    assert assignment is not None
    assert item is not None
    standing = standing_of(session, item)
    second = held.case.state == CaseState.EXPLANATION_REQUESTED
    if grade.version != assignment.version:
        raise Stale(given_now(session, held, second=second))
    _refuse_closed(standing, second=second)
    inputs, computed, points = _points(session, held, grade)
    reason = check_length(grade.reason, "reason")
    _refuse_without_reason(held, standing, points, replace(grade, reason=reason), second=second)
    entry = {
        "item_id": item.id, "assignment_id": assignment.id, "stage": (Stage.ROUND2 if second else Stage.ROUND1).value,
        "round": held.case.explanation_round if second else 0, "person_id": actor.person_id, "membership_id": actor.membership_id,
        "inputs": inputs, "computed_points": computed, "points": points, "verdict": grade.verdict if second else "", "reason": reason,
        "internal_note": check_length(grade.internal_note, "internal_note"), "at": working_now(session),
    }  # fmt: skip
    entry_id = append_entries(session, [entry])[0]
    _point_to(session, actor, held, entry_id, second=second)
    if second:
        _give_verdict(session, held, standing, entry_id, grade.verdict, reason)
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "grade", code, {"entry": entry_id, "points": points, "stage": entry["stage"]})
    return Given(points, assignment.version, reason, entry["at"], actor.person_id)


def _action(actor: Actor) -> str:
    return "grade_for_council" if actor.role in COUNCIL else "grade"


def _refuse_closed(standing: Standing, *, second: bool) -> None:
    if standing.applicability is Applicability.NOT_APPLICABLE:
        raise Refused(N_("Chỉ số này không phát sinh nên không chấm."))
    if second and not standing.to_regrade:
        raise Refused(N_("Vòng 2 chỉ chấm lại những chỉ số đơn vị đã giải trình."))
    if not second and standing.disputed:
        raise Refused(N_("Hai bên đã ký hai mức điểm khác nhau; chỉ Hội đồng quyết định được."))
    if second and standing.round2_disputed:
        raise Refused(N_("Hai bên đã ký hai mức điểm khác nhau; chỉ Hội đồng quyết định được."))


def _points(session: Session, held: Held, grade: Grade) -> tuple[dict[str, Any] | None, int | None, int]:
    """Return inputs to keep, what the rule makes of them, and the points that stand (given, or else computed)."""
    item = held.item
    assert item is not None
    inputs, computed = None, None
    if grade.inputs:
        inputs, computed, _, _ = weigh(rule_of(session, item), grade.inputs, item.maximum, decimals_of(session, held.assessment))
    points = grade.points if grade.points is not None else computed
    if points is None:
        raise Refused(Problem(N_("Chưa nhập điểm."), "points"))
    return inputs, computed, bounded(points, item.maximum, decimals_of(session, held.assessment))


def bounded(points: int, maximum: int, decimals: int) -> int:
    """Return points rounded to the printed decimals; refused outside 0..maximum."""
    if not 0 <= points <= maximum:
        raise Refused(Problem(ABOVE_MAXIMUM, "points", {"maximum": format_points(maximum, None)}))
    return round_points(points, decimals)


def _refuse_without_reason(held: Held, standing: Standing, points: int, grade: Grade, *, second: bool) -> None:
    before = standing.round1 if second else standing.self_points
    problems = []
    if before is not None and points != before and not grade.reason:
        text = N_("Điểm khác vòng 1 thì phải ghi lý do.") if second else N_("Điểm khác điểm tự chấm thì phải ghi lý do.")
        problems.append(Problem(text, "reason"))
    if second and grade.verdict not in set(VerdictWord):
        problems.append(Problem(N_("Cần chọn kết luận về giải trình."), "verdict"))
    if second and before is not None and points < before and not policy_value(held.assessment.policies, "round2_may_lower"):
        problems.append(Problem(N_("Vòng 2 không được thấp hơn vòng 1 (%(points)s)."), "points", {"points": format_points(before, None)}))
    if problems:
        raise Refused(problems)


def _point_to(session: Session, actor: Actor, held: Held, entry_id: int, *, second: bool) -> None:
    """Point the assignment to its new entry; a council member's grade counts as signed, a body's loses its signature."""
    assignment = held.assignment
    assert assignment is not None
    signed = (actor.person_id, working_now(session)) if assignment.council else (None, None)
    if second:
        assignment.round2_entry_id, (assignment.signed2_by_id, assignment.signed2_at) = entry_id, signed
    else:
        assignment.round1_entry_id, (assignment.signed1_by_id, assignment.signed1_at) = entry_id, signed
    assignment.version += 1
    assignment.flagged = False
    session.flush()


def _give_verdict(session: Session, held: Held, standing: Standing, entry_id: int, verdict: str, reason: str) -> None:
    assert held.assignment is not None
    explanation_id = session.scalar(select(Explanation.id).where(Explanation.item_id == standing.item_id, Explanation.round == standing.own_round))
    if explanation_id is None:
        return
    session.execute(
        insert(Verdict).values(
            explanation_id=explanation_id, assignment_id=held.assignment.id, entry_id=entry_id, verdict=verdict, reason=reason,
            at=working_now(session),
        )
    )  # fmt: skip


def given_now(session: Session, held: Held, *, second: bool) -> Given:
    """Return the grade that stands on an assignment now."""
    assignment = held.assignment
    assert assignment is not None
    entry_id = assignment.round2_entry_id if second else assignment.round1_entry_id
    entry = session.get(ScoreEntry, entry_id) if entry_id else None
    if entry is None:
        return Given(None, assignment.version, "", None)
    return Given(entry.points, assignment.version, entry.reason, entry.at, entry.person_id)


def flag(session: Session, actor: Actor, slug: str, unit: str, code: str, *, on: bool) -> None:
    """Mark one's assignment to be looked at again, or take the mark off."""
    held = require_assignment(session, actor, "flag", slug, unit, code)
    assert held.assignment is not None
    held.assignment.flagged = on
    record(session, Chain.of_case(held.case.id), actor, "flag", code, {"assignment": held.assignment.id, "on": on})


def question(session: Session, actor: Actor, slug: str, unit: str, code: str, text: str) -> None:
    """Ask the unit about an item before release, which makes it contestable in the first explanation round."""
    held = require_assignment(session, actor, "question", slug, unit, code)
    assert held.item is not None
    assert held.assignment is not None
    ask(session, actor, held, text, 1, held.assignment.id)


def ask(session: Session, actor: Actor, held: Held, text: str, explanation_round: int, assignment_id: int | None) -> None:
    """Append a question and make its item contestable in that round; a blank of a case closed unsubmitted is not questioned."""
    assert held.item is not None
    text = check_length(text, "text")
    if not text:
        raise Refused(Problem(N_("Chưa ghi câu hỏi."), "text"))
    if held.case.frozen_blank_reason and held.item.self_scored and standing_of(session, held.item).self_points is None:
        raise Refused(N_("Đơn vị không nộp điểm cho chỉ số này nên không đặt câu hỏi."))
    session.execute(
        insert(Question).values(
            item_id=held.item.id, round=explanation_round, assignment_id=assignment_id, person_id=actor.person_id,
            membership_id=actor.membership_id, text=text, at=working_now(session),
        )
    )  # fmt: skip
    held.item.questioned_round = explanation_round
    session.flush()
    take_side(session, actor, held.case.id)
    code = held.indicator.code if held.indicator else ""
    record(session, Chain.of_case(held.case.id), actor, "question", code, {"item": held.item.id, "round": explanation_round})
