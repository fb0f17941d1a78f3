"""Signing in and out, the one-click door of the demo, choosing the membership to act as, the language."""

from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from models.session import reading, transaction
from states.refusal import NotFound
from web.account_forms import SignInForm, problems_of
from web.kept import Kept, kept_before
from web.language import COOKIE, LOCALES
from web.limits import limit_sign_in, remember_device
from web.log import note
from web.plain_text import row_number
from web.routing import ANYBODY_SIGNED_IN, PUBLIC, page
from web.security import safe_next
from web.visitor import engine, load_visitor, visit, visitor
from workflow.actor import Actor
from workflow.demo_accounts import DemoDoor, demo_doors
from workflow.memberships import roles_held
from workflow.people import set_locale
from workflow.signing_in import check_password, choose_membership, end_session, person_by_email, start_session

blueprint = Blueprint("accounts", __name__)
demo_blueprint = Blueprint("demo_accounts", __name__)
YEAR = 365 * 24 * 3600


def sign_in_page(form: SignInForm | None = None, kept: Kept | None = None, problems: list[tuple[str, str]] | None = None) -> str:
    """Return the sign-in page; `kept` is what was typed before the session was lost."""
    return render_template(
        "accounts/sign_in.html", form=form or SignInForm(formdata=None), kept=kept, problems=problems or [],
        doors=_doors(), next=safe_next(request.values.get("next"), ""),
    )  # fmt: skip


def _doors() -> list[DemoDoor]:
    if not current_app.config["DEMO"]:
        return []
    with reading(engine()) as rows:
        return demo_doors(rows)


@page(blueprint, "/dang-nhap", action=PUBLIC)
def sign_in(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the sign-in page; somebody signed in goes where he or she wanted."""
    return redirect(safe_next(request.args.get("next")), 303) if visitor() else sign_in_page()


@page(blueprint, "/dang-nhap", action=PUBLIC, methods=["POST"], opens=reading)
@limit_sign_in
def sign_in_now(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Check address and password. Reads only while the password is hashed: no lock is held meanwhile."""
    form = SignInForm()
    if not form.validate():
        return _not_in(form, problems_of(form))
    person_id = check_password(session, form.email.data, form.password.data, demo=current_app.config["DEMO"])
    if person_id is None:
        note("sign_in_refused", address=request.remote_addr)
        return _not_in(form, [("password", _("Mật khẩu không đúng, hoặc tài khoản không tồn tại"))])
    return remember_device(_let_in(person_id), form.email.data)


def _not_in(form: SignInForm, problems: list[tuple[str, str]]) -> ResponseReturnValue:
    return sign_in_page(form, kept_before(), problems), 422


def _let_in(person_id: int) -> Response:
    """Start a session under a new token, and go on to where the person wanted, or back to what was typed."""
    with transaction(engine()) as rows:
        token = start_session(rows, person_id, device=request.user_agent.string, instead_of=visit().token)
        visit().begin(token)
        g.pop("csrf_token", None)
        load_visitor(rows)
    note("signed_in", person=person_id, address=request.remote_addr)
    kept = kept_before()
    answer = render_template("accounts/resume.html", kept=kept) if kept else redirect(safe_next(request.form.get("next")), 303)
    return current_app.make_response(answer)


@page(demo_blueprint, "/dang-nhap/demo/<email>", action=PUBLIC, methods=["POST"], opens=reading)
def sign_in_demo(session: Session, actor: Actor, email: str) -> ResponseReturnValue:  # noqa: ARG001
    """Walk in as one of the people of the demo; the address exists only there."""
    person_id = person_by_email(session, email) if email.endswith("@demo.example") else None
    if person_id is None:
        raise NotFound
    return _let_in(person_id)


@page(blueprint, "/dang-xuat", action=PUBLIC, methods=["POST"])
def sign_out(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """End the session, here and in the database; doing so twice is fine."""
    known = visitor()
    note("signed_out", person=known.person_id if known else None)
    end_session(session, visit().token)
    visit().end()
    response = current_app.make_response(redirect(url_for("accounts.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@page(blueprint, "/vai-tro", action=ANYBODY_SIGNED_IN)
def roles(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show the memberships one may act as; with none left, say whom to ask."""
    return roles_page(session, actor)


def roles_page(session: Session, actor: Actor, kept: Kept | None = None) -> str:
    """Return the page on which one chooses; `kept` is what was typed before there was a choice to make."""
    known = visitor()
    assert known is not None
    held, wanted = roles_held(session, known.person_id), safe_next(request.args.get("next"), "")
    return render_template("accounts/roles.html", held=held, chosen=actor.membership_id, next=wanted, kept=kept)


@page(blueprint, "/vai-tro", action=ANYBODY_SIGNED_IN, methods=["POST"])
def choose_role(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Act under another of one's own memberships, and go on to where one wanted, or back to what was typed."""
    known, kept = visitor(), kept_before()
    assert known is not None
    choose_membership(session, known.session_id, known.person_id, row_number(request.form.get("membership")) or 0)
    if kept:
        load_visitor(session)
        return render_template("accounts/resume.html", kept=kept)
    return redirect(safe_next(request.form.get("next")), 303)


@page(blueprint, "/ngon-ngu", action=PUBLIC, methods=["POST"])
def set_language(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Speak another language from now on: to the person everywhere, to a stranger on this device."""
    code, known = request.form.get("language", ""), visitor()
    if code not in LOCALES:
        raise NotFound
    if known:
        set_locale(session, known.person_id, code)
    response = current_app.make_response(redirect(safe_next(request.form.get("next"), "/"), 303))
    cookie: dict[str, Any] = {"max_age": YEAR, "path": "/", "samesite": "Lax", "httponly": True}
    response.set_cookie(COOKIE, code, secure=current_app.config["SESSION_COOKIE_SECURE"], **cookie)
    return response
