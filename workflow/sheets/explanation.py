"""The explanation of one round: what may be contested, what the unit answers, and what would be sent (rules section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.tables import Explanation
from states.acts import EXPLAINING
from states.case import CaseState
from states.items import Stance
from states.permissions import may
from states.refusal import NotFound, Problem
from states.standing import Standing
from states.words import N_
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.facts import load_facts
from workflow.sheets.answers import answers_of_case
from workflow.sheets.case import Totals, totals_of
from workflow.sheets.form import RuleForm, rule_form
from workflow.sheets.head import CaseHead, Running, make_head
from workflow.sheets.item import ItemSheet, Locked, make_item_sheet, stored_of
from workflow.sheets.lines import ItemLine, group_lines
from workflow.sheets.view import View, barred, open_view
from workflow.standing import standings

SENT = N_("Giải trình đã gửi.")
AGREED = N_("Đơn vị đã thống nhất với kết quả vòng 1.")
OVER = N_("Đã hết hạn giải trình.")
NOT_YET = N_("Tổ thư ký chưa yêu cầu giải trình; soạn trước được, gửi khi có yêu cầu.")
SENT_ONCE = N_("Mỗi vòng gửi một lần cho cả hồ sơ; bên chấm đang xem xét.")
SILENCE = N_("Không gửi thì giữ điểm vòng 1. Tổ thư ký gia hạn được khi có lý do.")
HEAD_SENDS = N_("Lãnh đạo đơn vị gửi.")


@dataclass(frozen=True, slots=True)
class Due:
    """One item of the round and where its answer stands: agreed, contested, writing (contested without a word) or open.

    Points in ten-thousandths; `proposed` only where other inputs were given.
    """

    line: ItemLine
    status: str
    stance: str
    text: str
    proposed: int | None
    new_evidence: bool
    saved_at: datetime | None

    @property
    def asks(self) -> int | None:
        """What it asks for: the points of its other inputs, or else the self-score; nothing where it agrees."""
        return self.proposed if self.proposed is not None else self.line.self_points if self.status == "contested" else None

    @property
    def lowered(self) -> int:
        """By how much round 1 lies below the self-score."""
        own = self.line.self_points if self.line.status != "measured" else self.line.maximum
        return max(0, (own or 0) - (self.line.round1 or 0))


@dataclass(frozen=True, slots=True)
class ExplanationSheet:
    """The explanation of the running (or coming) round as the unit sees it."""

    head: CaseHead
    round: int
    due: tuple[Due, ...]
    totals: Totals
    locked: Locked | None
    """Why nothing can be written now."""
    not_sendable: Problem | None
    not_acceptable: Problem | None
    """Why the head cannot agree with round 1 now."""
    is_head: bool
    sent_at: datetime | None
    accepted_at: datetime | None

    @property
    def missed(self) -> bool:
        """Whether the clock ran out before the unit sent or agreed."""
        over = self.head.running is not None and self.head.running.over
        return over and self.sent_at is None and self.accepted_at is None

    @property
    def unsent(self) -> bool:
        """Whether the clock ran out over answers that were prepared."""
        return self.missed and self.answered > 0

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(one.status in {"agreed", "contested"} for one in self.due)

    @property
    def open(self) -> tuple[Due, ...]:
        """Those still without one."""
        return tuple(one for one in self.due if one.status in {"open", "writing"})

    def after(self, code: str) -> Due | None:
        """Return the next item without an answer after this one, and round to the first; not this one."""
        codes = [one.line.code for one in self.due]
        place = codes.index(code) if code in codes else -1
        return next((one for one in (*self.due[place + 1 :], *self.due[: max(place, 0)]) if one.status in {"open", "writing"}), None)


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """One item of the explanation: the item, its answer, and the form for other inputs with what they would give."""

    explanation: ExplanationSheet
    item: ItemSheet
    due: Due
    version: int
    form: RuleForm


def explanation_sheet(session: Session, actor: Actor, slug: str, unit: str) -> ExplanationSheet:
    """Return what there is to explain; for the unit, once round 1 was released. `NotFound` otherwise."""
    return explanation_of(session, open_view(session, actor, slug, unit))


def answer_sheet(session: Session, actor: Actor, slug: str, unit: str, code: str) -> AnswerSheet:
    """Return the page of one item of the explanation; `NotFound` where the item does not belong to the round."""
    view = open_view(session, actor, slug, unit)
    sheet = explanation_of(session, view)
    due = next((one for one in sheet.due if one.line.code == code), None)
    if due is None:
        raise NotFound
    item, stored = make_item_sheet(session, view, code), stored_of(session, due.line.item_id)
    answer = item.dialogue.answer_of(sheet.round)
    inputs = answer.inputs if answer and answer.inputs else stored.item.draft_inputs
    form = rule_form(stored.rule, inputs, due.line.maximum, item.decimals)
    return AnswerSheet(sheet, item, due, answer.version if answer else 0, form)


def is_due(session: Session, actor: Actor, slug: str, unit: str, code: str) -> bool:
    """Return whether an item's page is that of its explanation for this actor now."""
    view = open_view(session, actor, slug, unit)
    if not view.own or view.state not in EXPLAINING:
        return False
    return any(item.code == code and item.answerable for item in standings(session, [view.case.id])[view.case.id])


