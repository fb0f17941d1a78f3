"""Who at a grading body answers questions about an indicator; every unit can read it (act `name_contact`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Contact, Indicator, IndicatorBody, IndicatorSet, Membership, Organisation, Person
from states.clocks import local_day
from states.refusal import NotFound, Problem, Refused
from states.roles import UNIT, Role
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.journal import Chain, record
from workflow.outbox import valid_on

LONGEST = {"name": 200, "phone": 40, "email": 200}
PHONE = re.compile(r"[\d +().-]{6,40}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Whom to ask about an indicator, at which body."""

    body: str
    """The body's short name."""
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Secretariat:
    """Whom a unit asks about its deadlines and its case: the organisation, and its people by name and address."""

    organisation: str
    people: tuple[tuple[str, str], ...]


def secretariat_of(session: Session, assessment: Assessment) -> Secretariat | None:
    """Return who runs an assessment; one statement. Nothing where it has no secretariat yet, or nobody in it."""
    today = valid_on(local_day(working_now(session)))
    rows = session.execute(
        select(Organisation.name, Person.name, Person.email)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Organisation.id == assessment.secretariat_id, Membership.role == Role.SECRETARIAT, Person.disabled_at.is_(None), today,
            or_(Membership.assessment_id.is_(None), Membership.assessment_id == assessment.id),
        )
        .distinct().order_by(Person.name)
    ).all()  # fmt: skip
    return Secretariat(rows[0][0], tuple((name, email) for _, name, email in rows)) if rows else None


@dataclass(frozen=True, slots=True)
class UnitPerson:
    """Somebody of a unit, for who answers its calls."""

    name: str
    role: Role
    title: str
    email: str
    phone: str


def people_of(session: Session, unit_id: int, assessment_id: int) -> tuple[UnitPerson, ...]:
    """Return who acts for a unit today, heads first; one statement."""
    rows = session.execute(
        select(Person.name, Membership.role, Person.title, Person.email, Person.phone)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == unit_id, Membership.role.in_(UNIT), Person.disabled_at.is_(None),
            valid_on(local_day(working_now(session))), or_(Membership.assessment_id.is_(None), Membership.assessment_id == assessment_id),
        )
        .order_by(Membership.role, Person.name)
    )  # fmt: skip
    return tuple(UnitPerson(name, Role(role), *rest) for name, role, *rest in rows)


def name_contact(session: Session, actor: Actor, slug: str, codes: Sequence[str], card: ContactCard) -> int:
    """Say who at the actor's body answers for these indicators; all fields empty takes the word back. Return for how many."""
    assessment = require_assessment(session, actor, "name_contact", slug, lock=True)
    ids = _graded(session, actor, assessment, codes)
    if len(ids) != len(set(codes)):
        raise NotFound
    wanted = {name: getattr(card, name).strip() for name in LONGEST}
    _check(wanted)
    mine = (Contact.assessment_id == assessment.id, Contact.organisation_id == actor.organisation_id)
    session.execute(delete(Contact).where(*mine, Contact.indicator_id.in_(ids)))
    if any(wanted.values()):
        session.add_all(
            Contact(assessment_id=assessment.id, organisation_id=actor.organisation_id, indicator_id=one, **wanted) for one in ids
        )  # fmt: skip
    session.flush()
    payload = {"body": actor.organisation_id, "indicators": sorted(ids), "named": any(wanted.values())}
    record(session, Chain.of_assessment(assessment.id), actor, "name_contact", "", payload)
    return len(ids)


def _check(wanted: Mapping[str, str]) -> None:
    """Refuse a contact nobody could reach."""
    if not any(wanted.values()):
        return
    problems = [Problem(N_("Dài quá %(most)s ký tự."), name, {"most": most}) for name, most in LONGEST.items() if len(wanted[name]) > most]
    if not wanted["name"]:
        problems.append(Problem(N_("Cần ghi tên người trả lời."), "name"))
    if not wanted["phone"] and not wanted["email"]:
        problems.append(Problem(N_("Cần ghi điện thoại hoặc thư công vụ."), "phone"))
    if wanted["phone"] and not PHONE.fullmatch(wanted["phone"]):
        problems.append(Problem(N_("Số điện thoại chỉ gồm chữ số và dấu cách."), "phone"))
    if wanted["email"] and not MAIL.fullmatch(wanted["email"]):
        problems.append(Problem(N_("Địa chỉ thư không đúng."), "email"))
    if problems:
        raise Refused(problems)


def _graded(session: Session, actor: Actor, assessment: Assessment, codes: Sequence[str]) -> list[int]:
    """Return the ids of those indicators that the actor's body grades."""
    query = select(Indicator.id).join(IndicatorBody, IndicatorBody.indicator_id == Indicator.id)
    query = query.join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id).where(
        IndicatorSet.catalogue_id == assessment.catalogue_id
    )
    return list(session.scalars(query.where(IndicatorBody.organisation_id == actor.organisation_id, Indicator.code.in_(codes))))


def contacts_of(session: Session, assessment_id: int, codes: Sequence[str] | None = None) -> dict[tuple[str, str], ContactCard]:
    """Return the contacts of an assessment (for some indicators) by indicator and body; one statement."""
    query = select(Indicator.code, Organisation.code, Organisation.short_name, Contact.name, Contact.phone, Contact.email)
    query = query.select_from(Contact).join(Indicator, Indicator.id == Contact.indicator_id)
    query = query.join(Organisation, Organisation.id == Contact.organisation_id).where(Contact.assessment_id == assessment_id)
    if codes is not None:
        query = query.where(Indicator.code.in_(codes))
    return {(code, body): ContactCard(short, name, phone, mail) for code, body, short, name, phone, mail in session.execute(query)}
