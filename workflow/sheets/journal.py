"""The journal of a season for the auditor: every act in the order of the chains, who opened what, and whether the chains hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from models.tables import AccessLog, Assessment, Case, Event, Membership, Organisation, Person
from states.acts import ACTS, EXPLAINING
from states.case import CaseState
from states.moves import MOVES
from states.refusal import Problem
from states.roles import UNIT, Role
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.auditing import Break, breaks
from workflow.clock import working_now
from workflow.draft_openings import RANKING, SCORES
from workflow.openings import CASE
from workflow.sheets.happened import ACTS as KNOWN
from workflow.sheets.happened import OPENED

LINES = 100
SYSTEM = "he-thong"
"""The word of the address for what belongs to no season: people, organisations, papers."""
OWN_BUSINESS = tuple(act.name for act in ACTS if act.by <= UNIT and act.on == "item")
"""What a unit does for itself, seen by others once it has handed in (rules section 7)."""
OTHERS: Mapping[str, str] = {
    "open_case": OPENED, "keep_paper": N_("Lưu văn bản"), "add_person": N_("Thêm người"), "invite_person": N_("Gửi lại thư mời"),
    "change_person": N_("Sửa thông tin người dùng"),
    "disable_person": N_("Khóa tài khoản"), "enable_person": N_("Mở lại tài khoản"), "add_membership": N_("Giao vai"),
    "end_membership": N_("Thôi vai"), "unlock_sign_in": N_("Mở khóa đăng nhập"), "rename_organisation": N_("Sửa tên cơ quan"),
    "resend_mail": N_("Gửi lại thư"), "save_guidance": N_("Sửa hướng dẫn chấm, chưa có hiệu lực"),
    "drop_guidance": N_("Bỏ bản sửa hướng dẫn chấm"), "change_password": N_("Đổi mật khẩu"), "end_own_sessions": N_("Kết thúc phiên"),
    "set_password": N_("Đặt mật khẩu"), "discard_assessment": N_("Bỏ kỳ đang chuẩn bị"),
}  # fmt: skip
LABELS: Mapping[str, str] = {**OTHERS, **{act.name: act.label for act in ACTS}, **{move.trigger: move.label for move in MOVES}}
STEPS: Mapping[str, str] = {
    "propose": N_("Đề xuất: %(what)s"), "confirmed": N_("Xác nhận: %(what)s"), "refused": N_("Từ chối: %(what)s"),
    "withdrawn": N_("Rút đề xuất: %(what)s"),
}  # fmt: skip
PAPERS: Mapping[str, str] = {
    "minutes": N_("biên bản %(number)s"), "decision": N_("quyết định %(number)s"), "sequence": N_("lần nộp %(number)s"),
    "round": N_("lượt giải trình %(number)s"),
}  # fmt: skip
UNKNOWN = N_("Việc khác")
LOOKED: Mapping[str, str] = {CASE: N_("Mở hồ sơ"), RANKING: N_("Mở xếp hạng dự kiến"), SCORES: N_("Mở điểm đến nay")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: of one unit, of one act, of the system; older than a line."""

    unit: str = ""
    act: str = ""
    system: bool = False
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, with its place in its chain."""

    id: int
    at: datetime
    label: Problem
    role: Role | None
    organisation: str
    person: str
    unit: str
    unit_name: str
    code: str
    """The indicator it was done to, where there is one."""
    state: CaseState | None
    seq: int
    hash: str
    units: tuple[str, ...] = ()
    """The units by code that an act on the whole season named."""
    points: int | None = None
    until: datetime | None = None
    papers: tuple[Problem, ...] = ()
    """What was given or set: points in ten-thousandths, a date, the papers it rests on."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody looked at what is not public; within the hour the same look is noted once."""

    id: int
    at: datetime
    label: str
    role: Role | None
    organisation: str
    person: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The page: lines, the filters that are offered, and the state of the chains."""

    slug: str
    title: str
    trial: bool
    now: datetime
    wanted: Wanted
    entries: tuple[Entry, ...]
    openings: tuple[Opening, ...]
    older: int | None
    units: Sequence[tuple[str, str]]
    events: int
    head: str
    """The head of the season's own chain."""


def journal(session: Session, actor: Actor, slug: str, wanted: Wanted, *, looks: bool = False) -> Journal:
    """Return the acts, or with `looks` the openings, newest first; a constant number of statements."""
    assessment = require_assessment(session, actor, "see_journal", slug)
    entries = () if looks else _entries(session, actor, assessment, wanted)
    openings = _openings(session, actor, assessment, wanted) if looks else ()
    lines: Sequence[Entry | Opening] = entries or openings
    units = select(Organisation.code, Organisation.name).join(Case, Case.unit_id == Organisation.id)
    units = units.where(Case.assessment_id == assessment.id, Case.unit_id.not_in(actor.organisations))
    counted = select(func.count()).select_from(Event).outerjoin(Case, _of_case()).where(_of_season(assessment))
    return Journal(
        slug, assessment.title, assessment.trial, working_now(session), wanted, entries[:LINES], openings[:LINES],
        lines[LINES - 1].id if len(lines) > LINES else None,
        [(code, name) for code, name in session.execute(units.order_by(Organisation.sort_key, Organisation.code))],
        session.scalar(counted) or 0, assessment.chain_head,
    )  # fmt: skip


