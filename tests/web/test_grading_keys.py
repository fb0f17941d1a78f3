"""The grid by keyboard, in a real browser on the real application: one key saves and goes on, and no colleague is overwritten."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.session import make_engine, reading
from models.tables import Case, Indicator, Item, Organisation, ScoreEntry
from settings import ROOT
from tests.season import GRADING, Season, make_season

UNITS = ("00004", "00008", "00025")
QUEUE = "/ky/2025/cham-diem"
GRID = f"{QUEUE}/IV.09"
TEMPLATES = ROOT / "web" / "templates"


@pytest.fixture
def season(sqlite) -> Iterator[Season]:
    """Three communes have submitted; it is round 1."""
    engine = make_engine(sqlite)
    season = make_season(engine, UNITS)
    for unit in UNITS:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    yield season
    engine.dispose()


@pytest.fixture
def page(browser, season, address) -> Iterator[Page]:
    """The grid as somebody of Sở KH&CN has it open; an error of script or a refusal by the policy fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    page.goto("/dang-nhap")
    token = page.locator('input[name="csrf_token"]').first.input_value()
    context.request.post("/dang-nhap/demo/grader.skhcn@demo.example", form={"csrf_token": token})
    page.goto(GRID)
    yield page
    context.close()
    assert wrong == []


def points(page: Page, unit: str):
    return page.locator(f'tr[data-unit="{unit}"] input[name="points"]')


def row(page: Page, unit: str):
    return page.locator(f'tr[data-unit="{unit}"][id]')


def given(season) -> list[int | None]:
    with reading(season.engine) as session:
        return list(session.scalars(select(ScoreEntry.points).where(ScoreEntry.stage == "round1").order_by(ScoreEntry.id)))


def test_equals_agrees_saves_and_goes_on(page, season):
    points(page, "00004").press("=")
    expect(row(page, "00004")).to_contain_text("Đồng ý")
    expect(page.locator("#tien-do")).to_contain_text("1/3 đã chấm")
    assert given(season) == [45_000]
    following = page.locator("tr[data-unit]:has(input[name=points]:focus)")
    expect(following).to_have_count(1)
    assert following.get_attribute("data-unit") != "00004"


def test_enter_saves_and_a_second_save_is_no_clash(page, season):
    points(page, "00004").fill("4,5")
    points(page, "00004").press("Enter")
    expect(row(page, "00004")).to_contain_text("Đồng ý")
    page.locator('tr[data-unit="00004"] input[name="reason"]').fill("Báo cáo ghi khác.")
    points(page, "00004").fill("4")
    points(page, "00004").press("Enter")
    expect(row(page, "00004")).to_contain_text("Hạ 0,50")
    assert given(season)[-1] == 40_000
    expect(page.locator(".clash")).to_have_count(0)


def test_a_refusal_stands_under_its_row_and_keeps_what_was_typed(page, season):
    points(page, "00004").fill("4")
    points(page, "00004").press("Enter")
    expect(page.locator("tr.refused")).to_contain_text("phải ghi lý do")
    expect(points(page, "00004")).to_have_value("4")
    assert given(season) == []


def test_a_colleague_is_not_overwritten(page, season):
    season.grade("lead.skhcn", 42_000, codes=("IV.09",), units=("00004",))
    points(page, "00004").fill("4,5")
    points(page, "00004").press("Enter")
    clash = page.locator("tr.clash")
    expect(clash).to_contain_text("4,20")
    expect(clash).to_contain_text("4,5")
    assert given(season) == [42_000]
    clash.get_by_role("button", name=re.compile("Ghi 4,5")).click()
    expect(row(page, "00004")).to_contain_text("Đồng ý")
    assert given(season) == [42_000, 45_000]


def test_the_panel_follows_the_row_one_rests_in(page):
    points(page, "00008").focus()
    expect(page.locator("#canh-00008")).to_be_visible()
    expect(row(page, "00008")).to_have_class("here")
    page.locator("#canh-00008 textarea[name=reason]").fill("đang viết")
    points(page, "00004").focus()
    expect(page.locator("#canh-00008 textarea[name=reason]")).to_have_value("đang viết")


def test_n_goes_to_the_comment(page):
    points(page, "00004").press("n")
    expect(page.locator('tr[data-unit="00004"] input[name="reason"]')).to_be_focused()
    expect(points(page, "00004")).to_have_value("")


