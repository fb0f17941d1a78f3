"""Evidence: bytes known by their hash, documents with their particulars, and which item cites which page."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, Prose, to


class Blob(Base):
    """Bytes by SHA-256. After a removal the hash stays as a tombstone; `content` is used only where files are kept in the database."""

    __tablename__ = "blob"

    id: Mapped[Key]
    sha256: Mapped[Hash] = mapped_column(unique=True)
    size: Mapped[int]
    media_type: Mapped[Code]
    stored_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = to("person.id")
    removed_reason: Mapped[Prose] = mapped_column(default="")


class Document(Base):
    """A file or a link with the particulars of an official document (Decree 30/2020, appendix VI); `address` is random."""

    __tablename__ = "document"

    id: Mapped[Key]
    address: Mapped[Code] = mapped_column(unique=True)
    organisation_id: Mapped[int] = to("organisation.id")
    blob_id: Mapped[int | None] = to("blob.id")
    link: Mapped[Prose] = mapped_column(default="")
    file_name: Mapped[Name]
    number: Mapped[Code] = mapped_column(default="")
    issued_on: Mapped[date | None]
    issuer: Mapped[Name] = mapped_column(default="")
    subject: Mapped[Prose] = mapped_column(default="")
    pages: Mapped[int | None]
    added_by_id: Mapped[int | None] = to("person.id")
    added_at: Mapped[datetime]
    public: Mapped[bool] = mapped_column(default=False)


class EvidenceLink(Base):
    """Item and document, with the place cited. Never deleted: `removed_at` ends it."""

    __tablename__ = "evidence_link"

    id: Mapped[Key]
    item_id: Mapped[int] = to("item.id")
    document_id: Mapped[int] = to("document.id")
    stage: Mapped[Code]
    round: Mapped[int] = mapped_column(default=0)
    page: Mapped[Code] = mapped_column(default="")
    section: Mapped[Name] = mapped_column(default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Upload(Base):
    """An upload that has begun; one begun before closing may finish within the grace."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("token"),)

    id: Mapped[Key]
    token: Mapped[Code]
    item_id: Mapped[int] = to("item.id")
    person_id: Mapped[int] = to("person.id")
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
