"""Writes the two layers of a catalogue: the decision once, the guidance version by version."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Guidance, GuidanceVersion, Indicator, IndicatorBody, IndicatorGroup, IndicatorSet
from workflow.catalogue.content import CatalogueContent, GroupEntry, GuidanceEntry, SetEntry
from workflow.catalogue.showing import guidance_as_json, guidance_hash
from workflow.clock import working_now


def write_decision(session: Session, content: CatalogueContent, sha256: str, text_hash: str, organisations: Mapping[str, int]) -> Catalogue:
    """Write the decision layer, row by row as it stands in the file."""
    stored = Catalogue(
        code=content.code, title=content.title, decision=decision_as_json(content), decimals=content.decimals,
        file_hash=sha256, decision_hash=text_hash, imported_at=working_now(session),
    )  # fmt: skip
    session.add(stored)
    session.flush()
    for position, chosen in enumerate(content.sets):
        _write_set(session, stored.id, chosen, position, organisations)
    return stored


def _write_set(session: Session, catalogue_id: int, chosen: SetEntry, position: int, organisations: Mapping[str, int]) -> None:
    made = IndicatorSet(
        catalogue_id=catalogue_id, code=chosen.code, title=chosen.title, ranking_group=chosen.ranking_group,
        unit_kinds=list(chosen.unit_kinds), total=chosen.total, position=position,
    )  # fmt: skip
    session.add(made)
    session.flush()
    groups: dict[str, int] = {}
    for place, group in enumerate(chosen.groups):
        row = IndicatorGroup(
            indicator_set_id=made.id, parent_id=groups.get(group.parent), number=group.number, title=group.title,
            short_title=group.short_title or group.title, points=group.points, applies_to=list(group.applies_to) or None, position=place,
        )  # fmt: skip
        session.add(row)
        session.flush()
        groups[group.number] = row.id
        _write_indicators(session, made.id, row.id, group, organisations)


def _write_indicators(session: Session, set_id: int, group_id: int, group: GroupEntry, organisations: Mapping[str, int]) -> None:
    rows = [
        Indicator(
            indicator_set_id=set_id, group_id=group_id, code=one.code, number=one.number, local_number=one.local_number, title=one.title,
            points=one.points, self_scored=one.self_scored, applies_to=list(one.applies_to) or None, note=one.note,
        )
        for one in group.indicators
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    bodies = [
        {"indicator_id": row.id, "organisation_id": organisations[body], "position": position}
        for row, one in zip(rows, group.indicators, strict=True)
        for position, body in enumerate(one.bodies)
    ]
    session.execute(insert(IndicatorBody), bodies)


def keep_guidance(session: Session, catalogue_id: int, guidance: Mapping[str, GuidanceEntry]) -> tuple[GuidanceVersion, bool]:
    """Return the present version and whether it is new: one not yet frozen is replaced, a frozen one gets a successor."""
    held = select(GuidanceVersion).where(GuidanceVersion.catalogue_id == catalogue_id).order_by(GuidanceVersion.number.desc())
    newest = session.scalars(held).first()
    sha256 = guidance_hash(guidance)
    if newest is not None and newest.sha256 == sha256:
        return newest, False
    if newest is None or newest.frozen_at is not None:
        number = newest.number + 1 if newest else 1
        newest = GuidanceVersion(catalogue_id=catalogue_id, number=number, sha256=sha256, created_at=working_now(session))
        session.add(newest)
    newest.sha256, newest.created_at = sha256, working_now(session)
    session.flush()
    session.execute(delete(Guidance).where(Guidance.version_id == newest.id))
    of_catalogue = select(Indicator.code, Indicator.id).join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
    ids = dict(session.execute(of_catalogue.where(IndicatorSet.catalogue_id == catalogue_id)).all())
    rows = [{"version_id": newest.id, "indicator_id": ids[code], **guidance_as_json(entry)} for code, entry in guidance.items()]
    session.execute(insert(Guidance), rows)
    return newest, True


def decision_as_json(content: CatalogueContent) -> dict[str, Any]:
    """Return what is stored of the decision itself."""
    dates = {"date": content.decision.date.isoformat(), "in_force": content.decision.in_force.isoformat()}
    return asdict(content.decision) | dates
