"""Memberships: what a person may act as, given and ended by the admin."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Membership, Organisation, Person
from states.clocks import local_day
from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.roles import BODY, COUNCIL, SIGNED_IN, UNIT, Role
from states.words import N_
from workflow.accounts import tell_role_given
from workflow.actor import Actor, memberships_of
from workflow.clock import working_now
from workflow.folding import folded
from workflow.journal import SYSTEM_CHAIN, record

ENDS_BEFORE = N_("Ngày kết thúc phải sau ngày bắt đầu.")
UNKNOWN_ROLE = N_("Không có vai “%(typed)s”.")
UNKNOWN_ORGANISATION = N_("Không có cơ quan mã hoặc tên “%(typed)s”. Trang Cơ quan có đủ mã và tên.")
UNKNOWN_ASSESSMENT = N_("Không có kỳ đánh giá “%(typed)s”.")
NOT_A_UNIT = N_("“%(organisation)s” không phải đơn vị được đánh giá nên không có vai “%(role)s”.")
NOT_A_BODY = N_("“%(organisation)s” không phải cơ quan chấm nên không có vai “%(role)s”.")
HELD_ALREADY = N_("Người này đã có vai “%(role)s” tại “%(organisation)s”.")
TO_ONESELF = N_("Không ai tự giao vai cho mình; người quản trị khác giao được.")
WATCHED = COUNCIL | {Role.SECRETARIAT, Role.AUDITOR, Role.ADMIN}
"""Roles that see more than their own unit's or body's points, or manage who does."""
LAST_ADMIN = N_("Đây là người quản trị cuối cùng; giao vai quản trị cho người khác trước.")


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One membership as shown: role, organisation, season, and until when."""

    membership_id: int
    role: Role
    organisation_code: str
    organisation: str
    assessment: str
    valid_from: date | None
    valid_to: date | None
    ended: bool


@dataclass(frozen=True, slots=True)
class NewMembership:
    """What the admin asks for: role and organisation by code; an assessment by slug, or for all."""

    role: str
    organisation: str
    assessment: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def check_may(actor: Actor, *actions: str) -> None:
    """Let pass whom the matrix allows a system act (or any of several), and the system itself (the command line)."""
    if actor.role is not Role.SYSTEM and not any(may(actor.role, action) for action in actions):
        raise NotFound


def roles_held(session: Session, person_id: int, *, ended_too: bool = False) -> list[RoleHeld]:
    """Return a person's memberships, those that ended only when asked for."""
    alive = {held.id for held in memberships_of(session, person_id)}
    query = select(Membership, Organisation, Assessment.title).join(Organisation, Organisation.id == Membership.organisation_id)
    query = query.outerjoin(Assessment, Assessment.id == Membership.assessment_id).where(Membership.person_id == person_id)
    return [
        RoleHeld(
            held.id,
            Role(held.role),
            organisation.code,
            organisation.name,
            title or "",
            held.valid_from,
            held.valid_to,
            held.id not in alive and held.valid_to is not None,
        )
        for held, organisation, title in session.execute(query.order_by(Membership.id))
        if ended_too or held.id in alive
    ]


def add_membership(session: Session, actor: Actor, person_id: int, asked: NewMembership) -> int:
    """Give a person a membership and return its id; every problem at its field."""
    check_may(actor, "manage_people")
    if session.get(Person, person_id) is None:
        raise NotFound
    if person_id == actor.person_id:
        raise Refused(Problem(TO_ONESELF, "role"))
    membership = checked_membership(session, asked)
    membership.person_id = person_id
    if _held_already(session, membership):
        raise Refused(Problem(HELD_ALREADY, "role", {"role": Role(asked.role).label, "organisation": asked.organisation}))
    session.add(membership)
    session.flush()
    tell_watchers(session, actor, membership)
    payload = {"person": person_id, "role": asked.role, "organisation": membership.organisation_id, "assessment": membership.assessment_id}
    record(session, SYSTEM_CHAIN, actor, "add_membership", f"membership:{membership.id}", payload)
    return membership.id


