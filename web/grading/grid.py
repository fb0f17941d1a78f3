"""`K/cham-diem/<code>`: the grid of one indicator, a row for each unit, the chosen row's documents beside it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.grading.blueprint import blueprint
from web.grading.looked import Cell, Looked, Trouble
from web.grading.words import panel_alone, panel_of, words_of
from web.routing import page
from web.security import is_fetch
from workflow.actor import Actor
from workflow.sheets.grid import FILTERS, Grid, grading_grid


@page(blueprint, "/ky/<assessment>/cham-diem/<code>", action="see_queue")
def grid(session: Session, actor: Actor, assessment: str, code: str) -> ResponseReturnValue:
    """Show the grid; to the page's own script, only the panel of the chosen row."""
    looked = Looked.at(request.args, by_case=False)
    cell = Cell(assessment, code, looked.row)
    if is_fetch() and looked.row:
        return panel_alone(session, actor, cell, looked)
    return grid_page(session, actor, cell, looked)


def grid_page(session: Session, actor: Actor, cell: Cell, looked: Looked, trouble: Trouble | None = None) -> str:
    """Return the page, with what did not go at its row."""
    sheet = grading_grid(session, actor, cell.assessment, cell.code, looked.round)
    panel = panel_of(session, actor, cell, looked)
    return render_template(
        "grading/grid.html", sheet=sheet, rows=sheet.chosen(looked.filter, looked.typed), counts=_counts(sheet), panel=panel,
        trouble=trouble or Trouble(), **words_of(actor, cell, looked),
    )  # fmt: skip


def grid_parts(session: Session, actor: Actor, cell: Cell, looked: Looked) -> str:
    """Return the parts of the page that a save changed: its rows, those that others changed lately, counts, bar and panel."""
    sheet = grading_grid(session, actor, cell.assessment, cell.code, looked.round)
    rows = [row for key, row in sheet.keyed if key == cell.unit or key in sheet.lately]
    panel = panel_of(session, actor, cell, looked)
    return render_template(
        "grading/live.html", sheet=sheet, rows=rows, counts=_counts(sheet), panel=panel, trouble=Trouble(), **words_of(actor, cell, looked)
    )


def _counts(sheet: Grid) -> dict[str, int]:
    return {name: sheet.count(name) for name in FILTERS}
