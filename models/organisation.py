"""Who is assessed and who assesses: organisations with their stable codes."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, Code, Key, Name, to


class Organisation(Base):
    """A unit, a grading body, or both. Codes are text and keep their leading zeros; kind `outside` holds appointees from elsewhere."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("namespace", "code"),)

    id: Mapped[Key]
    namespace: Mapped[Code]
    code: Mapped[Code]
    name: Mapped[Name]
    short_name: Mapped[Name]
    sort_key: Mapped[Name]
    kind: Mapped[Code]
    is_unit: Mapped[bool]
    is_body: Mapped[bool]
    aliases: Mapped[list[Any]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = to("organisation.id")
