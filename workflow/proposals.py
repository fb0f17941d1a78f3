"""What one role proposes and the chair confirms: opening, closing unsubmitted cases, publishing, and batches with the own case."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Proposal
from states.facts import Asked
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.access import assessment_by_slug
from workflow.actor import Actor
from workflow.clock import machine_now, working_now
from workflow.journal import Chain, record
from workflow.outbox import owe

FRESH = timedelta(minutes=5)
"""How old the last typing of the password may be for a binding act (security.md 4.1, invariant 11)."""

SETTLED = N_("Đề xuất này đã được xử lý.")

REFUSAL = "refusal"
"""Where a refused proposal keeps the chair's reason, beside what was proposed."""

Carry = Callable[[Session, Actor, Assessment, Proposal], Mapping[str, Any]]
CARRIED_OUT: dict[str, Carry] = {}
"""What a confirmed proposal does, by act; filled by `workflow.confirming`."""


def asked_as_json(asked: Asked) -> dict[str, Any]:
    """Return the request as JSON, dates in ISO 8601."""
    plain = asdict(asked)
    plain["items"], plain["more"] = list(asked.items), dict(asked.more)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}


def asked_from_json(plain: Mapping[str, Any]) -> Asked:
    """Return the request that was kept."""
    values: dict[str, Any] = {field.name: plain[field.name] for field in fields(Asked) if field.name in plain}
    values["items"] = tuple(values.get("items", ()))
    for name in ("until", "visible_from"):
        values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
    for name in ("minutes_on", "decision_on"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return Asked(**values)


def require_proof(actor: Actor) -> None:
    """Refuse a binding act when the password was not typed just before."""
    if actor.proved_at is None or machine_now() - actor.proved_at > FRESH:
        raise Refused(Problem(N_("Cần nhập lại mật khẩu trước khi làm việc này."), "password"))


def propose(
    session: Session, actor: Actor, assessment: Assessment, act: str, payload: Mapping[str, Any], *, reason: str = "",
    case_id: int | None = None, content_hash: str = "",
) -> Proposal:  # fmt: skip
    """Put a proposal before the chair; a like one that is still open is refused."""
    same = select(Proposal.id).where(
        Proposal.assessment_id == assessment.id, Proposal.act == act, Proposal.settled == "",
        Proposal.case_id.is_(None) if case_id is None else Proposal.case_id == case_id,
    )  # fmt: skip
    if session.scalar(same) is not None:
        raise Refused(N_("Đã có một đề xuất như vậy đang chờ Chủ tịch Hội đồng."))
    assert actor.person_id is not None
    assert actor.membership_id is not None
    made = Proposal(
        assessment_id=assessment.id, case_id=case_id, act=act, payload=dict(payload), reason=reason, hash=content_hash,
        proposed_by_id=actor.person_id, proposed_membership_id=actor.membership_id, proposed_at=working_now(session),
        proposer_proved_at=actor.proved_at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    noted = {"proposal": made.id, "hash": content_hash, "units": payload.get("units", [])}
    record(session, Chain.of_assessment(assessment.id), actor, f"propose_{act}", str(made.id), noted)
    owe(session, "proposal", str(made.id), ("chairs",), assessment.id, path=f"/ky/{assessment.slug}/hoi-dong", params={"act": act})
    return made


def open_proposals(session: Session, assessment_id: int, *acts: str) -> list[Proposal]:
    """Return what waits for the chair (of some acts, or all), oldest first."""
    query = select(Proposal).where(Proposal.assessment_id == assessment_id, Proposal.settled == "").order_by(Proposal.id)
    return list(session.scalars(query.where(Proposal.act.in_(acts)) if acts else query))


def confirm(session: Session, actor: Actor, slug: str, proposal_id: int) -> Mapping[str, Any]:
    """Confirm a proposal and carry it out as the chair; never by the person who proposed it."""
    assessment, proposal = _open(session, actor, slug, proposal_id)
    done = CARRIED_OUT[proposal.act](session, actor, assessment, proposal)
    _settle(session, actor, assessment, proposal, "confirmed")
    proposal.confirmer_proved_at = actor.proved_at
    return done


def refuse(session: Session, actor: Actor, slug: str, proposal_id: int, reason: str) -> None:
    """Refuse a proposal, with a reason for the proposer."""
    assessment, proposal = _open(session, actor, slug, proposal_id)
    if not reason.strip():
        raise Refused(Problem(N_("Cần ghi lý do."), "reason"))
    proposal.payload = {**proposal.payload, REFUSAL: reason.strip()}
    _settle(session, actor, assessment, proposal, "refused")


def withdraw(session: Session, actor: Actor, slug: str, proposal_id: int) -> None:
    """Take one's own organisation's proposal back."""
    assessment = assessment_by_slug(session, slug, lock=True)
    proposal = _find(session, assessment, proposal_id)
    if actor.role is not Role.SECRETARIAT:
        raise NotFound
    _settle(session, actor, assessment, proposal, "withdrawn")


def _find(session: Session, assessment: Assessment, proposal_id: int) -> Proposal:
    query = select(Proposal).where(Proposal.id == proposal_id, Proposal.assessment_id == assessment.id)
    proposal = session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).first()
    if proposal is None:
        raise NotFound
    if proposal.settled:
        raise Refused(SETTLED)
    return proposal


def _open(session: Session, actor: Actor, slug: str, proposal_id: int) -> tuple[Assessment, Proposal]:
    assessment = assessment_by_slug(session, slug, lock=True)
    if not may(actor.role, "confirm_proposal") or actor.assessment_id not in {None, assessment.id}:
        raise NotFound
    proposal = _find(session, assessment, proposal_id)
    if proposal.proposed_by_id == actor.person_id:
        raise Refused(N_("Người đề xuất không tự xác nhận được."))
    return assessment, proposal


def _settle(session: Session, actor: Actor, assessment: Assessment, proposal: Proposal, how: str) -> None:
    proposal.settled, proposal.settled_by_id, proposal.settled_at = how, actor.person_id, working_now(session)
    session.flush()
    record(session, Chain.of_assessment(assessment.id), actor, f"{how}_{proposal.act}", str(proposal.id), {"hash": proposal.hash})
    owe(
        session,
        f"proposal_{how}",
        str(proposal.id),
        ("secretariat",),
        assessment.id,
        path=f"/ky/{assessment.slug}/cong-bo",
        params={"act": proposal.act},
    )
