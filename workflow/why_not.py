"""Why somebody got no reminder on a day: the same plan and the same outbox, told the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Mail, Membership, Notification, Organisation, Person
from states.case import CaseState
from states.clocks import HANOI, local_day
from states.refusal import Problem
from states.roles import UNIT
from states.words import N_
from workflow.access import assessment_by_slug
from workflow.clock import working_now
from workflow.duties import Duty, duties
from workflow.folding import folded
from workflow.ledger import FATE_LABELS, KIND_LABELS, fate_of
from workflow.outbox import valid_on
from workflow.reminders import morning_of

DISABLED = N_("Tài khoản đã khóa từ ngày %(day)s.")
NO_ROLE = N_("Không còn vai nào có hiệu lực trong kỳ này.")
NOT_OPEN = N_("Kỳ đánh giá không ở giai đoạn đang mở.")
OWED = N_("“%(label)s”: %(fate)s, %(at)s.")
OWED_WHY = N_("“%(label)s”: %(fate)s, %(at)s. %(why)s")
OFF_DAY = N_("“%(label)s”, hạn %(until)s: không nhắc vào ngày này mà vào các ngày %(days)s so với hạn; lần tới: %(next)s.")
COMING = N_("“%(label)s”, hạn %(until)s: sẽ được nhắc vào ngày này nếu đến lúc đó còn chưa xong.")
MISSED = N_("“%(label)s”, hạn %(until)s: đến ngày đó chưa có việc này hoặc hạn này.")
EXCLUDED = N_("Hồ sơ %(unit)s đã được loại khỏi kỳ đánh giá.")
DONE = N_("Hồ sơ %(unit)s không chờ đơn vị: đang ở bước “%(state)s”.")
EXPLAINED = N_("Hồ sơ %(unit)s: giải trình đã gửi.")
NOTHING = N_("Không có việc nào đang chờ người này.")


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything there is to say about one person."""

    name: str
    email: str
    why: tuple[Problem, ...]


def why_not(session: Session, slug: str, who: str, day: date) -> list[Answer]:
    """Say of everybody with this address, or of this organisation (by code or name), why a reminder came or did not come on a day."""
    assessment = assessment_by_slug(session, slug)
    query = select(Person).outerjoin(Membership, Membership.person_id == Person.id)
    query = query.outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    wanted = folded(who)
    names = session.execute(select(Organisation.id, Organisation.name, Organisation.short_name))
    named = [one.id for one in names if wanted and wanted in {folded(one.name), folded(one.short_name)}]
    mine = or_(Person.email == who.strip().lower(), Organisation.code == who.strip().upper(), Organisation.id.in_(named))
    query = query.where(mine).distinct().order_by(Person.id)
    return [Answer(one.name, one.email, tuple(_answer(session, assessment, one, day))) for one in session.scalars(query)]


def _answer(session: Session, assessment: Assessment, person: Person, day: date) -> list[Problem]:
    if person.disabled_at is not None:
        return [Problem(DISABLED, params={"day": _shown(local_day(person.disabled_at))})]
    held = _memberships(session, assessment, person)
    if not held or assessment.state != "open":
        return [Problem(NO_ROLE if not held else NOT_OPEN)]
    owed = _owed(session, assessment, person, day)
    told = {word.params.get("duty") for word, _ in owed}
    mine = [duty for duty in duties(session, lambda _: True, person_id=person.id) if duty.assessment_id == assessment.id]
    said = [_became(word, mail) for word, mail in owed]
    said += [_unsaid(duty, day, local_day(working_now(session))) for duty in mine if duty.key not in told]
    return said or _done(session, assessment, held) or [Problem(NOTHING)]


def _memberships(session: Session, assessment: Assessment, person: Person) -> Sequence[Membership]:
    here = or_(Membership.assessment_id.is_(None), Membership.assessment_id == assessment.id)
    query = select(Membership).where(Membership.person_id == person.id, here, valid_on(local_day(working_now(session))))
    return session.scalars(query).all()


def _owed(session: Session, assessment: Assessment, person: Person, day: date) -> list[tuple[Notification, Mail | None]]:
    query = select(Notification, Mail).outerjoin(Mail, Mail.id == Notification.mail_id).where(
        Notification.person_id == person.id, Notification.assessment_id == assessment.id, Notification.digest.is_(True),
        Notification.due_at == morning_of(day),
    )  # fmt: skip
    return [(word, mail) for word, mail in session.execute(query.order_by(Notification.id))]


def _became(word: Notification, mail: Mail | None) -> Problem:
    fate, at, why = fate_of(word, mail)
    moment = f"{at.astimezone(HANOI):%H:%M %d/%m/%Y}" if at else "–"
    params = {"label": KIND_LABELS[word.kind], "fate": FATE_LABELS[fate], "at": moment}
    return Problem(OWED_WHY, params={**params, "why": why}) if why else Problem(OWED, params=params)


def _unsaid(duty: Duty, day: date, today: date) -> Problem:
    about = {"label": duty.reason.label, "until": _shown(duty.until)}
    days = sorted(duty.reason.days)
    if duty.offset(day) in days:
        return Problem(COMING if day >= today else MISSED, params=about)
    coming = [duty.until + timedelta(days=offset) for offset in days if offset > duty.offset(day)]
    listed = ", ".join(f"{offset:+d}".replace("-", "−") for offset in days)
    return Problem(OFF_DAY, params={**about, "days": listed, "next": _shown(coming[0]) if coming else "–"})


def _done(session: Session, assessment: Assessment, held: Sequence[Membership]) -> list[Problem]:
    """Of a unit's people: why the unit's own case waits for nothing."""
    units = {one.organisation_id for one in held if one.role in UNIT}
    query = select(Case, Organisation.code).join(Organisation, Organisation.id == Case.unit_id)
    rows = session.execute(query.where(Case.assessment_id == assessment.id, Case.unit_id.in_(units)))
    return [_case_done(case, unit) for case, unit in rows]


def _case_done(case: Case, unit: str) -> Problem:
    if case.excluded_at is not None:
        return Problem(EXCLUDED, params={"unit": unit})
    state = CaseState(case.state)
    if state is CaseState.EXPLANATION_REQUESTED and case.answered:
        return Problem(EXPLAINED, params={"unit": unit})
    return Problem(DONE, params={"unit": unit, "state": state.label})


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
