"""One year's assessment: its calendar, its policies and its clocks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, Prose, to


class Assessment(Base):
    """A year of assessment. `state` is preparation, open or closed; the row carries the head of its own chain."""

    __tablename__ = "assessment"
    __table_args__ = (CheckConstraint("state in ('preparation', 'open', 'closed')", name="state"),)

    id: Mapped[Key]
    slug: Mapped[Code] = mapped_column(unique=True)
    year: Mapped[int]
    title: Mapped[Name]
    catalogue_id: Mapped[int] = to("catalogue.id")
    guidance_version_id: Mapped[int | None] = to("guidance_version.id")
    secretariat_id: Mapped[int] = to("organisation.id")
    """The standing body (Sở KH&CN under Decision 5279, art. 6.1)."""
    state: Mapped[Code]
    policies: Mapped[dict[str, Any]]
    calendar: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    trial: Mapped[bool] = mapped_column(Boolean, default=False)
    guidance_document_id: Mapped[int | None]
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[Hash]


class Deadline(Base):
    """The moment a stage closes: one row per stage, one more per case as an extension or explanation clock. Strictly before counts."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("assessment_id", "stage", "case_id"),
        Index(
            "uq_deadline_stage_for_all", "assessment_id", "stage", unique=True,
            sqlite_where=text("case_id IS NULL"), postgresql_where=text("case_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    stage: Mapped[Code]
    case_id: Mapped[int | None] = to("case.id")
    at: Mapped[datetime]
    reason: Mapped[Prose]
    set_at: Mapped[datetime]


class Extension(Base):
    """A later date given to one case, with its reason, for every unit to read. Append-only, in the database too."""

    __tablename__ = "extension"

    id: Mapped[Key]
    case_id: Mapped[int] = to("case.id")
    stage: Mapped[Code]
    act: Mapped[Code]
    """What gave it: `extend`, or the move that set a new date."""
    before_at: Mapped[datetime | None]
    until_at: Mapped[datetime]
    reason: Mapped[Prose]
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    at: Mapped[datetime]


class Holiday(Base):
    """A day off (or, `working`, a day worked instead) beyond the calendar of Vietnam."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("assessment_id", "day"),)

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[Name]


class DemoClock(Base):
    """The working clock where it is moved by hand (demo, rehearsal): an offset in seconds, or a fixed moment."""

    __tablename__ = "demo_clock"

    id: Mapped[Key]
    offset_seconds: Mapped[int]
    fixed_at: Mapped[datetime | None]
