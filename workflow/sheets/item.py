"""The page of one item: its form, proof, grades, questions and answers, its log; and why it cannot be edited now, and who could."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Document, Guidance, Indicator, Item, Person, Responsibility, Upload
from states.case import CaseState
from states.clocks import Clock
from states.items import Applicability
from states.permissions import may
from states.refusal import NotFound, Problem
from states.standing import Standing
from states.visibility import Part
from states.words import N_
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.contacts import ContactCard, contacts_of
from workflow.facts import load_facts
from workflow.scoring import Rule, parse_rule
from workflow.sheets.answers import Dialogue, dialogue_on
from workflow.sheets.case import Totals, body_names, totals_of
from workflow.sheets.form import RuleForm, rule_form
from workflow.sheets.given import GivenOn, given_on
from workflow.sheets.head import CaseHead, Running, make_head
from workflow.sheets.lines import GroupLines, ItemLine, applicability_seen, group_lines
from workflow.sheets.proofs import Proof, Shelved, proofs_of, shelf
from workflow.sheets.view import View, barred, open_view
from workflow.standing import standings

CLOSED = N_("Đã hết hạn tự chấm.")
HANDED_IN = N_("Hồ sơ đã nộp.")
SETTLED_NA = N_("Hội đồng đã xác định chỉ số này không phát sinh.")
MEASURED = N_("Chỉ số này do bên chấm đo, đơn vị không tự chấm.")
SECRETARIAT_EXTENDS = N_("Tổ thư ký gia hạn được khi có lý do.")
HEAD_RECALLS = N_("Lãnh đạo đơn vị rút lại để sửa được đến hết hạn nộp.")
SECRETARIAT_RETURNS = N_("Chỉ Tổ thư ký trả lại để bổ sung được, có lý do và được ghi nhật ký.")
WITH_EXPLANATION = N_("Điểm tự chấm không đổi nữa; số liệu và minh chứng mới gửi cùng giải trình.")
NOT_ANY_MORE = {
    CaseState.SELF_SCORED: SECRETARIAT_RETURNS,
    CaseState.ROUND1_REVIEWED: WITH_EXPLANATION,
    CaseState.EXPLANATION_REQUESTED: WITH_EXPLANATION,
    CaseState.ROUND2_FINAL: N_("Hội đồng đã chốt kết quả, đang chờ công bố."),
    CaseState.PUBLISHED: N_("Kết quả đã công bố; thay đổi phải bằng quyết định đính chính."),
}
"""Who or what can still change a self-score that was handed in, by the state of its case."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Why a thing cannot be changed, and who can open it."""

    why: Problem
    who: Problem | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """How the item is counted and proved: from the guidance, provisional until it is issued."""

    provisional: bool
    evidence: tuple[str, ...]
    hint: str
    note: str
    document: str
    """Address of the guidance document, if one is attached."""


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """One item as the actor may see it."""

    head: CaseHead
    groups: tuple[GroupLines, ...]
    totals: Totals
    line: ItemLine
    decimals: int
    form: RuleForm | None
    """Empty where the self-score is not open to the actor."""
    text: str
    version: int
    confirm_again: bool
    """The guidance was amended since the unit filled it in."""
    na_reason: str
    na_answer: str
    applicability: Applicability
    saved_at: datetime | None
    saved_by: str
    guide: Guide
    proofs: tuple[Proof, ...]
    shelf: tuple[Shelved, ...]
    given: GivenOn
    dialogue: Dialogue
    bodies: dict[str, str]
    contacts: tuple[ContactCard, ...]
    responsible: tuple[str, ...]
    locked: Locked | None
    resend: bool = False
    """A file of the reader was cut here at closing and may come once more."""

    @property
    def lines(self) -> tuple[ItemLine, ...]:
        """All items the actor sees, in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def unfinished(self) -> tuple[ItemLine, ...]:
        """The items that still need something."""
        return tuple(line for line in self.lines if line.unfinished)

    @property
    def next_missing(self) -> ItemLine | None:
        """The next item that needs something, from this one on and round to the first; not this one."""
        place = self.lines.index(self.line)
        turned = (*self.lines[place + 1 :], *self.lines[:place])
        return next((line for line in turned if line.unfinished), None)

    def neighbour(self, step: int) -> ItemLine | None:
        """Return the item before (-1) or after (+1)."""
        place = self.lines.index(self.line) + step
        return self.lines[place] if 0 <= place < len(self.lines) else None


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows an item's page is made from; only sheets see them."""

    item: Item
    indicator: Indicator
    guidance: Guidance
    saved_by: str

    @property
    def rule(self) -> Rule:
        """The scoring rule."""
        return parse_rule(self.guidance.rule)


def item_sheet(session: Session, actor: Actor, slug: str, unit: str, code: str) -> ItemSheet:
    """Return the sheet of one item, in a constant number of statements; `NotFound` for an item that the actor may not see."""
    return make_item_sheet(session, open_view(session, actor, slug, unit), code)


