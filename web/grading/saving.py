"""`POST K/cham-diem/<code>/<unit>`: one row saved; refused or overtaken, the typed text comes back at its row."""

from dataclasses import replace

from flask import flash, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused, Stale
from web.account_forms import problems_of
from web.cases.replies import told
from web.filters import points as printed
from web.grading.blueprint import blueprint
from web.grading.case import case_page, case_parts
from web.grading.forms import BY_INPUTS, GradeForm
from web.grading.grid import grid_page, grid_parts
from web.grading.looked import Cell, Looked, Trouble, address
from web.grading.words import sheet_of, words_of
from web.routing import page
from web.saving import saved_at
from web.security import is_fetch
from workflow.actor import Actor
from workflow.grading import Given, Grade, save_grade
from workflow.numbers import parse_points
from workflow.sheets.grid_panel import grid_panel

TYPED = ("points", "reason", "internal_note", "verdict", "a", "b")


@page(blueprint, "/ky/<assessment>/cham-diem/<code>/<unit>", action=("grade", "grade_for_council"), methods=["POST"])
def save_row(session: Session, actor: Actor, assessment: str, code: str, unit: str) -> ResponseReturnValue:
    """Save one row of the grid."""
    return save(session, actor, Cell(assessment, code, unit))


def save(session: Session, actor: Actor, cell: Cell) -> ResponseReturnValue:
    """Save what the form of a row or of the panel holds, and answer in the way and with the grid it was asked from."""
    form = GradeForm()
    looked = Looked.at(request.form)
    try:
        given = save_grade(session, actor, cell.assessment, cell.unit, cell.code, _grade(form))
    except Refused as refused:
        session.rollback()
        return _refused(session, actor, cell, looked, refused)
    except Stale as stale:
        session.rollback()
        return _overtaken(session, actor, cell, looked, stale)
    return _saved(session, actor, cell, looked, given)


def shown(session: Session, actor: Actor, cell: Cell, looked: Looked, trouble: Trouble | None = None) -> str:
    """Return the page of the grid that is looked at."""
    g.room = "grading"
    return (case_page if looked.by_case else grid_page)(session, actor, cell, looked, trouble)


def key_of(cell: Cell, looked: Looked) -> str:
    """Return the key of a cell's row in the grid that is looked at."""
    return cell.code if looked.by_case else cell.unit


def _grade(form: GradeForm) -> Grade:
    """Return what was typed. Refused with every problem at its field."""
    if not form.validate():
        raise Refused([Problem(text, place) for place, text in problems_of(form)])
    inputs = {name: form[name].data for name in ("a", "b") if name in request.form} if form.by.data == BY_INPUTS else None
    points = None if inputs else parse_points(form.points.data or "", "points")
    said = form.reason.data or "", form.internal_note.data or ""
    return Grade(points, form.version.data, *said, inputs, form.verdict.data or "", unsign=form.unsign.data)


def _saved(session: Session, actor: Actor, cell: Cell, looked: Looked, given: Given) -> ResponseReturnValue:
    if is_fetch():
        parts = case_parts if looked.by_case else grid_parts
        return saved_at(make_response(parts(session, actor, cell, _at(looked, cell))), given.at)
    name = cell.code if looked.by_case else grid_panel(session, actor, cell.assessment, cell.code, cell.unit).row.name
    flash(_("Đã ghi %(unit)s: %(points)s.", unit=name, points=printed(given.points)))
    return redirect(_next(session, actor, cell, looked), 303)


def _next(session: Session, actor: Actor, cell: Cell, looked: Looked) -> str:
    """Return the address of the grid with the next row that waits."""
    key = key_of(cell, looked)
    return address(cell, looked, row=sheet_of(session, actor, cell, looked).after(key) or key)


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in TYPED if name in request.form}


def _refused(session: Session, actor: Actor, cell: Cell, looked: Looked, refused: Refused) -> ResponseReturnValue:
    trouble = Trouble(key_of(cell, looked), _typed(), told(refused.problems))
    if is_fetch():
        return render_template("grading/refused.html", trouble=trouble), 422
    return shown(session, actor, cell, _at(looked, cell), trouble), 422


def _overtaken(session: Session, actor: Actor, cell: Cell, looked: Looked, stale: Stale) -> ResponseReturnValue:
    """Show both values: what somebody saved meanwhile, and what was typed here."""
    trouble = Trouble(key_of(cell, looked), _typed(), clash=stale.current)
    if not is_fetch():
        return shown(session, actor, cell, _at(looked, cell), trouble), 409
    panel = grid_panel(session, actor, cell.assessment, cell.code, cell.unit)
    return render_template("grading/clash.html", trouble=trouble, row=panel.row, **words_of(actor, cell, looked)), 409


def _at(looked: Looked, cell: Cell) -> Looked:
    return replace(looked, row=key_of(cell, looked))
