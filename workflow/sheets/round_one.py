"""The result of round 1 of one case as it goes on paper: points, reasons, questions, and until when to explain (rules section 4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, literal, select
from sqlalchemy.orm import Session

from models.tables import Assignment, Indicator, Item, Organisation, Question, ScoreEntry
from states.case import RELEASED, CaseState
from states.clocks import Clock
from states.refusal import NotFound
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.sheets.case import CaseSheet, make_case_sheet
from workflow.sheets.view import View, open_view


@dataclass(frozen=True, slots=True)
class RoundOne:
    """The case, and by indicator what bodies or (without a name) the council said and asked."""

    case: CaseSheet
    said: Mapping[str, tuple[tuple[str, str], ...]]
    """(Body, reason), where one was given."""
    asked: Mapping[str, tuple[tuple[str, str], ...]]
    """(Body, question) to the unit."""
    until: datetime | None
    """When the explanation has to be there, while it is asked for."""


def round_one_sheet(session: Session, actor: Actor, slug: str, unit: str) -> RoundOne:
    """Return the sheet; `NotFound` before release, for a body (it sees only its part), and where only counts are open to the actor."""
    view = open_view(session, actor, slug, unit)
    if view.body or not view.contents or view.state not in RELEASED:
        raise NotFound
    case = make_case_sheet(session, view)
    shown = {line.code for line in case.lines if line.round1 is not None}
    asking = view.state is CaseState.EXPLANATION_REQUESTED
    until = calendar_of(session, view.assessment.id, [view.case.id]).until(Clock.EXPLANATION, view.case.id) if asking else None
    return RoundOne(case, _said(session, view, shown), _asked(session, view, shown), until)


def _said(session: Session, view: View, shown: set[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the reasons of round 1 that stand: of the bodies, then the council's."""
    entries = select(Indicator.code, Organisation.short_name, ScoreEntry.reason).select_from(Item)
    entries = entries.join(Indicator, Indicator.id == Item.indicator_id).where(Item.case_id == view.case.id, ScoreEntry.reason != "")
    given = entries.join(Assignment, Assignment.item_id == Item.id).join(ScoreEntry, ScoreEntry.id == Assignment.round1_entry_id)
    given = given.outerjoin(Organisation, Organisation.id == Assignment.body_id).order_by(Assignment.id)
    decided = entries.join(ScoreEntry, ScoreEntry.id == Item.decision1_entry_id)
    decided = decided.with_only_columns(Indicator.code, literal(""), ScoreEntry.reason)
    return _by_code(shown, (*session.execute(given), *session.execute(decided)))


def _asked(session: Session, view: View, shown: set[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    query = select(Indicator.code, Organisation.short_name, Question.text).select_from(Question).join(Item, Item.id == Question.item_id)
    query = query.join(Indicator, Indicator.id == Item.indicator_id).outerjoin(Assignment, Assignment.id == Question.assignment_id)
    query = query.outerjoin(Organisation, Organisation.id == Assignment.body_id).where(Item.case_id == view.case.id)
    return _by_code(shown, session.execute(query.order_by(Question.id)))


def _by_code(shown: set[str], rows: Iterable[Row[str, str, str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Gather (code, body or nothing, words) by the indicators that are shown."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, body, words in rows:
        if code in shown:
            found[code].append((body or "", words))
    return {code: tuple(said) for code, said in found.items()}
