"""An application behind a real port, for browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve it while the caller needs it, at the address that is given; it knows that address as its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
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
