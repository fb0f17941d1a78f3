"""What every request and answer must have: trusted hosts and proxies, one origin, headers, a safe way back (security.md 1.5, 3.3)."""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from models.base import LARGEST_KEY
from settings import Settings
from web.plain_text import PlainRequest, plain
from web.visitor import touch
from workflow.clock import machine_now

HOME = "/viec-cua-toi"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOT_IN_PATHS = re.compile(r"[\\\x00-\x20\x7f]")
FETCH = "fetch"
"""Value of `X-Requested-With` with which the page's own script asks."""

POLICY = "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
SAID_ONCE = frozenset((
    "a", "b", "confirm", "csrf_token", "decision_document", "decision_number", "decision_on", "email", "kind", "membership",
    "minutes_number", "minutes_on", "organisation", "password", "person", "points", "proposal", "reason", "role", "seat",
    "stance", "text", "unsign", "until", "verdict", "version", "visible_on",
))  # fmt: skip
"""Fields that bind: a form that gives one of them two values says two things, and neither is taken."""
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 O 1 I L: a code of trouble is read out over the telephone."""

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
csrf = CSRFProtect()


class RowNumber(IntegerConverter):
    """The number of a row in an address: what no column holds is no page."""

    def __init__(self, url_map: Map, **more: Any) -> None:  # noqa: ANN401  (werkzeug's own)
        """Refuse larger numbers than a column holds."""
        super().__init__(url_map, max=LARGEST_KEY, **more)


class TrustedProxies:
    """Believes `X-Forwarded-*` for exactly the hops that are our own proxies; from anybody else they are noise."""

    def __init__(self, app: WsgiApp, addresses: Iterable[str]) -> None:
        """Take the addresses of the proxies."""
        self.app = app
        self.addresses = frozenset(addresses)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI)
        """Answer one request as the client behind the proxies."""
        hops = self._hops(environ)
        return (ProxyFix(self.app, x_for=hops, x_proto=1, x_host=0) if hops else self.app)(environ, start_response)

    def _hops(self, environ: dict[str, Any]) -> int:
        if environ.get("REMOTE_ADDR") not in self.addresses:
            return 0
        told = [name.strip() for name in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        hops = 1
        while hops < len(told) and told[-hops] in self.addresses:
            hops += 1
        return hops


def is_fetch() -> bool:
    """Return whether the page's own script asks, and wants an answer it can use in place."""
    return request.headers.get("X-Requested-With") == FETCH


def same_origin() -> bool | None:
    """Return whether the request comes from a page of ours; None where the browser did not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return None
    try:
        return urlsplit(origin)[:2] in {urlsplit(request.host_url)[:2], urlsplit(current_app.config["BASE_URL"])[:2]}
    except ValueError:  # no address at all
        return False


def _refuse_odd_path() -> None:
    if request.path != plain(request.path):
        raise NotFound


def protect() -> None:
    """Let an unsafe request pass only from a page of ours and with its token. Reads the body: never while holding locks."""
    if request.method in UNSAFE:
        if same_origin() is False:
            raise CSRFError("from another site")
        csrf.protect()
        if any(len(set(request.form.getlist(name))) > 1 for name in SAID_ONCE):
            raise BadRequest


def safe_next(wanted: str | None, otherwise: str = HOME) -> str:
    """Return a path of our own that answers GET, or `otherwise`: nothing that a browser could read as another host."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return otherwise
    if NOT_IN_PATHS.search(wanted):
        return otherwise
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc:
        return otherwise
    return wanted if _is_page(parts.path) else otherwise


def _is_page(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return True


def page_above(path: str) -> str:
    """Return the page that an address belongs to: itself, or for one that only takes forms the nearest above it; at last the front page."""
    while path.strip("/") and not _is_page(path):
        path = path.rpartition("/")[0]
    return path or "/"


def new_code() -> str:
    """Return a short code that names one request in logs, events and on error pages: 45 bits, easy to read out."""
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(9))
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def _arrive() -> None:
    g.arrived = machine_now()
    g.request_id = new_code()


def _seal(response: Response) -> Response:
    """Give an answer its headers; what a signed-in person sees stays in no cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("visitor") is not None:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    touch()
    return response


def set_up_security(app: Flask, settings: Settings) -> None:
    """Configure hosts, sizes and CSRF, and hang the headers on every answer."""
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        BASE_URL=settings.base_url.rstrip("/"),
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=60 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # web.routing checks, after the session and before the locks
        WTF_CSRF_SSL_STRICT=False,  # our own check of the origin does not need the Referer
    )
    app.url_map.converters["int"] = RowNumber
    app.request_class = PlainRequest
    csrf.init_app(app)
    app.before_request(_arrive)
    app.before_request(_refuse_odd_path)
    app.after_request(_seal)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
