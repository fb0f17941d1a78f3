"""Invariants of cases and publications: the path of states, the totals, the receipts, the two people."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables import Case, Deadline, Event, Extension, Indicator, Item, Organisation, Proposal, Publication, Submission
from states.case import RELEASED, CaseState
from states.clocks import Clock
from states.moves import TRIGGERS, move_from
from states.results import total_of
from workflow.dataset import dataset_hash
from workflow.proposals import FRESH
from workflow.receipts import is_valid
from workflow.standing import standings
from workflow.submitting import evidence_of
from workflow.verify import verify_dataset

WITHIN = FRESH + timedelta(minutes=1)
"""How long ago a password may have been typed when a binding act is written: it is asked for when the request comes in."""
FINAL = (CaseState.ROUND2_FINAL, CaseState.PUBLISHED)


def states_without_path(session: Session) -> Iterator[str]:
    """Yield cases whose events do not lead, move by move of the table, from draft to the state they are in."""
    taken: defaultdict[int, list[str]] = defaultdict(list)
    events = select(Event.chain_id, Event.act).where(Event.chain == "case", Event.act.in_(TRIGGERS)).order_by(Event.chain_id, Event.seq)
    for case_id, trigger in session.execute(events):
        taken[case_id].append(trigger)
    query = select(Case.id, Case.state, Organisation.code).join(Organisation, Organisation.id == Case.unit_id).order_by(Case.id)
    for case_id, state, unit in session.execute(query):
        reached = _walked(taken[case_id])
        if reached != state:
            yield f"{unit} (case:{case_id}): {state}, {reached or '?'}"


def _walked(triggers: list[str]) -> CaseState | None:
    """Return where the moves lead; nothing where one of them is not in the table."""
    state = CaseState.DRAFT
    for trigger in triggers:
        move = move_from(trigger, state)
        if move is None:
            return None
        state = move.target
    return state


def totals_that_differ(session: Session) -> Iterator[str]:
    """Yield final cases whose kept total or maximum is not what their items give; one under correction is still being changed."""
    query = select(Case).where(Case.state.in_(FINAL), Case.correction_id.is_(None)).order_by(Case.id)
    cases = {case.id: case for case in session.scalars(query)}
    for case_id, items in standings(session, list(cases)).items():
        counting = [item for item in items if item.counts]
        recount = (total_of(item.final for item in counting), sum(item.maximum for item in counting))
        kept = (cases[case_id].final_total, cases[case_id].final_maximum)
        if kept != recount:
            yield f"case:{case_id}: {kept}, {recount}"


def extensions_without_reason(session: Session) -> Iterator[str]:
    """Yield cases that were given time (extended, sent back, reopened) without a reason or by nobody."""
    held = select(Deadline.case_id).where(Deadline.case_id.is_not(None), Deadline.stage == Clock.SELF_SCORE, Deadline.reason == "")
    given = select(Extension.case_id).where(or_(Extension.reason == "", Extension.person_id.is_(None)))
    for case_id in session.scalars(held.union(given)):
        yield f"case:{case_id}"


def released_unfinished(session: Session) -> Iterator[str]:
    """Yield items of released cases that round 1 left ungraded, unsigned or in dispute."""
    released = select(Case.id).where(Case.state.in_(RELEASED), Case.excluded_at.is_(None)).order_by(Case.id)
    for case_id, items in standings(session, list(session.scalars(released))).items():
        for item in items:
            if item.ungraded or item.unsigned or item.disputed:
                yield f"case:{case_id} {item.code}"


def batches_told_apart(session: Session) -> Iterator[str]:
    """Yield batches of which some units learnt before others: all moves of one stand in one request, at one moment."""
    query = select(Event.payload, Event.at, Event.request_id).where(Event.chain == "case", Event.act.in_(TRIGGERS)).order_by(Event.id)
    moments: defaultdict[int, set[tuple[datetime, str]]] = defaultdict(set)
    for payload, at, request_id in session.execute(query):
        if payload.get("batch"):
            moments[payload["batch"]].add((at, request_id))
    yield from (f"batch:{batch}" for batch, found in moments.items() if len(found) > 1)


def broken_receipts(session: Session) -> Iterator[str]:
    """Yield submissions whose content is not what their receipt stands for."""
    for case_id, sequence, code in session.execute(select(Submission.case_id, Submission.sequence, Submission.receipt_code)):
        if not is_valid(session, code):
            yield f"case:{case_id} #{sequence}"


def evidence_that_left(session: Session) -> Iterator[str]:
    """Yield items whose evidence is not what the case handed in last: nothing may be taken from it but by a tombstone, whose link stays."""
    newest: dict[int, Submission] = {}
    query = select(Submission).join(Case, Case.id == Submission.case_id).where(Case.state != CaseState.DRAFT)
    for submission in session.scalars(query.order_by(Submission.case_id, Submission.sequence)):
        newest[submission.case_id] = submission
    for case_id, submission in newest.items():
        held = evidence_of(session, case_id)
        codes = select(Indicator.code, Item.id).join(Item, Item.indicator_id == Indicator.id).where(Item.case_id == case_id)
        items = dict(session.execute(codes).all())
        for row in submission.snapshot["items"]:
            if row["evidence"] != held.get(items[row["code"]], []):
                yield f"case:{case_id} {row['code']}"


def publications_that_differ(session: Session) -> Iterator[str]:
    """Yield publications whose dataset is not what was sealed, or from which something else follows."""
    for one in session.scalars(select(Publication).order_by(Publication.id)):
        place = f"{one.dataset['assessment']} v{one.version}"
        if dataset_hash(one.dataset) != one.sha256:
            yield f"{place}: dataset_sha256"
        for difference in verify_dataset(one.dataset):
            yield f"{place}: {difference}"


def publications_by_one(session: Session) -> Iterator[str]:
    """Yield publications without two different people who had both just typed their passwords, or without a decision number."""
    query = select(Publication, Proposal).outerjoin(Proposal, Proposal.id == Publication.proposal_id)
    for one, proposal in session.execute(query.order_by(Publication.id)):
        if not one.decision_number or proposal is None or not _by_two(session, proposal):
            yield f"assessment:{one.assessment_id} v{one.version}"


def _by_two(session: Session, proposal: Proposal) -> bool:
    """Whether somebody proposed and somebody else confirmed, each with a password typed within the minutes before."""
    steps = select(Event.recorded_at).where(Event.chain == "assessment", Event.chain_id == proposal.assessment_id)
    of_it = (f"propose_{proposal.act}", f"confirmed_{proposal.act}")
    done = session.scalars(steps.where(Event.act.in_(of_it), Event.object == str(proposal.id)).order_by(Event.seq)).all()
    proved = (proposal.proposer_proved_at, proposal.confirmer_proved_at)
    two = proposal.settled == "confirmed" and proposal.settled_by_id != proposal.proposed_by_id and len(done) == len(proved)
    return two and all(at is not None and then - WITHIN <= at <= then for at, then in zip(proved, done, strict=True))
