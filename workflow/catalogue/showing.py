"""A catalogue as the outside sees it (`catalogue show`), and the hashes of its two layers."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from models.tables import Indicator, IndicatorGroup, IndicatorSet
from workflow.canonical import digest
from workflow.catalogue.content import CatalogueContent, GroupEntry, GuidanceEntry, IndicatorEntry, SetEntry
from workflow.numbers import POINT
from workflow.scoring import rule_as_json

DECISION_TAG, GUIDANCE_TAG = "thamdinh/decision/1", "thamdinh/guidance/1"
ABOUT_THE_COPY = frozenset({"source", "compared_with_signed"})
"""What is said of the copy, not of the decision: it may become better known without the decision changing."""


def as_json(content: CatalogueContent) -> dict[str, Any]:
    """Return the catalogue as `catalogue show --format json` prints it; points are numbers of points."""
    return {"code": content.code, "sets": [set_as_json(chosen, _groups(chosen, content.guidance)) for chosen in content.sets]}


def _groups(chosen: SetEntry, guidance: Mapping[str, GuidanceEntry]) -> list[dict[str, Any]]:
    return [group_as_json(group, group.parent, [_indicator(one, group, guidance) for one in group.indicators]) for group in chosen.groups]


def _indicator(one: IndicatorEntry, group: GroupEntry, guidance: Mapping[str, GuidanceEntry]) -> dict[str, Any]:
    laid_over = guidance.get(one.code)
    said = guidance_as_json(laid_over) if laid_over else {}
    return indicator_as_json(one, list(one.bodies), list(one.applies_to or group.applies_to), said)


def set_as_json(chosen: SetEntry | IndicatorSet, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one set, from a file or from the database."""
    return {"code": chosen.code, "title": chosen.title, "total": plain_points(chosen.total), "groups": groups}


def group_as_json(group: GroupEntry | IndicatorGroup, parent: str, indicators: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one group, from a file or from the database."""
    about = {"number": group.number, "parent": parent or None, "title": group.title, "points": plain_points(group.points)}
    return {**about, "indicators": indicators}


def indicator_as_json(
    one: IndicatorEntry | Indicator, bodies: list[str], applies_to: list[str], guidance: Mapping[str, Any]
) -> dict[str, Any]:
    """Return one indicator with its bodies in the order written, and the units it is limited to (none: all)."""
    return {
        "code": one.code, "number": one.number, "local_number": one.local_number, "title": one.title, "points": plain_points(one.points),
        "bodies": bodies, "applies_to": applies_to or None,
        "rule": guidance.get("rule"), "rule_status": guidance.get("status"), "note": one.note,
    }  # fmt: skip


def plain_points(points: int) -> int | float:
    """Return points as a JSON number: 350, 2.5."""
    return points // POINT if points % POINT == 0 else points / POINT


def decision_hash(content: CatalogueContent) -> str:
    """Return the hash of the decision layer: everything in it but what is said of the copy, and but the names of organisations."""
    about = {name: said for name, said in _stated(content.decision).items() if name not in ABOUT_THE_COPY}
    head = {"code": content.code, "title": content.title, "namespace": content.namespace, "decimals": content.decimals}
    return digest(DECISION_TAG, {**head, "decision": about, "sets": _stated(content.sets)})


def guidance_hash(guidance: Mapping[str, GuidanceEntry]) -> str:
    """Return the hash of the guidance layer."""
    return stored_guidance_hash({code: guidance_as_json(entry) for code, entry in guidance.items()})


def stored_guidance_hash(said: Mapping[str, Any]) -> str:
    """Return the hash of the guidance layer as it is stored: code → the JSON of `guidance_as_json`."""
    return digest(GUIDANCE_TAG, said)


def guidance_as_json(entry: GuidanceEntry) -> dict[str, Any]:
    """Return one indicator's guidance as it is stored."""
    rule = rule_as_json(entry.rule) if entry.rule else {}
    return {"rule": rule, "status": entry.status, "evidence": list(entry.evidence), "hint": entry.hint}


def _stated(value: Any) -> Any:  # noqa: ANN401  (JSON is what it is)
    """Return what a file states as plain JSON: without defaults, so that a key the schema learns later changes no hash."""
    if is_dataclass(value):
        return {one.name: _stated(said) for one in fields(value) if (said := getattr(value, one.name)) != one.default}
    if isinstance(value, tuple):
        return [_stated(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
