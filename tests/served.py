"""An application behind a real port, for browsers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve it while the caller needs it, at the address that is given; it knows that address as its own."""
    server = make_server("127.0.0.1", 0, _at_once(app), threaded=True)
    url = app.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield url
    finally:
        server.shutdown()
        running.join()
        server.server_close()
        app.extensions["engine"].dispose()


def _at_once(app: Flask) -> Callable[[dict[str, Any], Any], list[bytes]]:
    """Hand each answer over whole: werkzeug's own server leaves a file open when the browser hangs up while it is being sent."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer
