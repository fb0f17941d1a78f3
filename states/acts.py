"""The acts that move no state, and the pages one may read: one row each (rules sections 1 and 7)."""

from dataclasses import dataclass

from states.case import ALL, BEFORE_PUBLISHED, RELEASED, SUBMITTED
from states.case import CaseState as S
from states.roles import BODY, CHAIRS, COUNCIL, SIGNED_IN, UNIT, Role
from states.words import N_

R = Role
HEAD = frozenset({R.UNIT_HEAD})
LEAD = frozenset({R.GRADER_LEAD})
SECRETARIAT = frozenset({R.SECRETARIAT})
CHAIR = frozenset({R.CHAIR})
ADMIN = frozenset({R.ADMIN})
AUDITOR = frozenset({R.AUDITOR})
STAFF = SECRETARIAT | COUNCIL | AUDITOR


@dataclass(frozen=True, slots=True)
class Act:
    """One thing people do or read.

    `on` says what it is done to: `assignment` and `item` and `case` need the person's part on the case and one of
    `while_`; `assessment` and `system` need only the role. `confirmed_by` makes it a proposal.
    """

    name: str
    label: str
    by: frozenset[Role]
    on: str
    while_: frozenset[S] = ALL
    asks: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    confirmed_by: frozenset[Role] = frozenset()
    reads: bool = False


def _states(*states: S) -> frozenset[S]:
    return frozenset(states)


GRADING = _states(S.SELF_SCORED, S.EXPLANATION_REQUESTED)
EXPLAINING = _states(S.ROUND1_REVIEWED, S.EXPLANATION_REQUESTED)

