"""`K/thoi-han`: the calendar and every extension for all to read; who is reminded, why somebody was not, and the mail log."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.permissions import may
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.acts import On, handles
from web.cases.replies import Told, go_back, told
from web.dates import BAD_DATE, parse_day
from web.filters import moment
from web.language import chosen_locale
from web.mail_log import log_view
from web.routing import page
from web.secretariat.blueprint import blueprint
from web.secretariat.forms import ExtendForm
from workflow.actor import Actor
from workflow.extending import extend
from workflow.ledger import resend
from workflow.reminders import next_reminders, preview
from workflow.sheets.deadlines import READING, deadlines_sheet
from workflow.why_not import why_not

TABS = {"": N_("Lịch và gia hạn"), "nhac": N_("Ai được nhắc"), "thu": N_("Nhật ký thư")}
CHOOSE_UNIT = N_("Chọn đơn vị.")
MISSING_UNTIL = N_("Cần ghi hạn mới.")


@page(blueprint, "/ky/<assessment>/thoi-han", action=READING)
def show_deadlines(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the calendar; to those who manage it also the reminders and the mail log."""
    return _deadlines_page(session, actor, assessment, ExtendForm(formdata=None), [])


def _deadlines_page(session: Session, actor: Actor, assessment: str, form: ExtendForm, problems: Told) -> str:
    sheet = deadlines_sheet(session, actor, assessment)
    about: dict[str, Any] = {"sheet": sheet, "tabs": TABS, "sees_mail": may(actor.role, "see_mail_log")}
    tab = request.args.get("xem", "") if sheet.manages else ""
    if tab == "thu" and about["sees_mail"]:
        return render_template("secretariat/mail.html", tab=tab, **about, **log_view(session, actor, assessment, "secretariat.send_again"))
    if tab == "nhac":
        return render_template("secretariat/reminders.html", tab=tab, **about, **_reminders(session, assessment))
    chosen = form.unit.data or request.args.get("don-vi", "")
    return render_template("secretariat/deadlines.html", tab="", **about, form=form, chosen=chosen, problems=problems)


def _reminders(session: Session, assessment: str) -> Mapping[str, Any]:
    """Return who gets what on the day asked for (the next one with reminders, if none is), and why somebody does or does not."""
    typed, who = request.args.get("ngay", "").strip(), request.args.get("ai", "").strip()
    coming, named = next_reminders(session, assessment), parse_day(typed)
    day, wrong = named or coming, bool(typed) and named is None
    return {
        "day": day, "typed": typed if wrong else day, "wrong": str(BAD_DATE) % {"typed": typed[:40]} if wrong else "", "next": coming,
        "who": who, "lines": preview(session, day, slug=assessment), "answers": why_not(session, assessment, who, day) if who else [],
    }  # fmt: skip


@page(blueprint, "/ky/<assessment>/thoi-han/gia-han", action="extend", methods=["POST"])
def extend_from_calendar(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Give the unit chosen on the calendar more time; refused, the same page with what was typed."""
    form = ExtendForm()
    try:
        _extend(session, actor, assessment, form.unit.data or "", form)
    except Refused as refused:
        session.rollback()
        return _deadlines_page(session, actor, assessment, form, told(refused.problems)), 422
    return redirect(url_for("secretariat.show_deadlines", assessment=assessment), 303)


@handles("extend")
def extend_one(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Give one case more time, from its own page."""
    _extend(session, actor, on.assessment, on.unit, ExtendForm())
    return go_back(on.assessment, on.unit)


def _extend(session: Session, actor: Actor, assessment: str, unit: str, form: ExtendForm) -> None:
    problems = [] if form.validate() else [Problem(said, place) for place, said in problems_of(form)]
    until = form.moment()
    if not unit:
        problems.append(Problem(CHOOSE_UNIT, "unit"))
    if until is None and not form.until.errors:
        problems.append(Problem(MISSING_UNTIL, "until"))
    if problems or until is None:
        raise Refused(problems)
    given = extend(session, actor, assessment, unit, until, form.reason.data or "")
    flash(_("Đã gia hạn cho %(unit)s. Mọi đơn vị đều xem được.", unit=given.name))
    if given.round_ends:
        ends = moment(given.round_ends, chosen_locale())
        flash(_("Hạn mới sau hạn của vòng thẩm định (%(ends)s): hồ sơ này được chấm muộn hơn những hồ sơ khác.", ends=ends), "warning")


@page(blueprint, "/ky/<assessment>/thoi-han/gui-lai/<int:mail>", action="see_mail_log", methods=["POST"])
def send_again(session: Session, actor: Actor, assessment: str, mail: int) -> ResponseReturnValue:
    """Let a mail of the log go out once more."""
    if not deadlines_sheet(session, actor, assessment).manages:
        raise NotFound
    resend(session, actor, mail)
    flash(_("Thư sẽ được gửi lại."))
    return redirect(url_for("secretariat.show_deadlines", assessment=assessment, xem="thu"), 303)
