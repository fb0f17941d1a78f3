"""Walks through the site as a person would, one page of every kind per role, and says what is wrong with each: for pictures and proofs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from workflow.passwords import DEMO_PASSWORD

ROLES = (
    "unit.00004", "head.00004", "head.00008", "head.00097", "grader.skhcn", "lead.catp", "secretariat.skhcn", "council.2", "deputy",
    "chair", "auditor", "admin",
)  # fmt: skip
"""Local parts of the demo accounts that see every kind of page between them (00097 has its explanation before it, 00008 behind it)."""
PARTS = ("theo", "in", "phan", "bang", "xem")
"""Words of an address behind which a page looks quite another: its tabs, its print."""
DATA = frozenset({"csv", "json", "xlsx", "zip", "pdf"})
FILES = ("/minh-chung/", "/van-ban/")
"""Addresses that hand out a file instead of a page."""
MOST = 120
"""Pages of one role, at most: a loop in the links must not walk for ever."""


@dataclass(slots=True)
class Visit:
    """One page as it was found."""

    role: str
    kind: str
    path: str
    status: int
    troubles: list[str] = field(default_factory=list)


def sign_in(context: BrowserContext, base: str, email: str) -> Page:
    """Sign in by the form, as people do."""
    page = context.new_page()
    page.goto(f"{base}/dang-nhap")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/dang-nhap" not in url)
    return page


def walk(browser: Browser, base: str, urls: Map, role: str, look: Callable[[Page, Visit], None]) -> Iterator[Visit]:
    """Visit one page of each kind that a role ("" for a stranger) can reach by links, and let `look` look at it."""
    with browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900}) as context:
        page = sign_in(context, base, f"{role}@demo.example") if role else context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        waiting = ["/viec-cua-toi" if role else "/"]
        seen: set[str] = set()
        while waiting and len(seen) < MOST:
            path = waiting.pop(0)
            kind = kind_of(urls, path)
            if not kind or kind in seen:
                continue
            seen.add(kind)
            yield from _visit(page, base, Visit(role or "public", kind, path, 0), troubles, look)
            if not kind.startswith("demo."):  # other people's mail leads to other people's pages
                waiting += _links(page, base)


def _visit(page: Page, base: str, visit: Visit, troubles: list[str], look: Callable[[Page, Visit], None]) -> Iterator[Visit]:
    troubles.clear()
    answer = page.goto(base + visit.path)
    visit.status = answer.status if answer else 0
    visit.troubles = list(troubles)
    look(page, visit)
    yield visit


def kind_of(urls: Map, path: str) -> str:
    """Return the kind of a page (endpoint, season and part), or nothing for files and what is not ours."""
    try:
        endpoint, values = urls.bind("127.0.0.1").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return ""
    if endpoint == "static" or path.rpartition(".")[2] in DATA or any(folder in path for folder in FILES):
        return ""
    part = "-".join(f"{name}={value}" for name, value in parse_qsl(urlsplit(path).query) if name in PARTS)
    return "-".join(filter(None, (endpoint, values.get("assessment", ""), part)))


def _links(page: Page, base: str) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [link.removeprefix(base).partition("#")[0] for link in found if link.startswith(base + "/")]
