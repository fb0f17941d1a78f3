"""Letting somebody try to sign in again after too many wrong passwords; who did it stands in the chain (security.md A9)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Event, Person
from states.refusal import NotFound, Refused
from workflow.actor import Actor
from workflow.journal import SYSTEM_CHAIN, record
from workflow.memberships import check_may
from workflow.people import DISABLED, HELP
from workflow.signing_in import folded_email

UNLOCK = "unlock_sign_in"


def unlock_sign_in(session: Session, actor: Actor, person_id: int) -> None:
    """Start the counts of a person's wrong passwords anew, on every device. Opens nothing: the right password is still needed."""
    check_may(actor, HELP)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.disabled_at is not None:
        raise Refused(DISABLED)
    record(session, SYSTEM_CHAIN, actor, UNLOCK, f"person:{person_id}")


def last_unlocking(session: Session, email: str) -> int:
    """Return the place of the last unlocking in the chain; 0 for none, and for an address that nobody has, after the same work."""
    person_id = session.scalar(select(Person.id).where(Person.email == folded_email(email)))
    unlocked = select(func.max(Event.seq)).where(Event.chain == SYSTEM_CHAIN.kind, Event.act == UNLOCK)
    return session.scalar(unlocked.where(Event.object == f"person:{person_id or 0}")) or 0
