"""Opening an assessment: one case per unit, all items, and the assignments by rule (rules section 3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import (
    Assessment,
    Assignment,
    Case,
    Guidance,
    GuidanceVersion,
    Indicator,
    IndicatorBody,
    IndicatorGroup,
    IndicatorSet,
    Item,
    Organisation,
)
from states.items import Applicability
from states.refusal import Problem, Refused
from states.words import N_
from workflow.actor import Actor
from workflow.canonical import digest
from workflow.clock import working_now
from workflow.journal import FIRST, Chain, record, record_many
from workflow.outbox import owe

OWN_CASE = "own_case"
"""Why an assignment went to the council: the body would have graded its own organisation."""


def open_assessment(session: Session, actor: Actor, assessment: Assessment) -> int:
    """Open it: freeze the guidance, make cases, items and assignments, tell everybody. Return the number of cases."""
    if assessment.state != "preparation":
        raise Refused(Problem(N_("Kỳ đánh giá này đã mở."), "state"))
    if assessment.guidance_version_id is None:
        raise Refused(Problem(N_("Bộ chỉ số chưa có hướng dẫn chấm."), "guidance"))
    version = session.get_one(GuidanceVersion, assessment.guidance_version_id)
    version.frozen_at = version.frozen_at or working_now(session)
    assessment.state, assessment.opened_at = "open", working_now(session)
    session.flush()
    cases = _make_cases(session, assessment)
    items = _make_items(session, assessment, cases)
    rerouted = _make_assignments(session, items)
    payload = {
        "cases": len(cases), "items": len(items), "rerouted": rerouted, "guidance": version.sha256,
        "policies": digest("thamdinh/policies/1", assessment.policies),
    }  # fmt: skip
    record(session, Chain.of_assessment(assessment.id), actor, "open_assessment", assessment.slug, payload)
    record_many(session, [(Chain.of_case(case["id"]), "open_case", case["code"], {"set": case["set"]}) for case in cases], actor)
    owe(session, "open_assessment", str(assessment.id), ("all_units", "all_bodies"), assessment.id, path=f"/ky/{assessment.slug}/ho-so")
    return len(cases)


def _make_cases(session: Session, assessment: Assessment) -> list[dict[str, Any]]:
    sets = session.scalars(select(IndicatorSet).where(IndicatorSet.catalogue_id == assessment.catalogue_id)).all()
    of_kind = {kind: chosen for chosen in sets for kind in chosen.unit_kinds}
    units = session.scalars(select(Organisation).where(Organisation.is_unit.is_(True)).order_by(Organisation.sort_key)).all()
    rows = [
        {
            "assessment_id": assessment.id, "unit_id": unit.id, "indicator_set_id": of_kind[unit.kind].id,
            "ranking_group": of_kind[unit.kind].ranking_group, "chain_head": FIRST,
        }
        for unit in units if unit.kind in of_kind
    ]  # fmt: skip
    session.execute(insert(Case), rows)
    made = select(
        Case.id, Organisation.code, Organisation.id.label("unit_id"), IndicatorSet.id.label("set_id"), IndicatorSet.code.label("set")
    )
    made = made.join(Organisation, Organisation.id == Case.unit_id).join(IndicatorSet, IndicatorSet.id == Case.indicator_set_id)
    return [dict(row) for row in session.execute(made.where(Case.assessment_id == assessment.id).order_by(Case.id)).mappings()]


def applies(unit: str, *limits: Sequence[str] | None) -> bool:
    """Return whether an indicator applies to a unit: each limit is the list of the only units, or nothing."""
    return all(limit is None or unit in limit for limit in limits)


def _make_items(session: Session, assessment: Assessment, cases: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    query = (
        select(Indicator, IndicatorGroup.applies_to, Guidance.id)
        .join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .join(Guidance, (Guidance.indicator_id == Indicator.id) & (Guidance.version_id == assessment.guidance_version_id))
        .order_by(Indicator.indicator_set_id, Indicator.number)
    )
    of_set: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        of_set[row[0].indicator_set_id].append(row)
    presets = assessment.calendar.get("presets", {})
    rows = [
        {
            "case_id": case["id"], "indicator_id": indicator.id, "guidance_id": guidance_id, "maximum": indicator.points,
            "self_scored": indicator.self_scored,
            "applicability": (
                Applicability.NOT_APPLICABLE if indicator.code in presets.get(case["code"], ()) else Applicability.APPLICABLE
            ).value,
            "na_reason": N_("Hội đồng xác định trước khi mở kỳ.") if indicator.code in presets.get(case["code"], ()) else "",
        }
        for case in cases
        for indicator, group_limit, guidance_id in of_set[case["set_id"]]
        if applies(case["code"], group_limit, indicator.applies_to)
    ]  # fmt: skip
    session.execute(insert(Item), rows)
    made = select(Item.id, Item.indicator_id, Item.applicability, Case.unit_id).join(Case, Case.id == Item.case_id)
    return [dict(row) for row in session.execute(made.where(Case.assessment_id == assessment.id).order_by(Item.id)).mappings()]


def _make_assignments(session: Session, items: Iterable[Mapping[str, Any]]) -> int:
    bodies: defaultdict[int, list[int]] = defaultdict(list)
    for indicator_id, body_id in session.execute(
        select(IndicatorBody.indicator_id, IndicatorBody.organisation_id).order_by(IndicatorBody.indicator_id, IndicatorBody.position)
    ):
        bodies[indicator_id].append(body_id)
    rows = [
        _assignment(item["id"], body, own=body == item["unit_id"])
        for item in items
        if Applicability(item["applicability"]).counts
        for body in bodies[item["indicator_id"]]
    ]
    session.execute(insert(Assignment), rows)
    return sum(row["council"] for row in rows)


def _assignment(item_id: int, body_id: int, *, own: bool) -> dict[str, Any]:
    return {
        "item_id": item_id, "body_id": None if own else body_id, "council": own,
        "instead_of_id": body_id if own else None, "reroute_reason": OWN_CASE if own else "",
    }  # fmt: skip
