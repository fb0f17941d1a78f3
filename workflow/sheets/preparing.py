"""What is being prepared: the assessments with their state, and all that was filled in for one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Catalogue, Document, GuidanceVersion, Organisation, Proposal, Publication
from states.clocks import Clock, shown_day
from states.permissions import may
from states.refusal import NotFound
from workflow.actor import Actor
from workflow.calendar import calendar_of, special_days
from workflow.sheets.waiting import Waiting, waiting_for_chair


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One assessment in the list."""

    slug: str
    year: int
    title: str
    state: str
    trial: bool
    opened_at: datetime | None
    proposed: bool
    published: bool
    """Whether its result stands; corrections still need it open."""


@dataclass(frozen=True, slots=True)
class CatalogueChoice:
    """A catalogue one may choose."""

    code: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit for the presets."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that was filled in for an assessment in preparation. `policies` is name → {value, reference}."""

    slug: str
    year: int
    title: str
    catalogue: str
    opens: date | None
    dates: Mapping[Clock, date | None]
    holidays: tuple[date, ...]
    working_days: tuple[date, ...]
    policies: Mapping[str, Mapping[str, Any]]
    presets: Mapping[str, Sequence[str]]
    trial: bool
    version: int
    """Of what is shown: the length of its chain, to which every change adds."""
    guidance_name: str
    guidance_number: str
    guidance_address: str
    guidance_document_id: int | None
    guidance_version: int | None
    proposed: Waiting | None


@dataclass(frozen=True, slots=True)
class PreparationSheet:
    """The page of preparation: what there is to choose from, and what was filled in (nothing for a new one)."""

    catalogues: tuple[CatalogueChoice, ...]
    units: tuple[UnitChoice, ...]
    prepared: Prepared | None


def assessment_lines(session: Session, actor: Actor) -> list[AssessmentLine]:
    """Return all assessments the actor may prepare or look at, the newest first; none that was put away before it opened."""
    _require(actor)
    proposed = select(Proposal.assessment_id).where(Proposal.act == "open_assessment", Proposal.settled == "")
    waiting = set(session.scalars(proposed))
    published = set(session.scalars(select(Publication.assessment_id)))
    query = select(Assessment).where(or_(Assessment.state != "closed", Assessment.opened_at.is_not(None)))
    query = query.order_by(Assessment.year.desc(), Assessment.id.desc())
    if actor.assessment_id is not None:
        query = query.where(Assessment.id == actor.assessment_id)
    return [
        AssessmentLine(one.slug, one.year, one.title, one.state, one.trial, one.opened_at, one.id in waiting, one.id in published)
        for one in session.scalars(query)
    ]


def preparation_sheet(session: Session, actor: Actor, slug: str = "") -> PreparationSheet:
    """Return the page for a new assessment, or for one in preparation; one that has opened is `NotFound` here."""
    _require(actor)
    catalogues = session.scalars(select(Catalogue).order_by(Catalogue.code)).all()
    assessed = select(Organisation.code, Organisation.name).where(Organisation.is_unit.is_(True))
    units = session.execute(assessed.order_by(Organisation.sort_key))
    return PreparationSheet(
        tuple(CatalogueChoice(one.code, one.title, one.decision["number"]) for one in catalogues), tuple(UnitChoice(*row) for row in units),
        _prepared(session, actor, slug, catalogues) if slug else None,
    )  # fmt: skip


def _require(actor: Actor) -> None:
    if not may(actor.role, "prepare_assessment"):
        raise NotFound


def _prepared(session: Session, actor: Actor, slug: str, catalogues: Sequence[Catalogue]) -> Prepared:
    assessment = session.scalars(select(Assessment).where(Assessment.slug == slug, Assessment.state == "preparation")).first()
    if assessment is None or actor.assessment_id not in {None, assessment.id}:
        raise NotFound
    calendar = calendar_of(session, assessment.id, [])
    dates = {clock: shown_day(until) if (until := calendar.until(clock)) else None for clock in Clock}
    days = special_days(session, assessment.id)
    document = session.get(Document, assessment.guidance_document_id) if assessment.guidance_document_id else None
    version = session.get(GuidanceVersion, assessment.guidance_version_id) if assessment.guidance_version_id else None
    opens = assessment.calendar.get("opens")
    paper = (document.file_name, document.number, document.address) if document else ("", "", "")
    return Prepared(
        slug, assessment.year, assessment.title, next(one.code for one in catalogues if one.id == assessment.catalogue_id),
        date.fromisoformat(opens) if opens else None, dates, tuple(day for day, working in days if not working),
        tuple(day for day, working in days if working), assessment.policies, assessment.calendar.get("presets", {}), assessment.trial,
        assessment.chain_seq, *paper, assessment.guidance_document_id, version.number if version else None,
        waiting_for_chair(session, assessment.id, "open_assessment"),
    )  # fmt: skip
