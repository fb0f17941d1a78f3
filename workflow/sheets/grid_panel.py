"""The panel beside the grid: one row with its documents, the unit's words, and the form of the rule to count again by."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Explanation, Item
from states.refusal import NotFound
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.scoring import Field
from workflow.sheets.grid_row import GridRow
from workflow.sheets.grid_rows import load_rows
from workflow.sheets.indicator_head import IndicatorHead, load_head
from workflow.sheets.needs import Need
from workflow.sheets.proofs import Proof, proofs_of
from workflow.sheets.view import open_view

MASKED = frozenset({Need.CONFLICT, Need.UNSUBMITTED})


@dataclass(frozen=True, slots=True)
class Panel:
    """One row of the grid, closely."""

    slug: str
    head: IndicatorHead
    row: GridRow
    proofs: tuple[Proof, ...] = ()

    @property
    def countable(self) -> tuple[Field, ...]:
        """The number fields of the rule, by which a grader may count again from the documents; none for other rules."""
        fields = self.head.rule.fields()
        return fields if all(field.kind == "number" for field in fields) else ()


def grid_panel(session: Session, actor: Actor, slug: str, code: str, unit: str) -> Panel:
    """Return the panel of one row; `NotFound` where the actor's grid has no such row."""
    assessment = require_assessment(session, actor, "see_queue", slug)
    head = load_head(session, actor, assessment, code)
    rows = load_rows(session, actor, assessment, head, unit)
    if not rows:
        raise NotFound
    if rows[0].need in MASKED:
        return Panel(slug, head, rows[0])
    return Panel(slug, head, rows[0], _proofs(session, actor, assessment, head, unit))


def _proofs(session: Session, actor: Actor, assessment: Assessment, head: IndicatorHead, unit: str) -> tuple[Proof, ...]:
    view = open_view(session, actor, assessment.slug, unit)
    item_id = session.scalars(select(Item.id).where(Item.case_id == view.case.id, Item.indicator_id == head.indicator_id)).one()
    sent = select(Explanation.round).where(Explanation.item_id == item_id, Explanation.sent_at.is_not(None))
    return proofs_of(session, view, item_id, set(session.scalars(sent)))
