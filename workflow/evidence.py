"""Evidence of a unit: files checked by their content, linked to items with page and section, removed with a tombstone."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models.tables import Blob, Case, Document, EvidenceLink, Indicator, Item, Membership, Upload
from states.case import CaseState
from states.clocks import Clock
from states.items import Stage
from states.refusal import NotFound, Problem, Refused
from states.roles import UNIT
from states.words import N_
from workflow.access import Held, require_item, take_side
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.clock import working_now
from workflow.drafting import LATE, LATE_EXPLANATION, arrival, refuse_late
from workflow.evidence_store import EvidenceStore
from workflow.file_types import base_name, media_type_of
from workflow.journal import Chain, record, record_many

LARGEST = 50 * 1024 * 1024
QUOTA = 2 * 1024 * 1024 * 1024
"""Bytes of evidence one unit may keep."""
ALREADY_HERE = N_("“%(name)s” có cùng nội dung với “%(known)s” đã có ở chỉ số này.")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the unit says of a document (Decree 30/2020, appendix VI) and where in it the proof stands."""

    number: str = ""
    issued_on: date | None = None
    issuer: str = ""
    subject: str = ""
    page: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in."""

    name: str
    content: bytes


def attach_files(
    session: Session, actor: Actor, slug: str, unit: str, code: str, files: Sequence[Handed], about: Particulars, store: EvidenceStore
) -> list[str]:
    """Attach files to an item; all are checked before any is kept. Return the addresses of the documents."""
    held = open_for_evidence(session, actor, slug, unit, code, upload=True)
    types = _checked(session, held, files)
    made = []
    for file, media_type in zip(files, types, strict=True):
        blob = _blob(session, file.content, media_type, store)
        known = _here(session, held, blob)
        if known is not None:
            made.append(_same(known, file.name))
            continue
        document = _document(session, actor, held, blob, file.name, about)
        _link(session, actor, held.case, _one(held), document, about)
        made.append(document.address)
    _arrived(session, actor, held)
    return made


def _arrived(session: Session, actor: Actor, held: Held) -> None:
    """What had been cut is there now: the grace of this item is used up."""
    assert held.item is not None
    cut = update(Upload).where(Upload.item_id == held.item.id, Upload.person_id == actor.person_id, Upload.finished_at.is_(None))
    session.execute(cut.values(finished_at=working_now(session)))


def attach_link(session: Session, actor: Actor, slug: str, unit: str, code: str, url: str, about: Particulars) -> str:
    """Attach a web address as evidence; it is text, shown with its host and never fetched by us."""
    held = open_for_evidence(session, actor, slug, unit, code)
    host = _host(url.strip())
    if host is None or len(url) > 2000:  # noqa: PLR2004
        raise Refused(Problem(N_("Địa chỉ phải bắt đầu bằng http:// hoặc https://."), "link"))
    document = _document(session, actor, held, None, host, about, link=url.strip())
    _link(session, actor, held.case, _one(held), document, about)
    return document.address


def _host(url: str) -> str | None:
    """Return the host of a web address; nothing where it is none, or cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def attach_known(session: Session, actor: Actor, slug: str, unit: str, code: str, address: str, about: Particulars) -> None:
    """Attach a document the unit already has to another item: one file serves many indicators."""
    attach_to_many(session, actor, slug, unit, [code], address, about)


def attach_to_many(session: Session, actor: Actor, slug: str, unit: str, codes: Sequence[str], address: str, about: Particulars) -> None:
    """Attach a document the unit already has to several items at once, with the same place cited."""
    held = open_for_evidence(session, actor, slug, unit, codes[0])
    document = session.scalars(select(Document).where(Document.address == address)).first()
    if document is None or document.organisation_id != held.case.unit_id:
        raise NotFound
    if document.blob_id is not None and session.get_one(Blob, document.blob_id).removed_at is not None:
        raise Refused(Problem(N_("Tài liệu này đã được gỡ; chỉ còn dấu vết của nó."), "known"))
    query = select(Indicator.code, Item.id).join(Item, Item.indicator_id == Indicator.id).where(Item.case_id == held.case.id)
    items = dict(session.execute(query.where(Indicator.code.in_(codes))).all())
    if len(items) != len(set(codes)):
        raise NotFound
    stage, explanation_round = running_stage(held.case)
    here = select(EvidenceLink.item_id).where(EvidenceLink.document_id == document.id, EvidenceLink.removed_at.is_(None))
    cited = set(session.scalars(here.where(EvidenceLink.stage == stage, EvidenceLink.round == explanation_round)))
    items = {code: item for code, item in items.items() if item not in cited}  # a click too many
    if not items:
        return
    _link(session, actor, held.case, items, document, about)


