"""The council's page: proposals, disputes, what bodies left, requests, re-routed conflicts, round 2, cases ready to be finalised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Document, Organisation, Person, Proposal
from states.acts import BY_NAME
from states.case import SUBMITTED, CaseState
from states.facts import Asked
from states.items import Applicability
from states.moves import MOVES
from states.permissions import may
from states.ripe import Ripe
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.confirming import hashes_now
from workflow.move import LeftOut, preview_batch
from workflow.open_work import CONFIRM, DECIDE, NAME_GRADER, open_work
from workflow.sheets.council_items import case_lines, left_by_indicator, load_season, rerouted_items, waiting_items
from workflow.sheets.council_row import CaseLine, CouncilRow, Left, OpenProposal, Rerouted
from workflow.sheets.opening import opening_of

FINALISE = "finalise"
ACTS = {CONFIRM: "confirm_proposal", DECIDE: "decide", NAME_GRADER: "name_council_grader"}
"""What waits for the council, by the act that does it."""


@dataclass(frozen=True, slots=True)
class Council:
    """Everything that waits for the council in one assessment."""

    slug: str
    year: int
    trial: bool
    now: datetime
    proposals: tuple[OpenProposal, ...]
    disputes: tuple[CouncilRow, ...]
    left: tuple[Left, ...]
    requests: tuple[CouncilRow, ...]
    rerouted: tuple[Rerouted, ...]
    waiting: int
    """How many things of the council's wait for the actor, as reminders and "my work" count them."""
    second: tuple[CouncilRow, ...]
    corrections: tuple[CouncilRow, ...]
    ready: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    cases: tuple[CaseLine, ...]
    names: Mapping[str, str]
    may_decide: bool
    may_confirm: bool
    may_name: bool
    may_finalise: bool
    may_exclude: bool

    @property
    def left_count(self) -> int:
        """How many items were left, over all indicators."""
        return sum(len(one.rows) for one in self.left)

    @property
    def unnamed(self) -> int:
        """How many re-routed assignments of submitted cases have nobody yet."""
        return sum(not one.person and not one.graded and one.row.state in SUBMITTED for one in self.rerouted)

    @property
    def answered(self) -> int:
        """How many requests have the word of every body, so that the council's is due."""
        return sum(row.answered for row in self.requests)

    @property
    def mine(self) -> int:
        """How many the actor was named for and has not graded."""
        return sum(one.mine and not one.graded for one in self.rerouted)


def council_sheet(session: Session, actor: Actor, slug: str) -> Council:
    """Return the council's page, in a constant number of statements; the own organisation's case is masked in every list."""
    assessment = require_assessment(session, actor, "see_council", slug)
    now = actor.arrived_at or working_now(session)
    season = load_season(session, actor, assessment, now)
    rows = waiting_items(session, season)
    finalises = may(actor.role, FINALISE)
    ready, left_out = preview_batch(session, actor, slug, FINALISE, Asked()) if finalises else ([], [])
    return Council(
        slug, assessment.year, assessment.trial, now, proposals=_proposals(session, actor, assessment), disputes=_disputes(rows),
        left=left_by_indicator(_left(rows)), requests=_requests(rows), rerouted=rerouted_items(session, season, assessment),
        waiting=_waiting(session, actor, assessment), second=_second(rows), corrections=_corrections(rows),
        ready=tuple(ready), left_out=tuple(left_out), cases=case_lines(season),
        names={unit.code: unit.name for _, unit in season.cases.values()}, may_decide=may(actor.role, "decide"),
        may_confirm=may(actor.role, "confirm_proposal"), may_name=may(actor.role, "name_council_grader"), may_finalise=finalises,
        may_exclude=may(actor.role, "exclude"),
    )  # fmt: skip


def _waiting(session: Session, actor: Actor, assessment: Assessment) -> int:
    """Count what waits for the council and is the actor's to do; the own organisation's case is nobody's own work."""
    own = {reason for reason, act in ACTS.items() if may(actor.role, act)}
    work = open_work(session, assessment, lambda _: True)
    return sum(one.reason in own and one.is_for(actor.person_id, actor.organisations) for one in work)


def _disputes(rows: Sequence[CouncilRow]) -> tuple[CouncilRow, ...]:
    return tuple(row for row in rows if row.state is CaseState.SELF_SCORED and row.ripe is Ripe.DISPUTED)


def _left(rows: Sequence[CouncilRow]) -> list[CouncilRow]:
    return [
        row for row in rows
        if row.state is CaseState.SELF_SCORED and row.ripe is Ripe.LEFT and row.applicability is not Applicability.REQUESTED
    ]  # fmt: skip


def _requests(rows: Sequence[CouncilRow]) -> tuple[CouncilRow, ...]:
    return tuple(row for row in rows if row.state is CaseState.SELF_SCORED and row.applicability is Applicability.REQUESTED)


def _second(rows: Sequence[CouncilRow]) -> tuple[CouncilRow, ...]:
    return tuple(row for row in rows if row.state is CaseState.EXPLANATION_REQUESTED)


def _corrections(rows: Sequence[CouncilRow]) -> tuple[CouncilRow, ...]:
    """Return the items of cases under correction: any of them may be decided."""
    return tuple(row for row in rows if row.ripe is Ripe.CORRECTION)


def _proposals(session: Session, actor: Actor, assessment: Assessment) -> tuple[OpenProposal, ...]:
    """Return what waits for the chair, with who proposed it; the dataset is built only for a publication."""
    query = (
        select(Proposal, Person.name, Organisation.short_name)
        .join(Person, Person.id == Proposal.proposed_by_id)
        .join(Organisation, Organisation.id == assessment.secretariat_id)
        .where(Proposal.assessment_id == assessment.id, Proposal.settled == "")
        .order_by(Proposal.id)
    )
    return tuple(_proposal(session, actor, assessment, row, by, of) for row, by, of in session.execute(query))


def _paper(session: Session, document_id: int | None) -> tuple[str, str]:
    found = session.get(Document, document_id) if document_id else None
    return (found.address, found.file_name) if found else ("", "")


def _proposal(session: Session, actor: Actor, assessment: Assessment, row: Proposal, by: str, of: str) -> OpenProposal:
    moves = [move for move in MOVES if move.trigger == row.act]
    label = moves[0].label if moves else BY_NAME[row.act].label
    asked = row.payload.get("asked", {})
    return OpenProposal(
        row.id, row.act, label, tuple(row.payload.get("units", ())), row.reason, asked, by, of, row.proposed_at,
        row.proposed_by_id == actor.person_id, any(move.proved for move in moves), row.hash, *hashes_now(session, assessment, row),
        _paper(session, asked.get("decision_document")),
        opening_of(session, assessment, working_now(session)) if row.act == "open_assessment" else None,
    )  # fmt: skip
