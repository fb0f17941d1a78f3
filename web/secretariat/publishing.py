"""`K/cong-bo`: the draft ranking, the decision's file, the proposal to publish, the versions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.permissions import may
from states.refusal import Refused
from web.account_forms import problems_of
from web.cases.replies import Told, told
from web.council.batches import taken_by
from web.kept_file import ask_proof, keep_decision
from web.opened import note_draft_opening
from web.routing import page
from web.secretariat.blueprint import blueprint, workbook_response
from web.secretariat.forms import DecisionForm
from web.stored_files import hand_out
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.confirming import propose_publication
from workflow.draft_openings import RANKING
from workflow.papers import open_draft_paper
from workflow.proposals import withdraw
from workflow.sheets.ranking import draft_ranking
from workflow.spreadsheets.results import results_workbook


@page(blueprint, "/ky/<assessment>/cong-bo", action="see_draft_ranking")
def show_publishing(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the draft ranking and what publishing still needs; the opening is noted."""
    return publishing_page(session, actor, assessment)


def publishing_page(
    session: Session, actor: Actor, assessment: str, form: DecisionForm | None = None, problems: Told | None = None, part: str = ""
) -> str:
    """Return the page; `part` names the form whose problems and typed text are shown: publish or correct."""
    sheet = draft_ranking(session, actor, assessment)
    if request.method == "GET":  # a form that came back was opened before, and holds the one lock that writes
        note_draft_opening(actor, assessment, RANKING)
    form = form or DecisionForm(formdata=None)
    form.decision_document.choices = [(str(paper.id), f"{paper.file_name} {paper.number}".strip()) for paper in sheet.papers]
    tab = request.args.get("bang", "")
    chosen = next((one for one in sheet.lists if one.key == tab), sheet.lists[0] if sheet.lists else None)
    return render_template(
        "secretariat/publishing.html", sheet=sheet, list=chosen, form=form, problems=problems or [], part=part,
        may_propose=may(actor.role, "publish"), may_correct=may(actor.role, "correct"), may_confirm=may(actor.role, "confirm_proposal"),
    )  # fmt: skip


@page(blueprint, "/ky/<assessment>/cong-bo.xlsx", action="see_draft_ranking")
def download_ranking(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Hand out the draft ranking, with the reader's name and the time on every page."""
    sheet = draft_ranking(session, actor, assessment)
    foot = note_draft_opening(actor, assessment, RANKING)
    lines = [sheet.title, "BẢN DỰ KIẾN, CHƯA CÔNG BỐ", foot]
    return workbook_response(results_workbook(sheet.title, sheet.lists, sheet.dataset, lines, foot), f"du-kien-{assessment}.xlsx")


@page(blueprint, "/ky/<assessment>/cong-bo/van-ban/<address>", action="see_draft_ranking")
def open_decision(session: Session, actor: Actor, assessment: str, address: str) -> ResponseReturnValue:
    """Hand out a decision that is not public yet to those who put it forward, confirm it and watch."""
    return hand_out(open_draft_paper(session, actor, assessment, address))


@taken_by("publish")
def propose(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Put the publication before the chair; the password was typed just before."""
    require_assessment(session, actor, "publish", assessment)
    form = DecisionForm()
    problems: Told = [] if form.validate() else problems_of(form)
    try:
        keep_decision(session, actor, form)
        ask_proof(actor, form)
        if not problems:
            propose_publication(session, actor, assessment, form.asked())
    except Refused as refused:
        session.rollback()
        problems = told(refused.problems)
    if problems:
        return publishing_page(session, actor, assessment, form, problems, "publish"), 422
    flash(_("Đã trình Chủ tịch Hội đồng. Dữ liệu thay đổi thì phải trình lại."))
    return redirect(url_for("secretariat.show_publishing", assessment=assessment), 303)


@page(blueprint, "/ky/<assessment>/cong-bo/rut/<int:proposal>", action="publish", methods=["POST"])
def withdraw_proposal(session: Session, actor: Actor, assessment: str, proposal: int) -> ResponseReturnValue:
    """Take the proposal back."""
    withdraw(session, actor, assessment, proposal)
    flash(_("Đã rút đề xuất."))
    return redirect(url_for("secretariat.show_publishing", assessment=assessment), 303)