def test_on_a_phone_rows_are_cards_and_nothing_scrolls_sideways(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(GRID)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = points(page, "00004").bounding_box()
    assert box["height"] >= 24
    assert box["x"] + box["width"] <= 390


def test_without_script_a_row_is_saved_all_the_same(browser, address, season):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/dang-nhap")
    token = page.locator('input[name="csrf_token"]').first.input_value()
    context.request.post("/dang-nhap/demo/grader.skhcn@demo.example", form={"csrf_token": token})
    page.goto(GRID)
    points(page, "00004").fill("4,5")
    row(page, "00004").get_by_role("button", name="Ghi").click()
    expect(page.locator("#status")).to_contain_text("Đã ghi Phường Ba Đình: 4,50.")
    assert given(season) == [45_000]
    context.close()


def test_the_grid_of_a_case_has_the_same_keys_over_all_its_groups(page, season):
    page.goto("/ky/2025/ho-so/00004/cham-diem")
    fields = page.locator('tr[data-item] input[name="points"]')
    fields.first.focus()
    for _ in range(fields.count()):
        page.keyboard.press("=")
    expect(page.locator("#tien-do")).to_contain_text(f"{fields.count()}/{fields.count()} đã chấm", timeout=30_000)
    assert len(given(season)) == fields.count()


def entries(season) -> dict[tuple[str, str], tuple[int | None, str]]:
    with reading(season.engine) as session:
        query = select(Organisation.code, Indicator.code, ScoreEntry.points, ScoreEntry.reason).join(Item, Item.id == ScoreEntry.item_id)
        query = query.join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
        query = query.join(Organisation, Organisation.id == Case.unit_id).where(ScoreEntry.stage == "round1").order_by(ScoreEntry.id)
        return {(unit, code): (points, reason) for unit, code, points, reason in session.execute(query)}


@pytest.mark.parametrize("grid", [GRID, "/ky/2025/ho-so/00004/cham-diem"], ids=["of an indicator", "of a case"])
def test_typing_fast_and_going_on_at_once_leaves_each_value_in_its_row(page, season, grid):
    page.goto(grid)
    rows = page.locator("tr[data-row]:has(input[name=points])")
    keys = [rows.nth(place).get_attribute("data-row") for place in range(3)]
    for place, key in enumerate(keys):
        here = page.locator(f'tr[data-row="{key}"][id]')
        here.locator('input[name="reason"]').fill(f"Nhận xét {key}.")
        here.locator('input[name="points"]').fill(f"{place + 1}")
    onward = page.locator("a[rel=next]")
    address = onward.get_attribute("href")
    onward.click()
    page.wait_for_url(f"**{address}")
    of_case = "ho-so" in grid
    typed = {(("00004", key) if of_case else (key, "IV.09")): place for place, key in enumerate(keys)}
    wanted = {cell: ((place + 1) * 10_000, f"Nhận xét {keys[place]}.") for cell, place in typed.items()}
    page.goto(grid)
    for key in keys:
        expect(page.locator(f'tr[data-row="{key}"][id] input[name="reason"]')).to_have_value(f"Nhận xét {key}.")
    assert entries(season) == wanted


def test_no_other_page_saves_by_itself():
    """Those that do are typed into fast here and in `test_item_keys.py`."""
    saving = {
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
        if re.search("<form[^>]*(data-autosave|data-row-save)", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert saving == {"cases/item_form.html", "cases/answer.html", "grading/macros.html"}


def test_agreeing_takes_the_reason_for_other_points_away(page, season):
    points(page, "00004").fill("3")
    row(page, "00004").locator('[name="reason"]').fill("Chưa chỉ rõ trang chứng minh.")
    row(page, "00004").locator('[name="reason"]').press("Enter")
    expect(row(page, "00004")).to_contain_text("Hạ")
    points(page, "00004").press("=")
    expect(row(page, "00004")).to_contain_text("Đồng ý")
    with reading(season.engine) as session:
        newest = session.scalars(select(ScoreEntry).where(ScoreEntry.stage == "round1").order_by(ScoreEntry.id.desc())).first()
        assert newest.reason == ""


def test_a_comment_before_the_points_is_no_mistake_and_goes_with_them(page, season):
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    reason = row(page, "00004").locator('[name="reason"]')
    reason.fill("Thiếu phụ lục.")
    reason.press("Enter")
    expect(page.locator("[data-saved]").first).to_contain_text("nhận xét được giữ trên máy này")
    assert sent == []
    points(page, "00004").fill("2")
    points(page, "00004").press("Enter")
    expect(row(page, "00004")).to_contain_text("Hạ")
    assert "Thiếu phụ lục." in said(season)


def said(season) -> list[str]:
    with reading(season.engine) as session:
        return list(session.scalars(select(ScoreEntry.reason).where(ScoreEntry.stage == "round1")))


def test_a_refused_row_goes_out_once(page):
    page.clock.install()
    page.goto(GRID)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    points(page, "00004").fill("99")
    points(page, "00004").press("Enter")
    page.clock.run_for(100)  # leaving the field asks to save too, while the first try is still on its way
    expect(page.locator("tr.refused")).to_contain_text("không được vượt")
    page.clock.run_for(6000)
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
