"""Who in a unit does which indicator: the page on which its head gives the work out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Indicator, Membership, Person, Responsibility
from states.permissions import may
from states.refusal import NotFound
from states.roles import UNIT
from workflow.actor import Actor
from workflow.sheets.case import CaseSheet, make_case_sheet
from workflow.sheets.view import View, open_view


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the unit who can be given work, and how much he or she has."""

    person_id: int
    name: str
    title: str
    given: int
    done: int


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """The case, the unit's people, and person by indicator code; who may change it."""

    case: CaseSheet
    colleagues: tuple[Colleague, ...]
    responsible: Mapping[str, int]
    may_assign: bool

    @property
    def unassigned(self) -> int:
        """How many indicators nobody has been given."""
        return sum(line.code not in self.responsible for line in self.case.lines)


def people_sheet(session: Session, actor: Actor, slug: str, unit: str) -> PeopleSheet:
    """Return who does what in a unit; for the unit only."""
    view = open_view(session, actor, slug, unit)
    if not view.own:
        raise NotFound
    case = make_case_sheet(session, view)
    responsible = responsible_of(session, view)
    done = {line.code for line in case.lines if not line.unfinished}
    piles: defaultdict[int, list[str]] = defaultdict(list)
    for code, person_id in responsible.items():
        piles[person_id].append(code)
    colleagues = tuple(
        Colleague(person_id, name, title, len(piles[person_id]), sum(code in done for code in piles[person_id]))
        for person_id, name, title in session.execute(_staff(view))
    )
    return PeopleSheet(case, colleagues, responsible, may(actor.role, "assign_responsible"))


def responsible_of(session: Session, view: View) -> dict[str, int]:
    """Return the person by indicator code."""
    query = select(Indicator.code, Responsibility.person_id).join(Indicator, Indicator.id == Responsibility.indicator_id)
    mine = (Responsibility.assessment_id == view.assessment.id, Responsibility.organisation_id == view.unit.id)
    return dict(session.execute(query.where(*mine).order_by(Responsibility.id)).all())


def _staff(view: View) -> Any:  # noqa: ANN401  (a select)
    query = select(Person.id, Person.name, Person.title).join(Membership, Membership.person_id == Person.id)
    query = query.where(Membership.organisation_id == view.unit.id, Membership.role.in_(UNIT), Person.disabled_at.is_(None))
    return query.distinct().order_by(Person.name, Person.id)
