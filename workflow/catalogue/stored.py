"""Catalogues that were imported: the list of them, and one as the outside sees it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Guidance, GuidanceVersion, Indicator, IndicatorBody, IndicatorGroup, IndicatorSet, Organisation
from states.refusal import NotFound
from workflow.catalogue.showing import group_as_json, indicator_as_json, set_as_json


@dataclass(frozen=True, slots=True)
class Listed:
    """One imported catalogue; `guidance` is the number of its present guidance version, `frozen` whether an assessment opened with it."""

    code: str
    title: str
    number: str
    imported_at: datetime
    decision_hash: str
    guidance: int
    frozen: bool


def list_catalogues(session: Session) -> list[Listed]:
    """Return all imported catalogues by code."""
    rows = session.execute(
        select(Catalogue, GuidanceVersion)
        .join(GuidanceVersion, GuidanceVersion.catalogue_id == Catalogue.id)
        .order_by(Catalogue.code, GuidanceVersion.number)
    )
    newest = {one.code: (one, version) for one, version in rows}
    return [
        Listed(
            one.code, one.title, one.decision["number"], one.imported_at, one.decision_hash, version.number, version.frozen_at is not None
        )
        for one, version in newest.values()
    ]


def show_catalogue(session: Session, code: str) -> dict[str, Any]:
    """Return an imported catalogue with its newest guidance, in the shape of `as_json`. `NotFound` when it was never imported."""
    catalogue = session.scalars(select(Catalogue).where(Catalogue.code == code)).first()
    if catalogue is None:
        raise NotFound
    sets = session.scalars(select(IndicatorSet).where(IndicatorSet.catalogue_id == catalogue.id).order_by(IndicatorSet.position)).all()
    indicators = _indicators(session, catalogue.id)
    return {"code": code, "sets": [set_as_json(chosen, _groups(session, chosen.id, indicators)) for chosen in sets]}


def _groups(session: Session, set_id: int, indicators: dict[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    query = select(IndicatorGroup).where(IndicatorGroup.indicator_set_id == set_id).order_by(IndicatorGroup.position)
    groups = {group.id: group for group in session.scalars(query)}
    number = {group.id: group.number for group in groups.values()}
    return [group_as_json(group, number.get(group.parent_id or 0, ""), indicators[group.id]) for group in groups.values()]


def _indicators(session: Session, catalogue_id: int) -> dict[int, list[dict[str, Any]]]:
    """Return the indicators of all groups, by group."""
    newest = select(GuidanceVersion.id).where(GuidanceVersion.catalogue_id == catalogue_id).order_by(GuidanceVersion.number.desc()).limit(1)
    rows = session.execute(
        select(Indicator, IndicatorGroup.applies_to, Guidance)
        .join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .join(Guidance, (Guidance.indicator_id == Indicator.id) & (Guidance.version_id == newest.scalar_subquery()))
        .order_by(Indicator.number)
    )
    bodies = _bodies(session)
    of_group: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for one, group_limit, guidance in rows:
        said = {"rule": guidance.rule, "status": guidance.status}
        of_group[one.group_id].append(indicator_as_json(one, bodies[one.id], one.applies_to or group_limit or [], said))
    return of_group


def _bodies(session: Session) -> dict[int, list[str]]:
    """Return the codes of the bodies of every indicator, in the order written."""
    query = select(IndicatorBody.indicator_id, Organisation.code).join(Organisation, Organisation.id == IndicatorBody.organisation_id)
    bodies: defaultdict[int, list[str]] = defaultdict(list)
    for indicator_id, code in session.execute(query.order_by(IndicatorBody.indicator_id, IndicatorBody.position)):
        bodies[indicator_id].append(code)
    return bodies
