"""The guards of moves, by name: each looks at the facts and lists what is still missing; an empty list passes (rules section 1)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from states.clocks import LONGEST_EXTENSION, local_day, shown_day
from states.facts import Asked, CaseFacts
from states.refusal import Problem
from states.words import N_

Guard = Callable[[CaseFacts, Asked], list[Problem]]


def _each(codes: Iterable[str], text: str) -> list[Problem]:
    return [Problem(text, code) for code in codes]


def not_excluded(facts: CaseFacts, _: Asked) -> list[Problem]:
    """An excluded case is locked."""
    return [Problem(N_("Hồ sơ đã được loại khỏi kỳ đánh giá."))] if facts.excluded else []


def before_self_score_deadline(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Strictly before the case's self-score deadline, or within the grace of an upload that had begun."""
    closed = facts.self_score_until is not None and facts.arrived_at >= facts.self_score_until and not facts.within_grace
    return [Problem(N_("Đã hết hạn nộp tự chấm. Tổ thư ký có thể gia hạn khi có lý do."))] if closed else []


def not_by_grace(facts: CaseFacts, _: Asked) -> list[Problem]:
    """The grace of an upload finishes and submits a case; nothing else."""
    return before_self_score_deadline(replace(facts, within_grace=False), _)


def after_self_score_deadline(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Only when the unit can no longer submit by itself."""
    running = facts.self_score_until is None or facts.arrived_at < facts.self_score_until or facts.within_grace
    return [Problem(N_("Chưa hết hạn nộp của đơn vị."))] if running else []


def every_item_scored(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Every applicable self-scored item has a score or a not-applicable request."""
    return _each(facts.unscored, N_("Chưa có điểm tự chấm."))


def every_item_proved(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Each score has evidence or a written explanation."""
    return _each(facts.unproved, N_("Chưa có minh chứng và chưa có giải thích."))


def every_item_confirmed(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Items whose guidance was amended are confirmed again."""
    return _each(facts.unconfirmed, N_("Hướng dẫn chấm đã thay đổi, cần xác nhận lại."))


def declared(_: CaseFacts, asked: Asked) -> list[Problem]:
    """The head declares that it is true and holds no state secrets."""
    return [] if asked.declared else [Problem(N_("Cần chọn cả hai cam kết trước khi nộp."), "declared")]


def reason_given(_: CaseFacts, asked: Asked) -> list[Problem]:
    """A reason is written."""
    return reason_lacks(asked)


def reason_lacks(asked: Asked) -> list[Problem]:
    """Return what a reason still lacks; also before there is a case to look at."""
    return [] if asked.reason.strip() else [Problem(N_("Cần ghi lý do."), "reason")]


def too_far(until: datetime, counted_from: datetime) -> list[Problem]:
    """Return what is wrong with a deadline that a slip of the finger has put years ahead."""
    if until <= counted_from + LONGEST_EXTENSION:
        return []
    text = N_("Hạn mới không quá %(days)s ngày kể từ %(day)s. Kiểm tra lại ngày, tháng, năm.")
    return [Problem(text, "until", {"days": LONGEST_EXTENSION.days, "day": f"{shown_day(counted_from):%d/%m/%Y}"})]


def new_deadline_given(facts: CaseFacts, asked: Asked) -> list[Problem]:
    """A new date that lies ahead."""
    if asked.until is None:
        return [Problem(N_("Cần ghi hạn mới."), "until")]
    if asked.until <= facts.arrived_at:
        return [Problem(N_("Hạn mới phải sau thời điểm hiện tại."), "until")]
    return too_far(asked.until, facts.arrived_at)


def no_deadline_of_the_past(facts: CaseFacts, asked: Asked) -> list[Problem]:
    """A new date, where one is given, lies ahead."""
    return [] if asked.until is None else new_deadline_given(facts, asked)


def every_assignment_graded(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Every open assignment has its round-1 grade."""
    return _each(facts.ungraded, N_("Chưa chấm xong vòng 1."))


def every_assignment_signed(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Only signed grades count."""
    return _each(facts.unsigned, N_("Phụ trách chấm chưa ký xác nhận."))


def no_open_dispute(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Joint items are agreed, or the council has decided."""
    return _each(facts.disputed, N_("Hai bên chấm chưa thống nhất, chờ Hội đồng quyết định."))


def na_requests_settled(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Not-applicable requests are confirmed or refused."""
    return _each(facts.na_unsettled, N_("Đề nghị không phát sinh chưa được Hội đồng xác nhận."))


def something_to_explain(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Something is contestable, or the policy asks everyone (Decision 5279, art. 5.3)."""
    if facts.contestable or facts.ask_everyone:
        return []
    return [Problem(N_("Không có chỉ số nào cần giải trình."))]


def nothing_left_to_say(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Before an explanation round: the head agreed, or nothing is contestable where not everyone is asked."""
    if facts.accepted or (not facts.contestable and not facts.ask_everyone):
        return []
    return [Problem(N_("Đơn vị chưa thống nhất với kết quả vòng 1."))]


def explanation_over(facts: CaseFacts, _: Asked) -> list[Problem]:
    """The answer was sent, the head agreed, or the clock ran out."""
    ran_out = facts.explanation_until is not None and facts.arrived_at >= facts.explanation_until
    return [] if facts.sent or facts.accepted or ran_out else [Problem(N_("Đơn vị còn trong thời hạn giải trình."))]


def contested_items_settled(facts: CaseFacts, _: Asked) -> list[Problem]:
    """Every contested item is re-graded by all its bodies with one signed result, or decided."""
    return _each(facts.contested_open, N_("Chưa có kết quả vòng 2."))


def minutes_given(facts: CaseFacts, asked: Asked) -> list[Problem]:
    """Number and date of the council's minutes; they were written neither tomorrow nor before the season opened."""
    problems = [] if asked.minutes_number.strip() else [Problem(N_("Cần ghi số biên bản họp."), "minutes_number")]
    if asked.minutes_on is None:
        return [*problems, Problem(N_("Cần ghi ngày biên bản họp."), "minutes_on")]
    if facts.opened_on is not None and asked.minutes_on < facts.opened_on:
        about = {"day": f"{facts.opened_on:%d/%m/%Y}"}
        text = N_("Ngày biên bản trước ngày mở kỳ đánh giá (%(day)s). Kiểm tra lại ngày, tháng, năm.")
        return [*problems, Problem(text, "minutes_on", about)]
    return problems + _of_the_future(asked.minutes_on, facts.arrived_at, "minutes_on")


def items_named(_: CaseFacts, asked: Asked) -> list[Problem]:
    """The items to be looked at again are named."""
    return [] if asked.items else [Problem(N_("Cần chọn ít nhất một chỉ số."), "items")]


def not_in_publication(facts: CaseFacts, _: Asked) -> list[Problem]:
    """A published case is corrected by a decision, not reopened."""
    return [Problem(N_("Hồ sơ đã có trong kết quả công bố; chỉ đính chính được bằng quyết định."))] if facts.published else []


def decision_given(facts: CaseFacts, asked: Asked) -> list[Problem]:
    """Number, date and file of the decision (Decision 5279, art. 5.5)."""
    return decision_lacks(asked, facts.arrived_at)


def decision_lacks(asked: Asked, now: datetime) -> list[Problem]:
    """Return what a decision still lacks at a moment; also before there is a case to look at."""
    wanted = (
        (asked.decision_number.strip(), N_("Cần ghi số quyết định."), "decision_number"),
        (asked.decision_on, N_("Cần ghi ngày quyết định."), "decision_on"),
        (asked.decision_document, N_("Cần đính kèm tệp quyết định."), "decision_document"),
    )
    lacking = [Problem(text, place) for value, text, place in wanted if not value]
    return lacking + (_of_the_future(asked.decision_on, now, "decision_on") if asked.decision_on else [])


def _of_the_future(day: date, now: datetime, place: str) -> list[Problem]:
    return [Problem(N_("Ngày này chưa đến."), place)] if day > local_day(now) else []


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        not_excluded, before_self_score_deadline, not_by_grace, after_self_score_deadline, every_item_scored, every_item_proved,
        every_item_confirmed, declared, reason_given, new_deadline_given, no_deadline_of_the_past,
        every_assignment_graded, every_assignment_signed, no_open_dispute, na_requests_settled, something_to_explain, nothing_left_to_say,
        explanation_over, contested_items_settled, minutes_given, items_named, not_in_publication, decision_given,
    )
}  # fmt: skip
