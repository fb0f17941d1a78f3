"""The application on a real database, and visitors who behave like a browser: cookies, tokens, redirects, and a look at every answer."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from models.session import transaction
from models.tables import Organisation
from settings import Settings
from tests.season import GRADING, Season, make_season
from tests.served import served
from web.app import create_app
from workflow.actor import SYSTEM
from workflow.applicability import confirm_na
from workflow.memberships import NewMembership
from workflow.passwords import hash_password
from workflow.people import NewPerson, add_person

BASE = "http://thamdinh.test"
PASSWORD = "sáng nay trời xanh quá"
SECRET = hash_password(PASSWORD)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ORGANISATIONS = (
    # code, name, is_unit, is_body
    ("00004", "Phường Ba Đình", True, False),
    ("00008", "Phường Hoàn Kiếm", True, False),
    ("SKHCN", "Sở Khoa học và Công nghệ", True, True),
    ("UBNDTP", "UBND thành phố Hà Nội", False, False),
)


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Page(HTMLParser):
    """What a test asks of a page: headings, title, and fields that nobody labelled."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.h1s = self.titles = 0
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self._labelled = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.h1s += tag == "h1"
        self.titles += tag == "title"
        self.ids += [about["id"]] if about.get("id") else []
        self._labelled += tag == "label"
        if tag == "label" and about.get("for"):
            self.labels.add(about["for"])
        if tag in {"input", "select", "textarea"} and about.get("type") not in {"hidden", "submit"} and "hidden" not in about:
            self.fields.append(about | ({"inside": "1"} if self._labelled else {}))
        if "style" in about or tag == "style" or (tag == "script" and not about.get("src")) or any(name.startswith("on") for name in about):
            self.inline.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag):
        self._labelled -= tag == "label"

    @property
    def unlabelled(self):
        known = ("aria-label", "aria-labelledby", "title", "inside")
        return [field for field in self.fields if field.get("id") not in self.labels and not any(field.get(name) for name in known)]


def look_at(response: TestResponse) -> None:
    """Hold every page a test ever sees against what all pages must be."""
    if response.request.path.startswith("/static/"):
        return
    assert response.headers["Content-Security-Policy"].startswith(("default-src 'self'", "sandbox; default-src 'none'"))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html" or not response.text.lstrip().startswith("<!doctype"):
        return
    page = Page(response.text)
    where = f"{response.request.path} ({response.status_code})"
    assert page.h1s == 1, f"{where}: {page.h1s} h1"
    assert page.titles == 1, where
    assert not page.inline, f"{where}: {page.inline}"
    assert not page.unlabelled, f"{where}: {page.unlabelled}"
    assert len(page.ids) == len(set(page.ids)), f"{where}: the same id twice: {sorted(i for i in page.ids if page.ids.count(i) > 1)}"


class Visitor(FlaskClient):
    """A browser of one person. `post` sends the token of the last page seen, as a form on it would."""

    token = ""

    def open(self, *args, **kwargs):
        kwargs.setdefault("base_url", BASE)
        response = super().open(*args, **kwargs)
        look_at(response)
        if any("thamdinh=" in cookie for cookie in response.headers.getlist("Set-Cookie")):
            self.token = ""  # another session: the tokens of pages seen before are worth nothing
        if found := TOKEN.search(response.text) if response.mimetype == "text/html" else None:
            self.token = found[1]
        return response

    def post(self, path, fields=None, **kwargs):
        if not self.token:
            self.get("/dat-lai-mat-khau")
        data = {"csrf_token": self.token} | (fields or {})
        return super().post(path, data=data, **kwargs)

    def sign_in(self, email, password=PASSWORD, **more):
        return self.post("/dang-nhap", {"email": email, "password": password} | more)


@pytest.fixture
def settings(database, tmp_path) -> Settings:
    return settings_for(database, tmp_path)


def settings_for(database: str, folder: Path, **more: str) -> Settings:
    """Settings as `Settings.read` makes them; nothing listens on the address of Redis, so limits are counted in memory."""
    named = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "BASE_URL": BASE,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "k" * 32,
    }
    return Settings.read({f"THAMDINH_{name}": value for name, value in (named | more).items()})


