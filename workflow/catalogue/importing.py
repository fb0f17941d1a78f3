"""Imports a catalogue: its decision once and for ever, its guidance as versions, and the organisations it names."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Organisation
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.actor import Actor
from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.reading import file_hash, read_catalogue
from workflow.catalogue.showing import decision_hash
from workflow.catalogue.sorting import sort_key
from workflow.catalogue.writing import decision_as_json, keep_guidance, write_decision
from workflow.journal import SYSTEM_CHAIN, record

OTHER_TEXT = N_("Bộ chỉ số “%(code)s” đã được nạp với nội dung quyết định khác. Bản đã nạp không sửa được: hãy dùng mã khác.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `guidance` is the number of the present version; the flags say what was not there before."""

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
        stored = write_decision(session, content, file_hash(data), text_hash, organisations)
    version, new_guidance = keep_guidance(session, stored.id, content.guidance)
    better_known = _keep_word_of_copy(stored, content)
    if new_decision or new_guidance or added or better_known:
        hashes = {"file": file_hash(data), "decision": text_hash, "guidance": version.sha256, "version": version.number}
        record(session, SYSTEM_CHAIN, actor, "import_catalogue", content.code, {**hashes, "organisations": len(added)})
    return Imported(stored.id, content.code, version.number, new_decision, new_guidance, added)


def _keep_word_of_copy(stored: Catalogue, content: CatalogueContent) -> bool:
    """Take over what is newly known of the copy (its source, that it was compared); return whether that is anything."""
    known = decision_as_json(content)
    if stored.decision == known:
        return False
    stored.decision = known
    return True


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