def make_item_sheet(session: Session, view: View, code: str) -> ItemSheet:
    """Return the sheet of one item of a case that was opened."""
    case, assessment = view.case, view.assessment
    facts = load_facts(session, assessment, [case], view.now)[case.id]
    items = standings(session, [case.id])[case.id]
    groups = group_lines(session, view, items, facts)
    line = next((line for group in groups for line in group.lines if line.code == code), None)
    if line is None:
        raise NotFound
    stored, standing = stored_of(session, line.item_id), next(item for item in items if item.item_id == line.item_id)
    dialogue, decimals = dialogue_on(session, view, standing), session.get_one(Catalogue, assessment.catalogue_id).decimals
    head = make_head(session, view, calendar_of(session, assessment.id, [case.id]))
    locked = lock_of(session, view, stored, head.running)
    own, seen = view.own, view.sees(Part.SELF)
    return ItemSheet(
        head=head, groups=groups, totals=totals_of(view, [line for group in groups for line in group.lines]), line=line, decimals=decimals,
        form=rule_form(stored.rule, stored.item.draft_inputs, line.maximum, decimals) if seen else None,
        text=stored.item.draft_text if seen else "", version=stored.item.version,
        confirm_again=seen and stored.item.needs_confirmation, na_reason=stored.item.na_reason if seen else "",
        na_answer=stored.item.na_decision_reason if _na_known(view, standing) else "", applicability=applicability_seen(view, standing),
        saved_at=stored.item.draft_at if seen else None, saved_by=stored.saved_by if own else "", guide=_guide(session, view, stored),
        proofs=proofs_of(session, view, line.item_id, dialogue.sent_rounds), shelf=shelf(session, view, line.item_id) if own else (),
        given=given_on(session, view, standing), dialogue=dialogue, bodies=body_names(session),
        contacts=_contacts(session, view, line), responsible=_responsible(session, view, stored), locked=locked,
        resend=own and locked is not None and facts.within_grace and _was_cut(session, view, line.item_id),
    )  # fmt: skip


def _was_cut(session: Session, view: View, item_id: int) -> bool:
    query = select(Upload.id).where(Upload.item_id == item_id, Upload.person_id == view.actor.person_id, Upload.finished_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def stored_of(session: Session, item_id: int) -> Stored:
    """Return the rows of one item; one statement."""
    row = session.execute(
        select(Item, Indicator, Guidance, Person.name)
        .join(Indicator, Indicator.id == Item.indicator_id)
        .join(Guidance, Guidance.id == Item.guidance_id)
        .outerjoin(Person, Person.id == Item.draft_by_id)
        .where(Item.id == item_id)
    ).one()
    return Stored(row[0], row[1], row[2], row[3] or "")


def lock_of(session: Session, view: View, stored: Stored, running: Running | None) -> Locked | None:
    """Return why the actor cannot write the self-score now; nothing when he or she can."""
    if not may(view.actor.role, "self_score"):
        return Locked(Problem(""))
    if view.state is not CaseState.DRAFT:
        recall = view.state is CaseState.SELF_SCORED and _before(session, view)
        return Locked(Problem(HANDED_IN), Problem(HEAD_RECALLS if recall else NOT_ANY_MORE[view.state]))
    no = barred(session, view)
    if no is not None:
        return Locked(no)
    if running is not None and running.clock is Clock.SELF_SCORE and running.over:
        return Locked(Problem(CLOSED), Problem(SECRETARIAT_EXTENDS))
    if not stored.item.self_scored:
        return Locked(Problem(MEASURED))
    return Locked(Problem(SETTLED_NA)) if stored.item.applicability == Applicability.NOT_APPLICABLE else None


def _before(session: Session, view: View) -> bool:
    until = calendar_of(session, view.assessment.id, [view.case.id]).until(Clock.SELF_SCORE, view.case.id)
    return until is None or view.now < until


def _na_known(view: View, standing: Standing) -> bool:
    return applicability_seen(view, standing) is standing.applicability


def _guide(session: Session, view: View, stored: Stored) -> Guide:
    document = view.assessment.guidance_document_id
    address = session.scalar(select(Document.address).where(Document.id == document)) or "" if document else ""
    return Guide(
        stored.guidance.status == "provisional", tuple(stored.guidance.evidence), stored.guidance.hint, stored.indicator.note, address
    )  # fmt: skip


def _contacts(session: Session, view: View, line: ItemLine) -> tuple[ContactCard, ...]:
    return tuple(contacts_of(session, view.assessment.id, [line.code]).values())


def _responsible(session: Session, view: View, stored: Stored) -> tuple[str, ...]:
    """Return who in the unit does this indicator; for the unit only."""
    if not view.own:
        return ()
    query = select(Person.name).join(Responsibility, Responsibility.person_id == Person.id)
    query = query.where(
        Responsibility.assessment_id == view.assessment.id, Responsibility.organisation_id == view.unit.id,
        Responsibility.indicator_id == stored.indicator.id,
    )  # fmt: skip
    return tuple(session.scalars(query.order_by(Person.name)))
