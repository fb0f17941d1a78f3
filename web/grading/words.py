"""What the pages of both grids and every fragment of them need."""

from typing import Any

from sqlalchemy.orm import Session

from states.items import VERDICT_LABELS
from states.permissions import may
from states.refusal import NotFound
from web.grading.looked import Cell, Looked, address
from web.language import say
from workflow.actor import Actor
from workflow.sheets.grid_panel import Panel, grid_panel


def words_of(actor: Actor, cell: Cell, looked: Looked) -> dict[str, Any]:
    """Return addresses, words, and what the role may do."""

    def here(**other: str | int) -> str:
        return address(cell, looked, **other)

    return {
        "assessment": cell.assessment, "code": cell.code, "looked": looked, "here": here, "verdicts": list(VERDICT_LABELS.items()),
        "verdict_choices": [(word.value, say(label)) for word, label in VERDICT_LABELS.items()],
        "may_sign": may(actor.role, "sign_off"), "for_council": may(actor.role, "grade_for_council"),
    }  # fmt: skip


def panel_of(session: Session, actor: Actor, cell: Cell) -> Panel | None:
    """Return the panel of a row; nothing where the actor's grid has no such row."""
    try:
        return grid_panel(session, actor, cell.assessment, cell.code, cell.unit)
    except NotFound:
        return None
