"""The browser's side of a session: one cookie with a random token, whose session lives in the database, and a signed note.

The note holds only what is of no value to a thief and needs no row: the CSRF token of somebody not signed in, the word to show
on the next page. For somebody signed in the CSRF token is derived from the session's token: it lives and dies with the session.
"""

import hashlib
import hmac
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import CallbackDict

from workflow.signing_in import ABSOLUTE

CSRF = "csrf_token"


class Visit(CallbackDict[str, Any], SessionMixin):
    """What Flask calls the session: the note as a dictionary, and the token beside it."""

    def __init__(self, note: dict[str, Any], token: str, key: str) -> None:
        """Take what came with the cookies; `key` signs."""
        self.token = token
        self.key = key
        self.token_changed = False
        self.modified = False
        if token:
            note[CSRF] = derived_csrf(token, key)
        super().__init__(note, _note_changed)

    def begin(self, token: str) -> None:
        """Carry a new token from now on; nothing of the visit before goes over."""
        self.clear()
        self.token, self.token_changed = token, True
        self[CSRF] = derived_csrf(token, self.key)

    def end(self) -> None:
        """Forget token and note."""
        self.clear()
        self.token, self.token_changed = "", True


def _note_changed(visit: Any) -> None:  # noqa: ANN401  (the dictionary that calls back)
    visit.modified = True


def derived_csrf(token: str, key: str) -> str:
    """Return the CSRF secret that belongs to a session's token."""
    return hmac.new(key.encode(), b"thamdinh/csrf/1\0" + token.encode(), hashlib.sha256).hexdigest()


class Sessions(SessionInterface):
    """Opens a visit from its two cookies without asking the database, and writes back what changed."""

    def __init__(self, key: str, *, secure: bool) -> None:
        """Take the signing key; `secure` is for HTTPS: `__Host-` names, which no other host can set."""
        self.key = key
        self.secure = secure
        self.token_name, self.note_name = ("__Host-thamdinh", "__Host-thamdinh-note") if secure else ("thamdinh", "thamdinh-note")
        self.signer = URLSafeSerializer(key, salt="thamdinh/note/1")

    def open_session(self, app: Flask, request: Request) -> Visit:  # noqa: ARG002  (Flask's own signature)
        """Return the visit; a note that nobody here signed is an empty one."""
        try:
            note = self.signer.loads(request.cookies.get(self.note_name, ""))
        except BadSignature:
            note = {}
        return Visit(cast("dict[str, Any]", note), request.cookies.get(self.token_name, ""), self.key)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Set or clear the cookies that changed."""
        visit = cast("Visit", session)
        response.vary.add("Cookie")
        if visit.token_changed:
            self._set(response, self.token_name, visit.token, int(ABSOLUTE.total_seconds()))
        if visit.modified:
            note = {name: value for name, value in visit.items() if not (visit.token and name == CSRF)}
            self._set(response, self.note_name, str(self.signer.dumps(note)) if note else "", None)

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        if value:
            response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="Lax")
        else:
            response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="Lax")
