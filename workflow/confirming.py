"""What the chair's confirmation carries out, by act; imported wherever proposals are confirmed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Organisation, Proposal
from states.case import CaseState
from states.facts import Asked
from states.guards import decision_lacks
from states.moves import MOVES
from states.refusal import Refused
from states.words import N_
from workflow.access import BOTH_SIDES, CONFLICT, on_other_side, require_assessment
from workflow.actor import Actor
from workflow.amending import amend, draft_hash
from workflow.dataset import build_dataset, dataset_hash
from workflow.drafting import arrival
from workflow.facts import load_facts
from workflow.move import Taking, carry_out
from workflow.opening import open_assessment
from workflow.papers import with_paper
from workflow.proposals import CARRIED_OUT, asked_as_json, asked_from_json, propose, require_proof
from workflow.publishing import CHANGED, hash_of_result, result_hash, unfinished


def propose_opening(session: Session, actor: Actor, slug: str, reason: str = "") -> Proposal:
    """Put the opening of a prepared assessment before the chair."""
    assessment = require_assessment(session, actor, "open_assessment", slug, lock=True)
    if assessment.state != "preparation":
        raise Refused(N_("Kỳ đánh giá này đã mở."))
    return propose(session, actor, assessment, "open_assessment", {}, reason=reason)


def propose_publication(session: Session, actor: Actor, slug: str, asked: Asked) -> Proposal:
    """Put the publication before the chair: every case settled, the decision given, the password just typed, the dataset hashed."""
    assessment = require_assessment(session, actor, "publish", slug, lock=True)
    require_proof(actor)
    asked = with_paper(session, asked)
    problems = unfinished(session, assessment)
    problems += decision_lacks(asked, arrival(session, actor))
    if problems:
        raise Refused(problems)
    payload = {"asked": asked_as_json(asked)}
    return propose(session, actor, assessment, "publish", payload, content_hash=result_hash(session, assessment, asked))


def needs_proof(session: Session, proposal_id: int) -> bool:
    """Return whether confirming an open proposal asks for the password just before."""
    act = session.scalar(select(Proposal.act).where(Proposal.id == proposal_id, Proposal.settled == ""))
    return any(move.trigger == act and move.proved for move in MOVES)


def hashes_now(session: Session, assessment: Assessment, proposal: Proposal) -> tuple[str, str]:
    """Return two hashes as of now; empty where there is nothing that could change.

    The first is of what the proposal covers, and has to be what it was when proposed. The second, for a publication, is the seal of the
    result alone: the one that stands on the page of publishing, on the public page and in the open data.
    """
    if not proposal.hash:
        return "", ""
    if proposal.act == "amend":
        return draft_hash(session, assessment), ""
    dataset = build_dataset(session, assessment)
    return hash_of_result(dataset, asked_from_json(proposal.payload["asked"])), dataset_hash(dataset)


def _open(session: Session, actor: Actor, assessment: Assessment, _: Proposal) -> Mapping[str, Any]:
    return {"cases": open_assessment(session, actor, assessment)}


def _move(session: Session, actor: Actor, assessment: Assessment, proposal: Proposal) -> Mapping[str, Any]:
    cases = _cases(session, assessment, proposal.payload["units"])
    if any(case.unit_id in actor.organisations for case in cases):
        raise Refused(CONFLICT)
    if on_other_side(session, actor, {case.id for case in cases}):
        raise Refused(BOTH_SIDES)
    asked = asked_from_json(proposal.payload["asked"])
    facts = load_facts(session, assessment, cases, arrival(session, actor))
    together = proposal.case_id is None
    moved = carry_out(session, actor, Taking(assessment, proposal.act, cases, facts, asked, batch=together, proposal_id=proposal.id))
    return {"units": moved.units, **moved.made}


def _publish(session: Session, actor: Actor, assessment: Assessment, proposal: Proposal) -> Mapping[str, Any]:
    require_proof(actor)
    asked = asked_from_json(proposal.payload["asked"])
    cases = _cases(session, assessment, None)
    if proposal.hash != result_hash(session, assessment, asked) or unfinished(session, assessment):
        raise Refused(CHANGED)
    if not cases:
        from workflow.effects import Step, publish_version

        step = Step(session, actor, assessment, [], asked, {}, proposal_id=proposal.id)
        publish_version(step)
        return step.made
    facts = load_facts(session, assessment, cases, arrival(session, actor))
    moved = carry_out(session, actor, Taking(assessment, "publish", cases, facts, asked, batch=True, proposal_id=proposal.id))
    return moved.made


def _cases(session: Session, assessment: Assessment, units: Sequence[str] | None) -> list[Case]:
    """Return the named cases, or (for publishing) all that are final and not excluded, locked by id."""
    query = select(Case).join(Organisation, Organisation.id == Case.unit_id).where(Case.assessment_id == assessment.id).order_by(Case.id)
    if units is None:
        query = query.where(Case.state == CaseState.ROUND2_FINAL, Case.excluded_at.is_(None))
    else:
        query = query.where(Organisation.code.in_(units))
    return list(session.scalars(query.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)))


CARRIED_OUT.update(
    {
        "open_assessment": _open,
        "publish": _publish,
        "amend": amend,
        "close_unsubmitted": _move,
        "release_round_1": _move,
        "request_explanation": _move,
    }
)
