"""Delivers one mail: a lease is taken and committed, the words are checked, the mail is sent, then marked; no lock while SMTP talks.

At least once: a crash between sending and marking sends it again, under the same Message-ID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from models.session import reading, transaction
from models.tables import Mail, Notification, Person
from notifications.facts import gather
from notifications.rendering import Written, write
from notifications.smtp import PATIENCE, STEPS, NeverError, NotNowError, Post, letter
from notifications.truth import untrue
from workflow.clock import machine_now, working_now
from workflow.ledger import SECRET_KINDS

FORGOTTEN = frozenset({"path", "address"})
"""What a secret word carries is not kept once its mail is out."""
LEASE = timedelta(seconds=PATIENCE * STEPS + 30)
"""Longer than a mail can take over an open connection, so that nobody else takes it meanwhile."""
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 159, *[240] * 11))
"""How long to wait after each failed try: 48 hours in all."""


class Outcome(StrEnum):
    """What became of one delivery."""

    SENT = "sent"
    SKIPPED = "skipped"
    POSTPONED = "postponed"
    FAILED = "failed"
    TAKEN = "taken"
    """Somebody else has it, or it is done."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a delivery works with."""

    engine: Engine
    post: Post
    base_url: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail as it stands now: whose it is, what is left to say (or nothing), and which words are dropped and why."""

    mail_id: int
    message_id: str
    email: str
    written: Written | None
    dropped: Mapping[int, str]


def deliver(desk: Desk, mail_id: int) -> Outcome:
    """Deliver one mail if it is due and nobody else has it."""
    away = desk.post.reach()
    tries = _lease(desk.engine, mail_id)
    if tries is None:
        return Outcome.TAKEN
    if away:
        return _postpone(desk.engine, mail_id, tries, away)
    try:
        mail = _prepare(desk, mail_id)
    except Exception as broken:
        _postpone(desk.engine, mail_id, tries, type(broken).__name__)
        raise
    if mail.written is None:
        return _skip(desk.engine, mail)
    try:
        desk.post.send(letter(desk.post.server, mail.email, mail.message_id, mail.written.subject, mail.written.body))
    except NotNowError as not_now:
        return _postpone(desk.engine, mail_id, tries, str(not_now))
    except NeverError as never:
        return _fail(desk.engine, mail_id, str(never))
    return _mark_sent(desk.engine, mail, mail.written)


def is_due() -> list[Any]:
    """Return the conditions of mails that somebody should deliver now."""
    now = machine_now()
    free = or_(Mail.leased_until.is_(None), Mail.leased_until <= now)
    return [Mail.sent_at.is_(None), Mail.failed_at.is_(None), Mail.next_try_at <= now, free]


def _lease(engine: Engine, mail_id: int) -> int | None:
    """Take the mail for a while and commit; return which try this is, or nothing where it is not to be had."""
    with transaction(engine) as session:
        taken = update(Mail).where(Mail.id == mail_id, *is_due()).values(leased_until=machine_now() + LEASE, attempts=Mail.attempts + 1)
        return session.scalar(taken.returning(Mail.attempts))


def _prepare(desk: Desk, mail_id: int) -> Prepared:
    """Read the mail anew and write it from what is still true."""
    with reading(desk.engine) as session:
        mail = session.get_one(Mail, mail_id)
        person = session.get_one(Person, mail.person_id)
        words = session.scalars(_words(mail_id)).all()
        facts = gather(session, person, words)
        dropped = {word.id: why for word in words if (why := untrue(facts, word))}
        left = [word for word in words if word.id not in dropped]
        return Prepared(mail_id, mail.message_id, _address(person, left), write(facts, left, desk.base_url) if left else None, dropped)


def _address(person: Person, words: Sequence[Notification]) -> str:
    """Return where a mail goes: to the person, but to the old address where the word says that it is another now."""
    return next((str(word.params["address"]) for word in words if word.params.get("address")), person.email)


def _words(mail_id: int) -> Any:  # noqa: ANN401  (a select)
    return select(Notification).where(Notification.mail_id == mail_id, Notification.skipped_at.is_(None)).order_by(Notification.id)


def _skip(engine: Engine, mail: Prepared) -> Outcome:
    with transaction(engine) as session:
        _close(session, mail.mail_id)
        _drop(session, mail)
    return Outcome.SKIPPED


def _mark_sent(engine: Engine, mail: Prepared, written: Written) -> Outcome:
    with transaction(engine) as session:
        _close(session, mail.mail_id, sent_at=working_now(session), subject=written.subject, body=written.kept)
        _drop(session, mail)
    return Outcome.SENT


def _fail(engine: Engine, mail_id: int, error: str) -> Outcome:
    with transaction(engine) as session:
        _close(session, mail_id, failed_at=working_now(session), error=error)
    return Outcome.FAILED


def _postpone(engine: Engine, mail_id: int, tries: int, error: str) -> Outcome:
    """Let it rest until the next try; after the last one it has failed."""
    if tries > len(DELAYS):
        return _fail(engine, mail_id, error)
    with transaction(engine) as session:
        later = machine_now() + DELAYS[tries - 1]
        session.execute(update(Mail).where(Mail.id == mail_id).values(leased_until=None, next_try_at=later, error=error))
    return Outcome.POSTPONED


def _drop(session: Session, mail: Prepared) -> None:
    """Take the words that are not true any more out of the mail, and note why: a word is in a mail or was left out, never both."""
    now = working_now(session)
    rows = [{"id": word_id, "mail_id": None, "skipped_at": now, "skipped_reason": why} for word_id, why in mail.dropped.items()]
    if rows:
        session.execute(update(Notification), rows)


def _close(session: Session, mail_id: int, **values: Any) -> None:  # noqa: ANN401  (column values)
    """End a mail's delivery; a way in that it carried is forgotten now, whatever became of it."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(**{"leased_until": None, "error": "", **values}))
    carried = select(Notification).where(Notification.mail_id == mail_id, Notification.kind.in_(SECRET_KINDS))
    forgotten: Sequence[dict[str, Any]] = [
        {"id": word.id, "params": {name: value for name, value in word.params.items() if name not in FORGOTTEN}}
        for word in session.scalars(carried)
    ]
    if forgotten:
        session.execute(update(Notification), list(forgotten))
