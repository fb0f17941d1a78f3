"""Finds Debian's chromium, and installs it where that is possible."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

APT = ["apt-get", "--quiet=2", "--yes"]


class NoBrowserError(Exception):
    """There is no chromium and it cannot be installed; says why and what to do."""


def chromium() -> Path:
    """The path of chromium, installed by apt when it is missing and we are root. Raises NoBrowserError."""
    with (Path(tempfile.gettempdir()) / f"thamdinh-browser-{os.geteuid()}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two test workers must not run apt at once
        return _found() or _installed()


def _found() -> Path | None:
    path = shutil.which("chromium")
    return Path(path) if path else None


def _installed() -> Path:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowserError("chromium is missing and only root can install it: apt-get install chromium")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    said = ""
    for step in (["update"], ["install", "--no-install-recommends", "chromium"]):
        done = subprocess.run([*APT, *step], env=environment, capture_output=True, text=True, check=False)
        said += done.stderr
    found = _found()
    if found is None:
        raise NoBrowserError(f"chromium is missing and apt-get could not install it: {said.strip()}")
    return found
