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

    @property
    def type_word(self) -> str:
        """The first words of a name that only say what it is: "Phường" of Phường Láng, whose short name is Láng; empty for others."""
        return self.name.removesuffix(self.short_name).strip() if self.name.endswith(f" {self.short_name}") else ""

    @property
    def called(self) -> str:
        """The name for a narrow place: the short one, except where that leaves out only what it is."""
        return self.name if self.type_word else self.short_name
