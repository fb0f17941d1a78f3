"""The particulars of a document mended after it was handed in: number, date, issuer, subject, and where in it the proof stands."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Document, EvidenceLink
from states.refusal import NotFound
from workflow.access import take_side
from workflow.actor import Actor
from workflow.evidence import Particulars, open_for_evidence, running_stage
from workflow.journal import Chain, record


def describe_evidence(session: Session, actor: Actor, slug: str, unit: str, code: str, address: str, about: Particulars) -> None:
    """Mend what is said of a document that was attached in the running stage.

    Page and section are the item's own. Number, date, issuer and subject belong to the document, wherever it is cited; they stay
    as they were handed in once it is cited in an earlier stage.
    """
    held = open_for_evidence(session, actor, slug, unit, code)
    assert held.item is not None
    stage, explanation_round = running_stage(held.case)
    links = session.execute(
        select(EvidenceLink, Document)
        .join(Document, Document.id == EvidenceLink.document_id)
        .where(Document.address == address, EvidenceLink.removed_at.is_(None))
    ).all()
    now = (stage, explanation_round)
    mine = next(((link, document) for link, document in links if link.item_id == held.item.id and (link.stage, link.round) == now), None)
    if mine is None:
        raise NotFound
    link, document = mine
    link.page, link.section = about.page.strip()[:64], about.section.strip()[:200]
    if all((other.stage, other.round) == now for other, _ in links):
        document.number, document.issued_on = about.number.strip()[:64], about.issued_on
        document.issuer, document.subject = about.issuer.strip()[:200], about.subject.strip()[:500]
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "attach_evidence", code, {"link": link.id, "described": True})
