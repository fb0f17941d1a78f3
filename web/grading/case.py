"""`K/ho-so/<unit>/cham-diem`: the grid of one case, a row for each indicator of the actor's, the chosen row's documents beside it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.grading.blueprint import blueprint
from web.grading.looked import Cell, Looked, Trouble
from web.grading.words import panel_alone, panel_of, words_of
from web.routing import page
from web.security import is_fetch
from workflow.actor import Actor
from workflow.sheets.case_grid import case_grid


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/cham-diem", action="see_queue")
def case(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show the grid; to the page's own script, only the panel of the chosen row."""
    looked = Looked.at(request.args, by_case=True)
    cell = Cell(assessment, looked.row, unit)
    if is_fetch() and looked.row:
        return panel_alone(session, actor, cell, looked)
    return case_page(session, actor, cell, looked)


def case_page(session: Session, actor: Actor, cell: Cell, looked: Looked, trouble: Trouble | None = None) -> str:
    """Return the page, with what did not go at its row."""
    sheet = case_grid(session, actor, cell.assessment, cell.unit, looked.round)
    panel = panel_of(session, actor, cell, looked)
    return render_template(
        "grading/case.html", sheet=sheet, panel=panel, trouble=trouble or Trouble(), **words_of(actor, cell, looked)
    )  # fmt: skip


def case_parts(session: Session, actor: Actor, cell: Cell, looked: Looked) -> str:
    """Return the parts of the page that a save changed: its row, those that others changed lately, progress, bar and panel."""
    sheet = case_grid(session, actor, cell.assessment, cell.unit, looked.round)
    cells = [(head, row) for head, row in sheet.cells if head.code == cell.code or head.code in sheet.lately]
    panel = panel_of(session, actor, cell, looked)
    return render_template(
        "grading/case_live.html", sheet=sheet, cells=cells, panel=panel, trouble=Trouble(), **words_of(actor, cell, looked)
    )  # fmt: skip
