"""What only the demo has: a clock that can be moved, and the mail catcher. Not registered anywhere else."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from states.refusal import NotFound, Refused
from web.account_forms import problems_of
from web.dates import Day
from web.filters import moment
from web.language import say
from web.routing import PUBLIC, page
from web.security import safe_next
from workflow.actor import Actor
from workflow.clock import beside_working, working_now
from workflow.demo_clock import move_clock

blueprint = Blueprint("demo", __name__)
SHOWN = 200
"""How many messages the list shows, the newest first."""


class ClockForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Days to go on, or the day to go to."""

    days = IntegerField(validators=[Optional(), NumberRange(1, 730)])
    to = Day("", [Optional()])


@dataclass(frozen=True, slots=True)
class Caught:
    """One message of the catcher."""

    name: str
    to: str
    subject: str
    message_id: str
    at: datetime
    text: str


@page(blueprint, "/dong-ho", action=PUBLIC)
def clock(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the working clock and how to move it."""
    return _clock_page(session, ClockForm(formdata=None), [])


@page(blueprint, "/dong-ho", action=PUBLIC, methods=["POST"])
def move(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Move the working clock."""
    form = ClockForm()
    if not form.validate() or not (form.days.data or form.to.data):
        session.rollback()
        return _clock_page(session, form, problems_of(form) or [("to", _("Chọn số ngày hoặc một ngày."))]), 422
    try:
        at = move_clock(session, days=form.days.data or 0, to=form.to.data)
    except Refused as refused:
        session.rollback()
        return _clock_page(session, form, [(problem.place, say(problem)) for problem in refused.problems]), 422
    flash(_("Bây giờ là %(moment)s.", moment=moment(at)), "success")
    return redirect(safe_next(request.form.get("next"), url_for("demo.clock")), 303)


def _clock_page(session: Session, form: ClockForm, problems: list[tuple[str, str]]) -> str:
    return render_template("demo/clock.html", form=form, problems=problems, now=working_now(session))


@page(blueprint, "/hom-thu", action=PUBLIC)
def mailbox(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """List the mail that was caught, for one address or all."""
    address = request.args.get("to", "").strip().lower()
    every = [_placed(session, read(path)) for path in sorted(_folder().glob("*.eml"), reverse=True)[: SHOWN * 5]]
    found = [one for one in every if address in one.to.lower()][:SHOWN]
    return render_template("demo/mailbox.html", found=found, address=address)


@page(blueprint, "/hom-thu/<name>", action=PUBLIC)
def message(session: Session, actor: Actor, name: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show one message."""
    path = _folder() / f"{name}.eml"
    if path.parent != _folder() or not path.exists():
        raise NotFound
    return render_template("demo/message.html", one=_placed(session, read(path)))


def _placed(session: Session, one: Caught) -> Caught:
    """Return a message with its time beside those of the other pages."""
    return replace(one, at=beside_working(session, one.at))


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].data_dir) / "mail"


def read(path: Path) -> Caught:
    """Return a message as the pages show it; the file's name begins with the nanoseconds of its arrival."""
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    at = datetime.fromtimestamp(int(path.stem.partition("-")[0]) / 1e9, UTC)
    return Caught(path.stem, str(mail["To"] or ""), str(mail["Subject"] or ""), str(mail["Message-ID"] or ""), at, text)
