"""Organisations: the list, and correcting names and aliases."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import Refused
from web.admin.door import blueprint
from web.admin.forms import OrganisationForm
from web.admin.people import said
from web.routing import page
from workflow.actor import Actor
from workflow.organisations import Names, find_organisations, organisation_sheet, rename_organisation

MANAGE = "manage_organisations"


@page(blueprint, "/co-quan", action=MANAGE)
def organisations(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show the organisations, searched by the address line."""
    search = request.args.get("q", "")
    return render_template("admin/organisations.html", lines=find_organisations(session, actor, search), search=search)


@page(blueprint, "/co-quan/<code>", action=MANAGE)
def organisation_page(session: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Show one organisation with the form for its names."""
    sheet = organisation_sheet(session, actor, code)
    form = OrganisationForm(formdata=None, obj=sheet.line)
    form.aliases.data = "\n".join(sheet.line.aliases)
    return render_template("admin/organisation.html", sheet=sheet, form=form, problems=[])


@page(blueprint, "/co-quan/<code>", action=MANAGE, methods=["POST"])
def rename(session: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Correct the names."""
    form = OrganisationForm()
    try:
        typed = Names(form.name.data or "", form.short_name.data or "", (form.aliases.data or "").splitlines())
        rename_organisation(session, actor, code, typed)
    except Refused as refused:
        session.rollback()
        sheet = organisation_sheet(session, actor, code)
        return render_template("admin/organisation.html", sheet=sheet, form=form, problems=said(refused)), 422
    flash(_("Đã sửa tên cơ quan."))
    return redirect(url_for("admin.organisation_page", code=code), 303)
