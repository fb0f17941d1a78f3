"""`POST K/cham-diem/<code>/<unit>`: one row saved; refused or overtaken, the typed text comes back at its row."""

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused, Stale
from web.account_forms import problems_of
from web.cases.replies import told
from web.filters import points as printed
from web.grading.blueprint import blueprint
from web.grading.forms import BY_INPUTS, GradeForm
from web.grading.grid import Looked, Trouble, about, grid_address, grid_page, live_parts
from web.routing import page
from web.saving import saved_at
from web.security import is_fetch
from workflow.actor import Actor
from workflow.grading import Given, Grade, save_grade
from workflow.numbers import parse_points
from workflow.sheets.grid import grading_grid
from workflow.sheets.grid_panel import grid_panel

TYPED = ("points", "reason", "internal_note", "verdict", "a", "b")


@page(blueprint, "/ky/<assessment>/cham-diem/<code>/<unit>", action=("grade", "grade_for_council"), methods=["POST"])
def save_row(session: Session, actor: Actor, assessment: str, code: str, unit: str) -> ResponseReturnValue:
    """Save one row of the grid."""
    return save(session, actor, assessment, code, unit)


def save(session: Session, actor: Actor, assessment: str, code: str, unit: str) -> ResponseReturnValue:
    """Save what the form of a row or of the panel holds, and answer in the way it was asked."""
    form = GradeForm()
    looked = Looked.at(request.form)
    try:
        given = save_grade(session, actor, assessment, unit, code, _grade(form))
    except Refused as refused:
        session.rollback()
        return _refused(session, actor, (assessment, code, unit), looked, refused)
    except Stale as stale:
        session.rollback()
        return _overtaken(session, actor, (assessment, code, unit), looked, stale)
    return _saved(session, actor, (assessment, code, unit), looked, given)


Row = tuple[str, str, str]
"""Assessment, indicator and unit."""


def _grade(form: GradeForm) -> Grade:
    """Return what was typed. Refused with every problem at its field."""
    if not form.validate():
        raise Refused([Problem(text, place) for place, text in problems_of(form)])
    inputs = {name: form[name].data for name in ("a", "b") if name in request.form} if form.by.data == BY_INPUTS else None
    points = None if inputs else parse_points(form.points.data or "", "points")
    return Grade(points, form.version.data, form.reason.data or "", form.internal_note.data or "", inputs, form.verdict.data or "")


def _saved(session: Session, actor: Actor, row: Row, looked: Looked, given: Given) -> ResponseReturnValue:
    assessment, code, unit = row
    if is_fetch():
        return saved_at(make_response(live_parts(session, actor, assessment, code, _at(looked, unit), [unit])), given.at)
    name = grid_panel(session, actor, assessment, code, unit).row.name
    flash(_("Đã ghi %(unit)s: %(points)s.", unit=name, points=printed(given.points)))
    return redirect(_next(session, actor, row, looked), 303)


def _next(session: Session, actor: Actor, row: Row, looked: Looked) -> str:
    """Return the address of the grid with the next row that waits."""
    assessment, code, unit = row
    following = grading_grid(session, actor, assessment, code, looked.round).after(unit)
    return grid_address(assessment, code, looked, don_vi=following.unit if following else unit)


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in TYPED if name in request.form}


def _refused(session: Session, actor: Actor, row: Row, looked: Looked, refused: Refused) -> ResponseReturnValue:
    assessment, code, unit = row
    trouble = Trouble(unit, _typed(), told(refused.problems))
    if is_fetch():
        return render_template("grading/refused.html", trouble=trouble), 422
    return grid_page(session, actor, assessment, code, _at(looked, unit), trouble), 422


def _overtaken(session: Session, actor: Actor, row: Row, looked: Looked, stale: Stale) -> ResponseReturnValue:
    """Show both values: what somebody saved meanwhile, and what was typed here."""
    assessment, code, unit = row
    trouble = Trouble(unit, _typed(), clash=stale.current)
    if not is_fetch():
        return grid_page(session, actor, assessment, code, _at(looked, unit), trouble), 409
    panel = grid_panel(session, actor, assessment, code, unit)
    words = about(actor, assessment, code, looked)
    return render_template("grading/clash.html", trouble=trouble, row=panel.row, **words), 409


def _at(looked: Looked, unit: str) -> Looked:
    return Looked(looked.round, looked.filter, looked.typed, unit)
