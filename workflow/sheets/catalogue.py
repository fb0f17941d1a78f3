"""One imported catalogue as its page shows it: decision, guidance, and every indicator with its rule in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Catalogue, GuidanceVersion
from states.permissions import may
from states.refusal import NotFound
from workflow.actor import Actor
from workflow.sheets.method import MethodSet, sets_under


@dataclass(frozen=True, slots=True)
class CatalogueSheet:
    """One catalogue with its newest guidance."""

    code: str
    title: str
    decision: Mapping[str, Any]
    decimals: int
    imported_at: datetime
    file_hash: str
    decision_hash: str
    guidance: int
    guidance_hash: str
    frozen_at: datetime | None
    sets: tuple[MethodSet, ...]

    @property
    def provisional(self) -> int:
        """How many formulas are provisional (tạm tính)."""
        return sum(line.provisional for chosen in self.sets for group in chosen.groups for line in group.lines)


def catalogue_sheet(session: Session, actor: Actor, code: str) -> CatalogueSheet:
    """Return one catalogue by its code."""
    if not may(actor.role, "import_catalogue"):
        raise NotFound
    one = session.scalars(select(Catalogue).where(Catalogue.code == code)).first()
    if one is None:
        raise NotFound
    newest = select(GuidanceVersion).where(GuidanceVersion.catalogue_id == one.id).order_by(GuidanceVersion.number.desc())
    version = session.scalars(newest.limit(1)).one()
    return CatalogueSheet(
        one.code, one.title, one.decision, one.decimals, one.imported_at, one.file_hash, one.decision_hash, version.number, version.sha256,
        version.frozen_at, sets_under(session, one.id, version.id),
    )  # fmt: skip
