"""The method in plain words, the calendar, and the official papers that are public."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.public.blueprint import blueprint
from web.routing import PUBLIC, page
from web.stored_files import hand_out
from workflow.actor import Actor
from workflow.papers import open_public_paper
from workflow.sheets.method import method_of, public_assessments, public_calendar
from workflow.sheets.public import newest_public


@page(blueprint, "/phuong-phap", action=PUBLIC)
def method(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show how each indicator is scored, and the rules of the ranking; before the first opening, that there is nothing yet."""
    g.newest, opened = newest_public(session), public_assessments(session)
    sheet = method_of(session, request.args.get("ky", "")) if opened else None
    return render_template("public/method.html", sheet=sheet, opened=opened)


@page(blueprint, "/lich", action=PUBLIC)
def calendar(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the general dates of an assessment."""
    g.newest, opened = newest_public(session), public_assessments(session)
    sheet = public_calendar(session, request.args.get("ky", "")) if opened else None
    return render_template("public/calendar.html", sheet=sheet, opened=opened)


@page(blueprint, "/van-ban/<address>", action=PUBLIC)
def paper(session: Session, actor: Actor, address: str) -> ResponseReturnValue:  # noqa: ARG001
    """Hand out a decision or a guidance document."""
    return hand_out(open_public_paper(session, address), keep=True)
