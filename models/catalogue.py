"""The decision as data: sets, groups, indicators and who grades them; and the guidance laid over it."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, Points, Prose, to


class Catalogue(Base):
    """One imported decision, immutable; `decision_hash` covers the decision layer only."""

    __tablename__ = "catalogue"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[Prose]
    decision: Mapped[dict[str, Any]]
    """Number, date, issuer, source, and whether it was compared with the signed document."""
    decimals: Mapped[int]
    file_hash: Mapped[Hash]
    decision_hash: Mapped[Hash]
    imported_at: Mapped[datetime]


class IndicatorSet(Base):
    """One annex; its total is in ten-thousandths of a point."""

    __tablename__ = "indicator_set"
    __table_args__ = (UniqueConstraint("catalogue_id", "code"),)

    id: Mapped[Key]
    catalogue_id: Mapped[int] = to("catalogue.id")
    code: Mapped[Code]
    title: Mapped[Prose]
    ranking_group: Mapped[Name]
    """The name of the list in which units of this set are ranked together."""
    unit_kinds: Mapped[list[Any]]
    total: Mapped[Points]
    position: Mapped[int]


class IndicatorGroup(Base):
    """A main index ("chỉ số chính"); may hang under another, weigh, or be a gate."""

    __tablename__ = "indicator_group"
    __table_args__ = (UniqueConstraint("indicator_set_id", "number"),)

    id: Mapped[Key]
    indicator_set_id: Mapped[int] = to("indicator_set.id")
    parent_id: Mapped[int | None] = to("indicator_group.id")
    number: Mapped[Code]
    title: Mapped[Prose]
    short_title: Mapped[Name]
    points: Mapped[Points]
    weight: Mapped[int | None]
    gate: Mapped[bool] = mapped_column(default=False)
    applies_to: Mapped[list[Any] | None]
    """Codes of the only units it applies to; empty means all."""
    position: Mapped[int]


class Indicator(Base):
    """A component index ("chỉ số thành phần"), verbatim from the decision; `points` in ten-thousandths."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("indicator_set_id", "number"),)

    id: Mapped[Key]
    indicator_set_id: Mapped[int] = to("indicator_set.id")
    group_id: Mapped[int] = to("indicator_group.id")
    code: Mapped[Code] = mapped_column(index=True)
    number: Mapped[int]
    local_number: Mapped[int]
    title: Mapped[Prose]
    points: Mapped[Points]
    self_scored: Mapped[bool]
    applies_to: Mapped[list[Any] | None]
    note: Mapped[Prose]
    last_year_id: Mapped[int | None] = to("indicator.id")


class IndicatorBody(Base):
    """A body that guides and grades the indicator; `position` is the order written, no rank."""

    __tablename__ = "indicator_body"
    __table_args__ = (UniqueConstraint("indicator_id", "organisation_id"),)

    id: Mapped[Key]
    indicator_id: Mapped[int] = to("indicator.id")
    organisation_id: Mapped[int] = to("organisation.id")
    position: Mapped[int]


class GuidanceVersion(Base):
    """One version of the guidance of a catalogue; replaceable until an assessment opens, then frozen with its hash."""

    __tablename__ = "guidance_version"
    __table_args__ = (UniqueConstraint("catalogue_id", "number"),)

    id: Mapped[Key]
    catalogue_id: Mapped[int] = to("catalogue.id")
    number: Mapped[int]
    sha256: Mapped[Hash]
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]


class Guidance(Base):
    """How one indicator is scored and proved, in one version; `status` is `provisional` (tạm tính) or `issued`."""

    __tablename__ = "guidance"
    __table_args__ = (UniqueConstraint("version_id", "indicator_id"),)

    id: Mapped[Key]
    version_id: Mapped[int] = to("guidance_version.id")
    indicator_id: Mapped[int] = to("indicator.id")
    rule: Mapped[dict[str, Any]]
    status: Mapped[Code]
    evidence: Mapped[list[Any]]
    hint: Mapped[Prose]
