"""`thamdinh serve`: the web, under gunicorn's threads."""

import argparse
import socket
from typing import Any

from commands.database import migrated
from commands.memory import collect_seldom
from commands.parser import cause
from settings import Settings
from states.refusal import Problem, Refused

NAME = "serve"
HELP = "chạy các trang web"

TAKEN = "không mở được cổng %(port)s (%(why)s); hãy chọn cổng khác bằng --port"
TIMEOUT = 60
"""Seconds a worker may be deaf before it is started anew; longer than the slowest upload step."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen and how wide."""
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe (mặc định: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="cổng (mặc định: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="số tiến trình (mặc định: %(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="số luồng mỗi tiến trình (mặc định: %(default)s)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop. Refused when the database is not migrated or the port is taken."""
    from gunicorn.app.base import BaseApplication

    from web.app import create_app

    class Served(BaseApplication):  # type: ignore[misc]
        """gunicorn's own way in, without a configuration file."""

        def load_config(self) -> None:
            for name, value in _options(args).items():
                self.cfg.set(name, value)

        def load(self) -> Any:  # noqa: ANN401  (any WSGI application)
            app = create_app(settings)
            collect_seldom()
            return app

    with migrated(settings):
        refuse_taken_port(args.host, args.port)
    Served().run()
    return 0


def _options(args: argparse.Namespace) -> dict[str, Any]:
    return {
        "bind": f"{args.host}:{args.port}",
        "worker_class": "gthread",
        "workers": args.workers,
        "threads": args.threads,
        "timeout": TIMEOUT,
        "graceful_timeout": 10,
        "forwarded_allow_ips": "",  # the application itself decides whom it believes: THAMDINH_TRUSTED_PROXIES
        "control_socket_disable": True,
        "proc_name": "thamdinh",
    }


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse a port that somebody else listens on."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as taken:
        raise Refused(Problem(TAKEN, params={"port": port, "why": cause(taken)})) from taken
