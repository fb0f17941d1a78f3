"""The year of one commune in a browser, from draft to published, through every role.

What the journey is about is done by hand: filling in, submitting, grading, a joint indicator blind, disputed and decided, the own case of
Sở KH&CN graded by a member, a unit that never submits, explaining, finalising, publishing by two. The bulk of the 47 indicators goes
through the functions of the workflow.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from models.session import make_engine
from settings import Settings
from tests.journeys.appraisal import APPRAISAL
from tests.journeys.ending import ENDING
from tests.journeys.journey import CASE, COMMUNE, COVERED, JOINT, NEWS, OFFICE, SILENT, Journey, upload
from tests.season import Season, make_season
from tests.served import served
from web.app import create_app


@pytest.fixture
def season(sqlite) -> Iterator[Season]:
    engine = make_engine(sqlite)
    yield make_season(engine, (COMMUNE, SILENT, OFFICE))
    engine.dispose()


@pytest.fixture
def address(season, sqlite, tmp_path) -> Iterator[str]:
    """The application of the demo behind a real port."""
    named = {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite, "REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": "k" * 32, "DEMO": "1"}
    with served(create_app(Settings.read({f"THAMDINH_{name}": value for name, value in named.items()}))) as url:
        yield url


@pytest.fixture
def journey(browser, season, address, tmp_path) -> Iterator[Journey]:
    with ExitStack() as doors:
        yield Journey(season, address, browser, tmp_path, doors, {})


@pytest.mark.long
def test_one_commune_from_draft_to_published(journey):
    for step in STEPS:
        step(journey)
        assert not journey.troubles(), "\n".join([step.__name__, *journey.troubles()])


# the unit


def _nothing_is_public(journey: Journey) -> None:
    page = journey.who("").visit("/")
    expect(page.locator("body")).not_to_contain_text("Phường Ba Đình")
    journey.who("").visit("/ket-qua/2025", 404)
    journey.who("").visit(f"/ket-qua/2025/{COMMUNE}", 404)


def _saved(page: Page) -> None:
    expect(page.locator("[data-saved][role=status]")).to_contain_text("Đã lưu lúc")


def _the_commune_fills_in(journey: Journey) -> None:
    journey.season.fill(COMMUNE, share=9, skip=(COVERED, JOINT, NEWS))
    staff = journey.who(f"unit.{COMMUNE}")
    staff.visit("/viec-cua-toi")
    staff.visit(CASE)
    page = staff.visit(f"{CASE}/chi-so/{COVERED}")
    page.fill("#a", "9")
    page.fill("#b", "10")
    _saved(page)
    expect(page.locator("#calculation")).to_contain_text("4,50")
    page = staff.visit(f"{CASE}/chi-so/{NEWS}")
    page.locator("input[type=radio][value=yes]").check()
    page.fill("#text", "Chuyên mục phát thứ hai hằng tuần.")
    _saved(page)
    page = staff.visit(f"{CASE}/chi-so/{JOINT}")
    page.fill("#a", "9")
    page.fill("#b", "10")
    _saved(page)
    upload(staff, page, journey.pdf(1))


def _the_check_list_refuses_then_the_head_submits(journey: Journey) -> None:
    head, staff = journey.who(f"head.{COMMUNE}"), journey.who(f"unit.{COMMUNE}")
    page = head.visit(f"{CASE}/nop")
    expect(page.locator("li[data-item]")).to_have_count(1)
    expect(page.locator(f'li[data-item="{COVERED}"]')).to_be_visible()
    upload(staff, staff.visit(f"{CASE}/chi-so/{COVERED}"), journey.pdf(2))
    page = head.visit(f"{CASE}/nop")
    expect(page.locator("li[data-item]")).to_have_count(0)
    head.press(page.locator("button[data-trigger=submit]"), 422)
    expect(page.locator(".error-summary, [data-field=declared].has-error").first).to_be_visible()
    for box in page.locator("input[name=declared]").all():
        box.check()
    head.press(page.locator("button[data-trigger=submit]"))
    expect(page.locator("[data-receipt]")).to_be_visible()
    expect(page.locator(f'[data-unit="{COMMUNE}"]').first).to_have_attribute("data-state", "self_scored")


STEPS: tuple[Callable[[Journey], None], ...] = (
    _nothing_is_public,
    _the_commune_fills_in,
    _the_check_list_refuses_then_the_head_submits,
    *APPRAISAL,
    *ENDING,
)