def explanation_of(session: Session, view: View) -> ExplanationSheet:
    """Return the explanation of a case that was opened; `NotFound` where there is none to see."""
    case = view.case
    if not view.own or view.state not in EXPLAINING:
        raise NotFound
    facts = load_facts(session, view.assessment, [case], view.now)[case.id]
    items = standings(session, [case.id])[case.id]
    groups = group_lines(session, view, items, facts)
    lines = {line.item_id: line for group in groups for line in group.lines}
    head = make_head(session, view, calendar_of(session, view.assessment.id, [case.id]))
    locked = _lock(session, view, head.running)
    due = tuple(_due(items, lines, answers_of_case(session, view)))
    return ExplanationSheet(
        head, max(case.explanation_round, 1), due, totals_of(view, list(lines.values())), locked, _not_sendable(view, due, locked),
        locked.why if locked else None, may(view.actor.role, "send_explanation"), case.explanation_sent_at, case.round1_accepted_at,
    )  # fmt: skip


def _due(items: Sequence[Standing], lines: Mapping[int, ItemLine], answers: Mapping[tuple[int, int], Explanation]) -> list[Due]:
    found = []
    for item in items:
        if not item.answerable:
            continue
        row = answers.get((item.item_id, item.own_round))
        found.append(
            Due(
                lines[item.item_id], _status(item, row), row.stance if row else "", row.answer if row else "",
                row.proposed_points if row else None, item.answered and bool(row) and not _typed(row), row.saved_at if row else None,
            )
        )  # fmt: skip
    return found


def _typed(row: Explanation | None) -> bool:
    return row is not None and bool(row.answer.strip() or row.proposed_points is not None)


def _status(item: Standing, row: Explanation | None) -> str:
    if row is None or not row.stance:
        return "open"
    if row.stance == Stance.AGREE:
        return "agreed"
    return "contested" if item.answered else "writing"


def _lock(session: Session, view: View, running: Running | None) -> Locked | None:
    if view.case.round1_accepted_at is not None:
        return Locked(Problem(AGREED))
    if view.case.explanation_sent_at is not None:
        return Locked(Problem(SENT), Problem(SENT_ONCE))
    if view.state is CaseState.EXPLANATION_REQUESTED and running is not None and running.over:
        return Locked(Problem(OVER), Problem(SILENCE))
    no = barred(session, view)
    return Locked(no) if no else None


def _not_sendable(view: View, due: Sequence[Due], locked: Locked | None) -> Problem | None:
    if locked is not None:
        return locked.why
    if view.state is not CaseState.EXPLANATION_REQUESTED:
        return Problem(NOT_YET)
    if not any(one.stance for one in due):
        return Problem(N_("Chưa soạn giải trình nào. Nếu đồng ý, chọn “Thống nhất với kết quả vòng 1”."))
    return None if may(view.actor.role, "send_explanation") else Problem(HEAD_SENDS)
