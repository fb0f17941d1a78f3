"""Static files: served by WhiteNoise before the application, cached for ever under an address that holds their content's hash."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Never

from flask import Flask
from whitenoise import WhiteNoise

from states.refusal import NotFound
from web.routing import declare

STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


def static(filename: str) -> Never:  # noqa: ARG001  (a part of the address)
    """Stand for a file that WhiteNoise did not find."""
    raise NotFound


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the hash of its content behind a file's address. A missing file is a programming error."""
    if endpoint == "static":
        path = STATIC / values["filename"]
        values["v"] = _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _headers(headers: dict[str, str], path: str, url: str) -> None:  # noqa: ARG001  (WhiteNoise's own signature)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def set_up_statics(app: Flask) -> None:
    """Put WhiteNoise in front, and give `url_for('static', filename=…)` its versions."""
    options = {"max_age": YEAR, "autorefresh": app.debug, "allow_all_origins": False, "add_headers_function": _headers}
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=STATIC, prefix="static/", **options)  # type: ignore[method-assign]
    declare(app, "/static/<path:filename>", static)
    app.url_defaults(_add_version)
