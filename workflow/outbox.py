"""Puts words owed to people into the outbox, in the caller's transaction: one row per person and fact, none twice."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.tables import Assignment, Case, Item, Membership, Notification, Person
from states.roles import AUDIENCES
from workflow.clock import working_now


def audience(session: Session, name: str, assessment_id: int, case_ids: Sequence[int]) -> list[tuple[int, int, int | None]]:
    """Return (person, membership, case or none) of an audience as it stands now; disabled people are left out."""
    roles, scope = AUDIENCES[name]
    query = select(Membership.person_id, Membership.id).join(Person, Person.id == Membership.person_id)
    query = query.where(
        Membership.role.in_(roles),
        Person.disabled_at.is_(None),
        or_(Membership.assessment_id.is_(None), Membership.assessment_id == assessment_id),
    )
    if scope == "assessment":
        return [(person, membership, None) for person, membership in session.execute(query)]
    if scope == "case":
        rows = session.execute(query.add_columns(Case.id).join(Case, Case.unit_id == Membership.organisation_id).where(Case.id.in_(case_ids)))
        return [(person, membership, case) for person, membership, case in rows]
    graded = select(Assignment.body_id).join(Item, Item.id == Assignment.item_id)
    graded = graded.where(Item.case_id.in_(case_ids), Assignment.ended_at.is_(None), Assignment.body_id.is_not(None))
    rows = session.execute(query.where(Membership.organisation_id.in_(graded)))
    return [(person, membership, None) for person, membership in rows]


def owe(
    session: Session, kind: str, occurrence: str, audiences: Iterable[str], assessment_id: int, case_ids: Sequence[int] = (),
    *, path: str = "", params: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Owe one word of `kind` to everyone in the audiences; `occurrence` makes the key unique. Never a score in `params`."""
    words: dict[tuple[str, int], dict[str, Any]] = {}
    for name in audiences:
        for person, membership, case in audience(session, name, assessment_id, case_ids):
            key = f"{kind}:{occurrence}" + (f":{case}" if case else "")
            words.setdefault((key, person), _row(session, kind, key, person, membership, assessment_id, case, path, params))
    insert_words(session, list(words.values()))


def _row(
    session: Session, kind: str, key: str, person: int, membership: int | None, assessment_id: int | None,
    case: int | None, path: str, params: Mapping[str, Any] | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "key": key, "person_id": person, "membership_id": membership, "assessment_id": assessment_id, "case_id": case,
        "kind": kind, "digest": False, "params": dict(params or {}), "path": path, "owed_at": working_now(session),
    }  # fmt: skip


def insert_words(session: Session, words: list[dict[str, Any]]) -> int:
    """Insert outbox rows in sorted order, leaving alone those already owed; return how many were new."""
    if not words:
        return 0
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    ordered = sorted(words, key=lambda word: (word["key"], word["person_id"]))
    new = 0
    for start in range(0, len(ordered), 500):
        result = session.execute(insert(Notification).values(ordered[start : start + 500]).on_conflict_do_nothing())
        new += result.rowcount
    return new
