"""The list of cases, the page of one case, and its whole sheet for paper."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from states.case import CaseState
from states.roles import UNIT
from web.cases.blueprint import blueprint
from web.cases.replies import Told, case_address
from web.opened import note_case_opening
from web.routing import page
from workflow.actor import Actor
from workflow.sheets.case import case_sheet
from workflow.sheets.cases import cases_sheet
from workflow.sheets.phieu import phieu_sheet
from workflow.sheets.round_one import round_one_sheet

ROUND_1 = "vong-1"
READING = ("see_case", "see_assigned_items", "see_case_progress")
"""The actions that open a case, each for its roles."""


@page(blueprint, "/ky/<assessment>/ho-so", action=READING)
def show_cases(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the cases; a unit, which has one, goes straight to it."""
    sheet = cases_sheet(session, actor, assessment)
    if actor.role in UNIT and len(sheet.lines) == 1:
        return redirect(case_address(assessment, sheet.lines[0].unit), 303)
    chosen = request.args.get("trang-thai", "")
    lines = [line for line in sheet.lines if not chosen or line.state == chosen]
    return render_template("cases/list.html", sheet=sheet, lines=lines, chosen=chosen, states=list(CaseState), q=request.args.get("q", ""))


@page(blueprint, "/ky/<assessment>/ho-so/<unit>", action=READING)
def show_case(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show one case; `?in=1` is its whole sheet as it goes on paper, `?in=vong-1` the result of round 1."""
    if request.args.get("in") == ROUND_1:
        result = round_one_sheet(session, actor, assessment, unit)
        note_case_opening(actor, assessment, unit)
        return render_template("cases/print_round_1.html", sheet=result)
    if request.args.get("in"):
        sheet = phieu_sheet(session, actor, assessment, unit)
        note_case_opening(actor, assessment, unit)
        return render_template("cases/print.html", sheet=sheet)
    shown = case_page(session, actor, assessment, unit)
    note_case_opening(actor, assessment, unit)
    return shown


def case_page(
    session: Session, actor: Actor, assessment: str, unit: str, *, refused: str = "", problems: Told | None = None
) -> str:  # fmt: skip
    """Return the page of a case; where a move or act was refused, with its form as it was typed and what is missing."""
    sheet = case_sheet(session, actor, assessment, unit)
    typed = request.form if refused else {}
    return render_template("cases/case.html", sheet=sheet, refused=refused, typed=typed, problems=problems or [])
