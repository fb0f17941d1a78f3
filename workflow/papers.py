"""Official papers of the secretariat: the decision that publishes, the guidance document; public once what they belong to is."""

import hashlib
import secrets
from dataclasses import replace

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from models.base import LARGEST_KEY
from models.tables import Assessment, Blob, Document, Publication
from states.facts import Asked
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import read_working_clock, working_now
from workflow.evidence import LARGEST, Handed, Particulars
from workflow.evidence_access import Opened
from workflow.evidence_store import EvidenceStore
from workflow.file_types import media_type_of
from workflow.journal import SYSTEM_CHAIN, record

WAS_REMOVED = N_("Tệp này đã bị gỡ trước đây và không được tải lại.")


def keep_paper(session: Session, actor: Actor, file: Handed, about: Particulars, store: EvidenceStore, place: str) -> Document:
    """Keep an official paper and return its document; a file that is not taken is refused at the field `place`."""
    assert actor.organisation_id is not None
    try:
        media_type = media_type_of(file.name, file.content, LARGEST)
    except Refused as refused:
        raise Refused([replace(problem, place=place) for problem in refused.problems]) from None
    blob = _blob(session, file.content, media_type, store, place)
    document = Document(
        address=secrets.token_urlsafe(18), organisation_id=actor.organisation_id, blob_id=blob.id, file_name=file.name[-200:],
        number=about.number.strip()[:64], issued_on=about.issued_on, issuer=about.issuer.strip()[:200], subject=about.subject.strip()[:500],
        added_by_id=actor.person_id, added_at=working_now(session), public=True,
    )  # fmt: skip
    session.add(document)
    session.flush()
    record(session, SYSTEM_CHAIN, actor, "keep_paper", f"document:{document.id}", {"sha256": blob.sha256})
    return document


def with_paper(session: Session, asked: Asked) -> Asked:
    """Return what was asked, without a decision's file that is no official paper: a number that nobody sent, a unit's evidence."""
    return replace(asked, decision_document=paper_named(session, asked.decision_document))


def paper_named(session: Session, number: int | None) -> int | None:
    """Return the number of an official paper, or nothing where none has it."""
    if number is None or number > LARGEST_KEY:
        return None
    return session.scalar(select(Document.id).where(Document.public.is_(True), Document.id == number))


def number_paper(session: Session, paper: int, number: str) -> None:
    """Say the number of an official paper that was kept before it was known; whose form names the paper has the right to."""
    document = session.get_one(Document, paper)
    document.number = number.strip()[:64]


def _blob(session: Session, content: bytes, media_type: str, store: EvidenceStore, place: str) -> Blob:
    known = session.scalars(select(Blob).where(Blob.sha256 == hashlib.sha256(content).hexdigest())).first()
    if known is not None and known.removed_at is not None:
        raise Refused(Problem(WAS_REMOVED, place))
    if known is not None:
        return known
    blob = Blob(sha256=store.keep(content), size=len(content), media_type=media_type, stored_at=working_now(session))
    session.add(blob)
    session.flush()
    return blob


def open_draft_paper(session: Session, actor: Actor, slug: str, address: str) -> Opened:
    """Return a paper of the secretariat for those who prepare and confirm a publication; `NotFound` for others and for other papers."""
    assessment = require_assessment(session, actor, "see_draft_ranking", slug)
    query = select(Document, Blob).join(Blob, Blob.id == Document.blob_id)
    kept = (Document.public.is_(True), Document.organisation_id == assessment.secretariat_id, Blob.removed_at.is_(None))
    found = session.execute(query.where(Document.address == address, *kept)).first()
    if found is None:
        raise NotFound
    document, blob = found
    return Opened(blob.sha256, document.file_name, blob.media_type, blob.size)


def open_public_paper(session: Session, address: str) -> Opened:
    """Return a paper that everybody may read now: of a visible publication, or of an assessment that has opened; never of a rehearsal."""
    published = exists().where(
        Publication.decision_document_id == Document.id, Publication.visible_from <= read_working_clock(session),
        Assessment.id == Publication.assessment_id, Assessment.trial.is_(False),
    )  # fmt: skip
    guides = exists().where(
        Assessment.guidance_document_id == Document.id, Assessment.opened_at.is_not(None), Assessment.trial.is_(False),
    )  # fmt: skip
    query = select(Document, Blob).join(Blob, Blob.id == Document.blob_id)
    public = and_(Document.address == address, Document.public.is_(True), Blob.removed_at.is_(None), or_(published, guides))
    found = session.execute(query.where(public)).first()
    if found is None:
        raise NotFound
    document, blob = found
    return Opened(blob.sha256, document.file_name, blob.media_type, blob.size)
