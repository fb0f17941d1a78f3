"""Who is doing something: a person, the membership he or she acts under, and what that makes of him or her."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables import Membership, Organisation, Person
from states.clocks import local_day
from states.refusal import NotFound
from states.roles import Role
from workflow.clock import working_now


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting under one membership. `organisations` are all those he or she belongs to, for conflicts of interest."""

    person_id: int | None
    name: str
    role: Role
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_code: str = ""
    assessment_id: int | None = None
    organisations: frozenset[int] = frozenset()
    salt: str = ""
    request_id: str = ""
    arrived_at: datetime | None = None
    """When the request arrived by the working clock; nothing means now."""
    proved_at: datetime | None = field(default=None, compare=False)
    """When the password was last typed, by the machine's clock."""


SYSTEM = Actor(None, "Hệ thống", Role.SYSTEM)


def memberships_of(session: Session, person_id: int) -> list[Membership]:
    """Return the memberships a person can act under today, in a steady order."""
    today = local_day(working_now(session))
    rows = session.scalars(
        select(Membership)
        .where(
            Membership.person_id == person_id,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
        .order_by(Membership.id)
    )
    return list(rows)


def actor_for(session: Session, person_id: int, membership_id: int | None = None, **about: object) -> Actor:
    """Return the actor for a person and the membership chosen (the first one otherwise); `NotFound` when there is none."""
    person = session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise NotFound
    held = memberships_of(session, person_id)
    chosen = next((m for m in held if m.id == membership_id), held[0] if held and membership_id is None else None)
    if chosen is None:
        raise NotFound
    organisation = session.get_one(Organisation, chosen.organisation_id)
    return Actor(
        person_id, person.name, Role(chosen.role), chosen.id, chosen.organisation_id, organisation.code, chosen.assessment_id,
        frozenset(m.organisation_id for m in held), person.chain_salt, **about,  # type: ignore[arg-type]
    )  # fmt: skip
