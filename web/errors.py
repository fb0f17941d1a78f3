"""Every refusal and every trouble as a page: the code, the fact, what to do; one table."""

import errno
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from models.session import reading
from states.refusal import NotFound, Problem, Refused, Stale
from states.words import N_
from web.kept import kept_now
from web.language import say
from web.log import note
from web.routing import STRANGER, ChoiceNeeded, ProofNeeded, SignInNeeded
from web.seat import SeatChanged
from web.security import UNSAFE, is_fetch, page_above, safe_next
from web.visitor import engine


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row of the table: what one sees when something is in the way."""

    code: int
    fact: str
    todo: str


BAD = Trouble(400, N_("Yêu cầu không đọc được"), N_("Quay lại trang trước, tải lại trang rồi thử lại."))
FORGED = Trouble(
    400,
    N_("Biểu mẫu này không còn hiệu lực"),
    N_("Tải lại trang rồi gửi lại. Nếu bạn không gửi gì, hãy đóng trang vừa dẫn bạn tới đây."),
)
UNKNOWN = Trouble(
    404,
    N_("Không có trang này, hoặc bạn không có quyền xem"),
    N_("Kiểm tra lại địa chỉ, hoặc đổi sang vai khác của bạn. Dữ liệu của bạn không bị ảnh hưởng."),
)
METHOD = Trouble(405, N_("Địa chỉ này không nhận thao tác như vậy"), N_("Quay lại trang trước và dùng nút trên trang."))
STALE = Trouble(
    409,
    N_("Có người vừa sửa trước bạn"),
    N_("Chưa ghi gì cả. Mở lại trang để xem bản mới nhất; chữ bạn gõ vẫn còn ở trang trước."),
)
OTHER_SEAT = Trouble(
    409,
    N_("Trang này mở từ vai khác hoặc tài khoản khác; chưa ghi gì cả"),
    N_("Tải lại trang để làm việc ở vai hiện nay, hoặc đổi lại vai ở đầu trang rồi gửi lại."),
)
NOT_SHOWN = Trouble(409, N_("Trang này không mở cho bạn"), N_("Lý do:"))
NOT_NOW = Trouble(409, N_("Chưa làm được việc này"), N_("Chưa ghi gì cả. Lý do:"))
INVALID = Trouble(422, N_("Nội dung chưa hợp lệ"), N_("Chưa ghi gì cả. Quay lại trang trước và sửa những chỗ sau:"))
LARGE = Trouble(
    413, N_("Tệp hoặc biểu mẫu quá lớn"), N_("Mỗi lần gửi nhiều nhất 60 MB. Nén ảnh, quét lại ở 200 dpi hoặc tách tệp rồi gửi lại.")
)
OFTEN = Trouble(429, N_("Thử quá nhiều lần"), N_("Chờ vài phút rồi thử lại. Những nơi đang đăng nhập không bị ảnh hưởng."))
BROKEN = Trouble(
    500, N_("Hệ thống gặp sự cố"), N_("Không có gì được ghi nửa chừng. Thử lại sau ít phút; nếu vẫn lỗi, báo Tổ thư ký kèm mã sự cố.")
)
BUSY = Trouble(503, N_("Hệ thống đang quá tải"), N_("Chưa ghi gì cả. Chờ vài giây rồi gửi lại; chữ bạn gõ vẫn còn ở trang trước."))
UNREACHABLE = Trouble(503, N_("Không nối được cơ sở dữ liệu"), N_("Chưa ghi gì cả. Quản trị hệ thống kiểm tra máy chủ cơ sở dữ liệu."))
NOT_MIGRATED = Trouble(
    503,
    N_("Cơ sở dữ liệu chưa được nâng cấp theo phiên bản này"),
    N_("Quản trị hệ thống chạy lệnh “thamdinh db upgrade”, rồi tải lại trang."),
)
FULL = Trouble(507, N_("Máy chủ hết chỗ lưu"), N_("Chưa ghi gì cả. Giữ lại nội dung của bạn và báo quản trị hệ thống dọn chỗ trống."))

BY_CODE = {trouble.code: trouble for trouble in (BAD, UNKNOWN, METHOD, LARGE, OFTEN, BROKEN)}
BY_STATE = {
    "42P01": NOT_MIGRATED, "42703": NOT_MIGRATED,
    "53100": FULL,
    "40001": BUSY, "40P01": BUSY, "55P03": BUSY,  # two transactions in each other's way: nothing was written, a second try will do
    "22003": BAD,  # a number that no column holds
}  # fmt: skip
"""What PostgreSQL says by code."""
SIGNS = (
    ("too large to convert to SQLite INTEGER", BAD),
    ("database or disk is full", FULL),
    ("no such table", NOT_MIGRATED),
    ("no such column", NOT_MIGRATED),
    ("database is locked", BUSY),
    ("QueuePool limit", BUSY),
)
"""What SQLite (and the pool) say in words, where PostgreSQL has codes."""


def trouble_of(error: Exception) -> Trouble:
    """Return the row for a failure of database or disk; `BROKEN` for what nobody foresaw."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FULL
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state in BY_STATE:
        return BY_STATE[state]
    said = next((trouble for sign, trouble in SIGNS if sign in str(error)), None)
    if said:
        return said
    return UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else BROKEN


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def error_page(trouble: Trouble, problems: Iterable[Problem] = (), code: int | None = None) -> Response:
    """Return the page with its status; as JSON to whoever asks for that."""
    told = [{"place": problem.place, "text": say(problem)} for problem in problems]
    words = {
        "code": code or trouble.code, "fact": say(trouble.fact), "todo": say(trouble.todo), "problems": told,
        "incident": g.get("request_id", ""),
    }  # fmt: skip
    return current_app.make_response((jsonify(words) if _wants_json() else render_template("errors/error.html", **words), words["code"]))


