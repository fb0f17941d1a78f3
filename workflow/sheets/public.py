"""What everybody may read: the versions that are visible now, of assessments that are no rehearsal. Nothing else is ever selected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Document, Publication
from states.refusal import NotFound
from workflow.clock import read_working_clock
from workflow.sheets.results import RankingList, lists_of


@dataclass(frozen=True, slots=True)
class Version:
    """One visible version of a result: its decision, its seal, and from when it may be read."""

    number: int
    decision_number: str
    decision_on: date
    visible_from: datetime
    sha256: str
    decision_address: str
    """Where the decision's file can be read; empty where there is none."""


@dataclass(frozen=True)
class PublicResult:
    """One version of an assessment's result, with the other versions one may read."""

    slug: str
    year: int
    title: str
    publication_id: int
    version: Version
    versions: tuple[Version, ...]
    """All visible ones, the newest first."""
    dataset: Mapping[str, Any]

    @cached_property
    def lists(self) -> list[RankingList]:
        """The ranking lists."""
        return lists_of(self.dataset)

    @property
    def newest(self) -> bool:
        """Whether this is the version that stands."""
        return self.version.number == self.versions[0].number

    def list_of(self, unit: str) -> RankingList:
        """Return the list a unit stands in; `NotFound` for a unit that is in none."""
        found = next((one for one in self.lists if any(line.code == unit for line in one.lines)), None)
        if found is None:
            raise NotFound
        return found


def visible_now(session: Session) -> ColumnElement[bool]:
    """Return the filter for publications (joined with assessments) that everybody may read at this moment."""
    return and_(Publication.visible_from <= read_working_clock(session), Assessment.trial.is_(False))


def public_result(session: Session, slug: str, version: int | None = None) -> PublicResult:
    """Return the newest visible version, or the one asked for; `NotFound` when it is not (yet) to be read. Two statements."""
    rows = session.execute(_versions(session).where(Assessment.slug == slug)).all()
    chosen = next((row for row in rows if version in {None, row.version}), None)
    if chosen is None:
        raise NotFound
    dataset = session.scalars(select(Publication.dataset).where(Publication.id == chosen.id)).one()
    versions = tuple(_version(row) for row in rows)
    return PublicResult(slug, chosen.year, chosen.title, chosen.id, _version(chosen), versions, dataset)


def published(session: Session) -> list[PublicResult]:
    """Return the newest visible version of every assessment, the newest year first. Two statements, however many there are."""
    of: dict[str, list[Any]] = {}
    for row in session.execute(_versions(session)):
        of.setdefault(row.slug, []).append(row)
    newest = [rows[0].id for rows in of.values()]
    query = select(Publication.id, Publication.dataset).where(Publication.id.in_(newest))
    datasets: dict[int, dict[str, Any]] = dict(session.execute(query).all()) if newest else {}
    made = [
        PublicResult(slug, rows[0].year, rows[0].title, rows[0].id, _version(rows[0]), tuple(map(_version, rows)), datasets[rows[0].id])
        for slug, rows in of.items()
    ]
    return sorted(made, key=lambda one: (one.year, one.slug), reverse=True)


def newest_public(session: Session) -> tuple[str, int] | None:
    """Return slug and year of the newest assessment that has a visible result, for links."""
    query = select(Assessment.slug, Assessment.year).join(Publication, Publication.assessment_id == Assessment.id)
    row = session.execute(query.where(visible_now(session)).order_by(Assessment.year.desc(), Assessment.id.desc()).limit(1)).first()
    return (row.slug, row.year) if row else None


def _versions(session: Session) -> Select[Any]:
    about: tuple[Any, ...] = (
        Publication.id, Publication.version, Publication.decision_number, Publication.decision_on, Publication.visible_from,
        Publication.sha256, Document.address, Assessment.slug, Assessment.year, Assessment.title,
    )  # fmt: skip
    query = select(*about).select_from(Publication)
    query = query.join(Assessment, Assessment.id == Publication.assessment_id)
    query = query.outerjoin(Document, and_(Document.id == Publication.decision_document_id, Document.public.is_(True)))
    return query.where(visible_now(session)).order_by(Publication.version.desc())


def _version(row: Row[Any]) -> Version:
    return Version(row.version, row.decision_number, row.decision_on, row.visible_from, row.sha256, row.address or "")
