"""Rewriting the guidance item by item: it holds at once while an assessment is prepared, and waits as a draft once it is open."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Guidance, GuidanceVersion, Indicator, IndicatorSet
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.catalogue.content import GuidanceEntry
from workflow.catalogue.showing import guidance_as_json, stored_guidance_hash
from workflow.clock import working_now
from workflow.journal import Chain, record
from workflow.proposals import open_proposals
from workflow.scoring.reading import Place, read_table

WAITS = N_("Một đề xuất đang chờ Chủ tịch Hội đồng; rút đề xuất trước khi sửa.")
OVER = N_("Kỳ đánh giá này đã kết thúc.")

Said = dict[str, dict[str, Any]]
"""Code → rule, status, evidence and hint, as they are stored."""


def guidance_said(session: Session, version_id: int | None) -> Said:
    """Return what a version says of every indicator."""
    query = select(Indicator.code, Guidance.rule, Guidance.status, Guidance.evidence, Guidance.hint)
    query = query.join(Indicator, Indicator.id == Guidance.indicator_id).where(Guidance.version_id == version_id)
    rows = session.execute(query)
    return {code: {"rule": rule, "status": status, "evidence": evidence, "hint": hint} for code, rule, status, evidence, hint in rows}


def draft_of(session: Session, assessment: Assessment) -> GuidanceVersion | None:
    """Return the version that waits to replace the one an open assessment goes by."""
    newest = _newest(session, assessment)
    waits = newest is not None and newest.frozen_at is None and newest.id != assessment.guidance_version_id
    return newest if waits else None


def save_guidance(session: Session, actor: Actor, slug: str, code: str, table: Mapping[str, Any]) -> None:
    """Say how one indicator is scored from now on (before opening), or by a draft for `amend` (afterwards).

    `table` is an entry of a catalogue file's guidance. Refused with every problem at its key ("rule.levels[0].points").
    """
    assessment = _writable(session, actor, slug)
    maximum, indicator_id = _indicator(session, assessment, code)
    entry = guidance_as_json(_read(table, maximum))
    version = _open_version(session, assessment)
    session.execute(delete(Guidance).where(Guidance.version_id == version.id, Guidance.indicator_id == indicator_id))
    session.execute(insert(Guidance), [{"version_id": version.id, "indicator_id": indicator_id, **entry}])
    version.sha256 = stored_guidance_hash(guidance_said(session, version.id))
    if assessment.state == "preparation":
        assessment.guidance_version_id = version.id
    session.flush()
    noted = {"version": version.number, "guidance": version.sha256}
    record(session, Chain.of_assessment(assessment.id), actor, "save_guidance", code, noted)


def drop_draft(session: Session, actor: Actor, slug: str) -> None:
    """Throw the draft of an open assessment away."""
    assessment = _writable(session, actor, slug)
    draft = draft_of(session, assessment)
    if draft is None:
        raise NotFound
    number = draft.number
    session.execute(delete(Guidance).where(Guidance.version_id == draft.id))
    session.delete(draft)
    session.flush()
    record(session, Chain.of_assessment(assessment.id), actor, "drop_guidance", str(number))


def _writable(session: Session, actor: Actor, slug: str) -> Assessment:
    assessment = require_assessment(session, actor, "amend", slug, lock=True)
    if assessment.state not in {"preparation", "open"}:
        raise Refused(OVER)
    if open_proposals(session, assessment.id, "amend", "open_assessment"):
        raise Refused(WAITS)
    return assessment


def _newest(session: Session, assessment: Assessment) -> GuidanceVersion | None:
    held = select(GuidanceVersion).where(GuidanceVersion.catalogue_id == assessment.catalogue_id)
    return session.scalars(held.order_by(GuidanceVersion.number.desc())).first()


def _open_version(session: Session, assessment: Assessment) -> GuidanceVersion:
    """Return the newest version where it may still be written, or a copy of it with the next number."""
    newest = _newest(session, assessment)
    assert newest is not None
    if newest.frozen_at is None:
        return newest
    made = GuidanceVersion(
        catalogue_id=newest.catalogue_id, number=newest.number + 1, sha256=newest.sha256, created_at=working_now(session)
    )
    session.add(made)
    session.flush()
    columns = (Guidance.indicator_id, Guidance.rule, Guidance.status, Guidance.evidence, Guidance.hint)
    rows = session.execute(select(*columns).where(Guidance.version_id == newest.id))
    session.execute(insert(Guidance), [{"version_id": made.id, **row._asdict()} for row in rows])
    return made


def _indicator(session: Session, assessment: Assessment, code: str) -> tuple[int, int]:
    """Return the points and the id of an indicator of the assessment's catalogue."""
    query = select(Indicator.points, Indicator.id).join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
    row = session.execute(query.where(IndicatorSet.catalogue_id == assessment.catalogue_id, Indicator.code == code)).first()
    if row is None:
        raise NotFound
    return row.points, row.id


def _read(table: Mapping[str, Any], maximum: int) -> GuidanceEntry:
    problems: list[Problem] = []
    entry = read_table(GuidanceEntry, table, Place((), problems))
    if entry.rule is not None:
        problems += [Problem(flaw.text, ".".join(filter(None, ("rule", flaw.place))), flaw.params) for flaw in entry.rule.flaws(maximum)]
    if problems:
        raise Refused(problems)
    return entry
