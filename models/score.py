"""Points given, kept for ever: entries are appended, never changed or deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Key, Points, Prose, to
from states.items import Stage


class ScoreEntry(Base):
    """One giving of points on one item, by one person acting for somebody, with its reason. Append-only, in the database too."""

    __tablename__ = "score_entry"
    __table_args__ = (
        CheckConstraint(f"stage in ({', '.join(repr(stage.value) for stage in Stage)})", name="stage"),
        CheckConstraint("points is null or points >= 0", name="points"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = to("item.id")
    assignment_id: Mapped[int | None] = to("assignment.id")
    stage: Mapped[Code]
    round: Mapped[int] = mapped_column(default=0)
    """The explanation round for entries of round 2, else 0."""
    submission_id: Mapped[int | None] = to("submission.id")
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    inputs: Mapped[dict[str, Any] | None]
    computed_points: Mapped[Points | None]
    points: Mapped[Points | None]
    verdict: Mapped[Code] = mapped_column(default="")
    source: Mapped[Code] = mapped_column(default="typed")
    source_row_id: Mapped[int | None]
    reason: Mapped[Prose] = mapped_column(default="")
    internal_note: Mapped[Prose] = mapped_column(default="")
    minutes: Mapped[Code] = mapped_column(default="")
    batch_id: Mapped[int | None] = to("batch.id")
    at: Mapped[datetime]
