"""Amending the guidance of an open assessment: the impact is shown first, the chair confirms, old values are kept (rules section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Guidance, Indicator, Item, Organisation, Proposal
from states.case import CaseState
from states.items import Applicability
from states.refusal import Problem, Refused
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.guidance import draft_of, guidance_said
from workflow.journal import Chain, record, record_many
from workflow.outbox import owe
from workflow.proposals import propose
from workflow.publishing import CHANGED

RELEASED = N_("Đã có hồ sơ được gửi kết quả vòng 1, nên hướng dẫn chấm không sửa được nữa.")
NOT_OPEN = N_("Kỳ đánh giá chưa mở: sửa hướng dẫn là có hiệu lực ngay, không cần đề xuất.")
NOTHING = N_("Chưa có thay đổi nào để đề xuất.")
WEIGHTY = ("rule", "evidence")
"""What of an indicator's guidance makes units confirm again; a better hint or the word that it was issued does not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator whose guidance changes: both versions as stored, and the units that have filled it in."""

    code: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    writing: tuple[str, ...]
    """Codes of units still in draft that filled it in; they confirm it before they submit."""
    submitted: tuple[str, ...]
    """Codes of units that handed it in; what they said stands unless they get the case back."""

    @property
    def confirmed_again(self) -> bool:
        """Whether units confirm the item again."""
        return any(self.before[part] != self.after[part] for part in WEIGHTY)


def impact(session: Session, assessment: Assessment) -> tuple[Change, ...]:
    """Return every indicator that the draft changes, with the units it touches; nothing where there is no draft."""
    draft = draft_of(session, assessment)
    if draft is None or assessment.state != "open":
        return ()
    before, after = guidance_said(session, assessment.guidance_version_id), guidance_said(session, draft.id)
    changed = sorted(code for code in before if before[code] != after[code])
    query = select(Indicator.code, Organisation.code, Case.state).join(Item, Item.indicator_id == Indicator.id)
    query = query.join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Indicator.code.in_(changed), _filled_in()).order_by(Organisation.code)
    touched: dict[tuple[str, bool], list[str]] = {}
    for code, unit, state in session.execute(query):
        touched.setdefault((code, state == CaseState.DRAFT), []).append(unit)
    return tuple(
        Change(code, before[code], after[code], tuple(touched.get((code, True), ())), tuple(touched.get((code, False), ())))
        for code in changed
    )


def propose_amendment(session: Session, actor: Actor, slug: str, reason: str) -> Proposal:
    """Put the draft before the chair, with the reason. Refused before opening, after release, without a change or a reason."""
    assessment = require_assessment(session, actor, "amend", slug, lock=True)
    changes = impact(session, assessment)
    problems = _problems(session, assessment, changes)
    if not reason.strip():
        problems.append(Problem(N_("Cần ghi lý do."), "reason"))
    if problems:
        raise Refused(problems)
    payload = {"codes": [change.code for change in changes]}
    return propose(session, actor, assessment, "amend", payload, reason=reason.strip(), content_hash=draft_hash(session, assessment))


def draft_hash(session: Session, assessment: Assessment) -> str:
    """Return the hash of the draft, by which the chair sees that it is what was proposed; empty without a draft."""
    draft = draft_of(session, assessment)
    return draft.sha256 if draft else ""


def amend(session: Session, actor: Actor, assessment: Assessment, proposal: Proposal) -> Mapping[str, Any]:
    """Carry a confirmed amendment out: the draft is frozen and holds; items filled in under another rule wait to be confirmed again."""
    draft, changes = draft_of(session, assessment), impact(session, assessment)
    if draft is None or proposal.hash != draft.sha256:
        raise Refused(CHANGED)
    problems = _problems(session, assessment, changes)
    if problems:
        raise Refused(problems)
    draft.frozen_at, assessment.guidance_version_id = working_now(session), draft.id
    session.flush()
    again = [change.code for change in changes if change.confirmed_again]
    asked = _ask_again(session, assessment, again)
    _point_to(session, assessment, draft.id)
    noted = {"guidance": draft.sha256, "version": draft.number, "items": [change.code for change in changes], "again": again}
    record(session, Chain.of_assessment(assessment.id), actor, "amend", assessment.slug, noted)
    if asked:
        record_many(session, [(Chain.of_case(key), "amend", unit, {"items": codes}) for (key, unit), codes in asked.items()], actor)
    owe(session, "amend", str(draft.id), ("all_units", "all_bodies"), assessment.id, path=f"/ky/{assessment.slug}/ho-so")
    return {"items": len(changes), "cases": len(asked)}


def released(session: Session, assessment: Assessment) -> bool:
    """Return whether a unit has the result of round 1: from then on nothing is amended."""
    early = (CaseState.DRAFT, CaseState.SELF_SCORED)
    return session.scalar(select(Case.id).where(Case.assessment_id == assessment.id, Case.state.not_in(early)).limit(1)) is not None


def _problems(session: Session, assessment: Assessment, changes: tuple[Change, ...]) -> list[Problem]:
    if assessment.state != "open":
        return [Problem(NOT_OPEN)]
    if released(session, assessment):
        return [Problem(RELEASED)]
    return [] if changes else [Problem(NOTHING)]


def _filled_in() -> ColumnElement[bool]:
    """What a unit has answered, and what still counts."""
    return Item.draft_at.is_not(None) & Item.self_scored & (Item.applicability != Applicability.NOT_APPLICABLE.value)


def _ask_again(session: Session, assessment: Assessment, codes: list[str]) -> dict[tuple[int, str], list[str]]:
    """Mark what was filled in, and return (case, unit) → codes. A new version tells an open tab that the ground has moved."""
    query = select(Item.id, Item.case_id, Organisation.code, Indicator.code.label("item"))
    query = query.join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
    query = query.join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Indicator.code.in_(codes), _filled_in()).order_by(Item.case_id, Item.id)
    asked: dict[tuple[int, str], list[str]] = {}
    ids = []
    for row in session.execute(query.with_for_update(of=Item, key_share=True)):
        asked.setdefault((row.case_id, row.code), []).append(row.item)
        ids.append(row.id)
    session.execute(update(Item).where(Item.id.in_(ids)).values(needs_confirmation=True, version=Item.version + 1))
    return asked


def _point_to(session: Session, assessment: Assessment, version_id: int) -> None:
    """Let every item go by the new version."""
    cases = select(Case.id).where(Case.assessment_id == assessment.id)
    new = select(Guidance.id).where(Guidance.version_id == version_id, Guidance.indicator_id == Item.indicator_id).scalar_subquery()
    session.execute(update(Item).where(Item.case_id.in_(cases)).values(guidance_id=new).execution_options(synchronize_session=False))
    session.expire_all()
