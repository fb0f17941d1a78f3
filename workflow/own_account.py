"""One's own account: what it holds, where it is signed in, another password, ending sessions (security.md 3.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Credential, Person
from models.tables import Session as SessionRow
from states.refusal import NotFound
from workflow.accounts import keep_password, spend_tokens, tell_password_changed
from workflow.actor import Actor
from workflow.clock import beside_working, machine_now
from workflow.journal import SYSTEM_CHAIN, record
from workflow.memberships import RoleHeld, roles_held
from workflow.signing_in import ABSOLUTE, IDLE, SignedIn, end_sessions_of, oneself, start_session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where the person is signed in; `here` is the session that asks."""

    id: int
    device: str
    """As the browser names itself."""
    since: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of the own account: never the password, only since when it is the same."""

    name: str
    email: str
    title: str
    phone: str
    password_since: datetime | None
    memberships: tuple[RoleHeld, ...]
    sessions: tuple[OpenSession, ...]


def own_account(session: Session, known: SignedIn, *, idle: timedelta = IDLE) -> OwnAccount:
    """Return the account of whoever is signed in; the sessions are those that would still be let in, the own one first."""
    person = session.get_one(Person, known.person_id)
    since = select(Credential.changed_at).where(Credential.person_id == person.id, Credential.kind == "password")
    return OwnAccount(
        person.name, person.email, person.title, person.phone, session.scalar(since), tuple(roles_held(session, person.id)),
        tuple(_open_sessions(session, known, idle)),
    )  # fmt: skip


def _open_sessions(session: Session, known: SignedIn, idle: timedelta) -> list[OpenSession]:
    now = machine_now()
    query = select(SessionRow).where(SessionRow.person_id == known.person_id, SessionRow.revoked_at.is_(None))
    query = query.where(SessionRow.seen_at > now - idle, SessionRow.created_at > now - ABSOLUTE).order_by(SessionRow.seen_at.desc())
    found = [
        OpenSession(
            row.id, row.device, beside_working(session, row.created_at), beside_working(session, row.seen_at), row.id == known.session_id
        )
        for row in session.scalars(query)
    ]
    return sorted(found, key=lambda one: not one.here)


def change_password(session: Session, known: SignedIn, secret: str, *, token: str, device: str = "") -> str:
    """Keep another password (already hashed) and return the token of a new session: it takes the place of this one, all others end.

    Ways to a new password that were sent before stop working, and the person is told by mail.
    """
    keep_password(session, known.person_id, secret)
    spend_tokens(session, known.person_id)
    ended = end_sessions_of(session, known.person_id)
    new = start_session(session, known.person_id, device=device, instead_of=token)
    record(session, SYSTEM_CHAIN, _acting(session, known), "change_password", f"person:{known.person_id}", {"sessions_ended": ended - 1})
    tell_password_changed(session, known.person_id)
    return new


def end_own_session(session: Session, known: SignedIn, session_id: int) -> None:
    """End one of one's own sessions; `NotFound` for any other, and for this one: that is signing out."""
    own = (SessionRow.id == session_id, SessionRow.person_id == known.person_id, SessionRow.id != known.session_id)
    if session.scalar(select(SessionRow.id).where(*own)) is None:
        raise NotFound
    _end(session, known, session_id)


def end_other_sessions(session: Session, known: SignedIn) -> int:
    """End all of one's own sessions but this; return how many were open."""
    return _end(session, known, None)


def _end(session: Session, known: SignedIn, session_id: int | None) -> int:
    alive = [SessionRow.person_id == known.person_id, SessionRow.id != known.session_id, SessionRow.revoked_at.is_(None)]
    if session_id is not None:
        alive.append(SessionRow.id == session_id)
    ended = list(session.scalars(update(SessionRow).where(*alive).values(revoked_at=machine_now()).returning(SessionRow.id)))
    if ended:
        noted = {"sessions": sorted(ended)}
        record(session, SYSTEM_CHAIN, _acting(session, known), "end_own_sessions", f"person:{known.person_id}", noted)
    return len(ended)


def _acting(session: Session, known: SignedIn) -> Actor:
    """Return who acts: under the membership chosen, or as nothing but oneself."""
    return known.actor or oneself(session, known.person_id)
