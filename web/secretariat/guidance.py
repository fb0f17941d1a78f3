"""`K/huong-dan`: the guidance, one indicator at a time; rewritten at once before opening, afterwards by a draft that the chair confirms."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import Problem, Refused
from states.words import N_
from web.cases.replies import Told, told
from web.council.acts import handles
from web.routing import page
from web.secretariat.blueprint import blueprint
from workflow.actor import Actor
from workflow.amending import propose_amendment
from workflow.guidance import drop_draft, save_guidance
from workflow.numbers import canonical, parse_decimal
from workflow.proposals import withdraw
from workflow.scoring.kinds import KINDS
from workflow.scoring.reading import MISSING_KEY
from workflow.scoring.shape import RuleKey, keys_of_kind
from workflow.sheets.guidance import READERS, GuidanceEntrySheet, guidance_entry, guidance_sheet

SPARE_ROWS = 2
EMPTY = N_("Chưa điền: %(field)s.")
HALF_ROW = N_("Dòng %(row)s còn thiếu một ô.")
KIND_LABELS: Mapping[str, str] = {
    "yes_no": N_("Có hoặc không"),
    "levels": N_("Chọn một mức"),
    "parts": N_("Cộng các nội dung đạt được"),
    "ratio": N_("Tỷ lệ a ÷ b"),
    "steps": N_("Theo ngưỡng"),
    "count_cap": N_("Đếm, có trần điểm"),
    "manual": N_("Người chấm cân nhắc, chưa có công thức"),
}
KEY_LABELS: Mapping[str, tuple[str, str]] = {
    "question": (N_("Câu hỏi với đơn vị"), ""),
    "levels": (N_("Các mức"), N_("Mức cao nhất trước; bỏ trống một dòng là bỏ mức ấy.")),
    "parts": (N_("Các nội dung"), N_("Điểm của các nội dung đạt được cộng lại.")),
    "steps": (N_("Các ngưỡng"), N_("Từ cao xuống thấp; dưới ngưỡng cuối cùng là 0 điểm.")),
    "a": (N_("Số được tính (a)"), ""),
    "b": (N_("Tổng số (b)"), N_("Ngưỡng theo số lượng thì để trống.")),
    "unit": (N_("Đơn vị tính"), N_("ví dụ: hộ, hồ sơ, người")),
    "a_hint": (N_("Giải thích a"), ""),
    "b_hint": (N_("Giải thích b"), ""),
    "target": (N_("Tỷ lệ được đủ điểm (%)"), N_("Để trống là 100%.")),
    "may_exceed": (N_("a có thể lớn hơn b"), N_("khi b là định mức, không phải tổng số")),
    "decimals": (N_("Cho nhập số lẻ"), N_("ví dụ số tiền")),
    "each": (N_("Điểm cho mỗi đơn vị tính"), ""),
    "most": (N_("Đếm nhiều nhất"), N_("Để trống là không giới hạn.")),
    "weighing": (N_("Người chấm cân nhắc điều gì"), ""),
    "points": (N_("Điểm"), ""),
    "label": (N_("Nội dung"), ""),
    "at_least": (N_("Từ"), ""),
}
STATUS_LABELS: Mapping[str, str] = {
    "provisional": N_("Tạm tính, suy từ câu chữ của quyết định"),
    "issued": N_("Đã có hướng dẫn chính thức"),
}


@page(blueprint, "/ky/<assessment>/huong-dan", action=READERS)
def show_guidance(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the guidance with what the draft changes and whom it touches."""
    return _guidance_page(session, actor, assessment, [])


def _guidance_page(session: Session, actor: Actor, assessment: str, problems: Told) -> str:
    sheet = guidance_sheet(session, actor, assessment)
    return render_template("secretariat/guidance.html", sheet=sheet, problems=problems, typed=request.form.get("reason", ""))