def chain_breaks(session: Session, actor: Actor, slug: str) -> tuple[Break, ...]:
    """Walk all chains and return the first break of each; nothing when all hold."""
    require_assessment(session, actor, "see_journal", slug)
    return tuple(breaks(session))


def _of_case() -> ColumnElement[bool]:
    return and_(Event.chain == "case", Event.chain_id == Case.id)


def _of_season(assessment: Assessment) -> ColumnElement[bool]:
    return or_(Case.assessment_id == assessment.id, and_(Event.chain == "assessment", Event.chain_id == assessment.id))


def _entries(session: Session, actor: Actor, assessment: Assessment, wanted: Wanted) -> tuple[Entry, ...]:
    unit = Organisation.__table__.alias("unit")
    query: Select[Any] = (
        select(Event, Membership.role, Organisation.name, Person.name, unit.c.code, unit.c.name)
        .outerjoin(Case, _of_case())
        .outerjoin(unit, unit.c.id == Case.unit_id)
        .outerjoin(Membership, Membership.id == Event.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(Event.chain == "system" if wanted.system else and_(_of_season(assessment), _shown(actor)))
    )
    if wanted.unit:
        query = query.where(unit.c.code == wanted.unit)
    if wanted.act:
        query = query.where(Event.act == wanted.act)
    if wanted.before:
        query = query.where(Event.id < wanted.before)
    rows = session.execute(query.order_by(Event.id.desc()).limit(LINES + 1))
    return tuple(
        Entry(
            event.id, event.at, label_of(event.act), Role(role) if role else None, organisation or "", person or "", code or "", name or "",
            event.object if code and "." in event.object else "", CaseState(event.payload["to"]) if "to" in event.payload else None,
            event.seq, event.hash, tuple(unit for unit in event.payload.get("units", ()) if isinstance(unit, str)), **_given(event.payload),
        )
        for event, role, organisation, person, code, name in rows
    )  # fmt: skip


def _given(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an act gave or set, as far as its event says so."""
    papers = [Problem(text, params={"number": str(payload[name])}) for name, text in PAPERS.items() if payload.get(name)]
    points, until = payload.get("points"), payload.get("until")
    return {
        "points": points if isinstance(points, int) else None, "until": datetime.fromisoformat(until) if until else None,
        "papers": tuple(papers),
    }  # fmt: skip


def _shown(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of rules section 7: nothing of the own case, and of a unit's own business only what was handed in."""
    handed_in = and_(
        Case.state != CaseState.DRAFT,
        or_(Case.state.not_in(EXPLAINING), Case.explanation_sent_at.is_not(None), Event.at < Case.released_at),
    )
    own = Case.unit_id.in_(actor.organisations) if actor.organisations else false()
    return or_(Case.id.is_(None), and_(~own, or_(handed_in, Event.act.in_(KNOWN), Event.act.not_in(OWN_BUSINESS))))


def _openings(session: Session, actor: Actor, assessment: Assessment, wanted: Wanted) -> tuple[Opening, ...]:
    unit = Organisation.__table__.alias("unit")
    query: Select[Any] = (
        select(AccessLog, Membership.role, Organisation.name, Person.name, unit.c.code, unit.c.name)
        .outerjoin(Case, Case.id == AccessLog.case_id)
        .outerjoin(unit, unit.c.id == Case.unit_id)
        .outerjoin(Membership, Membership.id == AccessLog.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .join(Person, Person.id == AccessLog.person_id)
        .where(AccessLog.assessment_id == assessment.id)
    )
    if actor.organisations:
        query = query.where(or_(Case.id.is_(None), Case.unit_id.not_in(actor.organisations)))
    if wanted.unit:
        query = query.where(unit.c.code == wanted.unit)
    if wanted.before:
        query = query.where(AccessLog.id < wanted.before)
    rows = session.execute(query.order_by(AccessLog.id.desc()).limit(LINES + 1))
    return tuple(
        Opening(
            look.id, look.at, LOOKED.get(look.what, UNKNOWN), Role(role) if role else None, organisation or "", person,
            code or "", name or "",
        )
        for look, role, organisation, person, code, name in rows
    )  # fmt: skip


def label_of(act: str) -> Problem:
    """Return the words for what an event records; a step of a proposal names what is proposed."""
    step, _, what = act.partition("_")
    if act not in LABELS and step in STEPS and what in LABELS:
        return Problem(STEPS[step], params={"what": LABELS[what]})
    return Problem(LABELS.get(act, UNKNOWN))
