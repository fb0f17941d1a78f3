"""What happened, one line of JSON each: nothing typed can break a line or pretend to be another one. Never a password, never a score."""

import json
import logging
import re

from flask import g, request

log = logging.getLogger("thamdinh.web")
LONG = re.compile(r"[\w-]{20,}")
"""Tokens of links and codes of receipts: who reads the log must not be able to use them."""


def note(what: str, *, error: Exception | None = None, **more: object) -> None:
    """Write one line with the code of the request; a failure brings its trace."""
    line = {"what": what, "request": g.get("request_id", ""), "method": request.method, "path": LONG.sub("…", request.path), **more}
    log.log(logging.ERROR if error else logging.WARNING, json.dumps(line, ensure_ascii=True, default=str), exc_info=error)
