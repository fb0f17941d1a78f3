"""Every move of one case: `POST K/ho-so/<unit>/chuyen/<trigger>`, one route for the whole table."""

from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from states.clocks import end_of_day
from states.facts import Asked
from states.moves import MOVES
from states.refusal import Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.blueprint import blueprint
from web.cases.pages import case_page
from web.cases.replies import go_back, told
from web.cases.submitting import check_page
from web.dates import Day
from web.language import say
from web.lengths import at_most
from web.routing import ProofNeeded, page
from web.visitor import proved_lately
from workflow.actor import Actor
from workflow.move import Moved, move_case

DECLARATIONS = ("truthful", "no_secrets")
"""The two ticks of the head; both are needed (the values of the field `declared`)."""
TOGETHER = N_("Việc này làm cho cả kỳ đánh giá cùng lúc, ở trang Công bố.")


class MoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """All that a move may ask for; which of it does, says the transition table."""

    reason = TextAreaField(_l("Lý do"), [at_most(5000)])
    until = Day(_l("Hạn mới"), [Optional()])
    minutes_number = StringField(_l("Số biên bản họp"), [at_most(64)])
    minutes_on = Day(_l("Ngày họp"), [Optional()])
    items = SelectMultipleField(_l("Chỉ số"), validate_choice=False)
    declared = SelectMultipleField(_l("Cam kết"), validate_choice=False)

    def asked(self) -> Asked:
        """Return what the form asks for; a date is the end of that day."""
        return Asked(
            reason=(self.reason.data or "").strip(), declared=set(DECLARATIONS) <= set(self.declared.data or ()),
            minutes_number=(self.minutes_number.data or "").strip(), minutes_on=self.minutes_on.data, until=self._until(),
            items=tuple(self.items.data or ()),
        )  # fmt: skip

    def _until(self) -> datetime | None:
        return end_of_day(self.until.data) if self.until.data else None


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/chuyen/<trigger>", action="<trigger>", methods=["POST"])
def move_one(session: Session, actor: Actor, assessment: str, unit: str, trigger: str) -> ResponseReturnValue:
    """Take one move. Refused: the page it was asked for on, with everything that is missing and what was typed."""
    rows = [move for move in MOVES if move.trigger == trigger]
    if rows and all(move.proved for move in rows):
        if not proved_lately(actor):
            raise ProofNeeded
        raise Refused(Problem(TOGETHER))
    form = MoveForm()
    if not form.validate():
        return _again(session, actor, assessment, unit, trigger, form, problems_of(form))
    try:
        moved = move_case(session, actor, assessment, unit, trigger, form.asked())
    except Refused as refused:
        session.rollback()
        return _again(session, actor, assessment, unit, trigger, form, told(refused.problems))
    return _done(assessment, unit, trigger, moved)


def _again(
    session: Session, actor: Actor, assessment: str, unit: str, trigger: str, form: MoveForm, problems: list[tuple[str, str]]
) -> ResponseReturnValue:
    if trigger == "submit":
        return check_page(session, actor, assessment, unit, declared=form.declared.data or (), problems=problems)
    return case_page(session, actor, assessment, unit, refused=trigger, problems=problems), 422


def _done(assessment: str, unit: str, trigger: str, moved: Moved) -> ResponseReturnValue:
    label = next(move.label for move in MOVES if move.trigger == trigger)
    if trigger == "submit":
        return redirect(url_for("cases.show_receipt", assessment=assessment, unit=unit), 303)
    if moved.proposal_id is not None:
        flash(_("Đã trình Chủ tịch Hội đồng: %(what)s.", what=say(label)))
    else:
        flash(_("Đã ghi: %(what)s.", what=say(label)))
    return go_back(assessment, unit)
