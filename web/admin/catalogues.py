"""`/quan-tri/bo-chi-so`: the imported catalogues, checking a file and importing it; `/quan-tri/thu`: the mail log."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused
from states.words import N_
from web.admin.door import blueprint
from web.cases.replies import Told, told
from web.mail_log import log_view
from web.routing import page
from workflow.actor import Actor
from workflow.catalogue.importing import import_catalogue
from workflow.catalogue.reading import check_catalogue
from workflow.catalogue.stored import list_catalogues
from workflow.ledger import resend
from workflow.sheets.catalogue import catalogue_sheet

MISSING_FILE = N_("Chưa chọn tệp.")


@page(blueprint, "/bo-chi-so", action="import_catalogue")
def catalogues(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001  (every view takes both)
    """List what was imported, with the form for another file."""
    return _list_page(session, [], sound="")


def _list_page(session: Session, problems: Told, *, sound: str) -> str:
    return render_template("admin/catalogues.html", lines=list_catalogues(session), problems=problems, sound=sound)


@page(blueprint, "/bo-chi-so", action="import_catalogue", methods=["POST"])
def take_catalogue(session: Session, actor: Actor) -> ResponseReturnValue:
    """Check a file, and import it when asked to; every problem is told at its place, and then nothing was written."""
    file = request.files.get("file")
    name, data = (file.filename or "", file.read()) if file else ("", b"")
    problems = check_catalogue(data, name) if name else [Problem(MISSING_FILE, "file")]
    if problems:
        return _list_page(session, told(problems), sound=""), 422
    if not request.form.get("apply"):
        return _list_page(session, [], sound=name)
    try:
        done = import_catalogue(session, actor, data, name)
    except Refused as refused:
        session.rollback()
        return _list_page(session, told(refused.problems), sound=""), 422
    if done.new_decision or done.new_guidance:
        flash(_("Đã nạp %(code)s, hướng dẫn phiên bản %(number)s.", code=done.code, number=done.guidance))
    else:
        flash(_("%(code)s đã có sẵn với đúng nội dung này; không có gì thay đổi.", code=done.code), "info")
    return redirect(url_for("admin.show_catalogue", code=done.code), 303)


@page(blueprint, "/bo-chi-so/<code>", action="import_catalogue")
def show_catalogue(session: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Show one catalogue with its newest guidance."""
    return render_template("admin/catalogue.html", sheet=catalogue_sheet(session, actor, code))


@page(blueprint, "/thu", action="see_mail_log")
def show_mail(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show what was owed to whom and what became of it."""
    return render_template("admin/mail.html", tab="", **log_view(session, actor, "", "admin.send_again"))


@page(blueprint, "/thu/<int:mail>/gui-lai", action="see_mail_log", methods=["POST"])
def send_again(session: Session, actor: Actor, mail: int) -> ResponseReturnValue:
    """Let a mail go out once more."""
    resend(session, actor, mail)
    flash(_("Thư sẽ được gửi lại."))
    return redirect(url_for("admin.show_mail"), 303)
