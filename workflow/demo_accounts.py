"""The doors of the demo: one click per role, and every account grouped by role. Exists only where the demo is on."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Membership, Organisation, Person
from states.roles import Role

ENDING = "@demo.example"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to walk in with."""

    email: str
    name: str
    organisation: str

    @property
    def short(self) -> str:
        """The address without its ending, as shown."""
        return self.email.removesuffix(ENDING)


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """All demo accounts of one role; the first is the one on the card."""

    role: Role
    accounts: tuple[DemoAccount, ...]


def demo_doors(session: Session) -> list[DemoDoor]:
    """Return the doors in the order of roles, each with its accounts by address; a person stands under the first role held."""
    query = select(Person.email, Person.name, Membership.role, Organisation.name.label("organisation"))
    query = query.join(Membership, Membership.person_id == Person.id).join(Organisation, Organisation.id == Membership.organisation_id)
    found = session.execute(query.where(Person.email.endswith(ENDING), Person.disabled_at.is_(None)).order_by(Person.email, Membership.id))
    firsts = [next(rows) for _, rows in groupby(found, key=lambda row: row.email)]
    return [DemoDoor(role, tuple(held)) for role in Role if (held := list(_held(firsts, role)))]


def _held(rows: Iterable[object], role: Role) -> Iterable[DemoAccount]:
    for row in rows:
        if row.role == role:  # type: ignore[attr-defined]
            yield DemoAccount(row.email, row.name, row.organisation)  # type: ignore[attr-defined]
