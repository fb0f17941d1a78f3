"""`/toi`: one's own account: name, memberships, another password, and where one is signed in."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from models.session import reading, transaction
from web.account_forms import ChangePasswordForm, problems_of
from web.devices import device_words
from web.language import say
from web.limits import limit_proof
from web.routing import ANYBODY_SIGNED_IN, page
from web.visitor import engine, load_visitor, visit, visitor
from workflow.actor import Actor
from workflow.own_account import change_password, end_other_sessions, end_own_session, own_account
from workflow.passwords import hash_password, password_problems
from workflow.signing_in import SignedIn, check_password

blueprint = Blueprint("own", __name__)


@page(blueprint, "/toi", action=ANYBODY_SIGNED_IN)
def show(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the own account."""
    return _page(session, ChangePasswordForm(formdata=None), [])


def _known() -> SignedIn:
    known = visitor()
    assert known is not None
    return known


def _page(session: Session, form: ChangePasswordForm, problems: list[tuple[str, str]]) -> str:
    account = own_account(session, _known(), idle=current_app.config["SESSION_IDLE"])
    devices = {one.id: device_words(one.device) for one in account.sessions}
    return render_template("accounts/own.html", account=account, devices=devices, form=form, problems=problems)


@page(blueprint, "/toi/mat-khau", action=ANYBODY_SIGNED_IN, methods=["POST"], opens=reading)
@limit_proof
def change(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Set another password after checking the present one. Hashes are computed before anything is locked."""
    form, known = ChangePasswordForm(), _known()
    problems = _problems(session, form, known)
    if problems:
        return _page(session, form, problems), 422
    secret = hash_password(form.password.data)
    with transaction(engine()) as rows:
        token = change_password(rows, known, secret, token=visit().token, device=request.user_agent.string)
        visit().begin(token)
        g.pop("csrf_token", None)
        load_visitor(rows)
    flash(_("Đã đổi mật khẩu. Mọi phiên khác đã kết thúc."))
    return redirect(url_for("own.show"), 303)


def _problems(session: Session, form: ChangePasswordForm, known: SignedIn) -> list[tuple[str, str]]:
    if not form.validate():
        return problems_of(form)
    if check_password(session, known.email, form.present.data, demo=current_app.config["DEMO"]) != known.person_id:
        return [("present", _("Mật khẩu không đúng"))]
    if form.password.data == form.present.data:
        return [("password", _("Mật khẩu mới phải khác mật khẩu đang dùng."))]
    return [(problem.place, say(problem)) for problem in password_problems(form.password.data, known.name, known.email)]


@page(blueprint, "/toi/phien/<int:opened>/ket-thuc", action=ANYBODY_SIGNED_IN, methods=["POST"])
def end_one(session: Session, actor: Actor, opened: int) -> ResponseReturnValue:  # noqa: ARG001
    """End one of the own sessions elsewhere."""
    end_own_session(session, _known(), opened)
    flash(_("Đã kết thúc phiên đó."))
    return redirect(url_for("own.show", _anchor="phien"), 303)


@page(blueprint, "/toi/phien/ket-thuc-khac", action=ANYBODY_SIGNED_IN, methods=["POST"])
def end_others(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """End all own sessions but this one."""
    ended = end_other_sessions(session, _known())
    flash(ngettext("Đã kết thúc %(num)d phiên khác.", "Đã kết thúc %(num)d phiên khác.", ended))
    return redirect(url_for("own.show", _anchor="phien"), 303)
