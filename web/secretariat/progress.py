"""`K/tien-do`: the board, the points so far by group, and the matrix as a workbook."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.moves import MOVES
from states.permissions import may
from web.opened import note_draft_opening
from web.routing import page
from web.secretariat.blueprint import blueprint, workbook_response
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.draft_openings import SCORES
from workflow.reminding import REMIND
from workflow.sheets.appraisal import Heat, weeks
from workflow.sheets.matrix import matrix
from workflow.sheets.progress import Progress, progress
from workflow.spreadsheets.progress import progress_workbook

BY_WEEK = "tuan"


@page(blueprint, "/ky/<assessment>/tien-do", action="see_progress")
def show_progress(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the board; `?bang=` names a list, or the weeks."""
    sheet = progress(session, actor, assessment)
    tab = request.args.get("bang", "")
    by_week = weeks(session, actor, require_assessment(session, actor, "see_progress", assessment)) if tab == BY_WEEK else None
    heat = next((one for one in sheet.heats if one.key == tab), sheet.heats[0] if sheet.heats else None)
    heat = None if by_week else heat
    return render_template(
        "secretariat/progress.html", sheet=sheet, heat=heat, weeks=by_week, numbers="so" in request.args, chips=_chips(sheet, heat),
        may_prepare=may(actor.role, "prepare_assessment"), may_remind=may(actor.role, REMIND), batches=_batches(actor, sheet),
    )  # fmt: skip


def _batches(actor: Actor, sheet: Progress) -> list[tuple[str, str]]:
    """Return the moves of the whole season that the actor could take now, as (trigger, label): those whose state holds a case."""
    waiting = {one.state for one in sheet.states if one.count}
    moves = (move for move in MOVES if move.batch and not move.of_the_whole and move.source in waiting)
    return list(dict.fromkeys((move.trigger, move.label) for move in moves if may(actor.role, move.trigger)))


def _chips(sheet: Progress, heat: Heat | None) -> list[tuple[str, str, bool, int | None]]:
    """Return the lists and the weeks as chips above the table of bodies."""

    def address(tab: str) -> str:
        return url_for("secretariat.show_progress", assessment=sheet.slug, bang=tab, _anchor="vong-1")

    chips: list[tuple[str, str, bool, int | None]] = [(one.name, address(one.key), heat is one, one.units) for one in sheet.heats]
    return [*chips, (_("Theo tuần"), address(BY_WEEK), heat is None, None)] if chips else []


@page(blueprint, "/ky/<assessment>/tien-do/diem", action="see_progress")
def show_scores(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the share of points by unit and group, of what has a result so far."""
    sheet = matrix(session, actor, assessment)
    note_draft_opening(actor, assessment, SCORES)
    tab = request.args.get("bang", "")
    chosen = next((one for one in sheet.lists if one.key == tab), sheet.lists[0] if sheet.lists else None)
    return render_template("secretariat/scores.html", sheet=sheet, list=chosen)


@page(blueprint, "/ky/<assessment>/tien-do.xlsx", action="see_progress")
def download_progress(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Hand out the matrix of units × indicators."""
    sheet = matrix(session, actor, assessment)
    return workbook_response(progress_workbook(sheet, note_draft_opening(actor, assessment, SCORES)), f"tien-do-{assessment}.xlsx")
