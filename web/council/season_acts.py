"""The council's acts on a whole assessment: answering proposals, naming graders for many cells at once."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused
from states.words import N_
from web.cases.replies import told
from web.council.acts import handles
from web.council.case_acts import check
from web.council.forms import NameForm, ProposalForm
from web.council.page import PROPOSALS, REROUTED, Place, Trouble, council_page
from web.routing import ProofNeeded
from web.security import safe_next
from workflow.actor import Actor
from workflow.confirming import needs_proof
from workflow.deciding import name_council_grader
from workflow.proposals import confirm, refuse, require_proof

NONE_CHOSEN = N_("Chưa chọn dòng nào.")


@handles("confirm_proposal")
def answer_proposal(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Confirm or refuse what was proposed; what binds asks for the password just before."""
    form = ProposalForm()
    try:
        check(form)
        if form.answer.data == "refuse":
            refuse(session, actor, assessment, form.proposal.data, form.reason.data or "")
            flash(_("Đã từ chối đề xuất."))
        else:
            _prove(session, actor, form.proposal.data)
            confirm(session, actor, assessment, form.proposal.data)
            flash(_("Đã xác nhận và thực hiện."))
    except Refused as refused:
        session.rollback()
        trouble = Trouble("confirm_proposal", str(form.proposal.data), request.form.to_dict(), told(refused.problems))
        return council_page(session, actor, assessment, Place(PROPOSALS), trouble), 422
    return redirect(safe_next(request.form.get("next"), Place(PROPOSALS).address(assessment)), 303)


def _prove(session: Session, actor: Actor, proposal: int) -> None:
    """Ask for the password where the act wants it fresh and it is not."""
    if not needs_proof(session, proposal):
        return
    try:
        require_proof(actor)
    except Refused:
        raise ProofNeeded from None


@handles("name_council_grader")
def name_many(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Name one member for several re-routed cells; all of them or none."""
    form = NameForm()
    try:
        check(form)
        cells = _cells(form)
        _name(session, actor, assessment, cells, form.person.data)
    except Refused as refused:
        session.rollback()
        trouble = Trouble("name_council_grader", "", request.form.to_dict(), told(refused.problems))
        return council_page(session, actor, assessment, Place(REROUTED), trouble), 422
    flash(ngettext("Đã cử ủy viên cho %(num)d chỉ số.", "Đã cử ủy viên cho %(num)d chỉ số.", len(cells)))
    return redirect(safe_next(request.form.get("next"), Place(REROUTED).address(assessment)), 303)


def _cells(form: NameForm) -> list[tuple[str, ...]]:
    """Return the chosen cells as (unit, indicator), in the order in which their cases are locked."""
    cells = sorted({tuple(cell.split("/", 1)) for cell in form.cell.data or () if "/" in cell})
    if not cells:
        raise Refused(Problem(NONE_CHOSEN, "cell"))
    return cells


def _name(session: Session, actor: Actor, assessment: str, cells: list[tuple[str, ...]], person: int) -> None:
    """Name for each; every refusal is told with its cell."""
    problems: list[Problem] = []
    for unit, code in cells:
        try:
            name_council_grader(session, actor, assessment, unit, code, person)
        except Refused as refused:
            problems += [Problem(problem.text, f"{unit}/{code}", problem.params) for problem in refused.problems]
    if problems:
        raise Refused(problems)
