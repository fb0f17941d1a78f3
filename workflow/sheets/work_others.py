"""What waits for bodies, council, secretariat and admin: their duties as the reminders count them, and what is ready to go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Mail
from states.case import CaseState
from states.clocks import end_of_day
from states.facts import Asked
from states.moves import MOVES
from states.permissions import may
from states.refusal import Problem
from states.words import N_
from workflow.actor import Actor
from workflow.duties import Duty, duties
from workflow.move import preview_batch
from workflow.open_work import CONFIRM, DECIDE, GRADE, GRADE_INSTEAD, NAME_GRADER, REGRADE, SIGN, UNSUBMITTED
from workflow.proposals import open_proposals
from workflow.publishing import unfinished
from workflow.sheets.tasks import Task


@dataclass(frozen=True, slots=True)
class Wording:
    """How a duty or a step is put: icon, sentence with its number, button."""

    icon: str
    title: str
    button: str
    text: str = ""


DUTIES: Mapping[str, Wording] = {
    GRADE: Wording("pen", N_("Chấm %(count)s ô vòng 1"), N_("Chấm tiếp")),
    SIGN: Wording("check", N_("Ký xác nhận %(count)s ô đã chấm"), N_("Xem và ký"), N_("Chỉ điểm đã ký mới tính.")),
    REGRADE: Wording("refresh", N_("Chấm lại %(count)s ô sau giải trình"), N_("Chấm lại")),
    NAME_GRADER: Wording("person", N_("Cử ủy viên chấm %(count)s ô thẩm định chéo"), N_("Cử người")),
    GRADE_INSTEAD: Wording("pen", N_("Chấm %(count)s ô được cử"), N_("Chấm"), N_("Bên chấm không chấm hồ sơ của chính mình.")),
    DECIDE: Wording("not-equal", N_("Quyết định %(count)s việc đang chờ Hội đồng"), N_("Xem và quyết định")),
    CONFIRM: Wording("shield", N_("Xác nhận hoặc từ chối %(count)s đề xuất"), N_("Xem đề xuất")),
    UNSUBMITTED: Wording("clock", N_("%(count)s đơn vị quá hạn chưa nộp hồ sơ"), N_("Xem đơn vị")),
}
READY: Mapping[str, Wording] = {
    "release_round_1": Wording("plane", N_("Gửi kết quả vòng 1 cho %(count)s đơn vị đã chấm xong"), N_("Xem trước và gửi")),
    "request_explanation": Wording("bubble", N_("Yêu cầu giải trình %(count)s đơn vị"), N_("Xem trước và gửi")),
    "finalise": Wording("two", N_("Chốt kết quả %(count)s hồ sơ đã sẵn sàng"), N_("Xem trước và chốt")),
}
"""The batches that one starts for the whole season, by trigger."""

PREPARE = N_("Hoàn tất chuẩn bị và trình mở kỳ “%(title)s”")
PUBLISH = N_("Trình công bố kết quả: %(count)s hồ sơ đã chốt")
FAILED_MAIL = N_("%(count)s thư không gửi được")


def other_tasks(session: Session, actor: Actor, assessment: Assessment, now: datetime) -> Iterator[Task]:
    """Yield what waits in one season for a role that is not a unit's."""
    base = f"/ky/{assessment.slug}"
    if assessment.state == "preparation":
        if may(actor.role, "prepare_assessment") and not open_proposals(session, assessment.id, "open_assessment"):
            title = Problem(PREPARE, params={"title": assessment.title})
            yield Task("calendar", title, None, None, f"/ky/chuan-bi/{assessment.slug}", N_("Chuẩn bị"), first=True)
        yield from _duties(session, actor, assessment, now)
        return
    yield from _duties(session, actor, assessment, now)
    yield from _ready(session, actor, assessment, base)
    yield from _publication(session, actor, assessment, base)


def _duties(session: Session, actor: Actor, assessment: Assessment, now: datetime) -> Iterator[Task]:
    found = [
        duty
        for duty in duties(session, lambda _: True, person_id=actor.person_id)
        if duty.seat.membership_id == actor.membership_id and duty.assessment_id == assessment.id and duty.reason.name in DUTIES
    ]
    for number, duty in enumerate(sorted(found, key=lambda one: one.until)):
        until = None if duty.reason.name == CONFIRM else end_of_day(duty.until)
        if duty.reason.name != UNSUBMITTED or (until is not None and now >= until):
            yield _task(duty, until, first=number == 0)


def _task(duty: Duty, until: datetime | None, *, first: bool) -> Task:
    wording = DUTIES[duty.reason.name]
    text = Problem(wording.text) if wording.text else None
    return Task(wording.icon, Problem(wording.title, params={"count": duty.count}), text, until, duty.path, wording.button, first)


def _ready(session: Session, actor: Actor, assessment: Assessment, base: str) -> Iterator[Task]:
    """Yield the batches that have something to go."""
    for trigger in dict.fromkeys(move.trigger for move in MOVES if move.batch):
        if trigger in READY and may(actor.role, trigger):
            ready, _ = preview_batch(session, actor, assessment.slug, trigger, Asked())
            if ready:
                wording = READY[trigger]
                title = Problem(wording.title, params={"count": len(ready)})
                yield Task(wording.icon, title, None, None, f"{base}/chuyen/{trigger}", wording.button)


def _publication(session: Session, actor: Actor, assessment: Assessment, base: str) -> Iterator[Task]:
    """Yield the publication, once everything is settled and nobody has proposed it yet."""
    if not may(actor.role, "publish") or unfinished(session, assessment):
        return
    final = select(func.count()).select_from(Case).where(Case.assessment_id == assessment.id, Case.state == CaseState.ROUND2_FINAL)
    count = session.scalar(final) or 0
    if count and not any(proposal.act == "publish" for proposal in open_proposals(session, assessment.id)):
        yield Task("star", Problem(PUBLISH, params={"count": count}), None, None, f"{base}/cong-bo", N_("Xem và trình"))


def system_tasks(session: Session, actor: Actor) -> tuple[Task, ...]:
    """Return what waits outside any season: mail that did not go out, for who looks after it."""
    if not may(actor.role, "manage_people"):
        return ()
    failed = session.scalar(select(func.count()).select_from(Mail).where(Mail.failed_at.is_not(None), Mail.sent_at.is_(None))) or 0
    task = Task("mail", Problem(FAILED_MAIL, params={"count": failed}), None, None, "/quan-tri/thu", N_("Xem nhật ký thư"), first=True)
    return (task,) if failed else ()
