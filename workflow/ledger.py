"""What was owed to whom and what became of it: a person's notices, and the mail log with sending again. Bodies are not read here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Mail, Notification, Organisation, Person
from states.acts import ACTS
from states.moves import MOVES
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.accounts import ADDRESS_CHANGED, INVITATION, LIVES, PASSWORD_CHANGED, RESET, ROLE_GIVEN
from workflow.actor import Actor
from workflow.clock import machine_now, working_now
from workflow.duties import REASONS
from workflow.journal import SYSTEM_CHAIN, record

SECRET_KINDS = frozenset({*LIVES, ADDRESS_CHANGED})
"""Words that carry a way in, or an address that is not the person's any more: it stands in the outbox until the mail is out, no longer."""

KIND_LABELS: Mapping[str, str] = {
    **{move.trigger: move.label for move in MOVES if move.notify},
    **{act.name: act.label for act in ACTS if act.notify},
    **{reason.name: reason.label for reason in REASONS.values()},
    "proposal": N_("Đề xuất mới chờ xác nhận"),
    "proposal_confirmed": N_("Đề xuất đã được xác nhận"),
    "proposal_refused": N_("Đề xuất bị từ chối"),
    "proposal_withdrawn": N_("Đề xuất đã được rút"),
    INVITATION: N_("Lời mời vào hệ thống"),
    RESET: N_("Đặt lại mật khẩu"),
    PASSWORD_CHANGED: N_("Mật khẩu đã đổi"),
    ADDRESS_CHANGED: N_("Địa chỉ thư đã đổi"),
    ROLE_GIVEN: N_("Một vai được giao"),
}
"""What a word is about, for the notices and the mail log."""


class Fate(StrEnum):
    """What became of a word so far."""

    WAITING = "waiting"
    TRYING = "trying"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


FATE_LABELS: Mapping[Fate, str] = {
    Fate.WAITING: N_("Chờ gửi"),
    Fate.TRYING: N_("Chưa gửi được, sẽ thử lại"),
    Fate.SENT: N_("Đã gửi"),
    Fate.FAILED: N_("Không gửi được"),
    Fate.SKIPPED: N_("Không gửi"),
}

CONDITIONS: Mapping[Fate, ColumnElement[bool]] = {
    Fate.SKIPPED: Notification.skipped_at.is_not(None),
    Fate.SENT: and_(Notification.skipped_at.is_(None), Mail.sent_at.is_not(None)),
    Fate.FAILED: and_(Notification.skipped_at.is_(None), Mail.failed_at.is_not(None)),
    Fate.TRYING: and_(Notification.skipped_at.is_(None), Mail.sent_at.is_(None), Mail.failed_at.is_(None), Mail.error != ""),
    Fate.WAITING: and_(
        Notification.skipped_at.is_(None), Mail.sent_at.is_(None), Mail.failed_at.is_(None), or_(Mail.id.is_(None), Mail.error == "")
    ),
}


def fate_of(word: Notification, mail: Mail | None) -> tuple[Fate, datetime | None, str]:
    """Return what became of a word, when, and why; the same as `CONDITIONS` for one row."""
    if word.skipped_at is not None:
        return Fate.SKIPPED, word.skipped_at, word.skipped_reason
    if mail is not None and mail.sent_at is not None:
        return Fate.SENT, mail.sent_at, ""
    if mail is not None and mail.failed_at is not None:
        return Fate.FAILED, mail.failed_at, mail.error
    return (Fate.TRYING, mail.next_try_at, mail.error) if mail is not None and mail.error else (Fate.WAITING, word.due_at, "")


# a person's notices


@dataclass(frozen=True, slots=True)
class Notice:
    """One word as the person reads it: what about, of which season and unit, by when, and where to go."""

    id: int
    kind: str
    label: str
    season: str
    unit: str
    at: datetime
    until: date | None
    count: int
    path: str
    read: bool


def _own(session: Session, person_id: int) -> ColumnElement[bool]:
    """The words a person may read now: not held back, and not found untrue."""
    told = or_(Notification.due_at.is_(None), Notification.due_at <= working_now(session))
    return and_(Notification.person_id == person_id, Notification.skipped_at.is_(None), told)


def unread(session: Session, person_id: int) -> int:
    """Return how many notices a person has not read."""
    query = select(func.count()).select_from(Notification)
    return session.scalar(query.where(_own(session, person_id), Notification.read_at.is_(None))) or 0


def notices(session: Session, person_id: int, *, before: int | None = None, limit: int = 50) -> list[Notice]:
    """Return a person's notices, the newest first; `before` is the id from which to go on."""
    query = (
        select(Notification, Assessment.title, Organisation.name)
        .outerjoin(Assessment, Assessment.id == Notification.assessment_id)
        .outerjoin(Case, Case.id == Notification.case_id)
        .outerjoin(Organisation, Organisation.id == Case.unit_id)
        .where(_own(session, person_id))
    )
    if before is not None:
        query = query.where(Notification.id < before)
    rows = session.execute(query.order_by(Notification.id.desc()).limit(limit))
    return [_notice(word, season or "", unit or "") for word, season, unit in rows]


