"""Reminding at once: the secretariat looks at who would get what, then sends; at most once a day to a person for the same thing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Notification
from states.clocks import local_day
from states.refusal import NotFound, Refused
from states.roles import UNIT
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.duties import REASONS, Duty, duties
from workflow.journal import Chain, record
from workflow.outbox import insert_words
from workflow.reminders import about_seats, key_now, morning_of, owed_keys, timely

REMIND = "remind_now"
NOBODY = N_("Không còn ai để nhắc: việc đã xong, hoặc mọi người đã được nhắc hôm nay.")


@dataclass(frozen=True, slots=True)
class Reminded:
    """One line of the preview: who, of what, by when; `today` where the same was said today already."""

    name: str
    email: str
    organisation: str
    count: int
    until: date
    unit: str
    today: bool


@dataclass(frozen=True, slots=True)
class NowSheet:
    """The preview: what one could remind of, with how many people, and the lines of the one chosen."""

    slug: str
    title: str
    trial: bool
    reason: str
    label: str
    choices: tuple[tuple[str, str, int], ...]
    """(reason, its words, how many people) of all that waits."""
    lines: tuple[Reminded, ...]

    @property
    def going(self) -> int:
        """How many words would go out."""
        return sum(not line.today for line in self.lines)


def now_sheet(session: Session, actor: Actor, slug: str, reason: str = "") -> NowSheet:
    """Return who would be reminded of what, as things stand now; nothing is written. Without a reason, of what waits first."""
    assessment = require_assessment(session, actor, REMIND, slug)
    found = _duties(session, actor, assessment)
    counts = Counter(duty.reason.name for duty in found)
    choices = tuple((name, REASONS[name].label, counts[name]) for name in REASONS if counts[name])
    if reason and reason not in REASONS:
        raise NotFound
    chosen = reason or (choices[0][0] if choices else "")
    lines = _lines(session, [duty for duty in found if duty.reason.name == chosen])
    label = REASONS[chosen].label if chosen else ""
    return NowSheet(slug, assessment.title, assessment.trial, chosen, label, choices, tuple(lines))


def remind_now(session: Session, actor: Actor, slug: str, reason: str) -> int:
    """Owe everybody who still has to do it a word at once, and return how many; who was told today is left alone."""
    assessment = require_assessment(session, actor, REMIND, slug, lock=True)
    if reason not in REASONS:
        raise NotFound
    waiting = [duty for duty in _duties(session, actor, assessment) if duty.reason.name == reason]
    told = _told_today(session, waiting)
    new = insert_words(session, [_row(session, duty) for duty in waiting if (duty.key, duty.seat.person_id) not in told])
    if not new:
        raise Refused(NOBODY)
    record(session, Chain.of_assessment(assessment.id), actor, REMIND, reason, {"words": new})
    return new


def _duties(session: Session, actor: Actor, assessment: Assessment) -> list[Duty]:
    """Return what waits in this assessment; of the own organisation's case one takes no act (rules section 3)."""
    own, today = actor.organisations, local_day(working_now(session))
    return [
        duty
        for duty in duties(session, lambda _: True)
        if duty.assessment_id == assessment.id
        and timely(duty, today)
        and not (duty.reason.roles == UNIT and duty.seat.organisation_id in own)
    ]


def _told_today(session: Session, waiting: Sequence[Duty]) -> set[tuple[str, int]]:
    """Return (duty, person) of those told today, at once or by the reminder of the day."""
    today = local_day(working_now(session))
    keys = {key_now(duty, today): duty.key for duty in waiting}
    of_the_day = select(Notification.key, Notification.person_id).where(Notification.due_at == morning_of(today))
    told = {(key.rpartition(":")[0], person) for key, person in session.execute(of_the_day.where(Notification.digest.is_(True)))}
    return told | {(keys[key], person) for key, person in owed_keys(session, set(keys))}


def _row(session: Session, duty: Duty) -> dict[str, object]:
    """Not for the digest: it goes now, also to whom today's digest has gone."""
    now, seat = working_now(session), duty.seat
    params = {"duty": duty.key, "until": duty.until.isoformat(), "count": duty.count}
    return {
        "key": key_now(duty, local_day(now)), "person_id": seat.person_id, "membership_id": seat.membership_id,
        "assessment_id": duty.assessment_id, "case_id": duty.case_id, "kind": duty.reason.name, "digest": False, "params": params,
        "path": duty.path, "owed_at": now, "due_at": None,
    }  # fmt: skip


def _lines(session: Session, waiting: Sequence[Duty]) -> list[Reminded]:
    told, people, found = _told_today(session, waiting), about_seats(session, [duty.seat for duty in waiting]), []
    for duty in waiting:
        name, email, organisation, sort_key = people[duty.seat.membership_id]
        today = (duty.key, duty.seat.person_id) in told
        found.append(((sort_key, name), Reminded(name, email, organisation, duty.count, duty.until, duty.unit, today)))
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]
