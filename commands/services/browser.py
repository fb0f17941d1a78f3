"""Finds Debian's chromium and what drives it, and installs them where that is possible."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CDLL
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

APT = ["apt-get", "--quiet=2", "--yes", "--no-install-recommends"]
PACKAGES = ["chromium", "libatomic1"]
"""The browser, and the one library that Playwright's driver needs and a bare Debian lacks."""


QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
"""A browser that asks nobody anything by itself."""


class NoBrowserError(Exception):
    """There is no chromium and it cannot be installed; says why and what to do."""


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser. Raises NoBrowserError. As root it runs without its sandbox, which it would refuse."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0, args=QUIET)
        yield browser
        browser.close()


def chromium() -> Path:
    """The path of chromium, installed by apt when it is missing and we are root. Raises NoBrowserError."""
    with (Path(tempfile.gettempdir()) / f"thamdinh-browser-{os.geteuid()}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two test workers must not run apt at once
        return _found() or _installed()


def _found() -> Path | None:
    path = shutil.which("chromium")
    try:
        CDLL("libatomic.so.1")
    except OSError:
        return None
    return Path(path) if path else None


def _installed() -> Path:
    wanted = f"apt-get install {' '.join(PACKAGES)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowserError(f"no browser for the tests, and only root can install it: {wanted}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    said = ""
    for step in (["update"], ["install", *PACKAGES]):
        done = subprocess.run([*APT, *step], env=environment, capture_output=True, text=True, check=False)
        said += done.stderr
    found = _found()
    if found is None:
        raise NoBrowserError(f"no browser for the tests, and `{wanted}` failed: {said.strip()}")
    return found
