"""Signing in and staying signed in: sessions live in the database, so that they can be ended there (security.md 3.3)."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.tables import Credential, Organisation, Person
from models.tables import Session as SessionRow
from states.refusal import NotFound
from states.roles import Role
from workflow.actor import Actor, actor_for, memberships_of
from workflow.clock import machine_now
from workflow.passwords import DEMO_PASSWORD, password_fits

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
"""A session notes that it is alive at most once in this time."""
KEPT = timedelta(days=90)
"""How long the rows of old sessions stay, for whoever asks who was signed in when."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session and what its person is here. `actor` is None until one of several memberships is chosen, or when none is left."""

    session_id: int
    person_id: int
    name: str
    email: str
    locale: str
    seen_at: datetime
    actor: Actor | None
    organisation: str = ""
    organisation_short: str = ""
    memberships: int = 0


def folded_email(typed: str) -> str:
    """Return a mail address as it is stored: NFC, lower case, no spaces around."""
    return unicodedata.normalize("NFC", typed).strip().casefold()


def hash_of(token: str) -> str:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def check_password(session: Session, email: str, password: str, *, demo: bool = False) -> int | None:
    """Return the person behind address and password; None for unknown, disabled, not yet invited in and wrong alike, after the same work.

    The password of the demo, which everybody knows, opens nothing outside the demo.
    """
    query = select(Person.id, Credential.secret).join(Credential, Credential.person_id == Person.id)
    found = session.execute(
        query.where(Person.email == folded_email(email), Person.disabled_at.is_(None), Credential.kind == "password")
    ).first()
    fits = password_fits(password, found.secret if found else None)
    return found.id if found and fits and (demo or password != DEMO_PASSWORD) else None


def person_by_email(session: Session, email: str) -> int | None:
    """Return who has this address and may sign in; for the one-click door of the demo."""
    return session.scalar(select(Person.id).where(Person.email == folded_email(email), Person.disabled_at.is_(None)))


def oneself(session: Session, person_id: int) -> Actor:
    """Return a person as the actor of what he or she does to the own account, under no membership."""
    person = session.get_one(Person, person_id)
    return Actor(person.id, person.name, Role.PUBLIC, salt=person.chain_salt)


def start_session(session: Session, person_id: int, *, device: str = "", instead_of: str = "") -> str:
    """Open a session and return its token; the one the browser had before is ended, so that no session outlives a sign-in.

    Somebody who comes back after an idle hour goes on under the membership he or she had chosen.
    """
    query = select(SessionRow.membership_id).where(SessionRow.token_hash == hash_of(instead_of), SessionRow.person_id == person_id)
    acted_as = session.scalar(query)
    end_session(session, instead_of)
    token, now = new_token(), machine_now()
    session.execute(delete(SessionRow).where(SessionRow.person_id == person_id, SessionRow.created_at < now - KEPT))
    row = SessionRow(token_hash=hash_of(token), person_id=person_id, membership_id=acted_as, data={}, device=device[:400])
    row.created_at = row.seen_at = row.proved_at = now
    session.add(row)
    session.flush()
    return token


def end_session(session: Session, token: str) -> None:
    """End the session of a token; one that is no more is left alone."""
    alive = (SessionRow.token_hash == hash_of(token), SessionRow.revoked_at.is_(None))
    session.execute(update(SessionRow).where(*alive).values(revoked_at=machine_now()))


def end_sessions_of(session: Session, person_id: int) -> int:
    """End every session of a person (password reset, disabled); return how many were open."""
    alive = (SessionRow.person_id == person_id, SessionRow.revoked_at.is_(None))
    ended = session.execute(update(SessionRow).where(*alive).values(revoked_at=machine_now()).returning(SessionRow.id))
    return len(ended.all())


def find_session(
    session: Session, token: str, *, request_id: str = "", arrived_at: datetime | None = None, idle: timedelta = IDLE
) -> SignedIn | None:
    """Return who is behind a token: None when it was never given, ended, idle too long, too old, or the person is disabled."""
    if not token:
        return None
    query = select(SessionRow, Person).join(Person, Person.id == SessionRow.person_id)
    found = session.execute(query.where(SessionRow.token_hash == hash_of(token), SessionRow.revoked_at.is_(None))).first()
    if found is None:
        return None
    row, person = found
    now = machine_now()
    if person.disabled_at is not None or row.seen_at + idle <= now or row.created_at + ABSOLUTE <= now:
        return None
    actor, held = _acting(session, row, request_id, arrived_at)
    here = session.get_one(Organisation, actor.organisation_id) if actor and actor.organisation_id else None
    called = (here.name, here.called) if here else ("", "")
    return SignedIn(row.id, person.id, person.name, person.email, person.locale, row.seen_at, actor, *called, held)


def _acting(session: Session, row: SessionRow, request_id: str, arrived_at: datetime | None) -> tuple[Actor | None, int]:
    """Return the actor of the membership chosen, or of the only one there is; and how many there are to choose from."""
    assert row.person_id is not None
    held = memberships_of(session, row.person_id)
    if row.membership_id is None and len(held) != 1:
        return None, len(held)
    try:
        about = {"request_id": request_id, "arrived_at": arrived_at, "proved_at": row.proved_at}
        return actor_for(session, row.person_id, row.membership_id, **about), len(held)
    except NotFound:
        return None, len(held)


def touch_session(session: Session, session_id: int) -> None:
    """Note that a session is in use."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=machine_now()))


def prove_session(session: Session, session_id: int) -> None:
    """Note that the password was just typed again, as binding acts ask."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(proved_at=machine_now()))


def choose_membership(session: Session, session_id: int, person_id: int, membership_id: int) -> None:
    """Act under one of one's own memberships from now on; `NotFound` for any other."""
    if membership_id not in {held.id for held in memberships_of(session, person_id)}:
        raise NotFound
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(membership_id=membership_id))
