"""Puts words owed to people into the outbox, in the caller's transaction: one row per person and fact, none twice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.session import insert_once
from models.tables import Assignment, Case, Explanation, Item, Membership, Notification, Person
from states.clocks import local_day
from states.items import Stance
from states.roles import AUDIENCES
from workflow.clock import working_now


def valid_on(day: date) -> ColumnElement[bool]:
    """Return the filter for memberships one can act under on a day."""
    begun = or_(Membership.valid_from.is_(None), Membership.valid_from <= day)
    return and_(begun, or_(Membership.valid_to.is_(None), Membership.valid_to >= day))


def audience(session: Session, name: str, assessment_id: int, case_ids: Sequence[int]) -> list[tuple[int, int, int | None]]:
    """Return (person, membership, case or none) of an audience as it stands now, without disabled people and ended memberships."""
    roles, scope = AUDIENCES[name]
    query = select(Membership.person_id, Membership.id).join(Person, Person.id == Membership.person_id)
    query = query.where(
        Membership.role.in_(roles),
        Person.disabled_at.is_(None),
        valid_on(local_day(working_now(session))),
        or_(Membership.assessment_id.is_(None), Membership.assessment_id == assessment_id),
    )
    if scope == "assessment":
        return [(person, membership, None) for person, membership in session.execute(query)]
    if scope == "case":
        rows = session.execute(
            query.add_columns(Case.id).join(Case, Case.unit_id == Membership.organisation_id).where(Case.id.in_(case_ids))
        )
        return [(person, membership, case) for person, membership, case in rows]
    if scope == "named":
        rows = session.execute(
            query.add_columns(Item.case_id).distinct().join(Assignment, Assignment.person_id == Membership.person_id)
            .join(Item, Item.id == Assignment.item_id)
            .where(Item.case_id.in_(case_ids), Assignment.council.is_(True), Assignment.ended_at.is_(None))
        )  # fmt: skip
        return [(person, membership, case) for person, membership, case in rows]
    graded = select(Assignment.body_id).join(Item, Item.id == Assignment.item_id)
    graded = graded.where(Item.case_id.in_(case_ids), Assignment.ended_at.is_(None), Assignment.body_id.is_not(None))
    if scope == "contested":
        graded = graded.join(Case, Case.id == Item.case_id).join(Explanation, Explanation.item_id == Item.id)
        graded = graded.where(Explanation.round == Case.explanation_round, Explanation.stance == Stance.CONTEST)
    rows = session.execute(query.where(Membership.organisation_id.in_(graded)))
    return [(person, membership, None) for person, membership in rows]


def owe(  # noqa: PLR0913  (a word has that many parts)
    session: Session, kind: str, occurrence: str, audiences: Iterable[str], assessment_id: int, case_ids: Sequence[int] = (),
    *, path: str = "", params: Mapping[str, Any] | None = None, not_before: datetime | None = None,
) -> None:  # fmt: skip
    """Owe one word of `kind` to everyone in the audiences; `occurrence` makes the key unique. Never a score in `params`.

    `not_before` holds it back, in the mail and among the notices. A word about one case carries that case, whoever gets it.
    """
    only_case = case_ids[0] if len(case_ids) == 1 else None
    words: dict[tuple[str, int], dict[str, Any]] = {}
    for name in audiences:
        for person, membership, case in audience(session, name, assessment_id, case_ids):
            key = f"{kind}:{occurrence}" + (f":{case}" if case else "")
            word = {
                "key": key, "person_id": person, "membership_id": membership, "assessment_id": assessment_id, "case_id": case or only_case,
                "kind": kind, "digest": False, "params": dict(params or {}), "path": path, "owed_at": working_now(session),
                "due_at": not_before,
            }  # fmt: skip
            words.setdefault((key, person), word)
    insert_words(session, list(words.values()))


def insert_words(session: Session, words: list[dict[str, Any]]) -> int:
    """Insert outbox rows in sorted order, leaving alone those already owed; return how many were new."""
    if not words:
        return 0
    once = insert_once(session, Notification).returning(Notification.id)
    return len(session.execute(once, sorted(words, key=lambda word: (word["key"], word["person_id"]))).all())
