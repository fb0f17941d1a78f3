"""What the pages of both grids and every fragment of them need."""

from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from states.items import VERDICT_LABELS
from states.permissions import may
from states.refusal import NotFound
from web.grading.looked import Cell, Looked, Trouble, address
from web.language import say
from workflow.actor import Actor
from workflow.sheets.case_grid import case_grid
from workflow.sheets.counted import Counted
from workflow.sheets.grid import grading_grid
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


def sheet_of(session: Session, actor: Actor, cell: Cell, looked: Looked) -> Counted:
    """Return the grid that is looked at."""
    if looked.by_case:
        return case_grid(session, actor, cell.assessment, cell.unit, looked.round)
    return grading_grid(session, actor, cell.assessment, cell.code, looked.round)


def panel_alone(session: Session, actor: Actor, cell: Cell, looked: Looked) -> str:
    """Return the panel of the chosen row by itself, for the page's own script; `NotFound` where the actor's grid has no such row."""
    panel = grid_panel(session, actor, cell.assessment, cell.code, cell.unit)
    return render_template("grading/panel.html", panel=panel, trouble=Trouble(), **words_of(actor, cell, looked))


def panel_of(session: Session, actor: Actor, cell: Cell, looked: Looked) -> Panel | None:
    """Return the panel of the chosen row; nothing where none is chosen, or the actor's grid has no such row."""
    if not looked.row:
        return None
    try:
        return grid_panel(session, actor, cell.assessment, cell.code, cell.unit)
    except NotFound:
        return None
