"""What a mail is checked against and written from, read anew when it is delivered: a few statements for all words of one mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Membership, Notification, OneTimeToken, Organisation, Person, Proposal
from states.case import CaseState
from states.clocks import local_day
from workflow.accounts import PAGE
from workflow.calendar import Calendar, calendar_of
from workflow.clock import machine_now, working_now
from workflow.duties import REASONS, Duty
from workflow.ledger import SECRET_KINDS
from workflow.outbox import valid_on
from workflow.reminders import still_due
from workflow.signing_in import hash_of


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands now, and its unit's name."""

    state: CaseState
    sent: bool
    excluded: bool
    unit: str


@dataclass(frozen=True, slots=True)
class Season:
    """An assessment as mails name it, with its calendar."""

    title: str
    year: int
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about the words of one mail at the moment of its delivery."""

    person: Person
    today: date
    memberships: frozenset[int]
    """Those the person can act under today."""
    cases: Mapping[int, CaseNow]
    seasons: Mapping[int, Season]
    open_proposals: frozenset[int]
    tokens: Mapping[str, datetime]
    """The ways in that still open, with their end."""
    duties: Mapping[str, Duty]


def proposal_of(word: Notification) -> int:
    """Return the proposal a word is about: it is the occurrence in its key."""
    return int(word.key.rpartition(":")[2])


def gather(session: Session, person: Person, words: Sequence[Notification]) -> Facts:
    """Read the facts for the words of one mail."""
    today = local_day(working_now(session))
    held = select(Membership.id).where(Membership.person_id == person.id, valid_on(today))
    proposals = {proposal_of(word) for word in words if word.kind == "proposal"}
    waiting = select(Proposal.id).where(Proposal.id.in_(proposals), Proposal.settled == "")
    reminded = {str(word.params.get("duty")) for word in words if word.kind in REASONS}
    return Facts(
        person, today, frozenset(session.scalars(held)),
        _cases(session, {word.case_id for word in words if word.case_id is not None}),
        _seasons(session, {word.assessment_id for word in words if word.assessment_id is not None}),
        frozenset(session.scalars(waiting)) if proposals else frozenset(),
        _tokens(session, [str(word.params.get("path", "")) for word in words if word.kind in SECRET_KINDS]),
        still_due(session, person.id, reminded) if reminded else {},
    )  # fmt: skip


def _cases(session: Session, ids: Collection[int]) -> dict[int, CaseNow]:
    query = select(Case, Organisation.name).join(Organisation, Organisation.id == Case.unit_id).where(Case.id.in_(ids))
    return {
        case.id: CaseNow(CaseState(case.state), case.answered, case.excluded_at is not None, unit)
        for case, unit in session.execute(query)
    }


def _seasons(session: Session, ids: Collection[int]) -> dict[int, Season]:
    rows = session.scalars(select(Assessment).where(Assessment.id.in_(ids)))
    return {one.id: Season(one.title, one.year, calendar_of(session, one.id)) for one in rows}


def _tokens(session: Session, paths: Sequence[str]) -> dict[str, datetime]:
    hashes = {hash_of(path.removeprefix(PAGE)): path for path in paths if path}
    query = select(OneTimeToken.token_hash, OneTimeToken.expires_at)
    query = query.where(OneTimeToken.token_hash.in_(hashes), OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > machine_now())
    return {hashes[kept]: until for kept, until in session.execute(query)} if hashes else {}