@page(blueprint, "/ky/<assessment>/huong-dan/<code>", action="amend")
def show_guidance_entry(session: Session, actor: Actor, assessment: str, code: str) -> ResponseReturnValue:
    """Show one indicator's guidance to edit; `?cach=` asks for the fields of another kind of rule."""
    entry = guidance_entry(session, actor, assessment, code)
    stored = entry.said["rule"]["kind"]
    kind = request.args.get("cach", "")
    kind = kind if kind in KINDS else stored
    return _entry_page(entry, kind, _values(entry.said, kind), [])


@page(blueprint, "/ky/<assessment>/huong-dan/<code>", action="amend", methods=["POST"])
def save_guidance_entry(session: Session, actor: Actor, assessment: str, code: str) -> ResponseReturnValue:
    """Keep it; refused, the same page with every problem at its field and everything typed."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        return redirect(url_for("secretariat.show_guidance_entry", assessment=assessment, code=code), 303)
    if problems := _save(session, actor, assessment, code, kind):
        session.rollback()
        entry = guidance_entry(session, actor, assessment, code)
        return _entry_page(entry, kind, _typed_values(kind), told(problems)), 422
    flash(_("Đã lưu hướng dẫn của chỉ số %(code)s.", code=code))
    return redirect(url_for("secretariat.show_guidance", assessment=assessment, _anchor=code), 303)


def _save(session: Session, actor: Actor, assessment: str, code: str, kind: str) -> list[Problem]:
    """Keep what was typed; return all that is wrong with it, what was left empty in the words of the form."""
    empty = _left_empty(kind)
    try:
        save_guidance(session, actor, assessment, code, _with_stand_ins(_typed_table(kind), kind))
    except Refused as refused:
        named = {problem.place for problem in empty}
        other = [one for one in refused.problems if one.text != MISSING_KEY and one.place.partition("[")[0] not in named]
        return empty + other
    return empty


@handles("amend")
def propose_to_amend(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Put the draft before the chair."""
    try:
        propose_amendment(session, actor, assessment, request.form.get("reason", ""))
    except Refused as refused:
        session.rollback()
        return _guidance_page(session, actor, assessment, told(refused.problems)), 422
    flash(_("Đã trình Chủ tịch Hội đồng sửa hướng dẫn chấm."))
    return redirect(url_for("secretariat.show_guidance", assessment=assessment), 303)


