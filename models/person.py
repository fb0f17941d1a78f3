"""People, what proves who they are, and their server-side sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, to


class Person(Base):
    """One human being with one official mail address; secrets live in `Credential`."""

    __tablename__ = "person"

    id: Mapped[Key]
    email: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    title: Mapped[Name]
    phone: Mapped[Code]
    locale: Mapped[Code] = mapped_column(default="vi")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    chain_salt: Mapped[Hash]
    """Makes the reference in the chain of events; erasing it makes that reference anonymous."""


class Credential(Base):
    """A password hash or another factor of one person."""

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    kind: Mapped[Code]
    secret: Mapped[Name]
    changed_at: Mapped[datetime]


class OneTimeToken(Base):
    """An invitation or a password reset: single use, short-lived, kept only as a hash."""

    __tablename__ = "one_time_token"

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    purpose: Mapped[Code]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A signed-in browser, revocable here; the cookie holds a random token whose hash this row keeps."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_alive", "person_id", "revoked_at"),)

    id: Mapped[Key]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    """When the password was last typed; binding acts ask for it anew."""
    revoked_at: Mapped[datetime | None]
    device: Mapped[Name]
