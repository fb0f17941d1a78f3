"""The page of one item, and the acts of its draft: saved as one goes, field by field."""

from collections.abc import Callable

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from states.items import Applicability
from states.refusal import Refused, Stale
from web.cases.acts import On, handles
from web.cases.blueprint import blueprint
from web.cases.explaining import answer_page
from web.cases.replies import go_back, item_address, told
from web.cases.typed import Again, Typed
from web.opened import note_case_opening
from web.routing import page
from web.saving import saved_at, saved_time
from web.security import is_fetch
from workflow.actor import Actor
from workflow.drafting import Draft, request_na
from workflow.item_draft import save_item
from workflow.sheets.explanation import is_due
from workflow.sheets.form import in_words
from workflow.sheets.item import ItemSheet, item_sheet

READING = ("see_case", "see_submitted_case", "see_assigned_items")
MISSING = "thieu"
"""In the address: show only the items that are not finished."""


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/chi-so/<code>", action=READING)
def show_item(session: Session, actor: Actor, assessment: str, unit: str, code: str) -> ResponseReturnValue:
    """Show one item: for its unit the form, or its explanation while that is due; for others to read."""
    on = On("", assessment, unit, code)
    if is_due(session, actor, assessment, unit, code):
        return answer_page(session, actor, on)
    shown = item_page(session, actor, on)
    note_case_opening(actor, assessment, unit)
    return shown


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/chi-so", action=READING)
def go_to_item(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:  # noqa: ARG001
    """Go to the item chosen in a list (on the phone)."""
    return redirect(item_address(assessment, unit, request.args.get("chi-so", "")), 303)


def item_page(session: Session, actor: Actor, on: On, again: Again | None = None) -> Response:
    """Return the page of an item; to the page's own script only the parts that change."""
    sheet = item_sheet(session, actor, on.assessment, on.unit, on.code)
    time = "" if again and again.refused else saved_time(sheet.saved_at, sheet.head.now)
    template = "cases/item_live.html" if is_fetch() and again is None else "cases/item.html"
    shown = render_template(
        template, sheet=sheet, again=again or Again(), typed=_shown(sheet, again), only_missing=bool(request.args.get(MISSING)),
        saved_time=time, **_versions(sheet, again),
    )  # fmt: skip
    return saved_at(current_app.make_response(shown), sheet.saved_at)


def _versions(sheet: ItemSheet, again: Again | None) -> dict[str, str]:
    """Return what is stored and what was typed, in words, each naming what it leaves empty and the other fills."""
    stored = {**sheet.form.values, "text": sheet.text} if sheet.form else {}
    typed = again.typed.shown() if again and again.typed else {}
    fields = sheet.form.fields if sheet.form else ()
    return {"theirs": in_words(fields, stored, typed), "mine": in_words(fields, typed, stored) if typed else ""}


def _shown(sheet: ItemSheet, again: Again | None) -> Typed:
    """Return what stands in the fields: what was typed, else what is stored."""
    if again is not None and again.typed is not None:
        return again.typed
    values = sheet.form.values if sheet.form else {}
    stored = {name: value if isinstance(value, list) else [str(value)] for name, value in values.items()}
    asked = {"na": ["1"], "na_reason": [sheet.na_reason]} if sheet.applicability is Applicability.REQUESTED else {}
    return Typed({**stored, "text": [sheet.text], **asked})


@handles("self_score")
def save_draft(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Keep what was typed for one item: the score with its words, and the request that it does not apply."""
    typed = Typed.of(request.form)

    def save() -> None:
        draft = Draft(typed.inputs(), typed.text("text"), typed.version)
        na, why = bool(typed.text("na")), typed.text("na_reason")
        save_item(session, actor, on.assessment, on.unit, on.code, draft, na=na, na_reason=why)

    return _after(session, actor, on, typed, save)


@handles("request_na")
def ask_na(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Ask that an indicator does not apply; without a reason the request is taken back."""
    typed = Typed.of(request.form)
    reason = typed.text("na_reason") or typed.text("reason")
    return _after(
        session, actor, on, typed, lambda: request_na(session, actor, on.assessment, on.unit, on.code, reason, typed.version)
    )  # fmt: skip


def _after(session: Session, actor: Actor, on: On, typed: Typed, save: Callable[[], object]) -> ResponseReturnValue:
    """Save and go on; or show the page again with what was typed: both versions (409), or what is wrong (422)."""
    try:
        save()
    except Stale:
        session.rollback()
        return item_page(session, actor, on, Again(typed, clash=True)), 409
    except Refused as refused:
        session.rollback()
        return item_page(session, actor, on, Again(typed, problems=told(refused.problems))), 422
    onward = typed.text("go")
    return redirect(item_address(on.assessment, on.unit, onward), 303) if onward else go_back(on.assessment, on.unit, on.code)
