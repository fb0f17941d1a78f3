"""Many people at once: paste, look at what was understood, then add all of them or none."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.refusal import Refused
from web.account_forms import problems_of
from web.admin.door import blueprint
from web.admin.forms import TableForm
from web.admin.people import MANAGE, said
from web.routing import page
from workflow.actor import Actor
from workflow.people_table import TableLine, add_table, read_table


@page(blueprint, "/nguoi-dung/bang", action=MANAGE)
def table(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the place to paste the table into."""
    return _table(TableForm(formdata=None), [], [])


@page(blueprint, "/nguoi-dung/bang", action=MANAGE, methods=["POST"])
def table_pasted(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show what was understood; with `apply=1`, add everybody. A table with a problem adds nobody."""
    form = TableForm()
    text = form.table.data or ""
    try:
        lines = read_table(session, actor, text) if form.validate() else []
        if form.errors:
            return _table(form, [], problems_of(form)), 422
        faulty = any(line.problems for line in lines)
        if faulty or request.form.get("apply") != "1":
            return _table(form, lines, []), 422 if faulty else 200
        added = add_table(session, actor, text)
    except Refused as refused:
        session.rollback()
        return _table(form, [], said(refused)), 422
    flash(ngettext("Đã thêm %(num)d người và gửi thư mời.", "Đã thêm %(num)d người và gửi thư mời.", added))
    return redirect(url_for("admin.people"), 303)


def _table(form: TableForm, lines: list[TableLine], problems: list[tuple[str, str]]) -> str:
    faulty = sum(1 for line in lines if line.problems)
    return render_template("admin/people_table.html", form=form, lines=lines, faulty=faulty, problems=problems)
