"""Days and times in forms: read as people write them, shown the same way in any browser, refused with the typed text kept."""

from datetime import date, time

import pytest
from playwright.sync_api import expect

from models.session import make_engine
from tests.season import make_season
from web.dates import parse_day, parse_time, written_day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("05/02/2027", date(2027, 2, 5)), ("5/2/2027", date(2027, 2, 5)), (" 1-2-2027 ", date(2027, 2, 1)), ("1.2.2027", date(2027, 2, 1)),
        ("2027-02-05", date(2027, 2, 5)), ("31/02/2027", None), ("29/02/2028", date(2028, 2, 29)), ("12/31/2027", None), ("5/2/27", None),
        ("mai", None), ("", None), ("05/02/0027", None),
    ],
)  # fmt: skip
def test_the_day_stands_before_the_month(typed, meant):
    assert parse_day(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("8:05", time(8, 5)), ("17h30", time(17, 30)), ("17H", time(17)), ("24:00", None), ("8.05", None), ("", None)]
)
def test_times_of_day(typed, meant):
    assert parse_time(typed) == meant


def test_forms_show_days_as_written_and_leave_what_is_none():
    assert [written_day(one) for one in (date(2027, 2, 5), "2027-02-05", "31/02/2027", "", None)] == [
        "05/02/2027", "05/02/2027", "31/02/2027", "", "",
    ]  # fmt: skip


def test_no_page_asks_the_browser_for_a_day_of_its_own_shape(season, as_demo):
    page = as_demo("secretariat.skhcn").get("/ky/2025/thoi-han").text
    assert 'name="until" type="text"' in page
    refused = as_demo("secretariat.skhcn").post(
        "/ky/2025/thoi-han/gia-han", {"unit": "00004", "until": "31/02/2027", "reason": "Mất điện."}
    )
    assert refused.status_code == 422
    assert 'value="31/02/2027"' in refused.text
    assert "“31/02/2027” không phải là một ngày." in refused.text


@pytest.fixture
def served(sqlite, address) -> str:
    """The address of an application that has a season to show."""
    engine = make_engine(sqlite)
    make_season(engine)
    engine.dispose()
    return address


def test_a_day_chosen_on_the_calendar_is_written_as_one_types_it(browser, served):
    page = browser.new_context(base_url=served, locale="en-US").new_page()
    page.goto("/dong-ho", wait_until="networkidle")
    field = page.get_by_label("Hoặc đến 8 giờ sáng ngày")
    expect(field).to_have_attribute("placeholder", "ngày/tháng/năm")
    page.get_by_role("button", name="Chọn trên lịch").click()
    page.locator(".picker").evaluate(
        "(picker) => { picker.value = '2026-03-05'; picker.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    expect(field).to_have_value("05/03/2026")
    page.get_by_role("button", name="Đi tới ngày này").click()
    expect(page.get_by_text("05/03/2026, 08:00").first).to_be_visible()
    page.context.close()


def test_the_chosen_file_is_named_in_our_words(browser, served, tmp_path):
    page = browser.new_context(base_url=served, locale="en-US").new_page()
    page.goto("/dang-nhap", wait_until="networkidle")
    token = page.locator('input[name="csrf_token"]').first.input_value()
    page.request.post("/dang-nhap/demo/secretariat.skhcn@demo.example", form={"csrf_token": token})
    page.goto("/ky/2025/cong-bo", wait_until="networkidle")
    expect(page.get_by_text("Chưa chọn tệp nào").first).to_be_visible()
    paper = tmp_path / "quyết định.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    page.locator('input[type="file"]').first.set_input_files(paper)
    expect(page.get_by_text("quyết định.pdf")).to_be_visible()
    page.context.close()


def test_what_is_missing_is_said_in_our_words(browser, served):
    page = browser.new_context(base_url=served, locale="en-US").new_page()
    page.goto("/dang-nhap", wait_until="networkidle")
    page.fill("#email", "không phải thư")
    page.locator("form[data-sign-in] button.act").click()
    expect(page.locator(".errors")).to_contain_text("Nhập mật khẩu.")
    expect(page.locator("#email")).to_have_value("không phải thư")
    page.context.close()
