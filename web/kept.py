"""What somebody had typed when the session was lost: kept on the page on which one signs in again, then sent once more."""

from dataclasses import dataclass

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from web.security import UNSAFE, same_origin

NEVER = frozenset({"csrf_token", "password", "password_again", "kept_path"})
MARK = "kept."


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that did not arrive: where it was going and its fields. Files cannot be kept."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False


def kept_now() -> Kept | None:
    """Return the form of this very request; nothing unless it surely comes from a page of ours (or a stranger could plant text)."""
    if request.method not in UNSAFE or not same_origin() or "password" in request.form:
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name not in NEVER)
    return Kept(request.full_path.rstrip("?"), fields, bool(request.files))


def kept_before() -> Kept | None:
    """Return the form that the sign-in page carried along."""
    path = request.form.get("kept_path", "")
    if not path or not _takes_forms(path):
        return None
    fields = tuple((name.removeprefix(MARK), value) for name, value in request.form.items(multi=True) if name.startswith(MARK))
    return Kept(path, fields, "kept_files" in request.form)


def _takes_forms(path: str) -> bool:
    if not path.startswith("/") or path[1:2] in {"/", "\\"}:
        return False
    try:
        current_app.url_map.bind("localhost").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return False
    return True
