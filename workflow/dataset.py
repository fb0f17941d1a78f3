"""The dataset of a result: all that is published, as canonical JSON from which anybody recomputes totals, percents and ranks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.tables import (
    Assessment,
    Assignment,
    Case,
    Catalogue,
    GuidanceVersion,
    Indicator,
    IndicatorGroup,
    IndicatorSet,
    Item,
    Organisation,
    Person,
    ScoreEntry,
)  # fmt: skip
from states.policies import policy_value
from states.results import percent_of, ranks, total_of
from states.standing import Standing
from workflow.canonical import digest
from workflow.standing import standings

ONE, TWO, FIRST_BY, SECOND_BY = aliased(ScoreEntry), aliased(ScoreEntry), aliased(Person), aliased(Person)
DATASET_TAG = "thamdinh/dataset/1"


def build_dataset(session: Session, assessment: Assessment) -> dict[str, Any]:
    """Return the result as it stands now, for all cases of the assessment. Points in ten-thousandths, percents in hundredths.

    An excluded unit has a name and a reason, but no points: whatever was graded before it left is nobody's result.
    """
    query = select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id)
    cases = session.execute(query.where(Case.assessment_id == assessment.id).order_by(Organisation.sort_key, Organisation.code)).all()
    found = standings(session, [case.id for case, _ in cases if case.excluded_at is None])
    groups = _groups(session, assessment)
    units = [_unit(case, organisation, found.get(case.id, []), groups) for case, organisation in cases]
    _rank(units, str(policy_value(assessment.policies, "rank_on")))
    catalogue = session.get_one(Catalogue, assessment.catalogue_id)
    guidance = session.get(GuidanceVersion, assessment.guidance_version_id)
    return {
        "format": 1, "assessment": assessment.slug, "year": assessment.year, "title": assessment.title,
        "catalogue": {
            "code": catalogue.code, "decision": catalogue.decision, "sha256": catalogue.decision_hash, "decimals": catalogue.decimals,
        },
        "guidance_sha256": guidance.sha256 if guidance else "", "policies": assessment.policies,
        "rank_on": policy_value(assessment.policies, "rank_on"), "sets": _sets(session, assessment), "units": units,
        "rerouted": _rerouted(session, assessment),
    }  # fmt: skip


def dataset_hash(dataset: dict[str, Any]) -> str:
    """Return the hash both people must see, and which is published."""
    return digest(DATASET_TAG, dataset)


def _groups(session: Session, assessment: Assessment) -> dict[str, str]:
    """Return the group number of every indicator code of the catalogue."""
    query = select(Indicator.code, IndicatorGroup.number).join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
    query = query.join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
    return dict(session.execute(query.where(IndicatorSet.catalogue_id == assessment.catalogue_id)).all())


def _unit(case: Case, organisation: Organisation, items: Sequence[Standing], groups: dict[str, str]) -> dict[str, Any]:
    counting = [item for item in items if item.counts]
    total, maximum = total_of(item.final for item in counting), sum(item.maximum for item in counting)
    return {
        "code": organisation.code, "name": organisation.name, "kind": organisation.kind, "ranking_group": case.ranking_group,
        "excluded": case.excluded_at is not None, "excluded_reason": case.excluded_reason, "total": total, "maximum": maximum,
        "percent": percent_of(total, maximum), "rank": None, "groups": _by_group(counting, groups),
        "items": [
            {
                "code": item.code, "maximum": item.maximum, "counts": item.counts, "self": item.self_points,
                "round1": item.round1, "final": item.final,
            }
            for item in items
        ],
    }  # fmt: skip


def _by_group(items: Iterable[Standing], groups: dict[str, str]) -> list[dict[str, Any]]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in items:
        sums[groups[item.code]][0] += item.final or 0
        sums[groups[item.code]][1] += item.maximum
    return [{"number": number, "points": points, "maximum": maximum} for number, (points, maximum) in sums.items()]


def _rank(units: list[dict[str, Any]], rank_on: str) -> None:
    """Rank each list on the printed value; excluded units and those without a maximum have no rank."""
    lists: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for unit in units:
        value = unit["percent"] if rank_on == "percent" else unit["total"]
        if not unit["excluded"] and unit["percent"] is not None:
            lists[unit["ranking_group"]][unit["code"]] = value
    placed = {code: rank for values in lists.values() for code, rank in ranks(values).items()}
    for unit in units:
        unit["rank"] = placed.get(unit["code"])


def _sets(session: Session, assessment: Assessment) -> list[dict[str, Any]]:
    sets = session.scalars(
        select(IndicatorSet).where(IndicatorSet.catalogue_id == assessment.catalogue_id).order_by(IndicatorSet.position)
    ).all()
    made = []
    for one in sets:
        rows = session.execute(
            select(
                IndicatorGroup.number, IndicatorGroup.title, IndicatorGroup.short_title, IndicatorGroup.points,
                Indicator.code, Indicator.title, Indicator.points,
            )
            .join(Indicator, Indicator.group_id == IndicatorGroup.id)
            .where(IndicatorGroup.indicator_set_id == one.id).order_by(IndicatorGroup.position, Indicator.number)
        ).all()  # fmt: skip
        groups: dict[str, dict[str, Any]] = {}
        for number, title, short, points, code, text, worth in rows:
            group = groups.setdefault(number, {"number": number, "title": title, "short_title": short, "points": points, "indicators": []})
            group["indicators"].append({"code": code, "title": text, "points": worth})
        made.append(
            {"code": one.code, "title": one.title, "ranking_group": one.ranking_group, "total": one.total, "groups": list(groups.values())}
        )
    return made


def _rerouted(session: Session, assessment: Assessment) -> list[dict[str, Any]]:
    """Return the assignments that went to the council, with who graded (rules section 3)."""
    query = (
        select(Organisation.code, Indicator.code, Assignment.reroute_reason, Person.name, FIRST_BY.name, SECOND_BY.name)
        .select_from(Assignment)
        .outerjoin(ONE, ONE.id == Assignment.round1_entry_id).outerjoin(FIRST_BY, FIRST_BY.id == ONE.person_id)
        .outerjoin(TWO, TWO.id == Assignment.round2_entry_id).outerjoin(SECOND_BY, SECOND_BY.id == TWO.person_id)
        .join(Item, Item.id == Assignment.item_id).join(Indicator, Indicator.id == Item.indicator_id)
        .join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Case.assessment_id == assessment.id, Assignment.council.is_(True))
        .order_by(Organisation.sort_key, Indicator.number)
    )  # fmt: skip
    found = []
    for unit, code, reason, named, *gave in session.execute(query):
        graded_by = "; ".join(dict.fromkeys(name for name in gave if name)) or named or ""
        found.append({"unit": unit, "code": code, "reason": reason, "graded_by": graded_by})
    return found
