"""Signing off: the body's lead signs an indicator over all its units, or the rest later; only signed grades count (rules section 3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Indicator, Item, Organisation
from states.case import CaseState
from states.permissions import may
from states.refusal import NotFound, Refused
from states.standing import Standing
from states.words import N_
from workflow.access import assessment_by_slug, assignments_seen, lock_cases, on_other_side, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.journal import Chain, record_many
from workflow.standing import standings

FIRST = CaseState.SELF_SCORED.value
CHANGED = N_("Có điểm vừa thay đổi sau khi bạn mở trang. Xem lại rồi ký.")


def sign_off(
    session: Session, actor: Actor, slug: str, code: str, units: Sequence[str] | None = None, *, seen: Mapping[str, int] | None = None
) -> int:
    """Sign all graded assignments of an indicator that are not yet signed (or those of the named units); return how many.

    `seen` holds the versions that were shown, by unit: refused where one of them is another by now.
    """
    rows = _rows(session, actor, "sign_off", assessment_by_slug(session, slug), code, units)
    of_item = _standings(session, rows)
    ready = [row for row in rows if _entry(row) and not _signed(row) and (row.state == FIRST or _running(row, of_item[row.item_id]))]
    if not ready:
        raise Refused(N_("Không có điểm nào chờ ký xác nhận."))
    if seen is not None and any(seen.get(row.unit) != row.version for row in ready):
        raise Refused(CHANGED)
    now = working_now(session)
    _write(session, ready, {"signed1_at": now, "signed1_by_id": actor.person_id}, {"signed2_at": now, "signed2_by_id": actor.person_id})
    _note(session, actor, "sign_off", code, ready)
    return len(ready)


def withdraw_sign_off(session: Session, actor: Actor, slug: str, code: str, units: Sequence[str] | None = None) -> int:
    """Take signatures back; not where both bodies have signed, which only the council changes now: each has read the other's points.

    Nor of what an earlier explanation round settled, or what the unit still answers: a result does not change by a signature alone.
    """
    rows = _rows(session, actor, "withdraw_sign_off", assessment_by_slug(session, slug), code, units)
    of_item = _standings(session, rows)
    ready = [row for row in rows if _signed(row) and not _fixed(row, of_item[row.item_id])]
    if not ready:
        raise Refused(N_("Không có chữ ký nào rút lại được."))
    _write(session, ready, {"signed1_at": None, "signed1_by_id": None}, {"signed2_at": None, "signed2_by_id": None})
    _note(session, actor, "withdraw_sign_off", code, ready)
    return len(ready)


def _rows(session: Session, actor: Actor, action: str, assessment: Assessment, code: str, units: Sequence[str] | None) -> list[Any]:
    """Return the body's assignments of an indicator, their cases locked first, in order; none where the person wrote for the unit."""
    if not may(actor.role, action):
        raise NotFound
    query = (
        select(Assignment.id, Assignment.item_id, Assignment.round1_entry_id, Assignment.round2_entry_id, Assignment.signed1_at,
               Assignment.signed2_at, Assignment.version, Case.id.label("case_id"), Case.state, Organisation.code.label("unit"))
        .join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
        .join(Indicator, Indicator.id == Item.indicator_id).join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id, Indicator.code == code, Case.excluded_at.is_(None), assignments_seen(actor, action))
        .order_by(Case.id, Assignment.id)
    )  # fmt: skip
    if units is not None:
        query = query.where(Organisation.code.in_(units))
    lock_cases(session, assessment.id, {row.unit for row in session.execute(query)})
    rows = session.execute(query.with_for_update(of=Assignment, key_share=True)).all()
    barred = on_other_side(session, actor, {row.case_id for row in rows})
    return [row for row in rows if row.case_id not in barred]


def _standings(session: Session, rows: Sequence[Any]) -> dict[int, Standing]:
    found = standings(session, sorted({row.case_id for row in rows}), [row.item_id for row in rows]) if rows else {}
    return {item.item_id: item for items in found.values() for item in items}


def _entry(row: Any) -> int | None:  # noqa: ANN401  (a result row)
    return row.round1_entry_id if row.state == FIRST else row.round2_entry_id  # type: ignore[no-any-return]


def _signed(row: Any) -> bool:  # noqa: ANN401
    return (row.signed1_at if row.state == FIRST else row.signed2_at) is not None


def _fixed(row: Any, item: Standing) -> bool:  # noqa: ANN401
    if row.state == FIRST:
        return item.both_signed
    return item.both_signed2 or not _running(row, item)


def _running(row: Any, item: Standing) -> bool:  # noqa: ANN401
    """Whether what stands on an assignment of round 2 was given in what runs, and not overtaken by a reopening or a newer answer."""
    own = next(grade for grade in item.grades if grade.assignment_id == row.id)
    return item.regradable and item.given_anew(own)


def _write(session: Session, rows: Sequence[Any], first: dict[str, Any], second: dict[str, Any]) -> None:
    for values, chosen in ((first, [r.id for r in rows if r.state == FIRST]), (second, [r.id for r in rows if r.state != FIRST])):
        if chosen:
            session.execute(update(Assignment).where(Assignment.id.in_(chosen)).values(version=Assignment.version + 1, **values))


def _note(session: Session, actor: Actor, act: str, code: str, rows: Sequence[Any]) -> None:
    take_side(session, actor, *{row.case_id for row in rows})
    record_many(session, [(Chain.of_case(row.case_id), act, code, {"assignment": row.id, "entry": _entry(row)}) for row in rows], actor)
