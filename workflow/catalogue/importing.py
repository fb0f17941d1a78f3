"""Imports a catalogue: its decision once and for ever, its guidance as versions, and the organisations it names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Guidance, GuidanceVersion, Indicator, IndicatorBody, IndicatorGroup, IndicatorSet, Organisation
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.actor import Actor
from workflow.catalogue.content import CatalogueContent, GroupEntry, GuidanceEntry, SetEntry
from workflow.catalogue.reading import file_hash, read_catalogue
from workflow.catalogue.showing import decision_hash, guidance_as_json, guidance_hash
from workflow.catalogue.sorting import sort_key
from workflow.clock import working_now
from workflow.journal import SYSTEM_CHAIN, record

OTHER_TEXT = N_("Bộ chỉ số “%(code)s” đã được nạp với nội dung quyết định khác. Bản đã nạp không sửa được: hãy dùng mã khác.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `guidance` is the number of the present version; nothing changed when both flags are false."""

    catalogue_id: int
    code: str
    guidance: int
    new_decision: bool
    new_guidance: bool
    new_organisations: tuple[str, ...] = ()


def import_catalogue(session: Session, actor: Actor, data: bytes, name: str = "catalogue.toml") -> Imported:
    """Write a catalogue into the caller's transaction. Refused with every problem, or when its code stands for another decision text."""
    if actor.role is not Role.SYSTEM and not may(actor.role, "import_catalogue"):
        raise NotFound
    content = read_catalogue(data, name)
    text_hash = decision_hash(content)
    stored = session.scalars(select(Catalogue).where(Catalogue.code == content.code).with_for_update()).first()
    if stored is not None and stored.decision_hash != text_hash:
        raise Refused(Problem(OTHER_TEXT, name, {"code": content.code}))
    organisations, added = _keep_organisations(session, content)
    new_decision = stored is None
    if stored is None:
        stored = _write_decision(session, content, file_hash(data), text_hash, organisations)
    version, new_guidance = _keep_guidance(session, stored.id, content.guidance)
    changed = new_decision or new_guidance or bool(added) or _keep_word_of_copy(stored, content)
    if changed:
        hashes = {"file": file_hash(data), "decision": text_hash, "guidance": version.sha256, "version": version.number}
        record(session, SYSTEM_CHAIN, actor, "import_catalogue", content.code, {**hashes, "organisations": len(added)})
    return Imported(stored.id, content.code, version.number, new_decision, new_guidance, added)


def _keep_word_of_copy(stored: Catalogue, content: CatalogueContent) -> bool:
    """Take over what is newly known of the copy (its source, that it was compared); return whether that is anything."""
    known = _decision_as_json(content)
    if stored.decision == known:
        return False
    stored.decision = known
    return True


def _decision_as_json(content: CatalogueContent) -> dict[str, Any]:
    dates = {"date": content.decision.date.isoformat(), "in_force": content.decision.in_force.isoformat()}
    return asdict(content.decision) | dates


def _keep_organisations(session: Session, content: CatalogueContent) -> tuple[dict[str, int], tuple[str, ...]]:
    """Create those that are missing and return code → id of all; one that exists keeps the name an admin may have given it."""
    held = select(Organisation).where(Organisation.namespace == content.namespace, Organisation.code.in_(content.by_code()))
    known = {one.code: one for one in session.scalars(held)}
    assessed = {kind for chosen in content.sets for kind in chosen.unit_kinds}
    bodies = content.bodies()
    made = [
        Organisation(
            namespace=content.namespace, code=code, name=one.name, short_name=one.short_name or one.name, kind=kind,
            sort_key=f"{one.position:03d}" if one.position else sort_key(one.short_name or one.name),
            is_unit=kind in assessed, is_body=code in bodies, aliases=list(one.aliases),
        )
        for code, (kind, one) in content.by_code().items() if code not in known
    ]  # fmt: skip
    session.add_all(made)
    for one in known.values():
        one.is_unit, one.is_body = one.is_unit or one.kind in assessed, one.is_body or one.code in bodies
    session.flush()
    return {one.code: one.id for one in (*known.values(), *made)}, tuple(one.code for one in made)


def _write_decision(
    session: Session, content: CatalogueContent, sha256: str, text_hash: str, organisations: Mapping[str, int]
) -> Catalogue:
    stored = Catalogue(
        code=content.code, title=content.title, decision=_decision_as_json(content), decimals=content.decimals,
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


def _keep_guidance(session: Session, catalogue_id: int, guidance: Mapping[str, GuidanceEntry]) -> tuple[GuidanceVersion, bool]:
    """Return the present version and whether it is new: one not yet frozen is replaced, a frozen one gets a successor."""
    held = select(GuidanceVersion).where(GuidanceVersion.catalogue_id == catalogue_id).order_by(GuidanceVersion.number.desc())
    newest = session.scalars(held).first()
    sha256 = guidance_hash(guidance)
    if newest is not None and newest.sha256 == sha256:
        return newest, False
    if newest is None or newest.frozen_at is not None:
        newest = GuidanceVersion(catalogue_id=catalogue_id, number=newest.number + 1 if newest else 1)
        session.add(newest)
    newest.sha256, newest.created_at = sha256, working_now(session)
    session.flush()
    session.execute(delete(Guidance).where(Guidance.version_id == newest.id))
    of_catalogue = select(Indicator.code, Indicator.id).join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
    ids = dict(session.execute(of_catalogue.where(IndicatorSet.catalogue_id == catalogue_id)).tuples())
    rows = [{"version_id": newest.id, "indicator_id": ids[code], **guidance_as_json(entry)} for code, entry in guidance.items()]
    session.execute(insert(Guidance), rows)
    return newest, True
