"""How often one may try: counted in Redis when it is there, in memory when it is not.

Only failures count. A device that has signed in to an account before has a count of its own for it, so that nobody can lock
a rival out by typing wrong passwords (security.md A8, A9); sessions that are open are never touched. Unlocking starts both counts anew.
"""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import SQLAlchemyError

from models.session import reading
from web.visitor import engine, visitor
from workflow.signing_in import folded_email
from workflow.unlocking import last_unlocking

ACCOUNT = "10 per 15 minutes"
ADDRESS = "60 per 15 minutes"
NEIGHBOURS = "300 per 15 minutes"
ASKED_ACCOUNT = "5 per hour"
ASKED_ADDRESS = "30 per hour"
DEVICE_YEARS = 365 * 24 * 3600
REMEMBERED = 8
"""Accounts that one device is known for; a shared computer has a few."""

View = TypeVar("View", bound=Callable[..., Any])
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, strategy="moving-window")


def failed(response: Response) -> bool:
    """Return whether an answer says that the try was wrong."""
    return response.status_code == 422  # noqa: PLR2004


def limit_sign_in(view: View) -> View:
    """Count wrong passwords: per account and device where the device is known, else per account, address and neighbourhood."""
    return _limited(view, _typed_email)


def limit_proof(view: View) -> View:
    """Count the wrong passwords of somebody signed in who types the own one again: for who it is, whatever address the form names."""
    return _limited(view, _own_email)


def _limited(view: View, email: Callable[[], str]) -> View:
    def is_known() -> bool:
        return _account(email()) in _device()[1]

    limits = ((ACCOUNT, lambda: _device_or_account(email()), None), (ADDRESS, _address, is_known), (NEIGHBOURS, _neighbours, is_known))
    for rate, key, exempt in limits:
        view = cast("View", limiter.limit(rate, key_func=key, deduct_when=failed, exempt_when=exempt)(view))
    return view


def limit_asking(view: View) -> View:
    """Count requests for reset mails, whether the address exists or not."""
    for rate, key in (
        (ASKED_ACCOUNT, lambda: f"asked:{_account(_typed_email())}"),
        (ASKED_ADDRESS, lambda: f"asked-from:{request.remote_addr}"),
    ):
        view = cast("View", limiter.limit(rate, key_func=key)(view))
    return view


def remember_device(response: Response, email: str) -> Response:
    """Let this device be known for the account that just signed in."""
    device, known = _device()
    names = [name for name in known if name != _account(email)][-REMEMBERED + 1 :]
    response.set_cookie(
        _cookie(), str(_signer().dumps([device, *names, _account(email)])), max_age=DEVICE_YEARS, path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _device() -> tuple[str, list[str]]:
    try:
        device, *known = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError):
        return secrets.token_hex(8), []
    return device, known


def _account(email: str) -> str:
    return hashlib.sha256(folded_email(email).encode()).hexdigest()[:24]


def _typed_email() -> str:
    return request.form.get("email", "")


def _own_email() -> str:
    known = visitor()
    return known.email if known else ""


def _device_or_account(email: str) -> str:
    device, known = _device()
    account = _account(email)
    return f"{f'device:{device}' if account in known else 'account'}:{account}:{_unlocked(email)}"


def _unlocked(email: str) -> int:
    """Return the mark of the last unlocking: with another mark the count begins anew, in whatever place it is kept."""
    if "unlocked" not in g:
        g.unlocked = 0
        with suppress(SQLAlchemyError), reading(engine()) as rows:
            g.unlocked = last_unlocking(rows, email)
    return cast("int", g.unlocked)


def _address() -> str:
    return f"address:{request.remote_addr}"


def _neighbours() -> str:
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  (a stand-in, nothing is bound to it)
    return "neighbours:" + str(ip_network(f"{address}/{24 if address.version == 4 else 56}", strict=False))  # noqa: PLR2004


def _cookie() -> str:
    return "__Host-thamdinh-device" if current_app.config["SESSION_COOKIE_SECURE"] else "thamdinh-device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="thamdinh/device/1")


def set_up_limits(app: Flask, redis_url: str) -> None:
    """Count in Redis at `redis_url`, in memory without one or while it does not answer."""
    options: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1} if redis_url else {}
    app.config.update(
        RATELIMIT_STORAGE_URI=redis_url.replace("unix://", "redis+unix://", 1) if redis_url else "memory://",
        RATELIMIT_STORAGE_OPTIONS=options,
        RATELIMIT_KEY_PREFIX="thamdinh",
    )
    limiter.init_app(app)
