"""My work: the home of every role, and its notices marked as read."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from web.plain_text import row_number
from web.routing import opens_to, page
from web.security import HOME
from workflow.actor import Actor
from workflow.ledger import mark_read
from workflow.sheets.work import work_sheet

blueprint = Blueprint("work", __name__)


@page(blueprint, HOME, action="see_work")
def show_work(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show what waits for the person in the role chosen."""
    sheet = work_sheet(session, actor)
    return render_template("work/work.html", sheet=sheet, opens=partial(opens_to, actor.role))


@page(blueprint, f"{HOME}/da-doc", action="see_work", methods=["POST"])
def read_notices(session: Session, actor: Actor) -> ResponseReturnValue:
    """Mark the person's notices as read: those named, or all."""
    assert actor.person_id is not None
    named = [number for value in request.form.getlist("notice") if (number := row_number(value)) is not None]
    mark_read(session, actor.person_id, named or None)
    flash(_("Đã đánh dấu là đã đọc."))
    return redirect(HOME, 303)
