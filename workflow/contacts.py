"""Who at a grading body answers questions about an indicator; every unit can read it (act `name_contact`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Contact, Indicator, IndicatorBody, IndicatorSet, Organisation
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.journal import Chain, record

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
