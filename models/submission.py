"""What a unit handed in, with its receipt; and answers kept so that a repeated request gets the same one."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, to


class Submission(Base):
    """One submission of a case: canonical snapshot, its hash, and the receipt code. Append-only, in the database too."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: Mapped[Key]
    case_id: Mapped[int] = to("case.id")
    sequence: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    content_hash: Mapped[Hash]
    root: Mapped[Hash]
    mark: Mapped[Hash] = mapped_column(default="")
    key_id: Mapped[Code] = mapped_column(default="")
    receipt_code: Mapped[Code] = mapped_column(unique=True)
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    at: Mapped[datetime]


class Idempotency(Base):
    """A key a person sent with a request, and the answer it got."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    key: Mapped[Code]
    request_hash: Mapped[Hash]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
