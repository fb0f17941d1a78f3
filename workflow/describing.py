"""The particulars of a document mended after it was handed in: number, date, issuer, subject, and where in it the proof stands."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Document, EvidenceLink, Item
from states.refusal import NotFound
from workflow.access import take_side
from workflow.actor import Actor
from workflow.evidence import Particulars, open_for_evidence, running_stage
from workflow.journal import Chain, record


def describe_evidence(session: Session, actor: Actor, slug: str, unit: str, code: str, address: str, about: Particulars) -> None:
    """Mend what is said of a document that was attached in the running stage.

    Page and section are the item's own. Number, date, issuer and subject belong to the document, wherever it is cited; they stay
    as they were handed in once it is cited in an earlier stage, or by the case of another year.
    """
    held = open_for_evidence(session, actor, slug, unit, code)
    assert held.item is not None
    stage, explanation_round = running_stage(held.case)
    links = session.execute(
        select(EvidenceLink, Document, Item.case_id)
        .join(Document, Document.id == EvidenceLink.document_id)
        .join(Item, Item.id == EvidenceLink.item_id)
        .where(Document.address == address, EvidenceLink.removed_at.is_(None))
    ).all()
    now = (held.case.id, stage, explanation_round)
    cited = {link.id: (case_id, link.stage, link.round) for link, _, case_id in links}
    mine = next(((link, document) for link, document, _ in links if link.item_id == held.item.id and cited[link.id] == now), None)
    if mine is None:
        raise NotFound
    link, document = mine
    link.page, link.section = about.page.strip()[:64], about.section.strip()[:200]
    if set(cited.values()) == {now}:
        document.number, document.issued_on = about.number.strip()[:64], about.issued_on
        document.issuer, document.subject = about.issuer.strip()[:200], about.subject.strip()[:500]
    session.flush()
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "attach_evidence", code, {"link": link.id, "described": True})
