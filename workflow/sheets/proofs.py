"""The documents that prove an item, with the place cited, and the shelf of all that the unit has handed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.tables import Blob, Document, EvidenceLink, Item
from states.visibility import Part
from workflow.evidence import running_stage
from workflow.sheets.view import View

WORDS = {
    "application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPG", "application/msword": "DOC", "application/vnd.ms-excel": "XLS",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOC",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLS",
}  # fmt: skip
"""The short word on the picture of a file."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One document on one item: a file, or a web address (`link`). `uses` counts the items of this case that cite it, for the unit only."""

    address: str
    word: str
    file_name: str
    link: str
    host: str
    number: str
    issued_on: date | None
    issuer: str
    subject: str
    page: str
    section: str
    second: bool
    """Handed in with the explanation, not with the self-score."""
    round: int
    uses: int
    size: int
    removed_reason: str
    added_at: datetime
    removable: bool
    """Attached in the running stage, so that the unit may still take it off or mend its particulars."""

    @property
    def name(self) -> str:
        """What it is called in a line: its number, else its subject, else the file."""
        return self.number or self.subject or self.file_name


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document of the unit that can be cited again."""

    address: str
    name: str
    about: str


def proofs_of(session: Session, view: View, item_id: int, sent_rounds: Collection[int]) -> tuple[Proof, ...]:
    """Return the documents an item cites now, in the order attached; one statement.

    Nothing where the actor does not see evidence; what belongs to an explanation is seen by others only when that was sent.
    """
    if not view.sees(Part.EVIDENCE):
        return ()
    other = aliased(EvidenceLink)
    uses = (
        select(func.count(func.distinct(other.item_id)))
        .join(Item, Item.id == other.item_id)
        .where(other.document_id == EvidenceLink.document_id, other.removed_at.is_(None), Item.case_id == view.case.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(EvidenceLink, Document, Blob, uses)
        .join(Document, Document.id == EvidenceLink.document_id)
        .outerjoin(Blob, Blob.id == Document.blob_id)
        .where(EvidenceLink.item_id == item_id, EvidenceLink.removed_at.is_(None))
        .order_by(EvidenceLink.id)
    ).all()
    return tuple(
        _proof(view, link, document, blob, count)
        for link, document, blob, count in rows
        if link.round == 0 or view.sees(Part.EXPLANATION, sent=link.round in sent_rounds)
    )


def _proof(view: View, link: EvidenceLink, document: Document, blob: Blob | None, uses: int) -> Proof:
    return Proof(
        document.address, WORDS.get(blob.media_type, "TỆP") if blob else "WEB", document.file_name, document.link,
        urlsplit(document.link).hostname or "" if document.link else "", document.number, document.issued_on, document.issuer,
        document.subject, link.page, link.section, link.round > 0, link.round, uses if view.own else 0, blob.size if blob else 0,
        blob.removed_reason if blob and blob.removed_at else "", link.added_at,
        view.own and (link.stage, link.round) == running_stage(view.case),
    )  # fmt: skip


def shelf(session: Session, view: View, item_id: int) -> tuple[Shelved, ...]:
    """Return the unit's documents of this case that the item does not cite yet; one statement."""
    cited = select(EvidenceLink.document_id).where(EvidenceLink.item_id == item_id, EvidenceLink.removed_at.is_(None))
    rows = session.execute(
        select(Document.address, Document.number, Document.subject, Document.file_name, Document.issued_on)
        .join(EvidenceLink, EvidenceLink.document_id == Document.id)
        .join(Item, Item.id == EvidenceLink.item_id)
        .outerjoin(Blob, Blob.id == Document.blob_id)
        .where(Item.case_id == view.case.id, Document.id.not_in(cited), Blob.removed_at.is_(None))
        .distinct()
        .order_by(Document.number, Document.file_name)
    )
    return tuple(Shelved(row.address, row.number or row.file_name, row.subject) for row in rows)


def size_of_shelf(session: Session, view: View) -> tuple[int, int]:
    """Return how many documents the case cites now, one content once as on the receipt, and their bytes; one statement."""
    query = (
        select(func.coalesce(Blob.sha256, Document.link), Blob.size).select_from(Document)
        .join(EvidenceLink, EvidenceLink.document_id == Document.id)
        .join(Item, Item.id == EvidenceLink.item_id)
        .outerjoin(Blob, Blob.id == Document.blob_id)
        .where(Item.case_id == view.case.id, EvidenceLink.removed_at.is_(None))
        .distinct()
    )
    found = session.execute(query).all()
    return len(found), sum(row.size or 0 for row in found)
