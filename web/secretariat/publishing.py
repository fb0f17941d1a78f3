"""`K/cong-bo`: the draft ranking, the decision's file, the proposal to publish, the versions."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.facts import Asked
from states.permissions import may
from states.refusal import Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.replies import Told, told
from web.council.batches import taken_by
from web.opened import note_draft_opening
from web.routing import ProofNeeded, page
from web.secretariat.blueprint import blueprint, workbook_response
from web.secretariat.forms import DecisionForm
from web.stored_files import evidence_store, hand_out
from web.visitor import proved_lately
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.confirming import propose_publication
from workflow.draft_openings import RANKING
from workflow.evidence import Handed, Particulars
from workflow.papers import keep_paper, open_draft_paper
from workflow.proposals import withdraw
from workflow.sheets.ranking import draft_ranking
from workflow.spreadsheets.results import results_workbook

MISSING_FILE = N_("Chưa chọn tệp.")
DECIDING = ("publish", "correct")
"""The moves that need a decision's file; who may take one of them may upload it."""


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
    lines = [sheet.title, "BẢN DỰ KIẾN, CHƯA CÔNG BỐ"]
    return workbook_response(results_workbook(sheet.title, sheet.lists, sheet.dataset, lines, foot), f"du-kien-{assessment}.xlsx")


@page(blueprint, "/ky/<assessment>/cong-bo/van-ban", action=DECIDING, methods=["POST"])
def upload_decision(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Keep the file of a decision and show the form it belongs to as it was typed, with the file chosen.

    So a file never has to be sent twice when a password is asked for, and nothing typed beside it is lost.
    """
    require_assessment(session, actor, next(name for name in DECIDING if may(actor.role, name)), assessment)
    form, part = DecisionForm(), next((name for name in DECIDING if name == request.form.get("part")), DECIDING[0])
    try:
        form.decision_document.data = _keep(session, actor, form)
    except Refused as refused:
        session.rollback()
        return publishing_page(session, actor, assessment, form, told(refused.problems), part), 422
    return publishing_page(session, actor, assessment, form, part=part)


@page(blueprint, "/ky/<assessment>/cong-bo/van-ban/<address>", action="see_draft_ranking")
def open_decision(session: Session, actor: Actor, assessment: str, address: str) -> ResponseReturnValue:
    """Hand out a decision that is not public yet to those who put it forward, confirm it and watch."""
    return hand_out(open_draft_paper(session, actor, assessment, address))


def _keep(session: Session, actor: Actor, form: DecisionForm) -> str:
    """Return the number of the file kept, as the form chooses it. What is said of it is said when it is put before the chair."""
    if not form.validate():
        raise Refused([Problem(said, place) for place, said in problems_of(form)])
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(Problem(MISSING_FILE, "file"))
    about = Particulars(number=form.decision_number.data or "", issued_on=form.decision_on.data)
    return str(keep_paper(session, actor, Handed(file.filename, file.read()), about, evidence_store(), "file").id)


@taken_by("publish")
def propose(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Put the publication before the chair; the password was typed just before."""
    if not proved_lately(actor):
        raise ProofNeeded
    form = DecisionForm()
    problems: Told = [] if form.validate() else problems_of(form)
    try:
        if not problems:
            propose_publication(session, actor, assessment, _with_file(session, actor, form))
    except Refused as refused:
        session.rollback()
        problems = told(refused.problems)
    if problems:
        return publishing_page(session, actor, assessment, form, problems, "publish"), 422
    flash(_("Đã trình Chủ tịch Hội đồng. Dữ liệu thay đổi thì phải trình lại."))
    return redirect(url_for("secretariat.show_publishing", assessment=assessment), 303)


def _with_file(session: Session, actor: Actor, form: DecisionForm) -> Asked:
    """Return what the form asks for; a file sent along with it is kept and stands for the one chosen."""
    file = request.files.get("decision_document")
    if file is None or not file.filename:
        return form.asked()
    about = Particulars(number=form.decision_number.data or "", issued_on=form.decision_on.data)
    paper = keep_paper(session, actor, Handed(file.filename, file.read()), about, evidence_store(), "decision_document")
    return replace(form.asked(), decision_document=paper.id)


@page(blueprint, "/ky/<assessment>/cong-bo/rut/<int:proposal>", action="publish", methods=["POST"])
def withdraw_proposal(session: Session, actor: Actor, assessment: str, proposal: int) -> ResponseReturnValue:
    """Take the proposal back."""
    withdraw(session, actor, assessment, proposal)
    flash(_("Đã rút đề xuất."))
    return redirect(url_for("secretariat.show_publishing", assessment=assessment), 303)
