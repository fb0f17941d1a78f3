"""Puts a draft back to what was last submitted, where nothing newer was handed in by closing (rules section 1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.tables import Blob, Case, Document, EvidenceLink, Indicator, Item, Submission
from states.items import Applicability, Stage
from workflow.clock import working_now
from workflow.submitting import evidence_of


def restore_last_submission(session: Session, case: Case) -> bool:
    """Put the draft back to what was last submitted; False when nothing ever was. A request that the council settled stays settled."""
    last = session.scalars(select(Submission).where(Submission.case_id == case.id).order_by(Submission.sequence.desc()).limit(1)).first()
    if last is None:
        return False
    query = select(Indicator.code, Item).join(Item, Item.indicator_id == Indicator.id).where(Item.case_id == case.id)
    items = dict(session.execute(query).all())
    session.execute(
        update(Item),
        [
            {
                "id": items[row["code"]].id, "draft_points": row["points"], "draft_inputs": row["inputs"], "draft_text": row["text"],
                "applicability": _restored(items[row["code"]], row), "na_reason": row["na_reason"],
            }
            for row in last.snapshot["items"] if row["code"] in items
        ],
    )  # fmt: skip
    _restore_evidence(session, case.id, {items[row["code"]].id: row["evidence"] for row in last.snapshot["items"] if row["code"] in items})
    session.expire_all()
    return True


def _restored(item: Item, row: dict[str, Any]) -> str:
    settled = item.applicability in {Applicability.NOT_APPLICABLE, Applicability.REFUSED}
    return item.applicability if settled else str(row["applicability"])


def _restore_evidence(session: Session, case_id: int, wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Link again what the submission cited, item by item, and end what came after it. Links that ended stay ended: new ones are made."""
    held = evidence_of(session, case_id)
    differing = [item for item, proofs in wanted.items() if list(proofs) != held.get(item, [])]
    if not differing:
        return
    own = (EvidenceLink.item_id.in_(differing), EvidenceLink.stage == Stage.SELF)
    query = select(EvidenceLink.item_id, EvidenceLink.document_id, Blob.sha256, Document.link)
    query = query.join(Document, Document.id == EvidenceLink.document_id)
    cited = session.execute(query.outerjoin(Blob, Blob.id == Document.blob_id).where(*own).order_by(EvidenceLink.id))
    documents = {(item, sha256, link): document for item, document, sha256, link in cited}
    now = working_now(session)
    session.execute(update(EvidenceLink).where(*own, EvidenceLink.removed_at.is_(None)).values(removed_at=now))
    rows = [
        {
            "item_id": item, "document_id": documents[(item, proof["sha256"], proof["link"])], "stage": Stage.SELF.value, "round": 0,
            "page": proof["page"], "section": proof["section"], "added_at": now,
        }
        for item in differing for proof in wanted[item]
    ]  # fmt: skip
    if rows:
        session.execute(insert(EvidenceLink), rows)