def _not_found(_: Exception) -> Response:
    known = g.get("visitor")
    note("denied", person=known.person_id if known else None)
    return error_page(UNKNOWN)


def _refused(error: Refused) -> ResponseReturnValue:
    """Show a refusal that no view has shown; one that only misses the password asks for it, with the form kept."""
    if [problem.place for problem in error.problems] == ["password"]:
        return _prove(ProofNeeded())
    at_fields = any(problem.place for problem in error.problems)
    trouble = INVALID if at_fields else NOT_NOW if request.method in UNSAFE else NOT_SHOWN
    return error_page(trouble, error.problems)


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError) or error.code is None:
        original = getattr(error, "original_exception", None)
        return _failed(original if isinstance(original, Exception) else error)
    if error.code < 400:  # noqa: PLR2004  (redirects of the router)
        return error
    if error.code == METHOD.code and request.method == "GET" and not (is_fetch() or _wants_json()):
        above = page_above(request.path)  # the address of a form that came back with its problems, opened anew
        if above != "/":
            return redirect(above, 303)
    return _with_headers(error, error_page(BY_CODE.get(error.code, BAD), code=error.code))


def _with_headers(error: HTTPException, response: Response) -> Response:
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _failed(error: Exception) -> ResponseReturnValue:
    """Tell a failure apart, log it with its trace, and answer; nothing was committed."""
    trouble = trouble_of(error)
    note("failed", error=error)
    g.visitor = None
    response = error_page(trouble)
    if trouble is BUSY:
        response.headers["Retry-After"] = "5"
    return response


def _sign_in(_: SignInNeeded) -> ResponseReturnValue:
    """Ask to sign in: by redirect for a page; for a form on the spot, with its text kept; script asks in place (401)."""
    if is_fetch() or request.method in UNSAFE:
        from web.accounts import sign_in_page

        return sign_in_page(kept=None if is_fetch() else kept_now()), 401
    return redirect(url_for("accounts.sign_in", next=_here()), 303)


def _choose(_: ChoiceNeeded) -> ResponseReturnValue:
    """Ask for the role: by redirect for a page; a form is kept meanwhile; script is told that nothing was saved."""
    if is_fetch():
        return error_page(OTHER_SEAT)
    if request.method in UNSAFE:
        from web.accounts import roles_page

        with reading(engine()) as session:
            return roles_page(session, STRANGER, kept_now()), 409
    return redirect(url_for("accounts.roles", next=_here()), 303)


def _seat_changed(_: SeatChanged) -> ResponseReturnValue:
    """Write nothing in another's name; what was typed goes back to the seat it was typed in."""
    kept = None if is_fetch() else kept_now()
    note("seat_changed")
    return (render_template("accounts/resume.html", kept=kept), 409) if kept else error_page(OTHER_SEAT)


def _prove(needed: ProofNeeded) -> ResponseReturnValue:
    """Ask for the password again; what was to be sent is kept."""
    if is_fetch() or request.method in UNSAFE:
        from web.password_pages import prove_page

        return prove_page(kept=None if is_fetch() else kept_now(needed.instead)), 401
    return redirect(url_for("passwords.prove", next=_here()), 303)


def _here() -> str | None:
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return here if safe_next(here, "") else None


def _forged(error: CSRFError) -> ResponseReturnValue:
    """A form without its token: from a page of ours it may be sent again, from anywhere else it is refused."""
    note("csrf", why=error.description)
    kept = None if is_fetch() else kept_now()
    return (render_template("accounts/resume.html", kept=kept), 400) if kept else error_page(FORGED)


def set_up_errors(app: Flask) -> None:
    """Register the handlers."""
    # without a host that we know there are no addresses, and so no page to show
    app.register_error_handler(SecurityError, lambda _: Response("400 Bad Request\n", 400, mimetype="text/plain"))
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Stale, lambda _: error_page(STALE))
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(ChoiceNeeded, _choose)
    app.register_error_handler(SeatChanged, _seat_changed)
    app.register_error_handler(ProofNeeded, _prove)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(DBAPIError, _failed)
    app.register_error_handler(OSError, _failed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)
