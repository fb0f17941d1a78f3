"""Which reminders are due on a day and why: deadlines are scanned, nothing is scheduled; what is owed twice is inserted once.

A deadline that moved needs nothing cancelled: whether a word is still true is asked again when it is delivered.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.session import insert_once
from models.tables import Notification, Organisation, Person, ScanDay
from states.clocks import HANOI, local_day
from workflow.clock import working_now
from workflow.duties import REASONS, Duty, Seat, duties
from workflow.outbox import insert_words

MORNING = time(7)
"""When a day's reminders may go out, in Hanoi."""
REACH = {offset for reason in REASONS.values() for offset in reason.days}


@dataclass(frozen=True, slots=True)
class Word:
    """One reminder due to one person on one day."""

    duty: Duty
    day: date

    @property
    def offset(self) -> int:
        """Days since the deadline; negative before it."""
        return self.duty.offset(self.day)

    @property
    def key(self) -> str:
        """Unique with the person: scanning twice inserts nothing."""
        return f"{self.duty.key}:{self.offset:+d}"

    @property
    def keys(self) -> tuple[str, str]:
        """Under any of which the same was said that day: its own, and that of a word sent at once."""
        return self.key, key_now(self.duty, self.day)


def key_now(duty: Duty, day: date) -> str:
    """Return the key of a word that somebody had sent at once: one a day for the same duty."""
    return f"{duty.key}:now:{day.isoformat()}"


def morning_of(day: date) -> datetime:
    """Return when a day's reminders may go out."""
    return datetime.combine(day, MORNING, HANOI)


def due_words(session: Session, today: date, *, person_id: int | None = None) -> list[Word]:
    """Return all reminders due on a day, as things stand now. Nothing is written."""
    days = {today - timedelta(days=offset) for offset in REACH}
    found = duties(session, days.__contains__, person_id=person_id)
    return [Word(duty, today) for duty in found if duty.offset(today) in duty.reason.days]


def missing_words(session: Session) -> list[dict[str, Any]]:
    """Return the reminders of today, and of days on which nobody looked, that are not yet in the outbox, as rows for it."""
    now = working_now(session)
    today = local_day(now)
    words = [*due_words(session, today), *_made_up(session, today)]
    owed = owed_keys(session, {key for word in words for key in (*word.keys, key_now(word.duty, today))})
    found: dict[tuple[str, int], Word] = {}
    for word in words:
        found.setdefault((word.duty.key, word.duty.seat.person_id), word)
    return [
        _row(word, now) for (_, person), word in found.items()
        if not any((key, person) in owed for key in (*word.keys, key_now(word.duty, today)))
    ]  # fmt: skip


def _made_up(session: Session, today: date) -> Iterator[Word]:
    """Yield what was due on days that were missed, the newest first: of each duty only the first counts, however many were missed."""
    for day in missed_days(session, today):
        yield from (word for word in due_words(session, day) if timely(word.duty, today))


def missed_days(session: Session, today: date) -> list[date]:
    """Return the days since the last scan, the newest first, as far back as reminders reach; none before the first scan of all."""
    last = session.scalar(select(func.max(ScanDay.day)).where(ScanDay.day <= today))
    between = (today - last).days if last else 0
    return [today - timedelta(days=days) for days in range(1, min(between, max(-offset for offset in REACH) + 1))]


def timely(duty: Duty, today: date) -> bool:
    """Return whether one may still (or already) be reminded of it: some duties end with their clock, others begin with it."""
    days, offset = duty.reason.days, duty.offset(today)
    return max(days) > 0 if offset > 0 else min(days) < 0


def scanned(session: Session) -> bool:
    """Return whether the reminders of today were looked for already."""
    return session.scalar(select(ScanDay.id).where(ScanDay.day == local_day(working_now(session)))) is not None


def owe_reminders(session: Session, rows: Sequence[dict[str, Any]] | None = None) -> int:
    """Put the reminders into the outbox (those found before, or found now) and note the day; return how many were new."""
    new = insert_words(session, list(missing_words(session) if rows is None else rows))
    now = working_now(session)
    session.execute(insert_once(session, ScanDay), {"day": local_day(now), "at": now})
    return new


def owed_keys(session: Session, keys: Collection[str]) -> set[tuple[str, int]]:
    """Return (key, person) of those of the keys that are in the outbox."""
    query = select(Notification.key, Notification.person_id).where(Notification.key.in_(keys))
    return {(key, person) for key, person in session.execute(query)}


def _row(word: Word, now: datetime) -> dict[str, Any]:
    duty, seat = word.duty, word.duty.seat
    params = {"duty": duty.key, "until": duty.until.isoformat(), "count": duty.count}
    return {
        "key": word.key, "person_id": seat.person_id, "membership_id": seat.membership_id, "assessment_id": duty.assessment_id,
        "case_id": duty.case_id, "kind": duty.reason.name, "digest": True, "params": params, "path": duty.path, "owed_at": now,
        "due_at": morning_of(local_day(now)),
    }  # fmt: skip


def still_due(session: Session, person_id: int, keys: Collection[str]) -> dict[str, Duty]:
    """Return those of a person's duties (by their keys) that stand now: the work is open, the deadline has not moved."""
    return {duty.key: duty for duty in duties(session, lambda _: True, person_id=person_id) if duty.key in keys}


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of "who gets what": the person, why, the deadline, and whether it is in the outbox already."""

    person_id: int
    name: str
    email: str
    organisation: str
    label: str
    count: int
    until: date
    offset: int
    unit: str
    owed: bool


def preview(session: Session, day: date, *, slug: str = "") -> list[Planned]:
    """Return who gets what on a day (of one assessment, or all), as things stand now; sorted by organisation and person."""
    words = [word for word in due_words(session, day) if slug in {"", word.duty.slug}]
    owed = owed_keys(session, {word.key for word in words})
    people = about_seats(session, [word.duty.seat for word in words])
    lines = []
    for word in words:
        duty, seat = word.duty, word.duty.seat
        name, email, organisation, sort_key = people[seat.membership_id]
        line = Planned(
            seat.person_id, name, email, organisation, duty.reason.label, duty.count, duty.until, word.offset, duty.unit,
            (word.key, seat.person_id) in owed,
        )  # fmt: skip
        lines.append(((sort_key, name, line.label), line))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def next_reminders(session: Session, slug: str) -> date:
    """Return the next day, from tomorrow on, on which somebody is reminded in an assessment as things stand; tomorrow if none is."""
    tomorrow = local_day(working_now(session)) + timedelta(days=1)
    mine = [duty for duty in duties(session, lambda _: True) if duty.slug == slug]
    days = (duty.until + timedelta(days=offset) for duty in mine for offset in duty.reason.days)
    return min((day for day in days if day >= tomorrow), default=tomorrow)


def about_seats(session: Session, found: Sequence[Seat]) -> dict[int, tuple[str, str, str, str]]:
    """Return name, address, organisation and its sort key, by membership."""
    seats = {seat.membership_id: seat for seat in found}
    query = select(Person.id, Person.name, Person.email).where(Person.id.in_({seat.person_id for seat in seats.values()}))
    people = {row.id: (row.name, row.email) for row in session.execute(query)}
    places = select(Organisation.id, Organisation.name, Organisation.sort_key)
    places = places.where(Organisation.id.in_({seat.organisation_id for seat in seats.values()}))
    organisations = {row.id: (row.name, row.sort_key) for row in session.execute(places)}
    return {key: (*people[seat.person_id], *organisations[seat.organisation_id]) for key, seat in seats.items()}
