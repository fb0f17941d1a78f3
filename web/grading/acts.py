"""The acts of the bodies: on one cell by `K/ho-so/<unit>/viec/<act>`, on an indicator over all its units by `K/viec/<act>`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from states.refusal import NotFound, Problem, Refused
from web.account_forms import problems_of
from web.cases.acts import On
from web.cases.acts import handles as handles_on_case
from web.cases.replies import Told, told
from web.council.acts import handles
from web.grading.forms import ContactForm, NaForm, QuestionForm
from web.grading.looked import Cell, Looked, Trouble, address
from web.grading.saving import key_of, save, shown
from web.grading.words import sheet_of
from web.plain_text import row_number
from web.security import safe_next
from workflow.actor import Actor
from workflow.applicability import answer_na
from workflow.asking import question
from workflow.contacts import ContactCard, name_contact
from workflow.grading import flag
from workflow.sheets.counted import Counted
from workflow.signing import CHANGED, sign_off, withdraw_sign_off

MOST_NAMED = 20
"""How many changed rows a refusal names."""


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
    if not on.code:
        return _sign(session, actor, _cell(on), Looked.at(request.form, by_case=True), on.act)
    shown_as = request.form.get("version", "")
    number = row_number(shown_as)
    seen = {on.unit: -1 if number is None else number}
    return _do(session, actor, on, "", lambda: _signed(session, actor, on.act, _cell(on), [on.unit], seen))


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
    return _sign(session, actor, *_indicator(assessment), "sign_off")


@handles("withdraw_sign_off")
def unsign_indicator(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Take back the signatures of an indicator in the round that was shown."""
    return _sign(session, actor, *_indicator(assessment), "withdraw_sign_off")


def _indicator(assessment: str) -> tuple[Cell, Looked]:
    looked = Looked.at(request.form, by_case=False)
    return Cell(assessment, request.form.get("code", ""), looked.row), looked


def _sign(session: Session, actor: Actor, cell: Cell, looked: Looked, act: str) -> ResponseReturnValue:
    """Sign, or take back, all that waits in the grid as it was shown: of an indicator, or of a case."""
    sheet = sheet_of(session, actor, cell, looked)
    keys = sheet.to_sign if act == "sign_off" else sheet.signed
    seal = request.form.get("seal", "")
    if act == "sign_off" and keys and seal != sheet.seal:
        return shown(session, actor, cell, looked, Trouble(problems=_changed(sheet, seal, by_case=looked.by_case))), 409
    versions = {key: row.version for key, row in sheet.keyed}
    todo: list[tuple[Cell, Sequence[str], Mapping[str, int]]] = [(cell, keys, versions)]
    if looked.by_case and keys:
        todo = [(replace(cell, code=code), [cell.unit], {cell.unit: versions[code]}) for code in keys]
    try:
        done = sum(_signed(session, actor, act, one, units, seen) for one, units, seen in todo)
    except Refused as refused:
        session.rollback()
        return shown(session, actor, cell, looked, Trouble(problems=told(refused.problems))), 422
    _tell(act, done)
    return redirect(address(cell, looked), 303)


def _changed(sheet: Counted, seal: str, *, by_case: bool) -> Told:
    """Say which rows are others than those that were shown; only that there are some, where the page did not say what it showed."""
    rows = dict(sheet.keyed)
    named = [(f"hang-{key}", key if by_case else rows[key].name) for key in sheet.changed_since(seal)] if seal else []
    return [*told(Refused(CHANGED).problems), *named[:MOST_NAMED]]


def _signed(session: Session, actor: Actor, act: str, cell: Cell, units: Sequence[str], seen: Mapping[str, int]) -> int:
    if act == "sign_off":
        return sign_off(session, actor, cell.assessment, cell.code, units, seen=seen)
    return withdraw_sign_off(session, actor, cell.assessment, cell.code, units)


def _tell(act: str, done: int) -> None:
    if act == "sign_off":
        flash(ngettext("Đã ký xác nhận %(num)d điểm.", "Đã ký xác nhận %(num)d điểm.", done))
    else:
        flash(ngettext("Đã rút %(num)d chữ ký.", "Đã rút %(num)d chữ ký.", done))


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
        return shown(session, actor, *_indicator(assessment), trouble), 422
    if not code:
        raise NotFound
    flash(ngettext("Đã ghi người trả lời cho %(num)d chỉ số.", "Đã ghi người trả lời cho %(num)d chỉ số.", named))
    return redirect(address(*_indicator(assessment)), 303)
