"""What a submission leaves behind: one score entry per item, the canonical snapshot, and the receipt."""

import secrets
from collections import defaultdict
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models.tables import Assignment, Blob, Case, Document, EvidenceLink, Indicator, Item, ScoreEntry, Submission
from states.items import Applicability, Stage
from workflow.actor import Actor
from workflow.canonical import digest
from workflow.clock import working_now
from workflow.proof import root

ITEM_TAG = "thamdinh/item/1"
SUBMISSION_TAG = "thamdinh/submission/1"


def append_entries(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    """Append score entries and return their ids in the same order."""
    if not rows:
        return []
    made = session.scalars(insert(ScoreEntry).returning(ScoreEntry.id, sort_by_parameter_order=True), rows)
    return list(made)


def evidence_of(session: Session, case_id: int) -> dict[int, list[dict[str, Any]]]:
    """Return what proves each item of a case: hash or link, page and section, in the order attached."""
    rows = session.execute(
        select(EvidenceLink.item_id, EvidenceLink.page, EvidenceLink.section, Document.link, Blob.sha256)
        .join(Document, Document.id == EvidenceLink.document_id)
        .outerjoin(Blob, Blob.id == Document.blob_id)
        .join(Item, Item.id == EvidenceLink.item_id)
        .where(Item.case_id == case_id, EvidenceLink.removed_at.is_(None), EvidenceLink.stage == Stage.SELF)
        .order_by(EvidenceLink.id)
    )
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for item_id, page, section, link, sha256 in rows:
        found[item_id].append({"sha256": sha256, "link": link, "page": page, "section": section})
    return found


def snapshot_of(session: Session, case: Case) -> list[dict[str, Any]]:
    """Return the canonical content of a case as it stands in the draft, one record per item."""
    proofs = evidence_of(session, case.id)
    rows = session.execute(
        select(Item, Indicator.code)
        .join(Indicator, Indicator.id == Item.indicator_id)
        .where(Item.case_id == case.id)
        .order_by(Indicator.number)
    )
    return [
        {
            "code": code, "points": item.draft_points, "inputs": item.draft_inputs, "text": item.draft_text,
            "applicability": item.applicability, "na_reason": item.na_reason, "evidence": proofs.get(item.id, []), "item": item.id,
        }
        for item, code in rows
    ]  # fmt: skip


def submit_draft(session: Session, actor: Actor, case: Case, *, blank_reason: str = "") -> Submission:
    """Append one self entry per self-scored item and the submission with its receipt; changed items lose their grades."""
    content = snapshot_of(session, case)
    made = _submission(session, actor, case, content)
    items = {item.id: item for item in session.scalars(select(Item).where(Item.case_id == case.id))}
    changed = [row["item"] for row in content if items[row["item"]].content_hash not in {"", _item_hash(row)}]
    scored = [row for row in content if items[row["item"]].self_scored and row["applicability"] != Applicability.NOT_APPLICABLE]
    entries = append_entries(session, [_entry(session, actor, made, row, blank_reason) for row in scored])
    pointers = dict(zip((row["item"] for row in scored), entries, strict=True))
    session.execute(
        update(Item),
        [{"id": row["item"], "content_hash": _item_hash(row), "self_entry_id": pointers.get(row["item"])} for row in content],
    )
    if changed:
        session.execute(update(Item).where(Item.id.in_(changed)).values(decision1_entry_id=None))
        session.execute(
            update(Assignment).where(Assignment.item_id.in_(changed))
            .values(round1_entry_id=None, signed1_at=None, signed1_by_id=None, na_answer="", version=Assignment.version + 1)
        )  # fmt: skip
    session.expire_all()
    return made


def _content(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "item"}


def _item_hash(row: dict[str, Any]) -> str:
    """Return the hash of what the unit said of an item; how the council settled its request is no word of the unit's."""
    return digest(ITEM_TAG, {name: value for name, value in _content(row).items() if name != "applicability"})


def _entry(session: Session, actor: Actor, made: Submission, row: dict[str, Any], blank_reason: str) -> dict[str, Any]:
    asked = Applicability(row["applicability"]).asked
    return {
        "item_id": row["item"], "stage": Stage.SELF.value, "round": 0, "submission_id": made.id, "person_id": actor.person_id,
        "membership_id": actor.membership_id, "inputs": row["inputs"], "computed_points": row["points"],
        "points": 0 if asked else row["points"],
        "reason": row["na_reason"] if asked else row["text"] or (blank_reason if row["points"] is None else ""),
        "at": working_now(session),
    }  # fmt: skip


def _submission(session: Session, actor: Actor, case: Case, content: list[dict[str, Any]]) -> Submission:
    sequence = int(session.scalar(select(func.coalesce(func.max(Submission.sequence), 0)).where(Submission.case_id == case.id)) or 0) + 1
    leaves = [_content(row) for row in content]
    snapshot = {"case": case.id, "sequence": sequence, "items": leaves}
    made = Submission(
        case_id=case.id, sequence=sequence, snapshot=snapshot, content_hash=digest(SUBMISSION_TAG, snapshot), root=root(leaves),
        receipt_code=secrets.token_hex(16), person_id=actor.person_id, membership_id=actor.membership_id, at=working_now(session),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
