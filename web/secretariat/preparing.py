"""`/ky/chuan-bi`: the assessments, preparing one, proposing to open it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.clocks import Clock
from states.policies import POLICIES, Policy
from states.refusal import Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.replies import Told, told
from web.council.acts import handles
from web.dates import parse_day
from web.kept_file import keep_file
from web.plain_text import row_number
from web.routing import page
from web.secretariat.blueprint import blueprint
from web.secretariat.forms import PreparationForm
from workflow.actor import Actor
from workflow.confirming import propose_opening
from workflow.evidence import Particulars
from workflow.papers import number_paper, paper_named
from workflow.preparing import Dates, Preparation, discard_preparation, policy_problems, preparation_problems, prepare_assessment
from workflow.proposals import withdraw
from workflow.sheets.preparing import PreparationSheet, Prepared, assessment_lines, preparation_sheet

NEW = "moi"
NOT_A_DAY = N_("“%(typed)s” không phải là ngày. Viết như 15/12/2025, mỗi ngày một dòng.")
SPARE_ROWS = 3
"""Empty rows for further presets."""


@page(blueprint, "/ky/chuan-bi", action="prepare_assessment")
def show_assessments(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show all assessments and the way to a new one."""
    return render_template("secretariat/assessments.html", lines=assessment_lines(session, actor))


@page(blueprint, "/ky/chuan-bi/<slug>", action="prepare_assessment")
def show_preparation(session: Session, actor: Actor, slug: str) -> ResponseReturnValue:
    """Show what was filled in, or an empty form for `moi`."""
    sheet = preparation_sheet(session, actor, "" if slug == NEW else slug)
    return _preparation_page(sheet, _form_of(sheet.prepared), _fields_of(sheet.prepared), [], slug)


@page(blueprint, "/ky/chuan-bi/<slug>", action="prepare_assessment", methods=["POST"])
def save_preparation(session: Session, actor: Actor, slug: str) -> ResponseReturnValue:
    """Write it; refused, the same page with every problem at its field and everything typed."""
    form = PreparationForm()
    sheet = preparation_sheet(session, actor, "" if slug == NEW else slug)
    problems: Told = []
    try:
        made = _save(session, actor, form, sheet.prepared)
    except Refused as refused:
        session.rollback()
        problems = told(refused.problems)
    else:
        flash(_("Đã lưu. Kỳ đánh giá chưa mở: trình Chủ tịch Hội đồng khi đã đủ."))
        return redirect(url_for("secretariat.show_preparation", slug=made), 303)
    return _preparation_page(preparation_sheet(session, actor, "" if slug == NEW else slug), form, _typed(), problems, slug), 422


