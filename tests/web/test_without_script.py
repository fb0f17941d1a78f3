"""Without script, in a real browser: a file is uploaded together with what is typed beside it, and Enter saves instead of uploading."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.session import make_engine
from tests.season import Season, make_season

ITEM = "/ky/2025/ho-so/00004/chi-so/IV.09"
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 20 + b"%%EOF\n"


@pytest.fixture
def season(sqlite) -> Iterator[Season]:
    engine = make_engine(sqlite)
    yield make_season(engine, ("00004",))
    engine.dispose()


@pytest.fixture(params=[False, True], ids=["without script", "with script"])
def page(browser, season, address, request) -> Iterator[Page]:
    """The item's page as somebody of the commune has it open."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    page = context.new_page()
    page.goto("/dang-nhap")
    token = page.locator('input[name="csrf_token"]').first.get_attribute("value")
    context.request.post("/dang-nhap/demo/unit.00004@demo.example", form={"csrf_token": token})
    page.goto(ITEM)
    yield page
    context.close()


def test_what_is_typed_goes_along_with_the_file(page):
    page.fill("#a", "12480")
    page.fill("#b", "12900")
    page.fill("#text", "Theo báo cáo quý IV.")
    page.set_input_files("#files", {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": PDF})
    upload = page.locator("#upload button.without-script")
    if upload.is_visible():
        upload.click()
    expect(page.locator("#proofs")).to_contain_text("bao-cao.pdf")
    expect(page.locator("[data-saved]").first).to_contain_text("Đã lưu lúc")
    page.goto(ITEM)
    expect(page.locator("#a")).to_have_value("12.480")
    expect(page.locator("#text")).to_have_value("Theo báo cáo quý IV.")
    expect(page.locator("#proofs")).to_contain_text("bao-cao.pdf")


def test_enter_in_a_field_saves_and_uploads_nothing(page):
    page.fill("#b", "12900")
    page.fill("#a", "12480")
    with page.expect_navigation():
        page.press("#a", "Enter")
    expect(page.locator(".errors, .field-error:visible")).to_have_count(0)
    page.goto(ITEM)
    expect(page.locator("#a")).to_have_value("12.480")
