"""A unit's sheet in a real browser on the real application: going on quickly loses nothing and carries nothing into the next indicator."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from models.session import make_engine, reading
from models.tables import Explanation, Indicator, Item
from tests.season import GRADING, Season, make_season

ITEMS = "/ky/2025/ho-so/00004/chi-so"
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 20 + b"%%EOF\n"


@pytest.fixture
def season(sqlite) -> Iterator[Season]:
    engine = make_engine(sqlite)
    yield make_season(engine, ("00004",))
    engine.dispose()


@pytest.fixture
def window(browser, season, address) -> Iterator[BrowserContext]:
    """The browser of somebody at the commune."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/dang-nhap", wait_until="networkidle")
    token = page.locator('input[name="csrf_token"]').first.input_value()
    context.request.post("/dang-nhap/demo/unit.00004@demo.example", form={"csrf_token": token})
    page.close()
    yield context
    context.close()


def inputs_of(season, code):
    with reading(season.engine) as session:
        query = select(Item.draft_inputs, Item.draft_text).join(Indicator, Indicator.id == Item.indicator_id)
        return tuple(session.execute(query.where(Indicator.code == code)).one())


def open_item(window: BrowserContext, code: str) -> Page:
    page = window.new_page()
    page.goto(f"{ITEMS}/{code}", wait_until="networkidle")  # a page closed in the middle of a download leaves the server's file open
    return page


def test_going_on_at_once_saves_this_one_and_leaves_the_next_alone(window, season):
    page = open_item(window, "IV.09")
    page.fill('input[name="a"]', "90")
    page.fill('input[name="b"]', "100")
    page.fill('textarea[name="text"]', "Theo sổ theo dõi của phường.")
    page.get_by_role("button", name="Mục còn thiếu tiếp theo: IV.10").click()
    page.wait_for_url("**/chi-so/IV.10*")
    assert inputs_of(season, "IV.09") == ({"a": "90", "b": "100"}, "Theo sổ theo dõi của phường.")
    for name in ("a", "b"):
        expect(page.locator(f'input[name="{name}"]')).to_have_value("")
    expect(page.locator('textarea[name="text"]')).to_have_value("")
    page.reload()
    assert inputs_of(season, "IV.10") == (None, "")


def test_what_was_typed_and_left_comes_back_at_its_own_indicator_only(window, season):
    page = open_item(window, "IV.09")
    page.route("**/viec/self_score", lambda route: route.abort())
    page.fill('input[name="a"]', "77")
    page.close(run_before_unload=False)
    expect(open_item(window, "IV.10").locator('input[name="a"]')).to_have_value("")
    expect(open_item(window, "IV.09").locator('input[name="a"]')).to_have_value("77")


def test_ticking_that_it_does_not_apply_leads_to_the_reason_and_is_no_mistake(window, season):
    page = open_item(window, "IV.12")
    page.clock.install()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.check('input[name="na"]')
    expect(page.locator('textarea[name="na_reason"]')).to_be_focused()
    page.clock.run_for(5000)
    assert sent == []
    page.locator('textarea[name="na_reason"]').fill("Năm nay không có.")
    page.clock.run_for(5000)
    expect(page.locator("[data-saved]").first).to_contain_text("Đã lưu lúc")
    assert len(sent) == 1


def test_an_answer_of_one_indicator_never_comes_up_in_another(window, season):
    season.fill("00004")
    season.submit()
    season.at(GRADING)
    season.grade_all(10_000)
    season.batch("release_round_1")
    page = open_item(window, "IV.09")
    page.locator('input[name="stance"][value="contest"]').check(force=True)
    page.fill('textarea[name="text"]', "Phường có 12 văn bản.")
    page.get_by_role("button", name="Mục tiếp theo: IV.10").click()
    page.wait_for_url("**/chi-so/IV.10*")
    expect(page.locator('textarea[name="text"]')).to_have_value("")
    expect(page.locator('input[name="stance"]:checked')).to_have_count(0)
    with reading(season.engine) as session:
        kept = session.execute(select(Indicator.code, Explanation.answer).join(Item, Item.id == Explanation.item_id).join(Indicator)).all()
    assert kept == [("IV.09", "Phường có 12 văn bản.")]