def begin_upload(session: Session, actor: Actor, slug: str, unit: str, code: str) -> str:
    """Note that an upload has begun, before its bytes arrive; return its token. One that is cut is never finished: the grace is for it."""
    held = require_item(session, actor, "attach_evidence", slug, unit, code, lock=True)
    _refuse_closed(session, actor, held)
    assert held.item is not None
    assert actor.person_id is not None
    upload = Upload(token=secrets.token_urlsafe(16), item_id=held.item.id, person_id=actor.person_id, begun_at=arrival(session, actor))
    session.add(upload)
    session.flush()
    return upload.token


def finish_upload(session: Session, token: str) -> None:
    """Note that the bytes of an upload have arrived, whatever became of them."""
    session.execute(update(Upload).where(Upload.token == token).values(finished_at=working_now(session)))


def detach_evidence(session: Session, actor: Actor, slug: str, unit: str, code: str, address: str) -> None:
    """Take a document off an item (the link ends, nothing is deleted); only what was attached in the running stage."""
    held = open_for_evidence(session, actor, slug, unit, code)
    assert held.item is not None
    stage, explanation_round = running_stage(held.case)
    link = session.scalars(
        select(EvidenceLink)
        .join(Document, Document.id == EvidenceLink.document_id)
        .where(
            EvidenceLink.item_id == held.item.id, Document.address == address, EvidenceLink.removed_at.is_(None),
            EvidenceLink.stage == stage, EvidenceLink.round == explanation_round,
        )
    ).first()  # fmt: skip
    if link is None:
        raise NotFound
    link.removed_at = working_now(session)
    record(session, Chain.of_case(held.case.id), actor, "detach_evidence", held.indicator.code if held.indicator else "", {"link": link.id})


def open_for_evidence(session: Session, actor: Actor, slug: str, unit: str, code: str, *, upload: bool = False) -> Held:
    """Return the item of the actor's own case, locked, where evidence may be attached, mended or taken off now."""
    held = require_item(session, actor, "attach_evidence", slug, unit, code, lock=True)
    _refuse_closed(session, actor, held, upload=upload)
    take_side(session, actor, held.case.id)
    return held


def _refuse_closed(session: Session, actor: Actor, held: Held, *, upload: bool = False) -> None:
    if held.case.state == CaseState.DRAFT:
        try:
            refuse_late(session, actor, held, Clock.SELF_SCORE, LATE)
        except Refused:
            if not (upload and _in_grace(session, actor, held)):
                raise
        return
    if held.case.answered:
        raise Refused(N_("Giải trình đã gửi nên không thêm được minh chứng."))
    refuse_late(session, actor, held, Clock.EXPLANATION, LATE_EXPLANATION)


def _in_grace(session: Session, actor: Actor, held: Held) -> bool:
    """Whether an upload of this person to this item was cut at closing (how long the grace lasts is held in `facts`)."""
    from workflow.facts import load_facts, under_way

    assert held.item is not None
    until = calendar_of(session, held.assessment.id, [held.case.id]).until(Clock.SELF_SCORE, held.case.id)
    mine = select(Upload).where(Upload.item_id == held.item.id, Upload.person_id == actor.person_id, Upload.finished_at.is_(None))
    if until is None or not any(under_way(upload, until) for upload in session.scalars(mine)):
        return False
    return load_facts(session, held.assessment, [held.case], arrival(session, actor))[held.case.id].within_grace


def running_stage(case: Case) -> tuple[str, int]:
    """Return the stage and explanation round that evidence attached now belongs to."""
    return (Stage.SELF.value, 0) if case.state == CaseState.DRAFT else (Stage.ROUND2.value, max(case.explanation_round, 1))


