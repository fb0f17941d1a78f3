"""A proposal on the page of whoever made it, while it waits for the chair."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Person, Proposal


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who proposed it, when and why."""

    id: int
    by: str
    at: datetime
    reason: str


def waiting_for_chair(session: Session, assessment_id: int, act: str) -> Waiting | None:
    """Return the open proposal of an act, if there is one."""
    query = select(Proposal.id, Person.name, Proposal.proposed_at, Proposal.reason).join(Person, Person.id == Proposal.proposed_by_id)
    row = session.execute(query.where(Proposal.assessment_id == assessment_id, Proposal.act == act, Proposal.settled == "")).first()
    return Waiting(*row) if row else None
