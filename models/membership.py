"""Who acts for whom: memberships with their role, who does which indicator, who answers for one."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, Code, Key, Name, to


class Membership(Base):
    """One person in one role for one organisation, for one assessment or for all (`assessment_id` empty)."""

    __tablename__ = "membership"

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    organisation_id: Mapped[int] = to("organisation.id")
    role: Mapped[Code]
    assessment_id: Mapped[int | None] = to("assessment.id")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    delegated_from_id: Mapped[int | None] = to("membership.id")


class Responsibility(Base):
    """Inside a unit or a body: this person does this indicator."""

    __tablename__ = "responsibility"
    __table_args__ = (UniqueConstraint("assessment_id", "organisation_id", "indicator_id", "person_id"),)

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    organisation_id: Mapped[int] = to("organisation.id")
    indicator_id: Mapped[int] = to("indicator.id")
    person_id: Mapped[int] = to("person.id")


class Contact(Base):
    """Who at the body answers questions about an indicator; shown to every unit."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("assessment_id", "organisation_id", "indicator_id"),)

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    organisation_id: Mapped[int] = to("organisation.id")
    indicator_id: Mapped[int] = to("indicator.id")
    name: Mapped[Name]
    phone: Mapped[Code]
    email: Mapped[Name]
