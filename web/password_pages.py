"""Passwords: asking for the way to a new one, setting it, and typing the present one again before a binding act."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from models.session import reading, transaction
from states.refusal import NotFound
from web.account_forms import AskResetForm, NewPasswordForm, ProveForm, problems_of
from web.kept import Kept, kept_before
from web.language import say
from web.limits import limit_asking, limit_proof
from web.routing import ANYBODY_SIGNED_IN, PUBLIC, page
from web.security import safe_next
from web.visitor import engine, visitor
from workflow.accounts import INVITATION, Claim, ask_reset, claim, set_password_by_token
from workflow.actor import Actor
from workflow.passwords import hash_password, password_problems
from workflow.signing_in import check_password, prove_session

blueprint = Blueprint("passwords", __name__)
WRONG = "password"


@page(blueprint, "/dat-lai-mat-khau", action=PUBLIC)
def ask(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Ask for the address to send the way to a new password to."""
    return render_template("accounts/ask_reset.html", form=AskResetForm(formdata=None), problems=[], sent=False)


@page(blueprint, "/dat-lai-mat-khau", action=PUBLIC, methods=["POST"])
@limit_asking
def ask_now(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Owe the mail; the answer is the same whether the address exists or not."""
    form = AskResetForm()
    if not form.validate():
        return render_template("accounts/ask_reset.html", form=form, problems=problems_of(form), sent=False), 422
    ask_reset(session, form.email.data)
    return render_template("accounts/ask_reset.html", form=form, problems=[], sent=True)


@page(blueprint, "/dat-lai-mat-khau/<token>", action=PUBLIC)
def choose(session: Session, actor: Actor, token: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show the form for a new password; a link that is used up says so."""
    try:
        return _choose_page(claim(session, token), NewPasswordForm(formdata=None), [])
    except NotFound:
        return render_template("accounts/link_over.html"), 404


@page(blueprint, "/dat-lai-mat-khau/<token>", action=PUBLIC, methods=["POST"], opens=reading)
def choose_now(session: Session, actor: Actor, token: str) -> ResponseReturnValue:  # noqa: ARG001
    """Set the new password and use the link up. The hash is computed before anything is locked."""
    form = NewPasswordForm()
    try:
        claimed = claim(session, token)
        problems = problems_of(form) if not form.validate() else _weak(form, claimed)
        if problems:
            return _choose_page(claimed, form, problems), 422
        with transaction(engine()) as rows:
            set_password_by_token(rows, token, hash_password(form.password.data))
    except NotFound:
        return render_template("accounts/link_over.html"), 404
    return redirect(url_for("accounts.sign_in", changed="1"), 303)


def _weak(form: NewPasswordForm, claimed: Claim) -> list[tuple[str, str]]:
    return [(problem.place, say(problem)) for problem in password_problems(form.password.data, claimed.name, claimed.email)]


def _choose_page(claimed: Claim, form: NewPasswordForm, problems: list[tuple[str, str]]) -> str:
    first = claimed.purpose == INVITATION
    return render_template("accounts/new_password.html", claimed=claimed, first=first, form=form, problems=problems)


def prove_page(form: ProveForm | None = None, kept: Kept | None = None, problems: list[tuple[str, str]] | None = None) -> str:
    """Return the page that asks for the password again; `kept` is what was to be sent."""
    return render_template(
        "accounts/prove.html", form=form or ProveForm(formdata=None), kept=kept, problems=problems or [],
        next=safe_next(request.values.get("next"), ""),
    )  # fmt: skip


@page(blueprint, "/xac-nhan-lai", action=ANYBODY_SIGNED_IN)
def prove(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Ask for the password again."""
    return prove_page()


@page(blueprint, "/xac-nhan-lai", action=ANYBODY_SIGNED_IN, methods=["POST"], opens=reading)
@limit_proof
def prove_now(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Note that the password was typed, and go on to the act."""
    form, known, kept = ProveForm(), visitor(), kept_before()
    assert known is not None
    if not form.validate() or check_password(session, known.email, form.password.data, demo=True) != known.person_id:
        return prove_page(form, kept, [(WRONG, _("Mật khẩu không đúng"))]), 422
    with transaction(engine()) as rows:
        prove_session(rows, known.session_id)
    if kept:
        return render_template("accounts/resume.html", kept=kept)
    return redirect(safe_next(request.form.get("next")), 303)
