"""Invariants of what is kept: guards of the database, the chain, the outbox, sessions, evidence."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from models.tables import APPEND_ONLY, Blob, Event, Mail, Notification, OneTimeToken, Person
from models.tables import Session as SessionRow
from workflow.auditing import breaks
from workflow.clock import machine_now
from workflow.evidence_store import EvidenceStore

DRIFT = timedelta(seconds=1)
"""How far two machines' clocks may disagree."""


def unguarded_tables(session: Session) -> Iterator[str]:
    """Yield tables kept for ever whose triggers are missing or switched off."""
    if session.get_bind().dialect.name == "sqlite":
        guards = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        yield from (name for table in APPEND_ONLY for name in (f"{table}_no_update", f"{table}_no_delete") if name not in guards)
        return
    query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
    guards = set(session.scalars(text(query)))
    yield from (table for table in APPEND_ONLY if f"{table}_append_only" not in guards)


def broken_chains(session: Session) -> Iterator[str]:
    """Yield the first break of each chain."""
    yield from map(str, breaks(session))


def events_back_in_time(session: Session) -> Iterator[str]:
    """Yield events recorded before the one they follow."""
    before = func.lag(Event.recorded_at, type_=Event.recorded_at.type).over(partition_by=(Event.chain, Event.chain_id), order_by=Event.seq)
    inner = select(Event.chain, Event.chain_id, Event.seq, Event.recorded_at, before.label("before")).subquery()
    for row in session.execute(select(inner).where(inner.c.recorded_at < inner.c.before)):
        if row.before - row.recorded_at > DRIFT:
            yield f"{row.chain} {row.chain_id}, #{row.seq}"


def words_in_limbo(session: Session) -> Iterator[str]:
    """Yield words that were both sent and left out, or left out for no reason, and mails that were both sent and given up."""
    limbo = or_(
        and_(Notification.mail_id.is_not(None), Notification.skipped_at.is_not(None)),
        and_(Notification.skipped_at.is_not(None), Notification.skipped_reason == ""),
    )
    for word_id in session.scalars(select(Notification.id).where(limbo)):
        yield f"notification:{word_id}"
    for mail_id in session.scalars(select(Mail.id).where(Mail.sent_at.is_not(None), Mail.failed_at.is_not(None))):
        yield f"mail:{mail_id}"


def ways_in_too_many(session: Session) -> Iterator[str]:
    """Yield people with more than one living token (a new one ends the others), or with one although their account is off."""
    living = select(OneTimeToken.person_id, func.count()).join(Person, Person.id == OneTimeToken.person_id)
    living = living.where(OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > machine_now())
    many = living.group_by(OneTimeToken.person_id, Person.disabled_at).having(or_(func.count() > 1, Person.disabled_at.is_not(None)))
    for person_id, count in session.execute(many):
        yield f"person:{person_id}: {count}"


def sessions_of_disabled(session: Session) -> Iterator[str]:
    """Yield living sessions of accounts that were closed."""
    query = select(SessionRow.id).join(Person, Person.id == SessionRow.person_id)
    for session_id in session.scalars(query.where(Person.disabled_at.is_not(None), SessionRow.revoked_at.is_(None))):
        yield f"session:{session_id}"


def dangling_references(session: Session) -> Iterator[str]:
    """Yield rows that point at nothing; PostgreSQL never lets one in, SQLite does where its keys were switched off."""
    if session.get_bind().dialect.name == "sqlite":
        for table, row_id, target, _ in session.execute(text("PRAGMA foreign_key_check")):
            yield f"{table}:{row_id} → {target}"


def evidence_that_differs(session: Session, store: EvidenceStore) -> Iterator[str]:
    """Yield evidence whose file is gone or is not, byte for byte, what its hash says."""
    for sha256 in session.scalars(select(Blob.sha256).where(Blob.removed_at.is_(None)).order_by(Blob.id)):
        try:
            store.read(sha256)
        except (OSError, ValueError):
            yield sha256
