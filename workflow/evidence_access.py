"""Who may open a file of evidence, and how its bytes are taken away for good (rules section 7, security.md L1)."""

from dataclasses import dataclass

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Blob, Case, Document, EvidenceLink, Explanation, Item
from states.case import CaseState
from states.items import Stage
from states.refusal import NotFound, Problem, Refused
from states.roles import BODY, UNIT
from states.visibility import Part, Seen, sees
from states.words import N_
from workflow.access import Held, assessment_by_slug, require_item
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import check_length
from workflow.evidence_store import EvidenceStore
from workflow.journal import Chain, record
from workflow.reasons import keep_reason


def remove_evidence(
    session: Session, actor: Actor, slug: str, unit: str, code: str, address: str, reason: str, store: EvidenceStore
) -> None:
    """Take a document away for good (a secret, citizens' data): the tombstone keeps hash, who, when and why.

    The owner may while the case is a draft, the secretariat at any time. What the owner removes leaves this case only: bytes that
    another case cites (of another year, or of another organisation) are left to it, for the secretariat to remove.
    """
    held = require_item(session, actor, "remove_evidence", slug, unit, code, lock=True)
    if not reason.strip():
        raise Refused(Problem(N_("Cần ghi lý do."), "reason"))
    blob = _linked_blob(session, held, address)
    now = working_now(session)
    if actor.role in UNIT:
        citing = select(Document.id).where(Document.blob_id == blob.id)
        here = select(Item.id).where(Item.case_id == held.case.id)
        ended = update(EvidenceLink).where(EvidenceLink.document_id.in_(citing), EvidenceLink.item_id.in_(here))
        session.execute(ended.where(EvidenceLink.removed_at.is_(None)).values(removed_at=now))
    if actor.role not in UNIT or not _cited_elsewhere(session, blob, held.case):
        blob.removed_at, blob.removed_by_id, blob.removed_reason = now, actor.person_id, check_length(reason, "reason")
        sha256 = blob.sha256  # the bytes go once the tombstone stands: a transaction that fails loses nothing
        event.listen(session, "after_commit", lambda _: store.remove(sha256), once=True)
    keep_reason(session, actor, "remove_evidence", check_length(reason, "reason"), [held.case.id])
    record(session, Chain.of_case(held.case.id), actor, "remove_evidence", code, {"sha256": blob.sha256})


def _linked_blob(session: Session, held: Held, address: str) -> Blob:
    assert held.item is not None
    query = select(Blob).join(Document, Document.blob_id == Blob.id).join(EvidenceLink, EvidenceLink.document_id == Document.id)
    blob = session.scalars(query.where(Document.address == address, EvidenceLink.item_id == held.item.id)).first()
    if blob is None:
        raise NotFound
    return blob


def _cited_elsewhere(session: Session, blob: Blob, case: Case) -> bool:
    """Return whether another case holds these bytes as evidence, or another organisation keeps them."""
    documents = select(Document.id).where(Document.blob_id == blob.id)
    others = documents.where(Document.organisation_id != case.unit_id)
    links = select(EvidenceLink.id).join(Item, Item.id == EvidenceLink.item_id)
    links = links.where(EvidenceLink.document_id.in_(documents), EvidenceLink.removed_at.is_(None), Item.case_id != case.id)
    return any(session.scalar(query.limit(1)) is not None for query in (others, links))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to hand out: its bytes lie in the store under `sha256`."""

    sha256: str
    file_name: str
    media_type: str
    size: int


def open_evidence(session: Session, actor: Actor, slug: str, address: str) -> Opened:
    """Return a file for somebody who may see evidence of an item it is linked to; otherwise it does not exist."""
    assessment = assessment_by_slug(session, slug)
    rows = session.execute(
        select(Document, Blob, Case, EvidenceLink)
        .join(Blob, Blob.id == Document.blob_id)
        .join(EvidenceLink, EvidenceLink.document_id == Document.id)
        .join(Item, Item.id == EvidenceLink.item_id)
        .join(Case, Case.id == Item.case_id)
        .where(Document.address == address, Case.assessment_id == assessment.id, EvidenceLink.removed_at.is_(None))
    ).all()
    for document, blob, case, link in rows:
        if _may_open(session, actor, assessment, case, link):
            if blob.removed_at is not None:
                raise Refused(N_("Tài liệu đã được gỡ; chỉ còn dấu vết của nó."))
            return Opened(blob.sha256, document.file_name, blob.media_type, blob.size)
    raise NotFound


def _may_open(session: Session, actor: Actor, assessment: Assessment, case: Case, link: EvidenceLink) -> bool:
    if actor.assessment_id not in {None, assessment.id} or (case.unit_id in actor.organisations) != (actor.role in UNIT):
        return False
    if actor.role in UNIT and case.unit_id != actor.organisation_id:
        return False
    part = Part.EVIDENCE if link.stage == Stage.SELF else Part.EXPLANATION
    if not sees(actor.role, part, Seen(CaseState(case.state), sent=_sent(session, link))):
        return False
    own = select(Assignment.id).where(Assignment.item_id == link.item_id, Assignment.body_id == actor.organisation_id)
    return actor.role not in BODY or session.scalar(own) is not None


def _sent(session: Session, link: EvidenceLink) -> bool:
    """Return whether the explanation that a document belongs to was sent; what proves a self-score belongs to none."""
    sent = select(Explanation.id).where(
        Explanation.item_id == link.item_id, Explanation.round == link.round, Explanation.sent_at.is_not(None)
    )
    return link.stage != Stage.SELF and session.scalar(sent) is not None
