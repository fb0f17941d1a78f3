"""What waits for a unit: to fill in, to check and submit, to give out, to explain; from the sheet of its case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Item, Person
from states.acts import EXPLAINING
from states.case import CaseState
from states.permissions import may
from states.refusal import NotFound, Problem
from states.roles import Role
from states.words import N_
from workflow.actor import Actor
from workflow.sheets.case import CaseSheet, make_case_sheet
from workflow.sheets.explanation import ExplanationSheet, explanation_of
from workflow.sheets.head import Step
from workflow.sheets.people import responsible_of
from workflow.sheets.tasks import Task
from workflow.sheets.view import View, open_view

FILL = N_("Bổ sung %(count)s chỉ số còn thiếu")
FILL_WHY = N_("%(done)s/%(all)s chỉ số đã đủ điểm và minh chứng hoặc giải thích.")
SUBMIT = N_("Kiểm tra và nộp hồ sơ tự chấm %(year)s")
SUBMIT_LEFT = N_("%(done)s/%(all)s chỉ số đã đủ, còn %(left)s mục phải sửa trước khi nộp. Chỉ lãnh đạo đơn vị nộp được.")
SUBMIT_READY = N_("Mọi chỉ số đã đủ. Chỉ lãnh đạo đơn vị nộp được.")
SHOW_HEAD = N_("Hồ sơ đã đủ, trình lãnh đạo nộp")
CLOSED = N_("Đã hết hạn nộp hồ sơ tự chấm %(year)s")
CLOSED_AGAIN = N_("Bản đã nộp vẫn có giá trị; phần sửa sau khi rút chưa nộp. Tổ thư ký gia hạn được khi có lý do.")
UNSENT = N_("Đã hết hạn giải trình, bản nháp chưa gửi")
UNSENT_WHY = N_("Giữ điểm vòng 1. Liên hệ Tổ thư ký nếu có lý do để gia hạn.")
CLOSED_WHY = N_("Hồ sơ khóa khi chưa nộp. Liên hệ Tổ thư ký nếu có lý do để gia hạn.")
REQUESTS = N_("Xem lại %(count)s đề nghị “Không phát sinh”")
REQUESTS_WHY = N_("Được chấp nhận thì chỉ số không tính vào điểm tối đa; không được chấp nhận thì tự chấm tính là 0.")
GIVE_OUT = N_("Giao người phụ trách")
GIVE_OUT_WHY = N_("%(count)s chỉ số chưa có người phụ trách.")
READ_ROUND_1 = N_("Xem kết quả vòng 1")
READ_WHY = N_("%(count)s chỉ số có điểm thấp hơn tự chấm hoặc có câu hỏi. Thống nhất, hoặc soạn giải trình.")
ANSWER = N_("Trả lời %(count)s mục giải trình")
ANSWER_WHY = N_("%(done)s/%(all)s mục đã trả lời. Mục không trả lời thì giữ điểm vòng 1.")
SEND = N_("Gửi giải trình, hoặc thống nhất với kết quả vòng 1")
AGREE = N_("Thống nhất với kết quả vòng 1")
NOTHING_TO_SAY = N_("Không chỉ số nào có điểm thấp hơn tự chấm, và không có câu hỏi nào.")
SHOW_ANSWERS = N_("Giải trình đã soạn đủ, trình lãnh đạo gửi")
SHOW_ANSWERS_WHY = N_("%(all)s/%(all)s mục đã trả lời. Chỉ lãnh đạo đơn vị gửi được.")
SEND_WHY = N_("Gửi một lần cho cả hồ sơ. Không gửi thì giữ điểm vòng 1.")


@dataclass(frozen=True, slots=True)
class Drafter:
    """Somebody who has filled in items, how many stand in his or her hand, and when the last was saved."""

    name: str
    items: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitWork:
    """The unit's season: its case, tasks, steps with its own dates, and who has typed what."""

    case: CaseSheet
    tasks: tuple[Task, ...]
    steps: tuple[Step, ...]
    drafters: tuple[Drafter, ...]


def unit_work(session: Session, actor: Actor, assessment: Assessment) -> UnitWork | None:
    """Return what waits for a unit in a season; nothing where it has no case."""
    try:
        view = open_view(session, actor, assessment.slug, actor.organisation_code)
    except NotFound:
        return None
    sheet = make_case_sheet(session, view)
    if view.case.excluded_at is not None:
        return UnitWork(sheet, (), sheet.head.steps, ())
    given = responsible_of(session, view)
    unassigned = sum(line.code not in given for line in sheet.lines)
    explanation = explanation_of(session, view) if view.state in EXPLAINING else None
    tasks = [*_drafting(actor, sheet, unassigned), *_explaining(actor, sheet, explanation)]
    return UnitWork(sheet, tuple(tasks), sheet.head.steps, tuple(_drafters(session, view)))