def test_why_nothing_is_saved_stands_in_sight(window, season):
    page = open_item(window, "IV.09")
    season.at(GRADING)
    page.fill('textarea[name="text"]', "Gõ sau hạn.")
    said = page.locator(".bar .saved.failed")
    expect(said).to_contain_text("Đã hết hạn tự chấm")
    expect(said).to_be_in_viewport()
    expect(page.locator('textarea[name="text"]')).to_have_value("Gõ sau hạn.")
    assert inputs_of(season, "IV.09") == (None, "")


def test_going_on_waits_for_the_save_that_is_on_its_way(window, season):
    page = open_item(window, "IV.09")
    held = []

    def hold(route):
        first = not held and route.request.headers.get("x-requested-with") == "fetch"
        if not first:
            route.continue_()
            return
        held.append((route, route.fetch()))  # the server has it; the answer is still on its way
        page.evaluate("document.body.dataset.held = 'yes'")

    page.route("**/viec/self_score", hold)
    page.fill('input[name="a"]', "90")
    expect(page.locator("body[data-held]")).to_be_attached()
    page.fill('input[name="b"]', "100")
    page.get_by_role("button", name="Mục còn thiếu tiếp theo: IV.10").click()
    route, answer = held[0]
    route.fulfill(response=answer)
    page.wait_for_url("**/chi-so/IV.10*")
    assert inputs_of(season, "IV.09") == ({"a": "90", "b": "100"}, "")


def asked_on_leaving(page: Page) -> list[str]:
    """Refuse every question of the browser whether to leave; return them."""
    asked: list[str] = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_leaving_with_the_particulars_of_a_document_unsaved_asks_first(window, season):
    page = open_item(window, "IV.09")
    page.set_input_files("#files", {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_text("Ghi số, ngày, trích yếu, trang").click()
    asked = asked_on_leaving(page)
    page.fill("#p1-number", "245/BC-UBND")
    page.get_by_role("link", name="IV.10").last.click()
    assert asked == ["beforeunload"]
    assert page.url.endswith("IV.09")
    expect(page.locator("#p1-number")).to_have_value("245/BC-UBND")
    page.fill("#a", "90")
    expect(page.locator("[data-saved]").first).to_contain_text("Đã lưu lúc")
    expect(page.locator("#p1-number")).to_have_value("245/BC-UBND")
    with page.expect_navigation():
        page.locator("form[id^=mend]").get_by_role("button", name="Ghi").click()
    assert asked == ["beforeunload"]
    assert page.locator("#p1-number").input_value() == "245/BC-UBND"
    assert inputs_of(season, "IV.09")[0]["a"] == "90"


def test_leaving_with_the_address_of_a_page_unsaved_or_refused_asks_first(window, season):
    page = open_item(window, "IV.09")
    asked = asked_on_leaving(page)
    page.get_by_text("Chọn từ kho hoặc dẫn địa chỉ trang web").click()
    page.fill("#link", "https://hanoi.gov.vn/bao-cao")
    page.fill("#known-page", "x" * 400)
    page.get_by_role("link", name="IV.10").last.click()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Thêm tài liệu này").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#known-page")).to_have_value("x" * 400)
    page.get_by_role("link", name="IV.10").last.click()
    assert asked == ["beforeunload", "beforeunload"]
    expect(page.locator("#link")).to_have_value("https://hanoi.gov.vn/bao-cao")
    page.fill("#known-page", "3")
    page.get_by_role("button", name="Thêm tài liệu này").click()
    expect(page.locator("#proofs")).to_contain_text("trang 3")
    page.get_by_role("link", name="IV.10").last.click()
    page.wait_for_url("**/chi-so/IV.10*")
    assert len(asked) == 2  # what is saved is left without a question
