"""Getting in for the first time or again: invitations and password resets, single use, kept only as hashes (security.md A6, A7)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Credential, Membership, OneTimeToken, Person
from states.clocks import local_day
from states.refusal import NotFound
from states.roles import CHAIRS, Role
from workflow.clock import machine_now, working_now
from workflow.journal import SYSTEM_CHAIN, record
from workflow.outbox import insert_words, valid_on
from workflow.signing_in import end_sessions_of, hash_of, new_token, oneself, person_by_email

INVITATION = "invitation"
RESET = "password_reset"
ADDRESS_CHANGED, ROLE_GIVEN = "address_changed", "role_given"
PASSWORD_CHANGED = "password_changed"  # noqa: S105  (the name of a word, no secret)
WATCHERS = CHAIRS | {Role.AUDITOR}
LIVES = {INVITATION: timedelta(days=14), RESET: timedelta(minutes=30)}
PAGE = "/dat-lai-mat-khau/"
OWN_PAGE, WORK_PAGE = "/toi", "/viec-cua-toi"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a valid token stands for."""

    token_id: int
    person_id: int
    name: str
    email: str
    purpose: str


def ask_reset(session: Session, email: str) -> None:
    """Owe a reset mail to whoever has this address; for an address nobody has, nothing happens and nobody can tell."""
    person_id = person_by_email(session, email)
    if person_id is not None:
        give_token(session, person_id, RESET)


def give_token(session: Session, person_id: int, purpose: str) -> str:
    """Make a token, owe the mail with its address, and return that path; earlier tokens of the person stop working."""
    spend_tokens(session, person_id)
    token = new_token()
    row = OneTimeToken(person_id=person_id, purpose=purpose, token_hash=hash_of(token), expires_at=machine_now() + LIVES[purpose])
    session.add(row)
    session.flush()
    # not in `path`: whoever sits at an open session must not find a way to a new password among the notices
    params = {"path": PAGE + token, "expires_at": row.expires_at.isoformat()}
    word = {
        "key": f"{purpose}:{row.id}", "person_id": person_id, "membership_id": None, "assessment_id": None, "case_id": None,
        "kind": purpose, "params": params, "path": "", "digest": False, "owed_at": working_now(session),
    }  # fmt: skip
    insert_words(session, [word])
    return PAGE + token


def claim(session: Session, token: str) -> Claim:
    """Return what a token stands for; `NotFound` when it is unknown, used, too old, or its person disabled."""
    query = select(OneTimeToken, Person).join(Person, Person.id == OneTimeToken.person_id)
    found = session.execute(query.where(OneTimeToken.token_hash == hash_of(token), Person.disabled_at.is_(None))).first()
    if found is None or found[0].used_at is not None or found[0].expires_at <= machine_now():
        raise NotFound
    row, person = found
    return Claim(row.id, person.id, person.name, person.email, row.purpose)


def set_password_by_token(session: Session, token: str, secret: str) -> Claim:
    """Use a token up for a new password (already hashed): it ends every session and every other token of the person."""
    claimed = claim(session, token)
    alive = (OneTimeToken.id == claimed.token_id, OneTimeToken.used_at.is_(None))
    used = session.execute(update(OneTimeToken).where(*alive).values(used_at=machine_now()).returning(OneTimeToken.id)).first()
    if used is None:
        raise NotFound
    keep_password(session, claimed.person_id, secret)
    spend_tokens(session, claimed.person_id)
    ended = end_sessions_of(session, claimed.person_id)
    noted = {"purpose": claimed.purpose, "sessions_ended": ended}
    record(session, SYSTEM_CHAIN, oneself(session, claimed.person_id), "set_password", f"person:{claimed.person_id}", noted)
    if claimed.purpose == RESET:
        tell_password_changed(session, claimed.person_id)
    return claimed


def tell_password_changed(session: Session, person_id: int) -> None:
    """Owe the person the word that the password is another one: whoever did not change it must hear of it."""
    insert_words(session, [_word(session, PASSWORD_CHANGED, machine_now().isoformat(), person_id)])


def tell_address_changed(session: Session, person_id: int, old: str) -> None:
    """Owe the old address the word that the account has another one now: whoever loses an account that way hears of it there."""
    word = _word(session, ADDRESS_CHANGED, machine_now().isoformat(), person_id)
    insert_words(session, [{**word, "params": {"address": old}}])


def tell_role_given(session: Session, membership_id: int) -> None:
    """Tell those who watch, chairs and auditors, that somebody may now read or decide what not everybody may."""
    watch = select(Membership.person_id).join(Person, Person.id == Membership.person_id).distinct()
    watch = watch.where(Membership.role.in_(WATCHERS), Person.disabled_at.is_(None), valid_on(local_day(working_now(session))))
    words = [_word(session, ROLE_GIVEN, str(membership_id), person_id) for person_id in session.scalars(watch)]
    insert_words(session, [{**word, "path": WORK_PAGE} for word in words])


def _word(session: Session, kind: str, occurrence: str, person_id: int) -> dict[str, Any]:
    return {
        "key": f"{kind}:{occurrence}", "person_id": person_id, "membership_id": None, "assessment_id": None, "case_id": None, "kind": kind,
        "params": {}, "path": OWN_PAGE, "digest": False, "owed_at": working_now(session),
    }  # fmt: skip


def keep_password(session: Session, person_id: int, secret: str) -> None:
    """Store a password's hash as the person's only one."""
    values = {"secret": secret, "changed_at": machine_now()}
    own = (Credential.person_id == person_id, Credential.kind == "password")
    changed = session.execute(update(Credential).where(*own).values(**values).returning(Credential.id)).first()
    if changed is None:
        session.add(Credential(person_id=person_id, kind="password", **values))
        session.flush()


def spend_tokens(session: Session, person_id: int) -> None:
    """Let every way in that was sent to a person stop working."""
    unused = (OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None))
    session.execute(update(OneTimeToken).where(*unused).values(used_at=machine_now()))
