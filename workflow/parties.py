"""Who is party to an item, as a body or by having graded it, and so decides nothing about it in the council (rules section 3)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, literal, select, union
from sqlalchemy.orm import Session

from models.tables import Assignment, ScoreEntry


@dataclass(frozen=True, slots=True)
class Parties:
    """The organisations an item was assigned to and the people who graded it, by id."""

    organisations: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def include(self, person_id: int | None, organisations: Collection[int]) -> bool:
        """Whether somebody who belongs to these organisations is one of them."""
        return person_id in self.people or not self.organisations.isdisjoint(organisations)


NOBODY = Parties()


def parties_of(session: Session, item_ids: Collection[int]) -> dict[int, Parties]:
    """Return the parties of each item, in one statement."""
    if not item_ids:
        return {}
    nobody: ColumnElement[int | None] = literal(None, Integer)
    assigned = select(Assignment.item_id, Assignment.body_id, nobody).where(Assignment.item_id.in_(item_ids))
    graded = select(ScoreEntry.item_id, nobody, ScoreEntry.person_id)
    graded = graded.where(ScoreEntry.item_id.in_(item_ids), ScoreEntry.assignment_id.is_not(None))
    bodies: defaultdict[int, set[int]] = defaultdict(set)
    people: defaultdict[int, set[int]] = defaultdict(set)
    for item_id, body_id, person_id in session.execute(union(assigned, graded)):
        if body_id is not None:
            bodies[item_id].add(body_id)
        if person_id is not None:
            people[item_id].add(person_id)
    return {item_id: Parties(frozenset(bodies[item_id]), frozenset(people[item_id])) for item_id in item_ids}
