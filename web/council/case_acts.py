"""The council's acts on one case: `POST K/ho-so/<unit>/viec/<act>`."""

from collections.abc import Callable

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused, Stale
from states.words import N_
from web.account_forms import problems_of
from web.cases.acts import On, handles
from web.cases.replies import told
from web.council.forms import DecisionForm, NameForm, NaWordForm, ReasonForm, TextForm
from web.council.page import Place, Trouble, council_page
from web.errors import STALE
from web.filters import points as printed
from web.language import say
from web.security import safe_next
from workflow.actor import Actor
from workflow.applicability import confirm_na
from workflow.deciding import Decision, decide, exclude, name_council_grader, question_by_council, readmit
from workflow.numbers import parse_points

GIVEN = N_("Có người vừa sửa trước bạn: Hội đồng đã quyết định %(points)s. Ghi lại lần nữa là thay quyết định ấy.")
BECAUSE = N_("Lý do vừa ghi: %(reason)s")
NOT_APPLICABLE = N_("không phát sinh")
NOT_SEEN = -1
"""No decision has this entry: a form that does not say what its page showed was made from none."""


@handles("decide")
def decide_item(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Decide one item."""
    form = DecisionForm()

    def act() -> None:
        check(form)
        never = bool(form.not_applicable.data)
        points = None if never else parse_points(form.points.data or "", "points")
        seen = NOT_SEEN if form.seen.data is None else form.seen.data
        decision = Decision(points, form.reason.data or "", form.minutes.data or "", not_applicable=never, seen=seen)
        decide(session, actor, on.assessment, on.unit, on.code, decision)
        flash(_("Đã ghi quyết định về %(code)s.", code=on.code))

    return _do(session, actor, on, act)


@handles("confirm_na")
def settle_request(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Grant or refuse a request that an indicator does not apply."""
    form = NaWordForm()

    def act() -> None:
        check(form)
        grant = form.answer.data == "grant"
        confirm_na(session, actor, on.assessment, on.unit, on.code, grant=grant, reason=form.reason.data or "")
        flash(_("Đã xác nhận không phát sinh.") if grant else _("Đã ghi: không chấp nhận đề nghị."))

    return _do(session, actor, on, act)


@handles("question_by_council")
def ask_unit(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Put a question to the unit after release."""
    form = TextForm()

    def act() -> None:
        check(form)
        question_by_council(session, actor, on.assessment, on.unit, on.code, form.text.data or "")
        flash(_("Đã gửi câu hỏi cho đơn vị."))

    return _do(session, actor, on, act)


@handles("name_council_grader")
def name_one(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Name the member who grades one re-routed item."""
    form = NameForm()

    def act() -> None:
        check(form)
        name_council_grader(session, actor, on.assessment, on.unit, on.code, form.person.data)
        flash(_("Đã cử ủy viên chấm %(code)s.", code=on.code))

    return _do(session, actor, on, act)


@handles("exclude", "readmit")
def exclude_case(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Take a case out of the assessment, or back in."""
    form = ReasonForm()

    def act() -> None:
        check(form)
        name = {"exclude": exclude, "readmit": readmit}[on.act](session, actor, on.assessment, on.unit, form.reason.data or "")
        flash(_("Đã loại %(unit)s khỏi kỳ đánh giá.", unit=name) if on.act == "exclude" else _("Đã đưa %(unit)s trở lại.", unit=name))

    return _do(session, actor, on, act)


def _overtaken(stale: Stale) -> list[Problem]:
    """Say what somebody decided meanwhile, at the fields where it is to be weighed."""
    now = stale.current
    if not isinstance(now, Decision):
        return [Problem(STALE.fact, "reason")]
    points = say(Problem(NOT_APPLICABLE)) if now.points is None else printed(now.points)
    return [Problem(GIVEN, "points", {"points": points}), Problem(BECAUSE, "reason", {"reason": now.reason})]


def check(form: FlaskForm) -> None:
    """Refuse a form that does not hold what it must."""
    if not form.validate():
        raise Refused([Problem(text, place) for place, text in problems_of(form)])


def _do(session: Session, actor: Actor, on: On, act: Callable[[], None]) -> ResponseReturnValue:
    """Do it and go back to the part of the page; refused or overtaken, show the page again with what was typed."""
    place = Place(request.form.get("phan", ""), on.unit, on.code)
    try:
        act()
    except (Refused, Stale) as no:
        session.rollback()
        problems, code = (no.problems, 422) if isinstance(no, Refused) else (_overtaken(no), 409)
        return council_page(session, actor, on.assessment, place, Trouble(on.act, on.unit, request.form.to_dict(), told(problems))), code
    return redirect(safe_next(request.form.get("next"), Place(place.part).address(on.assessment)), 303)
