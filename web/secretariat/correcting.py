"""Correcting what was published: the chair names the cases and the amending decision, the council decides, a next version follows."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.guards import decision_lacks, reason_lacks
from states.refusal import Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.replies import Told, told
from web.kept_file import ask_proof, keep_decision
from web.routing import page
from web.secretariat.blueprint import blueprint
from web.secretariat.forms import DecisionForm
from web.secretariat.publishing import publishing_page
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.move import move_batch

NO_UNIT = N_("Chọn ít nhất một đơn vị.")


@page(blueprint, "/ky/<assessment>/cong-bo/dinh-chinh", action="correct", methods=["POST"])
def correct(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Open the named cases for correction."""
    require_assessment(session, actor, "correct", assessment)
    form = DecisionForm()
    problems: Told = [] if form.validate() else problems_of(form)
    try:
        keep_decision(session, actor, form)
        ask_proof(actor, form)
        if not problems:
            _correct(session, actor, assessment, form)
    except Refused as refused:
        session.rollback()
        problems = told(refused.problems)
    if problems:
        return publishing_page(session, actor, assessment, form, problems, "correct"), 422
    return redirect(url_for("secretariat.show_publishing", assessment=assessment), 303)


def _correct(session: Session, actor: Actor, assessment: str, form: DecisionForm) -> None:
    units, asked = form.units.data or [], form.asked()
    if not units:
        lacking = [*decision_lacks(asked, actor.arrived_at or working_now(session)), *reason_lacks(asked)]
        raise Refused([*lacking, Problem(NO_UNIT, "units")])
    moved = move_batch(session, actor, assessment, "correct", asked, units)
    count = len(moved.units)
    flash(ngettext("%(num)d hồ sơ đang được đính chính.", "%(num)d hồ sơ đang được đính chính.", count))
    if moved.left_out:
        flash(_("Để lại: %(units)s.", units=", ".join(one.unit for one in moved.left_out)), "warning")
