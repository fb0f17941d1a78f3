"""Who opened what, and what each person saw last."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Key, to


class AccessLog(Base):
    """Somebody opened a case of another organisation, or the draft ranking. Not in the chain."""

    __tablename__ = "access_log"

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    assessment_id: Mapped[int | None] = to("assessment.id")
    case_id: Mapped[int | None] = to("case.id")
    what: Mapped[Code]
    at: Mapped[datetime]


class LastSeen(Base):
    """The moment a person last looked at a thing, to show what changed since."""

    __tablename__ = "last_seen"
    __table_args__ = (UniqueConstraint("person_id", "what", "object_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    what: Mapped[Code]
    object_id: Mapped[int]
    at: Mapped[datetime] = mapped_column()