ACTS: tuple[Act, ...] = (
    # the unit
    Act("self_score", N_("Ghi điểm tự chấm"), UNIT, "item", _states(S.DRAFT)),
    Act("attach_evidence", N_("Đính kèm minh chứng"), UNIT, "item", _states(S.DRAFT, *EXPLAINING)),
    Act("detach_evidence", N_("Bỏ minh chứng"), UNIT, "item", _states(S.DRAFT, *EXPLAINING)),
    Act("remove_evidence", N_("Gỡ tài liệu"), UNIT, "item", _states(S.DRAFT), asks=("reason",)),
    Act("request_na", N_("Đề nghị không phát sinh"), UNIT, "item", _states(S.DRAFT), asks=("reason",)),
    Act("explain", N_("Soạn giải trình"), UNIT, "item", EXPLAINING),
    Act("accept_round_1", N_("Thống nhất với kết quả vòng 1"), HEAD, "case", EXPLAINING, notify=("secretariat",)),
    Act("send_explanation", N_("Gửi giải trình"), HEAD, "case", _states(S.EXPLANATION_REQUESTED), notify=("regraders", "secretariat")),
    Act("assign_responsible", N_("Giao người phụ trách"), HEAD, "case"),
    # the bodies
    Act("grade", N_("Chấm điểm"), BODY, "assignment", GRADING),
    Act("sign_off", N_("Ký xác nhận"), LEAD, "assignment", GRADING),
    Act("withdraw_sign_off", N_("Bỏ xác nhận"), LEAD, "assignment", GRADING),
    Act("flag", N_("Đánh dấu cần xem lại"), BODY, "assignment", GRADING),
    Act("question", N_("Đặt câu hỏi cho đơn vị"), BODY, "assignment", _states(S.SELF_SCORED), asks=("reason",)),
    Act("agree_na", N_("Trả lời đề nghị không phát sinh"), BODY, "assignment", _states(S.SELF_SCORED), asks=("reason",)),
    Act("name_contact", N_("Ghi người trả lời"), BODY, "assessment"),
    # the council
    Act("grade_for_council", N_("Chấm thay (thẩm định chéo)"), COUNCIL, "assignment", GRADING),
    Act("question_by_council", N_("Hội đồng đặt câu hỏi"), COUNCIL, "item", EXPLAINING, asks=("reason",), notify=("unit",)),
    Act("confirm_na", N_("Xác nhận không phát sinh"), COUNCIL, "item", _states(S.SELF_SCORED), asks=("reason",)),
    Act("decide", N_("Hội đồng quyết định"), COUNCIL, "item",
        _states(S.SELF_SCORED, S.EXPLANATION_REQUESTED, S.ROUND2_FINAL), asks=("reason",)),
    Act("name_council_grader", N_("Cử ủy viên chấm"), CHAIR, "assignment", BEFORE_PUBLISHED - {S.ROUND2_FINAL}, notify=("named",)),
    Act("exclude", N_("Loại khỏi kỳ đánh giá"), CHAIR, "case", BEFORE_PUBLISHED, asks=("reason",), notify=("unit", "secretariat")),
    Act("readmit", N_("Đưa trở lại kỳ đánh giá"), CHAIR, "case", BEFORE_PUBLISHED, asks=("reason",), notify=("unit", "secretariat")),
    Act("confirm_proposal", N_("Xác nhận đề xuất"), CHAIR, "assessment"),
    # the secretariat
    Act("prepare_assessment", N_("Chuẩn bị kỳ đánh giá"), SECRETARIAT, "assessment"),
    Act("open_assessment", N_("Mở kỳ đánh giá"), SECRETARIAT, "assessment", confirmed_by=CHAIR, notify=("all_units", "all_bodies")),
    Act("extend", N_("Gia hạn"), SECRETARIAT, "case", BEFORE_PUBLISHED - {S.ROUND2_FINAL}, asks=("reason", "until"), notify=("unit",)),
    Act("amend", N_("Sửa hướng dẫn chấm"), SECRETARIAT, "assessment", confirmed_by=CHAIR, notify=("all_units", "all_bodies")),
    Act("remind_now", N_("Nhắc ngay"), SECRETARIAT, "assessment"),
    Act("remove_evidence", N_("Gỡ tài liệu"), SECRETARIAT, "item", asks=("reason",), notify=("unit",)),
    # the admin
    Act("manage_people", N_("Quản lý người dùng"), ADMIN, "system"),
    Act("help_sign_in", N_("Mở khóa đăng nhập, gửi lại thư mời"), ADMIN | SECRETARIAT, "system"),
    Act("manage_organisations", N_("Quản lý cơ quan"), ADMIN, "system"),
    Act("import_catalogue", N_("Nạp bộ chỉ số"), ADMIN | SECRETARIAT, "system"),
    # reading
    Act("see_work", N_("Việc của tôi"), SIGNED_IN, "system", reads=True),
    Act("see_case", N_("Xem hồ sơ"), UNIT, "case", reads=True),
    Act("see_submitted_case", N_("Xem hồ sơ đã nộp"), STAFF, "case", SUBMITTED, reads=True),
    Act("see_case_progress", N_("Xem tiến độ hồ sơ"), STAFF, "case", reads=True),
    Act("see_assigned_items", N_("Xem chỉ số được giao chấm"), BODY, "assignment", SUBMITTED, reads=True),
    Act("see_queue", N_("Xem danh sách chấm"), BODY | COUNCIL, "assessment", reads=True),
    Act("see_council", N_("Xem việc của Hội đồng"), STAFF, "assessment", reads=True),
    Act("see_progress", N_("Xem tiến độ"), STAFF, "assessment", reads=True),
    Act("see_deadlines", N_("Xem thời hạn và nhắc việc"), SECRETARIAT | AUDITOR | CHAIRS, "assessment", reads=True),
    Act("see_draft_ranking", N_("Xem bảng xếp hạng dự kiến"), STAFF, "assessment", reads=True),
    Act("see_journal", N_("Xem nhật ký của kỳ"), AUDITOR, "assessment", reads=True),
    Act("see_mail_log", N_("Xem nhật ký thư"), ADMIN | SECRETARIAT, "system", reads=True),
)  # fmt: skip

BY_NAME = {act.name: act for act in ACTS}
AFTER_RELEASE = RELEASED
