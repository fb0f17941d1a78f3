"""Counts the facts that the guards look at, for one case or all of a season in the same few statements."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Item, Organisation, Upload
from states.case import CaseState
from states.clocks import Clock, local_day, shown_day
from states.facts import CaseFacts
from states.items import Applicability
from states.policies import policy_value
from states.standing import Standing
from workflow.calendar import Calendar, calendar_of
from workflow.standing import standings

LONGEST_UPLOAD = timedelta(hours=1)
"""How long a file may be on its way over a slow line: what was cut earlier than that before closing could be sent again in time."""
ASKED = {Applicability.REQUESTED, Applicability.NOT_APPLICABLE}


def load_facts(session: Session, assessment: Assessment, cases: Sequence[Case], arrived_at: datetime) -> dict[int, CaseFacts]:
    """Return the facts of each case at the moment a request arrived."""
    ids = [case.id for case in cases]
    standing, calendar = standings(session, ids), calendar_of(session, assessment.id, ids)
    units = dict(session.execute(select(Organisation.id, Organisation.code).where(Organisation.id.in_([c.unit_id for c in cases]))).all())
    late = _uploading(session, assessment, calendar, cases, arrived_at)
    return {
        case.id: facts_of(case, units[case.unit_id], standing[case.id], calendar, assessment, arrived_at, within_grace=case.id in late)
        for case in cases
    }


def _codes(items: Sequence[Standing], what: str) -> tuple[str, ...]:
    return tuple(item.code for item in items if getattr(item, what))


def facts_of(
    case: Case,
    unit: str,
    items: Sequence[Standing],
    calendar: Calendar,
    assessment: Assessment,
    arrived_at: datetime,
    *,
    within_grace: bool,
) -> CaseFacts:
    """Return one case's facts from its standings and the calendar."""
    own = [item for item in items if item.self_scored and item.applicability not in ASKED]
    return CaseFacts(
        case_id=case.id, unit=unit, state=CaseState(case.state), arrived_at=arrived_at, excluded=case.excluded_at is not None,
        self_score_until=calendar.until(Clock.SELF_SCORE, case.id), explanation_until=calendar.until(Clock.EXPLANATION, case.id),
        round1_until=calendar.until(Clock.ROUND_1, case.id), round2_until=calendar.until(Clock.ROUND_2, case.id), within_grace=within_grace,
        unscored=tuple(i.code for i in own if not i.drafted), unproved=tuple(i.code for i in own if i.drafted and not i.proved),
        unconfirmed=_codes(items, "needs_confirmation"),
        na_unsettled=tuple(i.code for i in items if i.applicability is Applicability.REQUESTED),
        ungraded=_codes(items, "ungraded"), unsigned=_codes(items, "unsigned"), disputed=_codes(items, "disputed"),
        contestable=_codes(items, "contestable"), contested_open=_codes(items, "round2_open"),
        ask_everyone=bool(policy_value(assessment.policies, "ask_everyone")), accepted=case.round1_accepted_at is not None,
        sent=case.explanation_sent_at is not None, published=case.state == CaseState.PUBLISHED or case.correction_id is not None,
        own_of_secretariat=case.unit_id == assessment.secretariat_id, opened_on=_begun(assessment, calendar),
    )  # fmt: skip


def _begun(assessment: Assessment, calendar: Calendar) -> date | None:
    """Return the day from which something of the season can be dated: its opening, or before it where its calendar lies in the past."""
    closes = calendar.until(Clock.SELF_SCORE)
    opened = None if assessment.opened_at is None else local_day(assessment.opened_at)
    return opened if closes is None or opened is None else min(opened, shown_day(closes))


def _uploading(session: Session, assessment: Assessment, calendar: Calendar, cases: Sequence[Case], arrived_at: datetime) -> set[int]:
    """Return the cases with an upload that was under way at closing, while the grace lasts (rules section 5)."""
    grace = timedelta(minutes=int(policy_value(assessment.policies, "upload_grace_minutes")))
    closed = {case.id: calendar.until(Clock.SELF_SCORE, case.id) for case in cases}
    near = {case_id: at for case_id, at in closed.items() if at is not None and at <= arrived_at < at + grace}
    if not near:
        return set()
    query = select(Item.case_id, Upload).join(Upload, Upload.item_id == Item.id).where(Item.case_id.in_(near))
    return {case_id for case_id, upload in session.execute(query) if under_way(upload, near[case_id])}


def under_way(upload: Upload, closing: datetime) -> bool:
    """Return whether an upload was running, or had just been cut, at the moment of closing."""
    begun = closing - LONGEST_UPLOAD <= upload.begun_at < closing
    return begun and (upload.finished_at is None or upload.finished_at >= closing)
