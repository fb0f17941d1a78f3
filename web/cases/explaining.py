"""The explanation: one item beside self-score and round 1, the whole of it before the head sends, and the acts on it."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from states.items import Stance
from states.refusal import NotFound, Refused, Stale
from web.cases.acts import On, handles
from web.cases.blueprint import blueprint
from web.cases.replies import Told, case_address, go_back, item_address, told
from web.cases.typed import Again, Typed
from web.routing import page
from web.saving import saved_at, saved_time
from web.security import is_fetch
from workflow.access import require_case
from workflow.actor import Actor
from workflow.explaining import Answer, accept_round_1, save_explanation, send_explanation
from workflow.sheets.explanation import AnswerSheet, answer_sheet, explanation_sheet


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/giai-trinh", action="see_case")
def show_explanation(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show all that would be sent, and the two ways to close the round. Outside an explanation: back to the case."""
    try:
        return _explanation_page(session, actor, assessment, unit, [])
    except NotFound:
        require_case(session, actor, "see_case", assessment, unit)
        return redirect(case_address(assessment, unit), 303)


def _explanation_page(session: Session, actor: Actor, assessment: str, unit: str, problems: Told) -> str:
    sheet = explanation_sheet(session, actor, assessment, unit)
    return render_template("cases/explanation.html", sheet=sheet, problems=problems)


def answer_page(session: Session, actor: Actor, on: On, again: Again | None = None) -> Response:
    """Return the page of one item of the explanation; to the page's own script only the parts that change."""
    sheet = answer_sheet(session, actor, on.assessment, on.unit, on.code)
    template = "cases/answer_live.html" if is_fetch() and again is None else "cases/answer.html"
    again = again or Again()
    time = "" if again.refused else saved_time(sheet.due.saved_at, sheet.explanation.head.now)
    shown = render_template(template, sheet=sheet, typed=again.typed or _stored(sheet), again=again, saved_time=time)
    return saved_at(current_app.make_response(shown), sheet.due.saved_at)


def _stored(sheet: AnswerSheet) -> Typed:
    values = {name: value if isinstance(value, list) else [str(value)] for name, value in sheet.form.values.items()}
    return Typed({**values, "text": [sheet.due.text], "stance": [sheet.due.stance]})


@handles("explain")
def save_answer(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Keep the answer on one item."""
    typed = Typed.of(request.form)
    try:
        _save(session, actor, on, typed)
    except Stale:
        session.rollback()
        return answer_page(session, actor, on, Again(typed, clash=True)), 409
    except Refused as refused:
        session.rollback()
        return _again(session, actor, on, typed, told(refused.problems)), 422
    onward = typed.text("go")
    return redirect(item_address(on.assessment, on.unit, onward), 303) if onward else go_back(on.assessment, on.unit, on.code)


def _save(session: Session, actor: Actor, on: On, typed: Typed) -> None:
    inputs = typed.inputs() if typed.text("stance") == Stance.CONTEST else None
    save_explanation(
        session, actor, on.assessment, on.unit, on.code, Answer(typed.text("stance"), typed.text("text"), typed.version, inputs)
    )


def _again(session: Session, actor: Actor, on: On, typed: Typed, problems: Told) -> Response:
    """Show the answer again as it was typed; where the item is no longer to be answered, on the page of the item."""
    from web.cases.items import item_page

    again = Again(typed, problems=problems)
    try:
        return answer_page(session, actor, on, again)
    except NotFound:
        return item_page(session, actor, on, again)


@handles("send_explanation")
def send(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Send the explanation of the round, once for the whole case."""
    return _close(session, actor, on, _("Đã gửi giải trình."))


@handles("accept_round_1")
def accept(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Agree with the result of round 1."""
    return _close(session, actor, on, _("Đã ghi: đơn vị thống nhất với kết quả vòng 1."))


def _close(session: Session, actor: Actor, on: On, said: str) -> ResponseReturnValue:
    act = {"send_explanation": send_explanation, "accept_round_1": accept_round_1}[on.act]
    try:
        act(session, actor, on.assessment, on.unit)
    except Refused as refused:
        session.rollback()
        try:
            return _explanation_page(session, actor, on.assessment, on.unit, told(refused.problems)), 422
        except NotFound:
            raise refused from None  # the case has moved on, and that page with it
    flash(said)
    return redirect(url_for("cases.show_explanation", assessment=on.assessment, unit=on.unit), 303)
