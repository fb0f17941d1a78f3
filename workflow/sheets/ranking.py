"""The draft ranking and everything about publishing it: what is unfinished, what is proposed, which versions there are.

The own organisation's line is named and nothing else; ranks and medians count without it, so that it cannot be told from the gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Document, Organisation, Person, Proposal, Publication
from states.case import CaseState
from states.permissions import may
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.dataset import build_dataset, dataset_hash
from workflow.proposals import asked_from_json
from workflow.publishing import SETTLED, hash_of_result
from workflow.sheets.results import RankingList, lists_of


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A case that stands in the way of publishing; without a state it is the reader's own organisation's."""

    unit: str
    name: str
    state: CaseState | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal of publication that waits for the chair."""

    id: int
    number: str
    on: date | None
    visible_from: datetime | None
    by: str
    at: datetime
    unchanged: bool
    """Whether the result is still the one that was proposed."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version that was published."""

    version: int
    decision_number: str
    decision_on: date
    visible_from: datetime
    sha256: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision's file that was uploaded and can be chosen."""

    id: int
    file_name: str
    number: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Correcting:
    """A published case that is under correction."""

    unit: str
    name: str


@dataclass(frozen=True)
class DraftRanking:
    """The page of publication."""

    slug: str
    year: int
    title: str
    trial: bool
    now: datetime
    lists: tuple[RankingList, ...]
    dataset: Mapping[str, Any]
    """What the lists are made of, hidden units taken out: for the spreadsheet."""
    seal: str
    stands: bool
    """Whether this is, to the last figure, the version that everybody can read: then nothing is hidden."""
    unfinished: tuple[Unfinished, ...]
    proposed: Proposed | None
    versions: tuple[VersionLine, ...]
    papers: tuple[Paper, ...]
    correcting: tuple[Correcting, ...]
    correctable: tuple[Correcting, ...]
    """Published cases the reader may open for correction."""
    ready: int
    """How many cases would be published anew."""

    @property
    def hidden(self) -> bool:
        """Whether some line is masked."""
        return any(line.hidden for one in self.lists for line in one.lines)


def draft_ranking(session: Session, actor: Actor, slug: str) -> DraftRanking:
    """Return the page; a constant number of statements. Opening it is noted by the page (`workflow.openings`)."""
    assessment = require_assessment(session, actor, "see_draft_ranking", slug)
    rows = session.execute(
        select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id).order_by(Organisation.sort_key)
    ).all()  # fmt: skip
    whole, versions = build_dataset(session, assessment), tuple(_versions(session, assessment))
    seal = dataset_hash(whole)
    stands = bool(versions) and versions[0].visible and versions[0].sha256 == seal
    own = set() if stands else {unit.code for _, unit in rows if unit.id in actor.organisations}
    return DraftRanking(
        slug, assessment.year, assessment.title, assessment.trial, working_now(session), tuple(lists_of(whole, own, draft=not stands)),
        _without(whole, own),
        seal, stands, tuple(_unfinished(case, unit, own) for case, unit in rows if _stands_in_the_way(case)),
        _proposed(session, assessment, whole), versions,
        _papers(session, actor, assessment),
        tuple(Correcting(unit.code, unit.name) for case, unit in rows if case.correction_id is not None),
        _correctable(actor, rows, own), sum(_is_ready(case) for case, _ in rows),
    )  # fmt: skip


def _without(whole: Mapping[str, Any], hidden: set[str]) -> Mapping[str, Any]:
    units = [unit for unit in whole["units"] if unit["code"] not in hidden]
    rerouted = [one for one in whole["rerouted"] if one["unit"] not in hidden]
    return {**whole, "units": units, "rerouted": rerouted}


def _is_ready(case: Case) -> bool:
    return case.state == CaseState.ROUND2_FINAL and case.excluded_at is None


def _stands_in_the_way(case: Case) -> bool:
    return case.state not in SETTLED and case.excluded_at is None


def _unfinished(case: Case, unit: Organisation, own: set[str]) -> Unfinished:
    return Unfinished(unit.code, unit.name, None if unit.code in own else CaseState(case.state))


def _correctable(actor: Actor, rows: Any, own: set[str]) -> tuple[Correcting, ...]:  # noqa: ANN401  (rows of case and unit)
    if not may(actor.role, "correct"):
        return ()
    return tuple(Correcting(unit.code, unit.name) for case, unit in rows if case.state == CaseState.PUBLISHED and unit.code not in own)


def _proposed(session: Session, assessment: Assessment, whole: dict[str, Any]) -> Proposed | None:
    query = select(Proposal, Person.name).join(Person, Person.id == Proposal.proposed_by_id)
    query = query.where(Proposal.assessment_id == assessment.id, Proposal.act == "publish", Proposal.settled == "")
    row = session.execute(query).first()
    if row is None:
        return None
    proposal, name = row
    asked = asked_from_json(proposal.payload["asked"])
    return Proposed(
        proposal.id, asked.decision_number, asked.decision_on, asked.visible_from, name, proposal.proposed_at,
        proposal.hash == hash_of_result(whole, asked),
    )  # fmt: skip


def _versions(session: Session, assessment: Assessment) -> list[VersionLine]:
    now = working_now(session)
    about = (Publication.version, Publication.decision_number, Publication.decision_on, Publication.visible_from, Publication.sha256)
    query = select(*about).where(Publication.assessment_id == assessment.id).order_by(Publication.version.desc())
    return [VersionLine(*row, row.visible_from <= now) for row in session.execute(query)]


def _papers(session: Session, actor: Actor, assessment: Assessment) -> tuple[Paper, ...]:
    """Return the papers the actor's organisation uploaded that no version names yet and that are not the guidance, the newest first."""
    used = select(Publication.decision_document_id).where(Publication.decision_document_id.is_not(None))
    query = select(Document.id, Document.file_name, Document.number, Document.added_at).where(
        Document.organisation_id == actor.organisation_id, Document.public.is_(True), Document.id.not_in(used),
        Document.id != (assessment.guidance_document_id or 0),
    )  # fmt: skip
    return tuple(Paper(*row) for row in session.execute(query.order_by(Document.id.desc()).limit(10)))
