"""What somebody had typed when it could not be taken: shown and kept on the page that is in the way, then sent once more, by a click."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from states.words import N_
from web.seat import FIELD as SEAT
from web.seat import same_person, seat
from web.security import UNSAFE, same_origin

NEVER = frozenset({"csrf_token", SEAT, "password", "password_again", "kept_path", "kept_seat", "kept_files"})
MARK = "kept."
LABELS = {
    "unit": N_("Đơn vị"),
    "points": N_("Điểm"),
    "a": N_("Số liệu a"),
    "b": N_("Số liệu b"),
    "text": N_("Nội dung"),
    "answer": N_("Trả lời"),
    "reason": N_("Lý do, nhận xét"),
    "internal_note": N_("Ghi chú nội bộ"),
    "na_reason": N_("Lý do không phát sinh"),
    "number": N_("Số, ký hiệu"),
    "subject": N_("Trích yếu"),
    "issuer": N_("Cơ quan ban hành"),
    "issued_on": N_("Ngày ban hành"),
    "section": N_("Mục"),
    "page": N_("Trang"),
    "link": N_("Địa chỉ trang web"),
    "name": N_("Tên"),
    "email": N_("Thư công vụ"),
    "phone": N_("Điện thoại"),
    "title": N_("Chức vụ, tiêu đề"),
    "minutes_number": N_("Số biên bản họp"),
    "minutes_on": N_("Ngày họp"),
    "decision_number": N_("Số quyết định"),
    "decision_on": N_("Ngày quyết định"),
    "visible_on": N_("Công khai từ ngày"),
    "visible_at": N_("Lúc"),
    "until": N_("Hạn mới"),
    "hint": N_("Gợi ý cho đơn vị"),
    "evidence": N_("Minh chứng cần có"),
    "table": N_("Bảng người dùng"),
}
"""What people type, by the name of its field: shown before it is sent again. Other fields are the form's own and go along unseen."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that did not arrive: where it was going, its fields, and the seat it was typed in. Files cannot be kept."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False
    seat: str = ""

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person typed, with the words for its field."""
        return [(LABELS[name], value) for name, value in self.fields if name in LABELS and value.strip()]

    @property
    def fits(self) -> bool:
        """Whether who is here now may send it: in the seat it was typed in, or in none that is known."""
        return self.seat in {"", seat()}

    @property
    def own(self) -> bool:
        """Whether it was typed by the person who is here; nobody else is shown it."""
        return not self.seat or same_person(self.seat, seat())

    @property
    def membership(self) -> str:
        """The number of the membership it was typed under."""
        return self.seat.partition(".")[2]


def kept_now(instead: Mapping[str, str] | None = None) -> Kept | None:
    """Return the form of this very request; nothing if it comes from a page of others, or asks for a password.

    Fields named in `instead` go with that value: the number of a file that was kept stands for the file.
    """
    if request.method not in UNSAFE or same_origin() is False or "password" in request.form:
        return None
    instead = instead or {}
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name not in NEVER and name not in instead)
    return Kept(request.full_path.rstrip("?"), (*fields, *instead.items()), bool(request.files) and not instead, request.form.get(SEAT, ""))


def kept_before() -> Kept | None:
    """Return the form that the page in between carried along."""
    path = request.form.get("kept_path", "")
    if not path or not _takes_forms(path):
        return None
    fields = tuple((name.removeprefix(MARK), value) for name, value in request.form.items(multi=True) if name.startswith(MARK))
    return Kept(path, fields, "kept_files" in request.form, request.form.get("kept_seat", ""))


def _takes_forms(path: str) -> bool:
    if not path.startswith("/") or path[1:2] in {"/", "\\"}:
        return False
    try:
        current_app.url_map.bind("localhost").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return False
    return True
