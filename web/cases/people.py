"""Who in the unit does which indicator: the head gives the work out, everybody in the unit can read it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from web.cases.acts import On, handles
from web.cases.blueprint import blueprint
from web.plain_text import row_number
from web.routing import page
from workflow.actor import Actor
from workflow.drafting import assign_responsible
from workflow.sheets.people import people_sheet

PREFIX = "person."
"""Name of a field: this and the indicator's code."""


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/phu-trach", action="see_case")
def show_people(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show who does what."""
    return render_template("cases/people.html", sheet=people_sheet(session, actor, assessment, unit))


@handles("assign_responsible")
def assign(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Keep who does which indicator; an empty choice means nobody."""
    chosen = {name.removeprefix(PREFIX): value for name, value in request.form.items() if name.startswith(PREFIX)}
    people = {code: row_number(value) for code, value in chosen.items()}
    assign_responsible(session, actor, on.assessment, on.unit, people)
    flash(_("Đã ghi người phụ trách."))
    return redirect(url_for("cases.show_people", assessment=on.assessment, unit=on.unit), 303)
