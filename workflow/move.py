"""The only writer of a case's state: one case or a batch, by the table, in one transaction (rules section 1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Batch, Case, Organisation
from states.case import CaseState
from states.facts import Asked, CaseFacts
from states.machine import fire, missing
from states.moves import MOVES, Move, move_from, moves_from
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.access import BOTH_SIDES, CONFLICT, assessment_by_slug, cases_seen, on_other_side, require_case, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import arrival
from workflow.effects import EFFECTS, Step
from workflow.facts import load_facts
from workflow.journal import Chain, record, record_many
from workflow.outbox import owe
from workflow.papers import with_paper
from workflow.proposals import asked_as_json, propose, require_proof
from workflow.reasons import keep_reason


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A case that stays where it is, and why."""

    unit: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the units that moved, those left out, and what it made (a receipt, a publication, a proposal)."""

    trigger: str
    units: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    batch_id: int | None = None
    proposal_id: int | None = None
    made: dict[str, Any] = field(default_factory=dict)


def move_case(session: Session, actor: Actor, slug: str, unit: str, trigger: str, asked: Asked) -> Moved:
    """Move one case; where somebody has to confirm, put the proposal before him or her instead."""
    if any(move.confirmed_by for move in MOVES if move.trigger == trigger):
        assessment_by_slug(session, slug, lock=True)
    held = require_case(session, actor, trigger, slug, unit, lock=True)
    facts = load_facts(session, held.assessment, [held.case], arrival(session, actor))
    asked = with_paper(session, asked)
    move = fire(trigger, facts[held.case.id], asked)
    if move.of_the_whole:
        raise NotFound  # publishing is proposed for all cases at once, with the hash of the dataset
    if move.proved:
        require_proof(actor)
    if move.confirmed_by:
        payload = {"asked": asked_as_json(asked), "units": [unit]}
        proposal = propose(session, actor, held.assessment, trigger, payload, reason=asked.reason, case_id=held.case.id)
        return Moved(trigger, proposal_id=proposal.id)
    return carry_out(session, actor, Taking(held.assessment, move.trigger, [held.case], facts, asked))


def possible_moves(
    session: Session, actor: Actor, assessment: Assessment, case: Case, asked: Asked | None = None
) -> list[tuple[Move, list[Problem]]]:
    """Return the moves the actor's role has from here, each with what is still missing for it (what a form asks for not counted)."""
    facts = load_facts(session, assessment, [case], arrival(session, actor))[case.id]
    offered = [move for move in moves_from(CaseState(case.state)) if may(actor.role, move.trigger, CaseState(case.state))]
    return [(move, [p for p in missing(move, facts, asked or Asked()) if p.place not in move.asks]) for move in offered]


def preview_batch(session: Session, actor: Actor, slug: str, trigger: str, asked: Asked) -> tuple[list[str], list[LeftOut]]:
    """Return the units that are ready for a batch and those left out with the reason; nothing is written."""
    assessment = assessment_by_slug(session, slug)
    cases = _candidates(session, actor, assessment, trigger, lock=False)
    ready, left_out, facts = _sort_out(session, actor, assessment, cases, trigger, asked, forms_count=False)
    return [facts[case.id].unit for case in ready], left_out


def move_batch(session: Session, actor: Actor, slug: str, trigger: str, asked: Asked, units: Sequence[str] | None = None) -> Moved:
    """Move all cases that are ready (or those named) together, so that no unit learns before another of its batch."""
    assessment = assessment_by_slug(session, slug, lock=True)
    _require_batch(actor, trigger)
    cases, asked = _candidates(session, actor, assessment, trigger, lock=True, units=units), with_paper(session, asked)
    ready, left_out, facts = _sort_out(session, actor, assessment, cases, trigger, asked)
    if not ready:
        raise Refused(_once(left_out) or [Problem(N_("Không có hồ sơ nào sẵn sàng."))])
    if any(case.unit_id in actor.organisations for case in ready):  # only the secretariat's get this far
        payload = {"asked": asked_as_json(asked), "units": [facts[case.id].unit for case in ready]}
        proposal = propose(session, actor, assessment, trigger, payload, reason=asked.reason)
        return Moved(trigger, left_out=tuple(left_out), proposal_id=proposal.id)
    moved = carry_out(session, actor, Taking(assessment, trigger, ready, facts, asked, batch=True, left_out=left_out))
    return replace(moved, left_out=tuple(left_out))


def _once(left_out: Sequence[LeftOut]) -> list[Problem]:
    """Return what is in the way of the cases of a batch, each sentence once: what the form lacks, it lacks for all of them."""
    problems: list[Problem] = []
    for problem in (problem for left in left_out for problem in left.problems):
        if problem not in problems:
            problems.append(problem)
    return problems


def _require_batch(actor: Actor, trigger: str) -> None:
    """Let only moves pass that go in batches and need no word of somebody else (publishing is proposed with its hash)."""
    moves = [move for move in MOVES if move.trigger == trigger and move.batch and not move.of_the_whole]
    if not moves:
        raise NotFound
    if any(move.proved for move in moves):
        require_proof(actor)