def _drafting(actor: Actor, sheet: CaseSheet, unassigned: int) -> Iterator[Task]:
    head, progress = sheet.head, sheet.progress
    if head.state is not CaseState.DRAFT:
        return
    base, until = f"/ky/{head.slug}/ho-so/{head.unit}", head.running.until if head.running else None
    if head.running and head.running.over:
        why = CLOSED_AGAIN if sheet.submissions else CLOSED_WHY
        yield Task("lock", Problem(CLOSED, params={"year": head.year}), Problem(why), until, base, N_("Mở hồ sơ"))
        return
    about = {"done": progress.done, "all": progress.items, "left": progress.unfinished}
    head_of_unit = may(actor.role, "submit")
    missing = sheet.next_missing
    if head_of_unit:
        text = Problem(SUBMIT_LEFT, params=about) if missing else Problem(SUBMIT_READY)
        yield Task("plane", Problem(SUBMIT, params={"year": head.year}), text, until, f"{base}/nop", N_("Kiểm tra hồ sơ"), first=True)
        asked = next((line for line in sheet.lines if line.status == "requested"), None)
        if asked:
            title = Problem(REQUESTS, params={"count": progress.requested})
            yield Task("none", title, Problem(REQUESTS_WHY), until, f"{base}/chi-so/{asked.code}", N_("Xem lại"))
        if unassigned:
            text = Problem(GIVE_OUT_WHY, params={"count": unassigned})
            yield Task("person", Problem(GIVE_OUT), text, None, f"{base}/phu-trach", N_("Giao việc"))
    elif missing:
        title = Problem(FILL, params={"count": progress.unfinished})
        yield Task("pen", title, Problem(FILL_WHY, params=about), until, f"{base}/chi-so/{missing.code}", N_("Chấm tiếp"), first=True)
    else:
        yield Task("plane", Problem(SHOW_HEAD), Problem(SUBMIT_READY), until, f"{base}/nop", N_("Xem lại"), first=True)


def _explaining(actor: Actor, sheet: CaseSheet, explanation: ExplanationSheet | None) -> Iterator[Task]:
    if explanation is None:
        return
    head = sheet.head
    base, until = f"/ky/{head.slug}/ho-so/{head.unit}", head.running.until if head.running else None
    if explanation.unsent:
        yield Task("lock", Problem(UNSENT), Problem(UNSENT_WHY), None, f"{base}/giai-trinh", N_("Xem bản nháp"))
    if explanation.locked is not None:
        return
    whole, left = len(explanation.due), explanation.open
    if head.state is CaseState.ROUND1_REVIEWED:
        text = Problem(READ_WHY, params={"count": whole}) if whole else Problem(NOTHING_TO_SAY)
        yield Task("bubble", Problem(READ_ROUND_1), text, None, f"{base}/giai-trinh", N_("Xem kết quả"), first=True)
        return
    if left:
        text = Problem(ANSWER_WHY, params={"done": explanation.answered, "all": whole})
        title = Problem(ANSWER, params={"count": len(left)})
        yield Task("bubble", title, text, until, f"{base}/chi-so/{left[0].line.code}", N_("Trả lời"), first=actor.role is Role.UNIT_STAFF)
    elif whole and not explanation.is_head:
        text = Problem(SHOW_ANSWERS_WHY, params={"all": whole})
        yield Task("plane", Problem(SHOW_ANSWERS), text, until, f"{base}/giai-trinh", N_("Xem lại"), first=True)
    if explanation.is_head:
        what, why = (SEND, SEND_WHY) if whole else (AGREE, NOTHING_TO_SAY)
        yield Task("plane", Problem(what), Problem(why), until, f"{base}/giai-trinh", N_("Xem và gửi"), first=True)


def _drafters(session: Session, view: View) -> Iterator[Drafter]:
    query = select(Person.name, func.count(Item.id), func.max(Item.draft_at)).join(Item, Item.draft_by_id == Person.id)
    query = query.where(Item.case_id == view.case.id).group_by(Person.id, Person.name).order_by(Person.name)
    yield from (Drafter(name, items, last_at) for name, items, last_at in session.execute(query))

