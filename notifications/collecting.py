"""Puts words into mails: those owed to one person at the same time go together, reminders once a day, ways in always alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from models.tables import Mail, Notification
from states.clocks import end_of_day, local_day
from workflow.clock import machine_now, working_now
from workflow.ledger import SECRET_KINDS

TURN = 5279_001
"""The advisory lock that two collectors take in turn on PostgreSQL; on SQLite writers take turns anyway."""
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Unsent:
    """One word that waits for its mail."""

    id: int
    key: str
    person_id: int
    kind: str
    digest: bool
    owed_at: datetime


def collect(session: Session, host: str) -> int:
    """Make a mail for everything owed and not held back; return how many. Twice, or two at once, make no second mail of a word."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))
    words = _unsent(session)
    piles = _piles(words, _had_digest(session, {word.person_id for word in words if word.digest}))
    if piles:
        _make(session, {_message_id(pile[0], host): pile for pile in piles})
    return len(piles)


def _unsent(session: Session) -> list[Unsent]:
    query = select(
        Notification.id, Notification.key, Notification.person_id, Notification.kind, Notification.digest, Notification.owed_at
    ).where(
        Notification.mail_id.is_(None), Notification.skipped_at.is_(None),
        or_(Notification.due_at.is_(None), Notification.due_at <= working_now(session)),
    )  # fmt: skip
    return [Unsent(*row) for row in session.execute(query.order_by(Notification.id).limit(AT_ONCE)).all()]


def _had_digest(session: Session, people: Iterable[int]) -> set[int]:
    """The people whose digest of today is made already."""
    today = local_day(working_now(session))
    query = select(Notification.person_id).join(Mail, Mail.id == Notification.mail_id).where(
        Notification.person_id.in_(people), Notification.digest.is_(True), Mail.made_at >= end_of_day(today - timedelta(days=1)),
        Mail.made_at < end_of_day(today),
    )  # fmt: skip
    return set(session.scalars(query))


def _piles(words: Iterable[Unsent], had_digest: set[int]) -> list[list[Unsent]]:
    piles: defaultdict[tuple[int, bool, int], list[Unsent]] = defaultdict(list)
    for word in words:
        if not (word.digest and word.person_id in had_digest):
            piles[word.person_id, word.digest, word.id if word.kind in SECRET_KINDS else 0].append(word)
    return list(piles.values())


def _message_id(first: Unsent, host: str) -> str:
    """Derived from the first word, which belongs to this mail for ever: the same each time the mail goes out."""
    mark = sha256(f"{first.key}\0{first.person_id}\0{first.owed_at.isoformat()}".encode()).hexdigest()[:20]
    return f"<{first.id}.{mark}@{host}>"


def _make(session: Session, piles: Mapping[str, Sequence[Unsent]]) -> None:
    now, at = working_now(session), machine_now()
    rows = [
        {"person_id": pile[0].person_id, "message_id": message_id, "subject": "", "body": "", "made_at": now, "next_try_at": at}
        for message_id, pile in piles.items()
    ]
    session.execute(insert(Mail), rows)
    made = dict(session.execute(select(Mail.message_id, Mail.id).where(Mail.message_id.in_(piles))).all())
    words = [{"id": word.id, "mail_id": made[message_id]} for message_id, pile in piles.items() for word in pile]
    session.execute(update(Notification), words)
