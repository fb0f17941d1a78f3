"""The acts of the bodies: on one cell by `K/ho-so/<unit>/viec/<act>`, on an indicator over all its units by `K/viec/<act>`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.refusal import NotFound, Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.acts import On
from web.cases.acts import handles as handles_on_case
from web.cases.replies import told
from web.council.acts import handles
from web.grading.forms import ContactForm, NaForm, QuestionForm
from web.grading.grid import grid_page
from web.grading.looked import Cell, Looked, Trouble, address
from web.grading.saving import key_of, save, shown
from web.security import safe_next
from workflow.actor import Actor
from workflow.applicability import answer_na
from workflow.contacts import ContactCard, name_contact
from workflow.grading import flag, question
from workflow.sheets.case_grid import case_grid
from workflow.sheets.grid import grading_grid
from workflow.signing import sign_off, withdraw_sign_off

CHANGED = N_("Có điểm vừa thay đổi sau khi bạn mở trang. Xem lại rồi ký.")

Signing = Callable[[Session, Actor, str, str, Sequence[str]], int]
SIGNING: dict[str, Signing] = {"sign_off": sign_off, "withdraw_sign_off": withdraw_sign_off}


@handles_on_case("grade", "grade_for_council")
def grade_one(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Give points on one cell; the same as saving its row."""
    return save(session, actor, _cell(on))


@handles_on_case("flag")
def flag_one(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Mark a cell to be looked at again, or take the mark off."""
    put = request.form.get("on") == "1"
    return _do(session, actor, on, "", lambda: flag(session, actor, on.assessment, on.unit, on.code, on=put))


@handles_on_case("question")
def ask_unit(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Put a question to the unit."""
    form = QuestionForm()

    def ask() -> None:
        _check(form)
        question(session, actor, on.assessment, on.unit, on.code, form.text.data or "")
        flash(_("Đã ghi câu hỏi; đơn vị trả lời ở bước giải trình."))

    return _do(session, actor, on, "question", ask)


@handles_on_case("agree_na")
def answer_request(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Answer a request that the indicator does not apply."""
    form = NaForm()

    def answer() -> None:
        _check(form)
        agree = form.answer.data == "agree"
        answer_na(session, actor, on.assessment, on.unit, on.code, agree=agree, reason=form.reason.data or "")
        flash(_("Đã ghi: đồng ý, chờ Hội đồng xác nhận.") if agree else _("Đã ghi: không đồng ý. Hãy cho điểm chỉ số này."))

    return _do(session, actor, on, "na", answer)


@handles_on_case("sign_off", "withdraw_sign_off")
def sign_one(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Sign one cell, or take the signature back; without an indicator, all of the case that wait, as they were shown."""
    act = SIGNING[on.act]
    if not on.code:
        return _sign_case(session, actor, on, act)
    return _do(session, actor, on, "", lambda: act(session, actor, on.assessment, on.code, [on.unit]))


def _sign_case(session: Session, actor: Actor, on: On, act: Signing) -> ResponseReturnValue:
    """Sign (or unsign) what waits in the round that was shown."""
    cell, looked = _cell(on), Looked.at(request.form, by_case=True)
    sheet = case_grid(session, actor, on.assessment, on.unit, looked.round)
    codes = sheet.to_sign if act is sign_off else sheet.signed
    if request.form.get("seal", sheet.seal) != sheet.seal:
        return shown(session, actor, cell, looked, Trouble(problems=told(Refused(CHANGED).problems))), 409
    try:
        done = sum(act(session, actor, on.assessment, code, [on.unit]) for code in codes)
    except Refused as refused:
        session.rollback()
        return shown(session, actor, cell, looked, Trouble(problems=told(refused.problems))), 422
    _tell(act, done)
    return redirect(address(cell, looked), 303)


def _do(session: Session, actor: Actor, on: On, part: str, act: Callable[[], object]) -> ResponseReturnValue:
    """Do it and go back to the row; refused, show the grid again with what was typed in that part of the panel."""
    cell, looked = _cell(on), Looked.at(request.form)
    looked = replace(looked, row=key_of(cell, looked))
    try:
        act()
    except Refused as refused:
        session.rollback()
        trouble = Trouble(looked.row, request.form.to_dict(), told(refused.problems), opened=part)
        return shown(session, actor, cell, looked, trouble), 422
    return redirect(safe_next(request.form.get("next"), address(cell, looked)), 303)


def _cell(on: On) -> Cell:
    return Cell(on.assessment, on.code, on.unit)


def _check(form: NaForm | QuestionForm | ContactForm) -> None:
    if not form.validate():
        raise Refused([Problem(text, place) for place, text in problems_of(form)])


@handles("sign_off")
def sign_indicator(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Sign what is graded of an indicator and not yet signed: in the round that was shown, as it was shown."""
    code, looked = request.form.get("code", ""), Looked.at(request.form)
    sheet = grading_grid(session, actor, assessment, code, looked.round)
    if request.form.get("seal", sheet.seal) != sheet.seal:
        return _not_signed(session, actor, assessment, code, Refused(CHANGED)), 409
    return _sign(session, actor, (assessment, code), sheet.to_sign, sign_off)


@handles("withdraw_sign_off")
def unsign_indicator(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Take back the signatures of an indicator in the round that was shown."""
    code, looked = request.form.get("code", ""), Looked.at(request.form)
    sheet = grading_grid(session, actor, assessment, code, looked.round)
    return _sign(session, actor, (assessment, code), sheet.signed, withdraw_sign_off)


def _sign(session: Session, actor: Actor, on: tuple[str, str], units: Sequence[str], act: Signing) -> ResponseReturnValue:
    assessment, code = on
    try:
        done = act(session, actor, assessment, code, units)
    except Refused as refused:
        session.rollback()
        return _not_signed(session, actor, assessment, code, refused), 422
    _tell(act, done)
    return redirect(address(Cell(assessment, code, ""), Looked.at(request.form, by_case=False)), 303)


def _tell(act: Signing, done: int) -> None:
    if act is sign_off:
        flash(ngettext("Đã ký xác nhận %(num)d điểm.", "Đã ký xác nhận %(num)d điểm.", done))
    else:
        flash(ngettext("Đã rút %(num)d chữ ký.", "Đã rút %(num)d chữ ký.", done))


def _not_signed(session: Session, actor: Actor, assessment: str, code: str, refused: Refused) -> str:
    looked = Looked.at(request.form, by_case=False)
    return grid_page(session, actor, Cell(assessment, code, looked.row), looked, Trouble(problems=told(refused.problems)))


@handles("name_contact")
def set_contact(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Say who at the body answers for an indicator (or, with `all`, for every indicator it grades)."""
    form, code = ContactForm(), request.form.get("code", "")
    codes = [code]
    if request.form.get("all"):
        from workflow.sheets.queue import grading_queue

        codes = [line.code for line in grading_queue(session, actor, assessment).lines]
    try:
        _check(form)
        card = ContactCard("", form.name.data or "", form.phone.data or "", form.email.data or "")
        named = name_contact(session, actor, assessment, codes, card)
    except Refused as refused:
        session.rollback()
        trouble = Trouble(typed=request.form.to_dict(), problems=told(refused.problems), opened="contact")
        looked = Looked.at(request.form, by_case=False)
        return grid_page(session, actor, Cell(assessment, code, looked.row), looked, trouble), 422
    if not code:
        raise NotFound
    flash(ngettext("Đã ghi người trả lời cho %(num)d chỉ số.", "Đã ghi người trả lời cho %(num)d chỉ số.", named))
    return redirect(address(Cell(assessment, code, ""), Looked.at(request.form, by_case=False)), 303)