def _checked(session: Session, held: Held, files: Sequence[Handed]) -> list[str]:
    problems, types = [], []
    if not files:
        problems.append(Problem(N_("Chưa chọn tệp."), "files"))
    for file in files:
        try:
            types.append(media_type_of(file.name, file.content, LARGEST))
        except Refused as refused:
            problems.extend(refused.problems)
    used = session.scalar(
        select(func.coalesce(func.sum(Blob.size), 0))
        .join(Document, Document.blob_id == Blob.id)
        .where(Document.organisation_id == held.case.unit_id)
    )
    if int(used or 0) + sum(len(file.content) for file in files) > QUOTA:
        problems.append(Problem(N_("Kho minh chứng của đơn vị đã đầy."), "files"))
    if problems and len(files) > 1:
        problems.append(Problem(N_("Chưa tệp nào được tải lên. Hãy chọn lại, bỏ những tệp sai."), "files"))
    if problems:
        raise Refused(problems)
    return types


def _blob(session: Session, content: bytes, media_type: str, store: EvidenceStore) -> Blob:
    known = session.scalars(select(Blob).where(Blob.sha256 == hashlib.sha256(content).hexdigest())).first()
    if known is not None:
        if known.removed_at is not None:
            _bring_back(session, known, content, store)
        return known
    blob = Blob(sha256=store.keep(content), size=len(content), media_type=media_type, stored_at=working_now(session))
    session.add(blob)
    session.flush()
    return blob


def _bring_back(session: Session, blob: Blob, content: bytes, store: EvidenceStore) -> None:
    """Keep again what a unit had taken away for itself; what the secretariat removed stays away, whoever sends it."""
    query = select(Membership.id).where(Membership.person_id == blob.removed_by_id, Membership.role.not_in(UNIT))
    if session.scalar(query.limit(1)) is not None:
        raise Refused(Problem(N_("Tệp này đã bị Tổ thư ký gỡ và không được tải lại."), "files"))
    store.keep(content)
    blob.removed_at, blob.removed_by_id, blob.removed_reason = None, None, ""


def _here(session: Session, held: Held, blob: Blob) -> Document | None:
    """Return the document with this content that stands at the item already, in the running stage."""
    assert held.item is not None
    stage, explanation_round = running_stage(held.case)
    return session.scalars(
        select(Document)
        .join(EvidenceLink, EvidenceLink.document_id == Document.id)
        .where(
            EvidenceLink.item_id == held.item.id, EvidenceLink.removed_at.is_(None), Document.blob_id == blob.id,
            EvidenceLink.stage == stage, EvidenceLink.round == explanation_round,
        )
    ).first()  # fmt: skip


def _same(known: Document, name: str) -> str:
    """Return the address of what was sent once more (the answer got lost, a click too many). Refused under another name."""
    if known.file_name == base_name(name):
        return known.address
    raise Refused(Problem(ALREADY_HERE, "files", {"name": name[:80], "known": known.file_name}))


def _document(session: Session, actor: Actor, held: Held, blob: Blob | None, name: str, about: Particulars, link: str = "") -> Document:
    document = Document(
        address=secrets.token_urlsafe(18), organisation_id=held.case.unit_id, blob_id=blob.id if blob else None, link=link,
        file_name=base_name(name), number=about.number.strip()[:64], issued_on=about.issued_on, issuer=about.issuer.strip()[:200],
        subject=about.subject.strip()[:500], added_by_id=actor.person_id, added_at=working_now(session),
    )  # fmt: skip
    session.add(document)
    session.flush()
    return document


def _one(held: Held) -> dict[str, int]:
    """Return the held item as code → id."""
    assert held.item is not None
    assert held.indicator is not None
    return {held.indicator.code: held.item.id}


def _link(session: Session, actor: Actor, case: Case, items: Mapping[str, int], document: Document, about: Particulars) -> None:
    """Link a document to items (code → id) of a case, one event each."""
    stage, explanation_round = running_stage(case)
    place = {"page": about.page.strip()[:64], "section": about.section.strip()[:200], "added_at": working_now(session)}
    common = {"document_id": document.id, "stage": stage, "round": explanation_round, **place}
    links = session.scalars(
        insert(EvidenceLink).returning(EvidenceLink.id, sort_by_parameter_order=True),
        [{**common, "item_id": item} for item in items.values()],
    )
    sha256 = session.scalar(select(Blob.sha256).where(Blob.id == document.blob_id)) if document.blob_id else None
    noted = [(code, {"link": link, "sha256": sha256, "stage": stage}) for code, link in zip(items, links.all(), strict=True)]
    record_many(session, [(Chain.of_case(case.id), "attach_evidence", code, payload) for code, payload in noted], actor)