@pytest.fixture
def make_app() -> Iterator[Callable[[Settings], Flask]]:
    """Make applications that are closed with the test."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.test_client_class = Visitor
        app.jinja_env.bytecode_cache = COMPILED
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["engine"].dispose()


@pytest.fixture
def app(make_app, settings) -> Flask:
    """The application as in production."""
    return make_app(settings)


@pytest.fixture
def demo_app(make_app, settings, tmp_path) -> Flask:
    """The application as in the demo, on the same database."""
    return make_app(settings_for(settings.database_url, tmp_path, DEMO="1"))


@pytest.fixture
def visitor(app) -> Callable[[], Visitor]:
    """Browsers of strangers, as many as asked for."""
    return app.test_client


@pytest.fixture
def people(engine) -> dict[str, int]:
    """A few organisations, and a person for each role of theirs, all with `PASSWORD`: email → id."""
    held = {
        "an@unit.example": ("Nguyễn Văn An", [("unit_staff", "00004")]),
        "binh@unit.example": ("Trần Thị Bình", [("unit_head", "00004")]),
        "cham@skhcn.example": ("Lê Quang Chấm", [("grader", "SKHCN")]),
        "thuky@skhcn.example": ("Phạm Thư Ký", [("secretariat", "SKHCN")]),
        "chutich@tp.example": ("Vũ Chủ Tịch", [("chair", "UBNDTP")]),
        "giamsat@tp.example": ("Đỗ Giám Sát", [("auditor", "UBNDTP")]),
        "quantri@tp.example": ("Bùi Quản Trị", [("admin", "UBNDTP")]),
        "haivai@skhcn.example": ("Hồ Hai Vai", [("unit_staff", "SKHCN"), ("grader_lead", "SKHCN")]),
        "khongvai@tp.example": ("Ngô Không Vai", []),
    }
    with transaction(engine) as session:
        add_organisations(session)
        return {
            email: add_person(session, SYSTEM, NewPerson(email, name, memberships=memberships(roles)), secret=SECRET)
            for email, (name, roles) in held.items()
        }


def memberships(roles: list[tuple[str, str]]) -> tuple[NewMembership, ...]:
    return tuple(NewMembership(role, organisation) for role, organisation in roles)


def add_organisations(session) -> None:
    for code, name, is_unit, is_body in ORGANISATIONS:
        session.add(
            Organisation(
                namespace="test", code=code, name=name, short_name=name, sort_key=code, kind="phuong" if code[0] == "0" else "so",
                is_unit=is_unit, is_body=is_body, aliases=[],
            )
        )  # fmt: skip
    session.flush()


@pytest.fixture
def signed_in(app, people) -> Callable[[str], Visitor]:
    """Browsers in which somebody of `people` has signed in."""

    def enter(email: str) -> Visitor:
        client = app.test_client()
        response = client.sign_in(email)
        assert response.status_code == 303, response.text
        return client

    return enter


@pytest.fixture
def season(engine: Engine) -> Season:
    """One open assessment of Decision 5279 with a few units and a demo person for each role."""
    return make_season(engine)


@pytest.fixture
def as_demo(season, demo_app) -> Callable[[str], Visitor]:
    """Browsers in which a demo person ("lead.catp") has walked in with one click."""

    def enter(local: str) -> Visitor:
        client = demo_app.test_client()
        response = client.post(f"/dang-nhap/demo/{local}@demo.example")
        assert response.status_code == 303, response.text
        return client

    return enter


@pytest.fixture
def graded(season):
    """Both units have submitted, one asks that IV.38 does not apply; it is round 1."""
    season.fill("00004", skip=("IV.38",))
    season.ask_na("00004", "IV.38")
    season.fill("00008", share=8)
    season.submit()
    season.at(GRADING)
    return season


@pytest.fixture
def released(graded):
    """Round 1 is released; IV.09 of 00008 was lowered to 3 with a reason and 00004's request was refused."""
    graded.grade_all(None)
    graded.grade("grader.skhcn", 30_000, codes=("IV.09",), units=("00008",))
    graded.sign("SKHCN", ["IV.09"])
    with graded.acting("council.1") as (session, actor):
        confirm_na(session, actor, "2025", "00004", "IV.38", grant=False, reason="Có phát sinh.")
    graded.batch("release_round_1")
    return graded


@pytest.fixture
def contested(released):
    """Round 1 is released; 00008 contests IV.09, lowered to 3, and has sent."""
    released.batch("request_explanation")
    released.contest("00008", "IV.09")
    return released


@pytest.fixture
def address(sqlite, tmp_path) -> Iterator[str]:
    """The application of the demo behind a real port."""
    with served(create_app(settings_for(sqlite, tmp_path, DEMO="1", BASE_URL="http://127.0.0.1"))) as url:
        yield url
