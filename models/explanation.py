"""Questions to the unit, its answers, and what the bodies say of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Key, Points, Prose, to


class Question(Base):
    """A body or the council asks about an item, which makes it contestable in that round."""

    __tablename__ = "question"

    id: Mapped[Key]
    item_id: Mapped[int] = to("item.id")
    round: Mapped[int]
    assignment_id: Mapped[int | None] = to("assignment.id")
    person_id: Mapped[int] = to("person.id")
    membership_id: Mapped[int] = to("membership.id")
    text: Mapped[Prose]
    at: Mapped[datetime]


class Explanation(Base):
    """The unit's answer on one item in one round; its own version, seen by the bodies only when sent."""

    __tablename__ = "explanation"
    __table_args__ = (UniqueConstraint("item_id", "round"),)

    id: Mapped[Key]
    item_id: Mapped[int] = to("item.id")
    round: Mapped[int]
    stance: Mapped[Code] = mapped_column(default="")
    answer: Mapped[Prose] = mapped_column(default="")
    proposed_inputs: Mapped[dict[str, Any] | None]
    proposed_points: Mapped[Points | None]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = to("person.id")
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)


class Verdict(Base):
    """What one assignment says of an explanation: accepted, partly or not; given with the re-grade."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("explanation_id", "assignment_id", "entry_id"),)

    id: Mapped[Key]
    explanation_id: Mapped[int] = to("explanation.id")
    assignment_id: Mapped[int] = to("assignment.id")
    entry_id: Mapped[int] = to("score_entry.id")
    verdict: Mapped[Code]
    reason: Mapped[Prose]
    at: Mapped[datetime]
