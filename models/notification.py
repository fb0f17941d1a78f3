"""The outbox: what is owed to whom, apart from what was sent; and long work asked for by a page."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Key, Name, Prose, to


class Notification(Base):
    """One word owed to one person; `key` with the person is unique, so a word is owed once. Never holds a score."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("key", "person_id"),
        Index("ix_notification_unsent", "mail_id", "skipped_at"),
    )

    id: Mapped[Key]
    key: Mapped[Name]
    person_id: Mapped[int] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    assessment_id: Mapped[int | None] = to("assessment.id")
    case_id: Mapped[int | None] = to("case.id")
    kind: Mapped[Code]
    digest: Mapped[bool] = mapped_column(default=False)
    """Reminders wait for the person's one digest of the day; other words go at once."""
    params: Mapped[dict[str, Any]]
    path: Mapped[Name] = mapped_column(default="")
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = to("mail.id")
    skipped_at: Mapped[datetime | None]
    skipped_reason: Mapped[Prose] = mapped_column(default="")
    read_at: Mapped[datetime | None]


class Mail(Base):
    """One message that was or will be handed to SMTP: lease, attempts, and a Message-ID that never changes."""

    __tablename__ = "mail"

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    message_id: Mapped[Name] = mapped_column(unique=True)
    subject: Mapped[Name]
    body: Mapped[Prose]
    made_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[Prose] = mapped_column(default="")


class ScanDay(Base):
    """A day (by the working clock) on which the reminders were looked for; since the last one, the days between were missed."""

    __tablename__ = "scan_day"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(unique=True)
    at: Mapped[datetime]


class Job(Base):
    """Long work asked for by a page, with its progress; a relay hands it to the queue."""

    __tablename__ = "job"

    id: Mapped[Key]
    kind: Mapped[Code]
    params: Mapped[dict[str, Any]]
    asked_by_id: Mapped[int | None] = to("person.id")
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result_document_id: Mapped[int | None] = to("document.id")
    error: Mapped[Prose] = mapped_column(default="")
