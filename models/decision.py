"""What is done together, what is proposed and confirmed, and what is published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, Prose, to


class Batch(Base):
    """Many cases moved in one transaction; `left_out` lists the others with their reasons."""

    __tablename__ = "batch"

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    trigger: Mapped[Code]
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    at: Mapped[datetime]
    reverts_id: Mapped[int | None] = to("batch.id")
    moved: Mapped[list[Any]]
    left_out: Mapped[list[Any]]


class Proposal(Base):
    """What one role proposes and another confirms; a change of what it covers (`hash`) voids it."""

    __tablename__ = "proposal"

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    case_id: Mapped[int | None] = to("case.id")
    act: Mapped[Code]
    payload: Mapped[dict[str, Any]]
    reason: Mapped[Prose] = mapped_column(default="")
    hash: Mapped[Hash] = mapped_column(default="")
    proposed_by_id: Mapped[int] = to("person.id")
    proposed_membership_id: Mapped[int] = to("membership.id")
    proposed_at: Mapped[datetime]
    proposer_proved_at: Mapped[datetime | None]
    """When the proposer last typed the password; binding proposals need it fresh."""
    settled: Mapped[Code] = mapped_column(default="")
    """Empty while open, then confirmed, refused, withdrawn or void."""
    settled_by_id: Mapped[int | None] = to("person.id")
    settled_at: Mapped[datetime | None]
    confirmer_proved_at: Mapped[datetime | None]


class Publication(Base):
    """An immutable, versioned snapshot of the results. Append-only, in the database too; the row says only when it becomes visible."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("assessment_id", "version"),)

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    version: Mapped[int]
    dataset: Mapped[dict[str, Any]]
    sha256: Mapped[Hash]
    decision_number: Mapped[Name]
    decision_on: Mapped[date]
    decision_document_id: Mapped[int | None] = to("document.id")
    proposal_id: Mapped[int | None] = to("proposal.id")
    amends_id: Mapped[int | None] = to("publication.id")
    visible_from: Mapped[datetime]
    published_at: Mapped[datetime]
