"""`make screenshots`: every page of every role of the demo, 1280 and 390 px wide, in `screenshots/`; says what is wrong with any."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page
from werkzeug.routing import Map

from commands.services.browser import launched
from commands.walking import ROLES, Visit, walk
from settings import ROOT, Settings

FOLDER = ROOT / "screenshots"
DATA = ROOT / "var" / "screenshots"
WIDTHS = (1280, 390)
FOR_README = {("unit.00004", "cases.show_item-2026"): "phieu.png", ("public", "public.ranking-2025"): "ket-qua.png"}
"""The pictures that the README shows."""


def main() -> int:
    """Take them all; exit 1 when a page fails, scrolls sideways or complains in the console."""
    bad = 0
    with running_demo(DATA) as base, launched() as browser:
        for visit in everything(browser, base):
            bad += bool(visit.troubles)
            print(f"{visit.role:<18} {visit.kind:<40} {visit.status} {'; '.join(visit.troubles)}", flush=True)
    print(f"{FOLDER.name}/: {len(list(FOLDER.rglob('*.png')))} pictures, {bad} pages with trouble")
    return 1 if bad else 0


def everything(browser: Browser, base: str) -> Iterator[Visit]:
    """Visit every page of the public and of each role."""
    urls = url_map(base, DATA)
    for role in ("", *ROLES):
        yield from walk(browser, base, urls, role, take)


def take(page: Page, visit: Visit) -> None:
    """Take the pictures of one page, and note sideways scrolling and failures."""
    if visit.status >= 400:  # noqa: PLR2004
        visit.troubles.append(f"status {visit.status}")
    folder = FOLDER / visit.role
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.set_viewport_size({"width": width, "height": max(900, page.evaluate("document.documentElement.scrollHeight"))})
        # the bar at the foot stands at the foot of a window that tall; colours have come to rest
        page.screenshot(path=folder / f"{visit.kind}-{width}.png", animations="disabled")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            visit.troubles.append(f"scrolls sideways at {width}")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    wanted = FOR_README.get((visit.role, visit.kind))
    if wanted:
        page.screenshot(path=ROOT / "docs" / "pictures" / wanted)


def url_map(base: str, data: Path) -> Map:
    """Return the addresses of the application as the demo serves it."""
    from web.app import create_app

    environment = {"THAMDINH_DEMO": "1", "THAMDINH_BASE_URL": base, "THAMDINH_DATA_DIR": str(data)}
    urls: Map = create_app(Settings.read(environment)).url_map
    return urls


@contextmanager
def running_demo(data: Path, *more: str) -> Iterator[str]:
    """Run the demo on a free port, loading it first where the folder is empty; stop it after."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "commands.main", "demo", "--data", str(data), "--port", str(port), *more]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        lines = []
        for line in demo.stdout or ():
            lines.append(line)
            if "Ctrl-C" in line:
                break
        else:
            raise RuntimeError("the demo did not start:\n" + "".join(lines))
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.terminate()
        demo.wait()
        if demo.stdout:
            demo.stdout.close()


if __name__ == "__main__":
    sys.exit(main())
