"""The panel of one item on the council's page: all that was said of it, and which word the council may give now."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assignment, Item, Organisation
from states.case import CaseState
from states.items import Applicability
from states.permissions import may, states_for
from states.refusal import Problem
from states.ripe import Ripe
from states.words import N_
from workflow.access import Held
from workflow.actor import Actor
from workflow.applicability import AGREED
from workflow.deciding import BARRED, STAGES, barred_items, may_grant, standing_decision, why_ripe
from workflow.sheets.item import ItemSheet, make_item_sheet
from workflow.sheets.view import View, barred, open_view
from workflow.standing import standing_of

ONLY_COUNCIL = N_("Chỉ ủy viên Hội đồng quyết định được.")


@dataclass(frozen=True, slots=True)
class CouncilPanel:
    """One item closely. `no` is why the actor may give no word on it."""

    sheet: ItemSheet
    na_answers: tuple[tuple[str, str, str], ...]
    """(Body, answer, reason) on a request that the indicator does not apply."""
    ripe: Ripe | None
    no: Problem | None
    asks_na: bool
    agreed: bool
    may_ask: bool
    self_points: int | None
    round1: int | None
    maximum: int
    grantable: bool
    """A decision may still say that the indicator does not apply."""
    seen: int
    """The entry of the decision that stands, for the form to tell when it is overtaken."""

    @property
    def may_decide(self) -> bool:
        """Whether the form of a decision is offered."""
        return self.ripe is not None and self.no is None

    @property
    def may_settle(self) -> bool:
        """Whether the request waits for the council's word."""
        return self.asks_na and self.no is None


def council_panel(session: Session, actor: Actor, slug: str, unit: str, code: str) -> CouncilPanel:
    """Return the panel of one item; `Refused` as a conflict of interest for the own organisation's case."""
    view = open_view(session, actor, slug, unit)
    sheet = make_item_sheet(session, view, code)
    item = session.get_one(Item, sheet.line.item_id)
    standing, state = standing_of(session, item), CaseState(view.case.state)
    why = why_ripe(session, actor, Held(view.assessment, view.case, item), standing)
    asks = state is CaseState.SELF_SCORED and standing.applicability is Applicability.REQUESTED
    return CouncilPanel(
        sheet, _answers(session, item.id), why if may(actor.role, "decide", state) else None, _no(session, view, item), asks,
        all(grade.na_answer == AGREED for grade in standing.open_grades if not grade.council),
        standing.counts and state in states_for(actor.role, "question_by_council"), standing.self_points, standing.round1, standing.maximum,
        state in STAGES and may_grant(standing, STAGES[state]),
        standing_decision(item, STAGES[state]) if state in STAGES else 0,
    )  # fmt: skip


def _no(session: Session, view: View, item: Item) -> Problem | None:
    if not may(view.actor.role, "decide"):
        return Problem(ONLY_COUNCIL)
    return barred(session, view) or (Problem(BARRED) if barred_items(session, view.actor, [item.id]) else None)


def _answers(session: Session, item_id: int) -> tuple[tuple[str, str, str], ...]:
    query = select(Organisation.short_name, Assignment.na_answer, Assignment.na_answer_reason)
    query = query.join(Organisation, Organisation.id == Assignment.body_id).where(Assignment.item_id == item_id)
    rows = session.execute(query.where(Assignment.ended_at.is_(None)).order_by(Assignment.id))
    return tuple((body, answer, reason) for body, answer, reason in rows)
