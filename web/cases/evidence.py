"""Evidence: files and addresses attached, described, taken off; and a file handed out to whom the law lets see it."""

from dataclasses import replace

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import MultipleFileField, StringField
from wtforms.validators import Optional

from states.refusal import Problem, Refused
from states.words import N_
from web.account_forms import problems_of
from web.cases.acts import SAVES, On, handles
from web.cases.blueprint import blueprint
from web.cases.explaining import answer_page
from web.cases.items import item_page
from web.cases.replies import Told, go_back, told
from web.cases.typed import Again, Typed
from web.dates import Day
from web.lengths import at_most
from web.routing import FAILED, page
from web.stored_files import evidence_store, hand_out
from workflow.actor import Actor
from workflow.describing import describe_evidence
from workflow.evidence import Handed, Particulars, attach_files, attach_known, attach_link, detach_evidence
from workflow.evidence_access import open_evidence, remove_evidence
from workflow.sheets.explanation import is_due

NOTHING_CHOSEN = N_("Chọn một tài liệu trong kho, hoặc ghi địa chỉ trang web.")


class EvidenceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A document and what is said of it (Decree 30/2020, appendix VI), and where in it the proof stands."""

    files = MultipleFileField(_l("Tệp"))
    link = StringField(_l("Địa chỉ trang web"), [at_most(2000)])
    known = StringField(_l("Tài liệu trong kho"), [at_most(64)])
    number = StringField(_l("Số, ký hiệu"), [at_most(64)])
    issued_on = Day(_l("Ngày ban hành"), [Optional()])
    issuer = StringField(_l("Cơ quan ban hành"), [at_most(200)])
    subject = StringField(_l("Trích yếu"), [at_most(500)])
    page = StringField(_l("Trang"), [at_most(64)])
    section = StringField(_l("Mục"), [at_most(200)])

    def about(self) -> Particulars:
        """Return what is said of the document."""
        said = {name: (getattr(self, name).data or "").strip() for name in ("number", "issuer", "subject", "page", "section")}
        return Particulars(issued_on=self.issued_on.data, **said)

    def handed(self) -> list[Handed]:
        """Return the files, read."""
        return [Handed(file.filename or "", file.read()) for file in self.came()]

    def came(self) -> list[FileStorage]:
        """Return the files that were sent, not the empty place of a field without any."""
        return [file for file in self.files.data or [] if getattr(file, "filename", "")]


@handles("attach_evidence")
def attach(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Attach files, an address, or a document of the shelf; with `address`, mend what is said of one that is attached."""
    form = EvidenceForm()
    g.files_came = bool(form.came())
    saved = _save_along(session, actor, on)
    if saved is not None and saved.status_code >= FAILED:
        return saved
    if not form.validate():
        return _again(session, actor, on, problems_of(form))
    try:
        _attach(session, actor, on, form)
    except Refused as refused:
        session.rollback()
        return _again(session, actor, on, told(refused.problems))
    return saved if saved is not None and on.act in SAVES else go_back(on.assessment, on.unit, on.code)


def _came_along() -> bool:
    """Whether the form of the item came too: without script they are one, and nothing typed is left behind."""
    return "version" in request.form


def _save_along(session: Session, actor: Actor, on: On) -> Response | None:
    """Save what stands in the item's form, where it came along; return where it leads, or the page that refuses it."""
    if not _came_along():
        return None
    act = "explain" if is_due(session, actor, on.assessment, on.unit, on.code) else "self_score"
    return current_app.make_response(handles.of(act)(session, actor, replace(on, act=act)))


def _attach(session: Session, actor: Actor, on: On, form: EvidenceForm) -> None:
    where, address = (on.assessment, on.unit, on.code), request.form.get("address", "")
    if address:
        describe_evidence(session, actor, *where, address, form.about())
    elif form.known.data:
        attach_known(session, actor, *where, form.known.data, form.about())
    elif form.link.data:
        attach_link(session, actor, *where, form.link.data, form.about())
    elif "link" in request.form:
        raise Refused(Problem(NOTHING_CHOSEN, "link"))
    else:
        attach_files(session, actor, *where, form.handed(), form.about(), evidence_store())


@handles("detach_evidence")
def detach(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Take a document off an item."""
    saved = _save_along(session, actor, on)
    if saved is not None and saved.status_code >= FAILED:
        return saved
    try:
        detach_evidence(session, actor, on.assessment, on.unit, on.code, request.form.get("address", ""))
    except Refused as refused:
        session.rollback()
        return _again(session, actor, on, told(refused.problems))
    return go_back(on.assessment, on.unit, on.code)


@handles("remove_evidence")
def remove(session: Session, actor: Actor, on: On) -> ResponseReturnValue:
    """Take a document away for good, with a reason: its tombstone stays."""
    address, reason = request.form.get("address", ""), request.form.get("reason", "")
    try:
        remove_evidence(session, actor, on.assessment, on.unit, on.code, address, reason, evidence_store())
    except Refused as refused:
        session.rollback()
        return _again(session, actor, on, told(refused.problems))
    return go_back(on.assessment, on.unit, on.code)


def _again(session: Session, actor: Actor, on: On, problems: Told) -> ResponseReturnValue:
    """Show the item's page with what is wrong and what was typed about the document; files have to be chosen again."""
    typed = Typed.of(request.form)
    show = answer_page if is_due(session, actor, on.assessment, on.unit, on.code) else item_page
    return show(session, actor, on, Again(typed if _came_along() else None, about=typed, problems=problems)), 422


@page(blueprint, "/ky/<assessment>/minh-chung/<address>", action=("see_case", "see_submitted_case", "see_assigned_items"))
def serve_evidence(session: Session, actor: Actor, assessment: str, address: str) -> Response:
    """Hand a file out to be kept, never to run: attached, typed by its content, in a sandbox."""
    return hand_out(open_evidence(session, actor, assessment, address))
