"""Two tabs of one window: whoever sits down beside an open page, what was typed there is never saved in the other's name."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.session import make_engine
from tests.season import GRADING, Season, make_season
from tests.web.test_seat import GRID, UNIT, given, sit_twice


@pytest.fixture
def season(sqlite) -> Iterator[Season]:
    engine = make_engine(sqlite)
    season = make_season(engine, (UNIT,))
    season.fill(UNIT)
    season.submit()
    season.at(GRADING)
    yield season
    engine.dispose()


def enter(page: Page, local: str) -> None:
    page.goto("/dang-nhap")
    token = page.locator('input[name="csrf_token"]').first.input_value()
    page.context.request.post(f"/dang-nhap/demo/{local}@demo.example", form={"csrf_token": token})


@pytest.fixture
def window(browser, season, address):
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
    yield context
    context.close()


def test_a_tab_left_open_never_saves_in_the_name_of_who_signed_in_beside_it(window, season):
    mine = window.new_page()
    enter(mine, "grader.skhcn")
    mine.goto(GRID)
    other = window.new_page()
    other.goto("/dang-nhap")
    window.clear_cookies()
    enter(other, "grader.catp")
    points = mine.locator(f'tr[data-unit="{UNIT}"] input[name=points]')
    points.fill("3")
    points.press("Enter")
    expect(mine.locator("[data-saved]").first).to_contain_text("vai khác")
    assert given(season) == []
    other.goto(GRID)
    expect(other.locator(f'tr[data-unit="{UNIT}"] input[name=points]')).to_have_value("")
    assert given(season) == []


def test_a_copy_in_the_browser_comes_up_only_in_the_seat_and_round_it_was_typed_in(window, season):
    other = sit_twice(season, "grader.skhcn", "CATP")
    page = window.new_page()
    enter(page, "grader.skhcn")

    def sit(number: str) -> None:
        page.goto("/vai-tro")
        page.locator(f'form:has(input[name=membership][value="{number}"]) button').click()
        page.wait_for_url("**/viec-cua-toi")
        page.goto(GRID)

    page.goto("/vai-tro")
    numbers = [one.input_value() for one in page.locator("input[name=membership]").all()]
    first = next(number for number in numbers if number != str(other))
    sit(first)
    page.route("**/cham-diem/*/*", lambda route: route.abort())
    field = page.locator(f'tr[data-unit="{UNIT}"] input[name=points]')
    field.fill("3")
    field.press("Enter")
    expect(page.locator("[data-saved]").first).to_contain_text("mất kết nối")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/cham-diem/*/*")
    sit(str(other))
    expect(page.locator(f'tr[data-unit="{UNIT}"] input[name=points]')).to_have_value("")
    assert given(season) == []
    sit(first)
    expect(page.locator(f'tr[data-unit="{UNIT}"] input[name=points]')).to_have_value(re.compile("^3"))
