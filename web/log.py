"""What happened, one line of JSON each: nothing typed can break a line or pretend to be another one. Never a password, never a score."""

import json
import logging

from flask import g, request

log = logging.getLogger("thamdinh.web")


def note(what: str, *, error: Exception | None = None, **more: object) -> None:
    """Write one line with the code of the request; a failure brings its trace."""
    line = {"what": what, "request": g.get("request_id", ""), "method": request.method, "path": request.path, **more}
    log.log(logging.ERROR if error else logging.WARNING, json.dumps(line, ensure_ascii=True, default=str), exc_info=error)
