"""What must hold of the data at every moment, whatever happened before: checked live, and after every step of the proofs (security.md 4.1).

Two kinds of invariants show elsewhere: that nothing acknowledged is lost (only a client knows what was acknowledged), and that nothing came
in late (the moment of arrival is judged in the transaction of the write).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from workflow.evidence_store import EvidenceStore
from workflow.invariants import cases, records, scores

Check = Callable[[Session], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One sentence that must be true; `check` yields the places where it is not."""

    name: str
    says: str
    check: Check


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where an invariant does not hold."""

    invariant: Invariant
    place: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.invariant.name}: {self.place} ({self.invariant.says})"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("append_only", "cơ sở dữ liệu từ chối sửa và xóa bản ghi đã ghi", records.unguarded_tables),
    Invariant("assigned", "điểm chấm thuộc đúng phân công của chỉ số ấy", scores.unassigned_entries),
    Invariant("no_own_case", "không cơ quan nào chấm hồ sơ của chính mình", scores.own_case_entries),
    Invariant("one_side", "không ai đứng cả hai phía của một hồ sơ", scores.people_on_both_sides),
    Invariant("within_maximum", "điểm từ 0 đến điểm tối đa", scores.points_out_of_range),
    Invariant("sums", "điểm các chỉ số cộng lại bằng tổng của bộ", scores.sets_that_do_not_add_up),
    Invariant("current", "điểm đang có hiệu lực là điểm của chính chỉ số và phân công ấy", scores.wrong_pointers),
    Invariant("path", "trạng thái là một đường đi có trong bảng chuyển, mỗi bước một nhật ký", cases.states_without_path),
    Invariant("totals", "tổng đã giữ bằng tổng tính lại", cases.totals_that_differ),
    Invariant("extension_reason", "gia hạn, trả lại, mở lại nào cũng có lý do và người làm", cases.extensions_without_reason),
    Invariant("released_whole", "hồ sơ đã có kết quả vòng 1 thì chỉ số nào cũng chấm, ký và thống nhất xong", cases.released_unfinished),
    Invariant("told_together", "một lượt chuyển bước đến với mọi đơn vị cùng lúc", cases.batches_told_apart),
    Invariant("receipts", "biên nhận khớp với nội dung đã nộp", cases.broken_receipts),
    Invariant("handed_in", "minh chứng của hồ sơ đã nộp vẫn như lúc nộp", cases.evidence_that_left),
    Invariant("published", "bản công bố khớp dấu niêm và tính lại được", cases.publications_that_differ),
    Invariant("two_people", "công bố có hai người, cùng xác nhận mật khẩu", cases.publications_by_one),
    Invariant("chain", "chuỗi nhật ký liền, mỗi mắt xích tính lại được", records.broken_chains),
    Invariant("time", "nhật ký không đi ngược thời gian", records.events_back_in_time),
    Invariant("outbox", "mỗi lời nhắn hoặc chờ, hoặc gửi, hoặc bỏ với lý do", records.words_in_limbo),
    Invariant("one_way_in", "mỗi người nhiều nhất một lối vào dùng một lần còn hiệu lực", records.ways_in_too_many),
    Invariant("sessions", "tài khoản đã khóa không còn phiên nào", records.sessions_of_disabled),
    Invariant("references", "không hàng nào trỏ vào chỗ trống", records.dangling_references),
)


def violations(session: Session, store: EvidenceStore | None = None) -> Iterator[Violation]:
    """Yield every place where the data breaks an invariant; with a store the evidence files are read and hashed too."""
    for invariant in invariants(store):
        for place in invariant.check(session):
            yield Violation(invariant, place)


def invariants(store: EvidenceStore | None) -> tuple[Invariant, ...]:
    """Return all that can be checked: what is on disk only with the store."""
    if store is None:
        return INVARIANTS
    on_disk = partial(records.evidence_that_differs, store=store)
    return (*INVARIANTS, Invariant("evidence", "mỗi tệp minh chứng còn đó, đúng từng byte", on_disk))