@handles("open_assessment")
def propose_to_open(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Put the opening before the chair."""
    propose_opening(session, actor, assessment, request.form.get("reason", "").strip())
    flash(_("Đã trình Chủ tịch Hội đồng mở kỳ đánh giá."))
    return redirect(url_for("secretariat.show_preparation", slug=assessment), 303)


@page(blueprint, "/ky/chuan-bi/<slug>/rut/<int:proposal>", action="open_assessment", methods=["POST"])
def withdraw_opening(session: Session, actor: Actor, slug: str, proposal: int) -> ResponseReturnValue:
    """Take the proposal to open back, to change something."""
    withdraw(session, actor, slug, proposal)
    flash(_("Đã rút đề xuất."))
    return redirect(url_for("secretariat.show_preparation", slug=slug), 303)


@page(blueprint, "/ky/chuan-bi/<slug>/bo", action="prepare_assessment", methods=["POST"])
def discard(session: Session, actor: Actor, slug: str) -> ResponseReturnValue:
    """Put away an assessment that was prepared by mistake."""
    discard_preparation(session, actor, slug)
    flash(_("Đã bỏ kỳ đang chuẩn bị %(slug)s.", slug=slug))
    return redirect(url_for("secretariat.show_assessments"), 303)


def _preparation_page(sheet: PreparationSheet, form: PreparationForm, fields: Mapping[str, Any], problems: Told, slug: str) -> str:
    form.catalogue.choices = [(one.code, f"{one.number}: {one.title}") for one in sheet.catalogues]
    return render_template(
        "secretariat/preparation.html", sheet=sheet, prepared=sheet.prepared, form=form, fields=fields, policies=POLICIES,
        problems=problems, slug=slug, new=slug == NEW,
    )  # fmt: skip


def _form_of(prepared: Prepared | None) -> PreparationForm:
    """Return the form filled with what is stored."""
    if prepared is None:
        return PreparationForm(formdata=None)
    return PreparationForm(
        formdata=None, catalogue=prepared.catalogue, year=prepared.year, slug=prepared.slug, title=prepared.title, opens=prepared.opens,
        self_score=prepared.dates[Clock.SELF_SCORE], round_1=prepared.dates[Clock.ROUND_1], round_2=prepared.dates[Clock.ROUND_2],
        holidays=_lines(prepared.holidays), working_days=_lines(prepared.working_days), trial=prepared.trial,
        guidance_number=prepared.guidance_number,
    )  # fmt: skip


def _lines(days: tuple[date, ...]) -> str:
    return "\n".join(f"{day:%d/%m/%Y}" for day in days)


def _fields_of(prepared: Prepared | None) -> Mapping[str, Any]:
    """Return policies and presets as the fields show them."""
    stored = prepared.policies if prepared else {}
    policies = {policy.name: {"value": policy.default, "reference": "", **stored.get(policy.name, {})} for policy in POLICIES}
    rows = [(unit, ", ".join(codes)) for unit, codes in prepared.presets.items()] if prepared else []
    return {"policies": policies, "presets": [*rows, *[("", "")] * SPARE_ROWS]}


def _typed() -> Mapping[str, Any]:
    """Return policies and presets as they were typed."""
    form = request.form
    policies = {
        policy.name: {"value": form.get(f"policy_{policy.name}", ""), "reference": form.get(f"reference_{policy.name}", "")}
        for policy in POLICIES
    }
    rows = [row for row in zip(form.getlist("preset_unit"), form.getlist("preset_codes"), strict=False) if any(row)]
    return {"policies": policies, "presets": [*rows, *[("", "")] * SPARE_ROWS]}


def _save(session: Session, actor: Actor, form: PreparationForm, prepared: Prepared | None) -> str:
    problems = [] if form.validate() else [Problem(said, place) for place, said in problems_of(form)]
    about = Particulars(number=form.guidance_number.data or "", subject="Hướng dẫn chấm điểm")
    try:
        form.guidance_document.data = keep_file(session, actor, "guidance", about) or form.guidance_document.data
    except Refused as refused:
        problems += refused.problems
    wanted = _wanted(session, form, prepared, problems)
    if problems:
        raise Refused([*problems, *(preparation_problems(session, wanted) if wanted else [])])
    assert wanted is not None
    if wanted.guidance_document_id and about.number:
        number_paper(session, wanted.guidance_document_id, about.number)
    return prepare_assessment(session, actor, wanted).slug


def _wanted(session: Session, form: PreparationForm, prepared: Prepared | None, problems: list[Problem]) -> Preparation | None:
    """Return what the form asks for, or nothing while a day or the year is missing; what cannot be read is added to the problems."""
    holidays, working_days = (_days(form[name].data or "", name, problems) for name in ("holidays", "working_days"))
    opens, self_score, round_1, round_2 = (form[name].data for name in ("opens", "self_score", "round_1", "round_2"))
    if None in (opens, self_score, round_1, round_2):
        problems += policy_problems(_policies())
        return None
    return Preparation(
        catalogue=form.catalogue.data or "", year=form.year.data or opens.year,  # where the year is wrong, the form has said so
        slug=prepared.slug if prepared else (form.slug.data or "").strip() or str(form.year.data),
        dates=Dates(opens, self_score, round_1, round_2, holidays=holidays, working_days=working_days),
        title=(form.title.data or "").strip(), policies=_policies(), presets=_presets(), trial=form.trial.data,
        guidance_document_id=paper_named(session, row_number(form.guidance_document.data))
        or (prepared.guidance_document_id if prepared else None), seen=row_number(request.form.get("version")) or 0,
    )  # fmt: skip


def _days(text: str, place: str, problems: list[Problem]) -> tuple[date, ...]:
    found = []
    for typed in re.split(r"[\s,;]+", text.strip()):
        if typed:
            day = parse_day(typed)
            if day is None:
                problems.append(Problem(NOT_A_DAY, place, {"typed": typed[:40]}))
            else:
                found.append(day)
    return tuple(dict.fromkeys(found))


def _policies() -> dict[str, dict[str, str | int]]:
    """Return name → value and reference; what is no number stays as it was typed, and is refused as such."""
    return {
        policy.name: {
            "value": _policy_value(policy, request.form.get(f"policy_{policy.name}", "")),
            "reference": request.form.get(f"reference_{policy.name}", "").strip()[:400],
        }
        for policy in POLICIES
    }


def _policy_value(policy: Policy, typed: str) -> str | int:
    typed = typed.strip() or str(policy.default)
    number = None if policy.choices else row_number(typed)
    return typed if number is None else number


def _presets() -> dict[str, list[str]]:
    """Return unit → codes; a unit named twice gets both lists."""
    made: dict[str, list[str]] = {}
    for unit, codes in zip(request.form.getlist("preset_unit"), request.form.getlist("preset_codes"), strict=False):
        listed = [code for code in re.split(r"[\s,;]+", codes.strip().upper()) if code]
        if unit.strip() and listed:
            made[unit.strip()] = list(dict.fromkeys([*made.get(unit.strip(), []), *listed]))
    return made