@page(blueprint, "/ky/<assessment>/huong-dan/ban-nhap/bo", action="amend", methods=["POST"])
def drop_guidance(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Throw the draft away."""
    drop_draft(session, actor, assessment)
    flash(_("Đã bỏ bản nháp."))
    return redirect(url_for("secretariat.show_guidance", assessment=assessment), 303)


@page(blueprint, "/ky/<assessment>/huong-dan/rut/<int:proposal>", action="amend", methods=["POST"])
def withdraw_amendment(session: Session, actor: Actor, assessment: str, proposal: int) -> ResponseReturnValue:
    """Take the proposal back, to change something."""
    withdraw(session, actor, assessment, proposal)
    flash(_("Đã rút đề xuất."))
    return redirect(url_for("secretariat.show_guidance", assessment=assessment), 303)


def _entry_page(entry: GuidanceEntrySheet, kind: str, values: Mapping[str, Any], problems: Told) -> str:
    problems = [(_field_of(place, kind), said) for place, said in problems]
    wrong = dict(reversed(problems))
    return render_template(
        "secretariat/guidance_entry.html", entry=entry, sheet=entry.sheet, line=entry.line, kind=kind, keys=keys_of_kind(kind),
        values=values, wrong=wrong, problems=problems, kinds=KIND_LABELS, labels=KEY_LABELS, statuses=STATUS_LABELS,
    )  # fmt: skip


def _field_of(place: str, kind: str) -> str:
    """Return the field at which a problem of a catalogue file's entry is shown; of the whole rule, at its rows or its first."""
    name, keys = place.removeprefix("rule.").partition("[")[0], keys_of_kind(kind)
    return {"rule": next((key for key in keys if key.sort == "rows"), keys[0]).name, "status": "grounds"}.get(name, name)


def _values(said: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return what is stored as the fields show it; of another kind only what both have."""
    rule = said["rule"]
    values: dict[str, Any] = {"grounds": said["status"], "hint": said["hint"], "evidence": "\n".join(said["evidence"])}
    for key in keys_of_kind(kind):
        stored = rule.get(key.name)
        if key.sort == "rows":
            rows = stored if isinstance(stored, list) else []
            values[key.name] = [{column.name: _shown(column, row.get(column.name)) for column in key.columns} for row in rows]
            values[key.name] += [dict.fromkeys((column.name for column in key.columns), "")] * SPARE_ROWS
        else:
            values[key.name] = _shown(key, stored)
    return values


def _shown(key: RuleKey, stored: Any) -> Any:  # noqa: ANN401  (JSON)
    return str(stored or "").replace(".", ",") if key.sort in {"number", "points"} else stored or ""


def _typed_values(kind: str) -> dict[str, Any]:
    """Return what was typed, as the fields show it again."""
    form = request.form
    values: dict[str, Any] = {name: form.get(name, "") for name in ("grounds", "hint", "evidence")}
    for key in keys_of_kind(kind):
        values[key.name] = _typed_rows(key) if key.sort == "rows" else form.get(key.name, "")
    return values


def _typed_rows(key: RuleKey) -> list[dict[str, str]]:
    columns = [request.form.getlist(f"{key.name}-{column.name}") for column in key.columns]
    names = [column.name for column in key.columns]
    return [dict(zip(names, (one.strip() for one in row), strict=True)) for row in zip(*columns, strict=False)]


def _left_empty(kind: str) -> list[Problem]:
    keys = keys_of_kind(kind)
    problems = [_missing(f"rule.{key.name}", KEY_LABELS[key.name][0]) for key in keys if key.required and not _filled(key)]
    for key in keys:
        if key.sort == "rows":
            half = [at for at, row in enumerate(_typed_rows(key), 1) if any(row.values()) and not all(row.values())]
            problems += [Problem(HALF_ROW, f"rule.{key.name}", {"row": at}) for at in half]
    return problems if request.form.get("evidence", "").strip() else [*problems, _missing("evidence", N_("Minh chứng cần có"))]


def _with_stand_ins(table: dict[str, Any], kind: str) -> dict[str, Any]:
    """Fill the texts that are missing, so that what else is wrong is told too; what has one is left empty, and never kept."""
    texts = {key.name: EMPTY for key in keys_of_kind(kind) if key.required and key.sort == "text"}
    return table | {"rule": texts | table["rule"], "evidence": table["evidence"] or [EMPTY]}


def _missing(place: str, label: str) -> Problem:
    return Problem(EMPTY, place, {"field": _(label)})


def _filled(key: RuleKey) -> bool:
    if key.sort == "rows":
        return any(any(row.values()) for row in _typed_rows(key))
    return bool(request.form.get(key.name, "").strip())


def _typed_table(kind: str) -> dict[str, Any]:
    """Return what was typed as an entry of a catalogue file; what was left empty is not in it."""
    rule: dict[str, Any] = {"kind": kind}
    for key in keys_of_kind(kind):
        if key.sort == "rows":
            rows = [row for row in _typed_rows(key) if any(row.values())]
            rule[key.name] = [{column.name: _plain(column, row[column.name]) for column in key.columns} for row in rows]
        elif key.sort == "flag":
            rule |= {key.name: True} if key.name in request.form else {}
        elif typed := request.form.get(key.name, "").strip():
            rule[key.name] = _plain(key, typed)
    evidence = [line.strip() for line in request.form.get("evidence", "").splitlines() if line.strip()]
    hint = request.form.get("hint", "").strip()
    return {"rule": rule, "status": request.form.get("grounds", ""), "evidence": evidence} | ({"hint": hint} if hint else {})


def _plain(key: RuleKey, typed: str) -> str:
    """Return a number in the one spelling files use; what is no number stays, for the reader to say so."""
    if key.sort not in {"number", "points"}:
        return typed
    try:
        return canonical(parse_decimal(typed))
    except Refused:
        return typed
