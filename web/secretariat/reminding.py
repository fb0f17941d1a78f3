"""`K/nhac-ngay`: who would be reminded of what, and the button that does it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.refusal import Refused
from web.cases.replies import told
from web.council.acts import handles
from web.routing import page
from web.secretariat.blueprint import blueprint
from workflow.actor import Actor
from workflow.reminding import REMIND, now_sheet, remind_now


@page(blueprint, "/ky/<assessment>/nhac-ngay", action=REMIND)
def show_remind(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show who would get what; `?viec=` names the thing to remind of."""
    sheet = now_sheet(session, actor, assessment, request.args.get("viec", ""))
    return render_template("secretariat/remind.html", sheet=sheet, problems=[])


@handles(REMIND)
def remind(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Send what the preview showed, as things stand now."""
    reason = request.form.get("reason", "")
    try:
        sent = remind_now(session, actor, assessment, reason)
    except Refused as refused:
        session.rollback()
        sheet = now_sheet(session, actor, assessment, reason)
        return render_template("secretariat/remind.html", sheet=sheet, problems=told(refused.problems)), 422
    flash(ngettext("%(num)d lời nhắc đã vào hộp gửi.", "%(num)d lời nhắc đã vào hộp gửi.", sent))
    return redirect(url_for("secretariat.show_remind", assessment=assessment, viec=reason), 303)
