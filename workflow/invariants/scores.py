"""Invariants of points: who gave them, for what, and within which bounds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.tables import Assignment, Case, Indicator, IndicatorSet, Item, Membership, Organisation, ScoreEntry, Side
from states.items import Stage

BY_BODIES = (Stage.ROUND1, Stage.ROUND2)
BY_COUNCIL = (Stage.DECISION1, Stage.DECISION2, Stage.CORRECTION)


def _entries() -> Select[*tuple[Any, ...]]:
    """Entries with the unit and the indicator they are about, as a place people can look up."""
    query = select(ScoreEntry.id, Organisation.code.label("unit"), Indicator.code, ScoreEntry.stage)
    query = query.join(Item, Item.id == ScoreEntry.item_id).join(Case, Case.id == Item.case_id)
    return query.join(Organisation, Organisation.id == Case.unit_id).join(Indicator, Indicator.id == Item.indicator_id)


def _places(session: Session, query: Select[Any]) -> Iterator[str]:
    for row in session.execute(query.order_by(ScoreEntry.id)):
        yield f"{row.unit} {row.code}, {row.stage} #{row.id}"


def unassigned_entries(session: Session) -> Iterator[str]:
    """Yield grades that stand on no assignment, or on one of another item."""
    query = _entries().outerjoin(Assignment, Assignment.id == ScoreEntry.assignment_id)
    astray = or_(Assignment.id.is_(None), Assignment.item_id != ScoreEntry.item_id)
    yield from _places(session, query.where(ScoreEntry.stage.in_(BY_BODIES), astray))


def own_case_entries(session: Session) -> Iterator[str]:
    """Yield grades and decisions by the body, or by somebody of the organisation, whose case it is."""
    query = _entries().outerjoin(Assignment, Assignment.id == ScoreEntry.assignment_id)
    query = query.outerjoin(Membership, Membership.id == ScoreEntry.membership_id)
    own = or_(Assignment.body_id == Case.unit_id, Membership.organisation_id == Case.unit_id)
    yield from _places(session, query.where(ScoreEntry.stage.in_((*BY_BODIES, *BY_COUNCIL)), own))


def people_on_both_sides(session: Session) -> Iterator[str]:
    """Yield case and person where one wrote for the unit and against it."""
    query = select(Side.case_id, Side.person_id).group_by(Side.case_id, Side.person_id).having(func.count(Side.side.distinct()) > 1)
    for case_id, person_id in session.execute(query):
        yield f"case:{case_id}, person:{person_id}"


def points_out_of_range(session: Session) -> Iterator[str]:
    """Yield entries below nothing or above the maximum of their item."""
    yield from _places(session, _entries().where(or_(ScoreEntry.points < 0, ScoreEntry.points > Item.maximum)))


def sets_that_do_not_add_up(session: Session) -> Iterator[str]:
    """Yield indicator sets whose indicators do not sum to the total the decision states."""
    summed = func.coalesce(func.sum(Indicator.points), 0)
    query = select(IndicatorSet.code, summed.label("summed")).outerjoin(Indicator, Indicator.indicator_set_id == IndicatorSet.id)
    for code, found in session.execute(
        query.group_by(IndicatorSet.id, IndicatorSet.code, IndicatorSet.total).having(summed != IndicatorSet.total)
    ):
        yield f"{code}: {found}"


def wrong_pointers(session: Session) -> Iterator[str]:
    """Yield items and assignments whose current entry is another's, or of another stage."""
    for column, stages in (
        (Item.self_entry_id, (Stage.SELF,)),
        (Item.decision1_entry_id, (Stage.DECISION1,)),
        (Item.decision2_entry_id, (Stage.DECISION2, Stage.CORRECTION)),
    ):
        entry = aliased(ScoreEntry)
        query = select(Item.id).outerjoin(entry, entry.id == column).where(column.is_not(None))
        for item_id in session.scalars(query.where(or_(entry.id.is_(None), entry.item_id != Item.id, entry.stage.not_in(stages)))):
            yield f"item:{item_id} {column.key}"
    for column, stage in ((Assignment.round1_entry_id, Stage.ROUND1), (Assignment.round2_entry_id, Stage.ROUND2)):
        entry = aliased(ScoreEntry)
        query = select(Assignment.id).outerjoin(entry, entry.id == column).where(column.is_not(None))
        wrong = or_(entry.id.is_(None), entry.assignment_id != Assignment.id, entry.stage != stage)
        for assignment_id in session.scalars(query.where(wrong)):
            yield f"assignment:{assignment_id} {column.key}"