def tell_watchers(session: Session, actor: Actor, membership: Membership) -> None:
    """Let chairs and auditors hear of a role that reads points or decides; what the command line sets up is nobody's surprise."""
    if actor.role is not Role.SYSTEM and membership.role in WATCHED:
        tell_role_given(session, membership.id)


def _organisation(session: Session, typed: str) -> Organisation | None:
    """Return the organisation with this code, else the one that is called so, with or without its accents; nothing where two are."""
    found = session.scalars(select(Organisation).where(Organisation.code == typed)).first()
    if found is not None or not typed:
        return found
    wanted = folded(typed)
    named = [one for one in session.scalars(select(Organisation)) if wanted in map(folded, (one.name, one.short_name, *one.aliases))]
    return named[0] if len(named) == 1 else None


def checked_membership(session: Session, asked: NewMembership) -> Membership:
    """Return the row for what was asked, without a person yet; `Refused` with every problem."""
    role = next((role for role in SIGNED_IN if role == asked.role), None)
    organisation = _organisation(session, asked.organisation)
    season = session.scalars(select(Assessment).where(Assessment.slug == asked.assessment)).first() if asked.assessment else None
    problems = [
        Problem(text, place, {"typed": typed})
        for found, text, place, typed in (
            (role, UNKNOWN_ROLE, "role", asked.role),
            (organisation, UNKNOWN_ORGANISATION, "organisation", asked.organisation),
            (season or not asked.assessment, UNKNOWN_ASSESSMENT, "assessment", asked.assessment),
        )
        if not found
    ]
    if asked.valid_from and asked.valid_to and asked.valid_to < asked.valid_from:
        problems.append(Problem(ENDS_BEFORE, "valid_to"))
    if problems or role is None or organisation is None:
        raise Refused(problems)
    _check_fits(role, organisation)
    return Membership(
        organisation_id=organisation.id, role=role, assessment_id=season.id if season else None, valid_from=asked.valid_from,
        valid_to=asked.valid_to,
    )  # fmt: skip


def _check_fits(role: Role, organisation: Organisation) -> None:
    """Units hold the unit's roles, grading bodies the graders'."""
    for roles, fits, text in ((UNIT, organisation.is_unit, NOT_A_UNIT), (BODY, organisation.is_body, NOT_A_BODY)):
        if role in roles and not fits:
            raise Refused(Problem(text, "role", {"organisation": organisation.name, "role": role.label}))


def _held_already(session: Session, asked: Membership) -> bool:
    return any(
        (held.organisation_id, held.role, held.assessment_id) == (asked.organisation_id, asked.role, asked.assessment_id)
        for held in memberships_of(session, asked.person_id)
    )


def end_membership(session: Session, actor: Actor, membership_id: int) -> int:
    """End a membership as of yesterday, so that it opens nothing from now on; return whose it was."""
    check_may(actor, "manage_people")
    held = session.get(Membership, membership_id)
    if held is None:
        raise NotFound
    if held.role == Role.ADMIN:
        check_not_last_admin(session, held.person_id)
    held.valid_to = local_day(working_now(session)) - timedelta(days=1)
    session.flush()
    record(session, SYSTEM_CHAIN, actor, "end_membership", f"membership:{held.id}", {"person": held.person_id})
    return held.person_id


def check_not_last_admin(session: Session, person_id: int) -> None:
    """Refuse what would leave nobody to manage people."""
    today = local_day(working_now(session))
    query = select(Membership.person_id).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.role == Role.ADMIN, Person.disabled_at.is_(None), Membership.person_id != person_id)
    others = session.execute(query.where((Membership.valid_to.is_(None)) | (Membership.valid_to >= today))).first()
    if others is None:
        raise Refused(LAST_ADMIN)
