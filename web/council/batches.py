"""`K/chuyen/<trigger>`: a move for all cases that are ready, previewed first, then taken in one transaction."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.facts import Asked
from states.refusal import Problem, Refused
from states.roles import COUNCIL
from states.words import N_
from web.cases.replies import Told, told
from web.council.blueprint import blueprint
from web.council.case_acts import check
from web.council.forms import BatchForm
from web.kept_file import ask_proof, keep_decision
from web.language import say
from web.opened import note_draft_opening
from web.plain_text import row_number
from web.routing import page
from web.security import HOME, safe_next
from workflow.actor import Actor
from workflow.draft_openings import RANKING
from workflow.move import Moved, move_batch
from workflow.sheets.batch import BatchPreview, batch_preview

NONE_CHOSEN = N_("Chưa chọn đơn vị nào.")
Handler = Callable[[Session, Actor, str], ResponseReturnValue]
ELSEWHERE: dict[str, Handler] = {}
"""Batches that have a page of their own (publishing is proposed with its hash); filled by `taken_by`."""


def taken_by(trigger: str) -> Callable[[Handler], Handler]:
    """Register another page's handler for the batch of a move."""

    def add(handler: Handler) -> Handler:
        ELSEWHERE[trigger] = handler
        return handler

    return add


@page(blueprint, "/ky/<assessment>/chuyen/<trigger>", action="<trigger>")
def preview(session: Session, actor: Actor, assessment: str, trigger: str) -> ResponseReturnValue:
    """Show which cases would move, which would stay and why."""
    sheet = batch_preview(session, actor, assessment, trigger)
    if sheet.with_figures:
        note_draft_opening(actor, assessment, RANKING)
    return _page(actor, sheet, BatchForm(formdata=None), [])


@page(blueprint, "/ky/<assessment>/chuyen/<trigger>", action="<trigger>", methods=["POST"])
def move(session: Session, actor: Actor, assessment: str, trigger: str) -> ResponseReturnValue:
    """Move them together once the preview was confirmed; before that, show it."""
    if trigger in ELSEWHERE:
        return ELSEWHERE[trigger](session, actor, assessment)
    form = BatchForm()
    sheet = batch_preview(session, actor, assessment, trigger)
    if not form.confirm.data:
        return _page(actor, sheet, form, [])
    try:
        if "decision_document" in sheet.move.asks:
            keep_decision(session, actor, form)
        if sheet.move.proved:
            ask_proof(actor, form)
        check(form)
        moved = move_batch(session, actor, assessment, trigger, _asked(form), _units(form, sheet))
    except Refused as refused:
        session.rollback()
        return _page(actor, batch_preview(session, actor, assessment, trigger), form, told(refused.problems)), 422
    gone = len(set(form.unit.data or ()) - {unit.code for unit in sheet.ready})
    if gone:
        said = ngettext("%(num)d hồ sơ đã chọn không còn ở bước này.", "%(num)d hồ sơ đã chọn không còn ở bước này.", gone)
        flash(said, "warning")
    return _done(actor, assessment, sheet, moved)


def _units(form: BatchForm, sheet: BatchPreview) -> list[str] | None:
    """Return the units that were left ticked; all that are ready where the form does not name any."""
    if form.confirm.data != "chosen":
        return None
    chosen = set(form.unit.data or ())
    units = [unit.code for unit in sheet.ready if unit.code in chosen]
    if not units:
        raise Refused(Problem(NONE_CHOSEN, "unit"))
    return units


def _asked(form: BatchForm) -> Asked:
    return Asked(
        reason=(form.reason.data or "").strip(), minutes_number=(form.minutes_number.data or "").strip(), minutes_on=form.minutes_on.data,
        decision_number=(form.decision_number.data or "").strip(), decision_on=form.decision_on.data,
        decision_document=row_number(form.decision_document.data),
    )  # fmt: skip


def _page(actor: Actor, sheet: BatchPreview, form: BatchForm, problems: Told) -> str:
    chosen = set(form.unit.data or ()) if form.confirm.data == "chosen" else None
    return render_template("council/batch.html", sheet=sheet, form=form, problems=problems, chosen=chosen, back=_back(actor, sheet.slug))


def _back(actor: Actor, assessment: str) -> str:
    """Return where the batch was begun: the page that sent the person here, else the council's page, else what waits for him or her."""
    here = url_for("council.show_council", assessment=assessment) if actor.role in COUNCIL else HOME
    return safe_next(request.values.get("next"), here)


def _done(actor: Actor, assessment: str, sheet: BatchPreview, moved: Moved) -> ResponseReturnValue:
    what = say(sheet.move.label)
    if moved.proposal_id is not None:
        flash(_("Đã trình Chủ tịch Hội đồng xác nhận: %(what)s.", what=what))
    else:
        flash(ngettext("%(what)s: đã xong cho %(num)d hồ sơ.", "%(what)s: đã xong cho %(num)d hồ sơ.", len(moved.units), what=what))
    return redirect(_back(actor, assessment), 303)