def _candidates(
    session: Session, actor: Actor, assessment: Assessment, trigger: str, *, lock: bool, units: Sequence[str] | None = None
) -> list[Case]:
    """Return the cases a batch may take: those the actor may move, and the own organisation's (which then needs confirming)."""
    if not may(actor.role, trigger) or actor.assessment_id not in {None, assessment.id}:
        raise NotFound
    sources = [move.source for move in MOVES if move.trigger == trigger]
    seen = cases_seen(actor, trigger) | Case.unit_id.in_(actor.organisations)
    query = select(Case).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Case.state.in_(sources), seen).order_by(Case.id)
    if units is not None:
        query = query.where(Organisation.code.in_(units))
    if lock:
        query = query.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(query))


def _sort_out(
    session: Session, actor: Actor, assessment: Assessment, cases: Sequence[Case], trigger: str, asked: Asked, *, forms_count: bool = True
) -> tuple[list[Case], list[LeftOut], dict[int, CaseFacts]]:
    facts = load_facts(session, assessment, cases, arrival(session, actor)) if cases else {}
    barred = _barred(session, actor, cases)
    ready, left_out = [], []
    for case in cases:
        move = move_from(trigger, CaseState(case.state))
        assert move is not None
        problems = [p for p in missing(move, facts[case.id], asked) if forms_count or p.place not in move.asks]
        if case.id in barred:
            problems = [Problem(barred[case.id])]
        elif problems and case.unit_id in actor.organisations:  # what is graded and what is in dispute there is not for its own people
            problems = [Problem(CONFLICT)]
        if problems:
            left_out.append(LeftOut(facts[case.id].unit, tuple(problems)))
        else:
            ready.append(case)
    return ready, left_out, facts


def _barred(session: Session, actor: Actor, cases: Sequence[Case]) -> dict[int, str]:
    """Return the cases that are not the actor's to move, and why; the secretariat's own stays in its batch, which the chair confirms."""
    own = {case.id: CONFLICT for case in cases if case.unit_id in actor.organisations and actor.role is not Role.SECRETARIAT}
    return own | dict.fromkeys(on_other_side(session, actor, {case.id for case in cases}), BOTH_SIDES)


@dataclass(frozen=True, slots=True)
class Taking:
    """One taking of a move: whose cases (locked) move by what, with their facts and what came with the request."""

    assessment: Assessment
    trigger: str
    cases: Sequence[Case]
    facts: dict[int, CaseFacts]
    asked: Asked
    batch: bool = False
    left_out: Sequence[LeftOut] = ()
    proposal_id: int | None = None

    def unit(self, case: Case) -> str:
        """Return the code of a case's unit."""
        return self.facts[case.id].unit


def carry_out(session: Session, actor: Actor, taking: Taking) -> Moved:
    """Fire the machine for each case, do the effects set-wise, write states and events, owe the words: all in the caller's transaction."""
    cases, trigger = taking.cases, taking.trigger
    moves = {case.id: fire(trigger, taking.facts[case.id], taking.asked) for case in cases}
    move = next(iter(moves.values()))
    row = _batch_row(session, actor, taking) if taking.batch else None
    step = Step(session, actor, taking.assessment, list(cases), taking.asked, taking.facts, row.id if row else None, taking.proposal_id)
    for effect in move.effects:
        EFFECTS[effect](step)
    ids = [case.id for case in cases]
    if "reason" in move.asks:
        keep_reason(session, actor, trigger, taking.asked.reason, ids)
    session.execute(update(Case).where(Case.id.in_(ids)).values(state=move.target.value, version=Case.version + 1))
    if not move.of_the_whole:
        take_side(session, actor, *ids)
    payload = {"from": sorted({m.source.value for m in moves.values()}), "to": move.target.value, "batch": step.batch_id}
    record_many(session, [(Chain.of_case(c.id), trigger, taking.unit(c), {**payload, **step.noted.get(c.id, {})}) for c in cases], actor)
    if row is not None:
        record(session, Chain.of_assessment(taking.assessment.id), actor, trigger, f"batch:{row.id}", {"cases": ids})
    _tell(session, taking, move, row)
    for case in cases:
        session.refresh(case)
    units = tuple(taking.unit(case) for case in cases)
    return Moved(trigger, units, batch_id=step.batch_id, proposal_id=taking.proposal_id, made=step.made)


def _batch_row(session: Session, actor: Actor, taking: Taking) -> Batch:
    row = Batch(
        assessment_id=taking.assessment.id,
        trigger=taking.trigger,
        person_id=actor.person_id,
        membership_id=actor.membership_id,
        at=working_now(session),
        moved=[taking.unit(case) for case in taking.cases],
        left_out=[[one.unit, [str(p) for p in one.problems]] for one in taking.left_out],
    )
    session.add(row)
    session.flush()
    return row


def _tell(session: Session, taking: Taking, move: Move, batch: Batch | None) -> None:
    """Owe the words of a move; of a publication nobody hears before it can be read."""
    cases, slug = taking.cases, taking.assessment.slug
    occurrence = f"batch{batch.id}" if batch else f"{cases[0].id}.{cases[0].version + 1}"
    path = f"/ky/{slug}/ho-so" + (f"/{taking.unit(cases[0])}" if len(cases) == 1 else "")
    if move.target is CaseState.PUBLISHED:
        path = f"/ket-qua/{slug}"
    ids, not_before = [case.id for case in cases], taking.asked.visible_from
    owe(session, move.trigger, occurrence, move.notify, taking.assessment.id, ids, path=path, not_before=not_before)
