"""Static files: served by WhiteNoise before the application, kept by browsers for ever under an address that changes with their content.

The version is a part of the path, so that what a file names relatively (modules, fonts) carries it too.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Never

from flask import Flask
from whitenoise import WhiteNoise

from states.refusal import NotFound
from web.routing import declare

STATIC = Path(__file__).parent / "static"
VERSIONED = re.compile(r"/static/v-([0-9a-f]{12})(/.*)")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def static(filename: str) -> Never:  # noqa: ARG001  (a part of the address)
    """Stand for a file that WhiteNoise did not find."""
    raise NotFound


def version_of(folder: Path) -> str:
    """Return twelve digits that change with the name or content of any file."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


class Versions:
    """Takes the version out of the path before WhiteNoise looks, and says how long the answer holds."""

    def __init__(self, app: Callable[..., Iterable[bytes]], version: str) -> None:
        """Wrap WhiteNoise; `version` is today's."""
        self.app = app
        self.version = version

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; a version of another day gets today's file, to be asked for again."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/static/"):
            return self.app(environ, start_response)
        found = VERSIONED.fullmatch(path)
        environ["PATH_INFO"] = f"/static{found[2]}" if found else path
        holds = FOR_EVER if found and found[1] == self.version else ASK_AGAIN

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401  (WSGI)
            kept = [(name, value) for name, value in headers if name.lower() != "cache-control"]
            return start_response(status, [*kept, ("Cache-Control", holds if status[:3] in {"200", "206", "304"} else "no-store")], *more)

        return self.app(environ, start)


def _headers(headers: dict[str, str], path: str, url: str) -> None:  # noqa: ARG001  (WhiteNoise's own signature)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def set_up_statics(app: Flask) -> None:
    """Put WhiteNoise in front, and give `url_for('static', filename=…)` the version."""
    version = version_of(STATIC)
    options = {"autorefresh": app.debug, "allow_all_origins": False, "add_headers_function": _headers}
    files = WhiteNoise(app.wsgi_app, root=STATIC, prefix="static/", **options)
    app.wsgi_app = Versions(files, version)  # type: ignore[method-assign]
    declare(app, "/static/<path:filename>", static)

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"v-{version}/{values['filename']}"
