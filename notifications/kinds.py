"""Every kind of word the workflow owes: one row each, with its subject and its line in both languages.

Lines may name {unit}, {season}, {count}, {act} and {until}, all looked up when the mail is written. Nothing typed by a person
stands in a subject, and no score stands anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.wording import Said
from workflow.accounts import ADDRESS_CHANGED, INVITATION, PASSWORD_CHANGED, RESET, ROLE_GIVEN
from workflow.ledger import SECRET_KINDS
from workflow.open_work import CONFIRM, DECIDE, EXPLAIN, GRADE, GRADE_INSTEAD, NAME_GRADER, REGRADE, SIGN, SUBMIT, UNSUBMITTED


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of word is said."""

    name: str
    subject: Said
    line: Said

    @property
    def alone(self) -> bool:
        """Whether it is never put into one mail with others: it carries a way in."""
        return self.name in SECRET_KINDS


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        # moves
        Kind(
            "submit",
            Said("Hồ sơ đã nộp", "Self-assessment submitted"),
            Said("{unit}: hồ sơ tự chấm đã nộp.", "{unit}: the self-assessment was submitted."),
        ),
        Kind(
            "recall",
            Said("Hồ sơ được rút để sửa", "Self-assessment recalled"),
            Said("{unit}: hồ sơ đã được đơn vị rút lại để sửa.", "{unit}: the unit recalled its self-assessment to change it."),
        ),
        Kind(
            "send_back",
            Said("Hồ sơ được trả lại để bổ sung", "Self-assessment sent back"),
            Said("{unit}: Tổ thư ký trả lại hồ sơ để bổ sung, kèm lý do.", "{unit}: the secretariat sent the sheet back, with its reason."),
        ),
        Kind(
            "close_unsubmitted",
            Said("Hồ sơ chưa nộp đã khóa", "Sheet closed without submission"),
            Said(
                "{unit}: hồ sơ quá hạn chưa nộp đã được khóa như đang có.",
                "{unit}: the sheet was not submitted in time and was closed as it stood.",
            ),
        ),
        Kind(
            "release_round_1",
            Said("Đã có kết quả thẩm định vòng 1", "Results of round 1 released"),
            Said("{unit}: kết quả thẩm định vòng 1 đã được gửi tới đơn vị.", "{unit}: the results of appraisal round 1 can be read now."),
        ),
        Kind(
            "request_explanation",
            Said("Đề nghị giải trình", "Explanation requested"),
            Said(
                "{unit}: mời giải trình hoặc thống nhất với kết quả vòng 1.",
                "{unit}: please explain, or agree with the results of round 1.",
            ),
        ),
        Kind(
            "finalise",
            Said("Kết quả đã chốt", "Results finalised"),
            Said(
                "{unit}: Hội đồng đã chốt kết quả; công bố sau.",
                "{unit}: the council has finalised the results; they will be published later.",
            ),
        ),
        Kind(
            "reopen",
            Said("Hồ sơ được mở lại", "Case reopened"),
            Said(
                "{unit}: Hội đồng mở lại hồ sơ, kèm lý do và các chỉ số.",
                "{unit}: the council reopened the case, with its reason and the indicators.",
            ),
        ),
        Kind(
            "publish",
            Said("Kết quả đã công bố", "Results published"),
            Said("{season}: kết quả đã được công bố.", "{season}: the results have been published."),
        ),
        Kind(
            "correct",
            Said("Đính chính kết quả", "Results under correction"),
            Said(
                "{unit}: kết quả đã công bố được mở để đính chính theo quyết định.",
                "{unit}: the published results are being corrected by decision.",
            ),
        ),
        # acts
        Kind(
            "open_assessment",
            Said("Kỳ đánh giá đã mở", "Assessment opened"),
            Said("{season} đã mở.", "{season} is open."),
        ),
        Kind(
            "accept_round_1",
            Said("Đơn vị thống nhất kết quả vòng 1", "Unit agreed with round 1"),
            Said("{unit}: lãnh đạo đơn vị thống nhất với kết quả vòng 1.", "{unit}: the head agreed with the results of round 1."),
        ),
        Kind(
            "send_explanation",
            Said("Đơn vị đã gửi giải trình", "Explanation sent"),
            Said(
                "{unit}: giải trình đã gửi, mời xem các chỉ số được giao.",
                "{unit}: the explanation was sent; please see the items assigned to you.",
            ),
        ),
        Kind(
            "question_by_council",
            Said("Hội đồng đặt câu hỏi", "Question of the council"),
            Said("{unit}: Hội đồng có câu hỏi cần đơn vị trả lời.", "{unit}: the council asks the unit a question."),
        ),
        Kind(
            "name_council_grader",
            Said("Bạn được cử chấm thay", "You were named to grade"),
            Said(
                "{unit}: Chủ tịch Hội đồng cử bạn chấm thay bên chấm có xung đột lợi ích.",
                "{unit}: the chair named you to grade instead of a body with a conflict of interest.",
            ),
        ),
        Kind(
            "exclude",
            Said("Hồ sơ bị loại khỏi kỳ đánh giá", "Case excluded"),
            Said(
                "{unit}: hồ sơ được loại khỏi kỳ đánh giá, kèm lý do.",
                "{unit}: the case was excluded from the assessment, with the reason.",
            ),
        ),
        Kind(
            "readmit",
            Said("Hồ sơ trở lại kỳ đánh giá", "Case readmitted"),
            Said("{unit}: hồ sơ được đưa trở lại kỳ đánh giá.", "{unit}: the case was readmitted to the assessment."),
        ),
        Kind(
            "extend",
            Said("Thời hạn được dời", "Deadline moved"),
            Said("{unit}: thời hạn được dời; xem hạn mới và lý do.", "{unit}: the deadline was moved; see the new date and the reason."),
        ),
        Kind(
            "amend",
            Said("Hướng dẫn chấm thay đổi", "Guidance amended"),
            Said(
                "{season}: hướng dẫn chấm điểm đã được sửa; các chỉ số bị ảnh hưởng cần xác nhận lại.",
                "{season}: the scoring guidance was amended; items concerned need confirming again.",
            ),
        ),
        Kind(
            "remove_evidence",
            Said("Một tài liệu bị gỡ", "A document was removed"),
            Said(
                "{unit}: Tổ thư ký đã gỡ một tài liệu kiểm chứng, kèm lý do.",
                "{unit}: the secretariat removed a piece of evidence, with the reason.",
            ),
        ),
        # proposals
        Kind(
            "proposal",
            Said("Đề xuất chờ xác nhận", "Proposal to confirm"),
            Said("Đề xuất “{act}” chờ xác nhận.", "The proposal “{act}” waits for confirmation."),
        ),
        Kind(
            "proposal_confirmed",
            Said("Đề xuất đã được xác nhận", "Proposal confirmed"),
            Said("Đề xuất “{act}” đã được xác nhận.", "The proposal “{act}” was confirmed."),
        ),
        Kind(
            "proposal_refused",
            Said("Đề xuất bị từ chối", "Proposal refused"),
            Said("Đề xuất “{act}” bị từ chối, kèm lý do.", "The proposal “{act}” was refused, with the reason."),
        ),
        Kind(
            "proposal_withdrawn",
            Said("Đề xuất đã được rút", "Proposal withdrawn"),
            Said("Đề xuất “{act}” đã được rút.", "The proposal “{act}” was withdrawn."),
        ),
        # accounts
        Kind(
            INVITATION,
            Said("Lời mời vào hệ thống thẩm định", "Invitation to the assessment system"),
            Said(
                "Bạn được cấp tài khoản. Mở đường dẫn dưới đây để đặt mật khẩu; chỉ dùng được một lần, trước {until}.",
                "An account was made for you. Open the link below to set a password; it works once, before {until}.",
            ),
        ),
        Kind(
            RESET,
            Said("Đặt lại mật khẩu", "Password reset"),
            Said(
                "Có yêu cầu đặt lại mật khẩu của bạn. "
                "Nếu không phải bạn yêu cầu, hãy bỏ qua thư này. Đường dẫn dưới đây chỉ dùng được một lần, trước {until}.",
                "Somebody asked to reset your password. If it was not you, ignore this mail. The link below works once, before {until}.",
            ),
        ),
        Kind(
            ADDRESS_CHANGED,
            Said("Địa chỉ thư của tài khoản đã đổi", "Your account has another address"),
            Said(
                "Quản trị vừa đổi địa chỉ thư của tài khoản này sang địa chỉ khác. Nếu bạn không yêu cầu, báo ngay cho Tổ thư ký.",
                "The admin gave this account another mail address. If you did not ask for it, tell the secretariat at once.",
            ),
        ),
        Kind(
            ROLE_GIVEN,
            Said("Một vai vừa được giao", "A role was given"),
            Said(
                "Quản trị vừa giao một vai được xem điểm hoặc quyết định. Người giám sát xem được trong nhật ký: giao cho ai, vai nào.",
                "The admin gave somebody a role that reads points or decides. The auditor finds in the journal to whom, and which.",
            ),
        ),
        Kind(
            PASSWORD_CHANGED,
            Said("Mật khẩu đã đổi", "Password changed"),
            Said(
                "Mật khẩu của bạn vừa được đổi. Nếu không phải bạn đổi, hãy đặt lại mật khẩu ngay và báo quản trị hệ thống.",
                "Your password was changed. If it was not you, reset it at once and tell the administrator.",
            ),
        ),
        # reminders
        Kind(
            SUBMIT,
            Said("Hồ sơ chưa nộp", "Sheet not submitted"),
            Said("{unit}: hồ sơ tự chấm chưa nộp.", "{unit}: the self-assessment is not submitted yet."),
        ),
        Kind(
            UNSUBMITTED,
            Said("Đơn vị quá hạn chưa nộp", "Units late with their sheets"),
            Said(
                "{count} đơn vị quá hạn chưa nộp hồ sơ: gia hạn hoặc đề xuất khóa.",
                "{count} unit(s) have not submitted in time: extend, or propose to close.",
            ),
        ),
        Kind(
            GRADE,
            Said("Chỉ số chưa chấm", "Items not graded"),
            Said(
                "{count} mục của các đơn vị chưa chấm hoặc chưa trả lời đề nghị.",
                "{count} item(s) not graded, or requests not answered.",
            ),
        ),
        Kind(
            SIGN,
            Said("Điểm chưa ký xác nhận", "Grades not signed off"),
            Said("{count} mục đã chấm chưa ký xác nhận.", "{count} graded item(s) not signed off."),
        ),
        Kind(
            NAME_GRADER,
            Said("Cần cử ủy viên chấm", "Graders to name"),
            Said("{count} mục chuyển về Hội đồng chưa có ủy viên chấm.", "{count} item(s) moved to the council have no grader yet."),
        ),
        Kind(
            GRADE_INSTEAD,
            Said("Chỉ số được cử chấm", "Items named to you"),
            Said("{count} mục được cử cho ông/bà chưa chấm.", "{count} item(s) named to you are not graded."),
        ),
        Kind(
            DECIDE,
            Said("Việc chờ Hội đồng", "Waiting for the council"),
            Said("{count} việc chờ Hội đồng quyết định.", "{count} matter(s) wait for the council's decision."),
        ),
        Kind(
            EXPLAIN,
            Said("Giải trình chưa gửi", "Explanation not sent"),
            Said(
                "{unit}: chưa gửi giải trình; quá hạn mà không gửi là giữ kết quả vòng 1.",
                "{unit}: the explanation is not sent; without one the results of round 1 stand.",
            ),
        ),
        Kind(
            REGRADE,
            Said("Chỉ số chờ chấm lại", "Items to grade again"),
            Said("{count} mục có giải trình chờ chấm lại.", "{count} explained item(s) wait to be graded again."),
        ),
        Kind(
            CONFIRM,
            Said("Đề xuất chờ xác nhận", "Proposals to confirm"),
            Said("{count} đề xuất chờ Chủ tịch Hội đồng.", "{count} proposal(s) wait for the chair."),
        ),
    )
}

ACTS: Mapping[str, Said] = {
    "open_assessment": Said("Mở kỳ đánh giá", "Open the assessment"),
    "close_unsubmitted": Said("Khóa hồ sơ chưa nộp", "Close unsubmitted sheets"),
    "release_round_1": Said("Gửi kết quả vòng 1", "Release round 1"),
    "request_explanation": Said("Yêu cầu giải trình", "Request explanations"),
    "publish": Said("Công bố kết quả", "Publish the results"),
    "amend": Said("Sửa hướng dẫn chấm", "Amend the guidance"),
}
"""What can be proposed, by the name of the act or move."""