def _notice(word: Notification, season: str, unit: str) -> Notice:
    until = word.params.get("until")
    return Notice(
        word.id, word.kind, KIND_LABELS.get(word.kind, word.kind), season, unit, word.owed_at, date.fromisoformat(until) if until else None,
        word.params.get("count", 1), word.path, word.read_at is not None,
    )  # fmt: skip


def mark_read(session: Session, person_id: int, ids: Collection[int] | None = None) -> int:
    """Mark a person's own notices as read, these or all; return how many were not."""
    query = update(Notification).where(_own(session, person_id), Notification.read_at.is_(None))
    if ids is not None:
        query = query.where(Notification.id.in_(ids))
    return len(session.execute(query.values(read_at=working_now(session)).returning(Notification.id)).all())


# the mail log


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the mail log: one word, and the mail it went with."""

    id: int
    mail_id: int | None
    kind: str
    label: str
    name: str
    email: str
    season: str
    unit: str
    owed_at: datetime
    fate: Fate
    fate_at: datetime | None
    why: str
    attempts: int
    again: bool
    """Whether the mail may be sent again."""
    to_old_address: bool
    """It did not go to `email`, but to the address that was the person's before and is kept nowhere."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the mail log is asked for: a season by slug, a person by part of address or name, a kind, a fate."""

    slug: str = ""
    who: str = ""
    kind: str = ""
    fate: Fate | None = None


def mail_log(session: Session, actor: Actor, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """Return the newest lines first; who does not run the whole house sees those of the seasons only."""
    query = _seen(actor).outerjoin(Assessment, Assessment.id == Notification.assessment_id)
    query = query.outerjoin(Case, Case.id == Notification.case_id).outerjoin(Organisation, Organisation.id == Case.unit_id)
    query = query.add_columns(Person.name, Person.email, Assessment.slug, Organisation.name)
    for given, condition in (
        (wanted.slug, Assessment.slug == wanted.slug),
        (wanted.kind, Notification.kind == wanted.kind),
        (wanted.who, or_(Person.email.icontains(wanted.who, autoescape=True), Person.name.icontains(wanted.who, autoescape=True))),
        (before, Notification.id < (before or 0)),
        (wanted.fate, CONDITIONS[wanted.fate or Fate.SENT]),
    ):
        query = query.where(condition) if given else query
    return [_entry(*row) for row in session.execute(query.order_by(Notification.id.desc()).limit(limit)).all()]


def _seen(actor: Actor) -> Select[Notification, Mail]:
    """The words an actor may see in the log, with their mail. `NotFound` for whom the matrix gives none."""
    if not may(actor.role, "see_mail_log"):
        raise NotFound
    query = select(Notification, Mail).join(Person, Person.id == Notification.person_id).outerjoin(Mail, Mail.id == Notification.mail_id)
    if actor.assessment_id is not None:
        return query.where(Notification.assessment_id == actor.assessment_id)
    return query if actor.role is Role.ADMIN else query.where(Notification.assessment_id.is_not(None))


def _entry(word: Notification, mail: Mail | None, *about: str | None) -> Entry:
    fate, at, why = fate_of(word, mail)
    name, email, season, unit = (text or "" for text in about)
    again = fate in {Fate.SENT, Fate.FAILED} and word.kind not in SECRET_KINDS
    return Entry(
        word.id, word.mail_id, word.kind, KIND_LABELS.get(word.kind, word.kind), name, email, season, unit, word.owed_at, fate, at, why,
        mail.attempts if mail else 0, again, word.kind == ADDRESS_CHANGED,
    )  # fmt: skip


def resend(session: Session, actor: Actor, mail_id: int) -> None:
    """Let a sent or failed mail go out once more, under its own Message-ID; what is no longer true is left out again."""
    rows = session.execute(_seen(actor).where(Mail.id == mail_id)).all()
    if not rows:
        raise NotFound
    mail = rows[0][1]
    if mail.sent_at is None and mail.failed_at is None:
        raise Refused(Problem(N_("Thư này còn đang chờ gửi.")))
    if any(word.kind in SECRET_KINDS for word, _ in rows):
        raise Refused(Problem(N_("Thư này chỉ gửi một lần; cần thì gửi lời mời mới.")))
    if all(word.skipped_at is not None for word, _ in rows):
        raise Refused(Problem(N_("Nội dung thư không còn đúng nữa.")))
    noted = {"sent_at": mail.sent_at.isoformat() if mail.sent_at else "", "attempts": mail.attempts}
    mail.sent_at, mail.failed_at, mail.leased_until, mail.error, mail.attempts = None, None, None, "", 0
    mail.next_try_at = machine_now()
    session.flush()
    record(session, SYSTEM_CHAIN, actor, "resend_mail", f"mail:{mail.id}", noted)
