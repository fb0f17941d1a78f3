"""What the script promises: nothing typed is ever lost, whatever the line, the session or a colleague do."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.desk import Desk, running_desk

SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d:\d\d")


@pytest.fixture(scope="module")
def open_desk() -> Iterator[Desk]:
    with running_desk() as desk:
        yield desk


@pytest.fixture(scope="module")
def window(browser, open_desk) -> Iterator[BrowserContext]:
    """One window for all tests, so that it fetches the script once."""
    context = browser.new_context(base_url=open_desk.url)
    yield context
    context.close()


@pytest.fixture
def desk(open_desk) -> Desk:
    """The desk, tidied up."""
    vars(open_desk).update(vars(Desk(url=open_desk.url)))
    return open_desk


@pytest.fixture
def page(window, desk) -> Iterator[Page]:
    """A page at the desk with nothing kept from before; an error of script or a refusal by the policy fails the test."""
    page = window.new_page()
    page.goto("/static/favicon.svg")
    page.evaluate("localStorage.clear()")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text or "TrustedHTML" in said.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    page.close()
    assert wrong == []


@pytest.fixture
def item(page) -> Page:
    page.goto("/item")
    return page


@pytest.fixture
def grid(page) -> Page:
    page.goto("/grid")
    return page


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage)")


def test_typing_is_saved_with_its_time_and_renews_what_depends_on_it(item, desk):
    item.fill("#a", "12500")
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert (desk.a, desk.version) == ("12500", 2)
    expect(item.locator("#calculation")).to_contain_text("12500")
    expect(item.locator("#version")).to_have_value("2")
    assert kept(item) == []


def test_a_text_of_several_lines_is_saved_as_typed_and_counted(item, desk):
    item.fill("#note", "dòng một\ndòng hai")
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert desk.note.splitlines() == ["dòng một", "dòng hai"]
    expect(item.locator("#note-count")).to_have_text("17/2.000 ký tự")


def test_a_wrong_number_stays_with_its_error_and_over_a_reload(item, desk):
    item.fill("#a", "abc")
    expect(item.locator("#item .field-error")).to_contain_text("Không phải là số.")
    expect(item.locator("#a")).to_have_attribute("aria-invalid", "true")
    item.reload()
    expect(item.locator("#a")).to_have_value("abc")
    item.fill("#a", "7")
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    expect(item.locator("#item .field-error")).to_have_count(0)
    assert (desk.a, kept(item)) == ("7", [])


def test_a_cut_line_is_said_and_tried_again(item, desk):
    desk.trouble = 503
    item.fill("#a", "3")
    expect(item.locator("[data-saved]")).to_contain_text("Chưa lưu được: mất kết nối.")
    assert desk.a == "12480"
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert desk.a == "3"


def test_a_lost_session_is_mended_in_place(item, desk):
    desk.signed_in = False
    item.fill("#note", "chữ đang gõ")
    dialog = item.locator("#sign-in")
    dialog.locator("input[type=password]").fill("sai")
    dialog.get_by_role("button", name="Đăng nhập và lưu").click()
    expect(dialog).to_contain_text("Mật khẩu không đúng.")
    dialog.locator("input[type=password]").fill("đúng")
    dialog.get_by_role("button", name="Đăng nhập và lưu").click()
    expect(dialog).to_be_hidden()
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert desk.note == "chữ đang gõ"
    expect(item.locator("#note")).to_have_value("chữ đang gõ")


def test_sign_in_put_off_keeps_the_text_on_this_machine(item, desk):
    desk.signed_in = False
    item.fill("#note", "chưa gửi")
    item.locator("#sign-in").get_by_role("button", name="Để sau").click()
    expect(item.locator("[data-saved]")).to_contain_text("cần đăng nhập lại")
    assert len(kept(item)) == 1
    desk.signed_in = True
    item.reload()
    expect(item.locator("#note")).to_have_value("chưa gửi")
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert desk.note == "chưa gửi"


def test_a_race_shows_both_and_overwrites_nothing(item, desk):
    desk.a, desk.version = "9999", 5
    item.fill("#a", "8888")
    clash = item.locator("[data-clash]")
    expect(clash).to_contain_text("Đặng Quang Huy đã lưu 9999 lúc 10:41, sau khi bạn mở trang. Bạn đang nhập 8888.")
    assert desk.a == "9999"
    clash.get_by_role("button", name="Ghi 8888").click()
    expect(item.locator("[data-clash]")).to_have_count(0)
    assert desk.a == "8888"


def test_taking_theirs_forgets_mine(item, desk):
    desk.a, desk.version = "9999", 5
    item.fill("#a", "8888")
    item.get_by_role("link", name="Lấy 9999").click()
    expect(item.locator("[data-clash]")).to_have_count(0)
    expect(item.locator("#a")).to_have_value("9999")
    assert (desk.a, kept(item)) == ("9999", [])


def test_a_kept_text_stands_beside_what_others_wrote_meanwhile(item, desk):
    desk.signed_in = False
    item.fill("#note", "chữ của tôi")
    item.locator("#sign-in").get_by_role("button", name="Để sau").click()
    desk.signed_in, desk.note, desk.version = True, "chữ của người khác", 2
    item.reload()
    expect(item.locator("#note")).to_have_value("chữ của người khác")
    expect(item.locator("body")).to_contain_text("“chữ của tôi”")
    item.get_by_role("button", name="Dùng chữ này").click()
    expect(item.locator("[data-saved]")).to_have_text(SAVED)
    assert desk.note == "chữ của tôi"


def test_going_on_at_once_saves_first(item, desk):
    item.fill("#a", "777")
    item.get_by_role("link", name="Đi", exact=True).click()
    item.wait_for_url("**/elsewhere")
    assert desk.a == "777"


def test_files_go_one_by_one_again_after_a_cut_and_a_refusal_is_said(item, desk):
    desk.trouble = 503
    names = ["báo cáo.pdf", "virus.exe", "ảnh.png"]
    item.locator("#files").set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": b"x" * 5000} for name in names])
    expect(item.locator("#got li")).to_have_text(["báo cáo.pdf", "ảnh.png"])
    expect(item.locator("[data-upload-list]")).to_contain_text("Không nhận tệp này.")
    item.get_by_role("button", name="Bỏ qua").click()
    expect(item.locator("[data-upload-list] .evidence")).to_have_count(0)
    assert desk.papers == ["báo cáo.pdf", "ảnh.png"]


@pytest.mark.parametrize(("typed", "found"), [("hoang mai", ["Hoàng Mai"]), ("hoa", ["Hoàng Mai", "Hòa Lạc"]), ("DINH", ["Định Công"])])
def test_search_does_not_mind_marks(item, typed, found):
    item.fill("#towns-q", typed)
    assert item.locator("#towns li:visible").all_text_contents() == found


def test_a_grave_act_asks_first(item, desk):
    item.get_by_role("button", name="Xóa").click()
    ask = item.locator("#ask")
    expect(ask).to_contain_text("Xóa hẳn?")
    ask.get_by_role("button", name="Thôi").click()
    expect(ask).to_be_hidden()
    assert not desk.binned
    item.get_by_role("button", name="Xóa").click()
    with item.expect_navigation():
        ask.locator("[data-yes]").click()
    assert desk.binned


def test_the_deadline_runs_by_the_clock_of_the_server(item):
    expect(item.locator(".deadline")).to_contain_text("còn 1 ngày 7 giờ")
    expect(item.locator(".deadline")).to_have_class(re.compile("urgent"))


def test_the_grid_is_worked_from_the_keyboard(grid, desk):
    first, second, third = (grid.locator(f"#f-{unit} [name=points]") for unit in desk.grades)
    first.focus()
    grid.keyboard.type("4,20")
    grid.keyboard.press("Enter")
    expect(second).to_be_focused()
    expect(grid.locator("#row-00004")).to_contain_text("đã chấm")
    grid.keyboard.press("=")
    expect(third).to_be_focused()
    expect(grid.locator("#row-00008")).to_contain_text("đã chấm")
    grid.keyboard.press("ArrowUp")
    expect(second).to_be_focused()
    grid.keyboard.type("1")
    grid.keyboard.press("Escape")
    expect(second).to_have_value("4,84")
    assert desk.grades == {"00004": "4,20", "00008": "4,84", "00025": ""}


def test_a_refused_row_says_why_and_keeps_what_was_typed(grid, desk):
    first = grid.locator("#f-00004 [name=points]")
    first.fill("9")
    first.press("Enter")
    expect(grid.locator("#row-00004 + .refused")).to_have_text("Không được quá 5 điểm.")
    expect(first).to_have_value("9")
    first.fill("5")
    first.press("Enter")
    expect(grid.locator(".refused")).to_have_count(0)
    assert desk.grades["00004"] == "5"


def test_a_race_in_the_grid_shows_a_row_under_the_row(grid, desk):
    grid.locator("#f-00008 [name=points]").fill("4,01")
    grid.locator("#f-00008 [name=points]").press("Enter")
    expect(grid.locator("#row-00008 + tr[data-clash]")).to_contain_text("Huy đã lưu 4,50")
    assert desk.grades["00008"] == ""


def paste(grid, text):
    grid.locator("#f-00004 [name=points]").focus()
    grid.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_a_pasted_column_is_shown_before_it_is_written(grid, desk):
    paste(grid, "1,10\n2,20\n")
    expect(grid.locator("#ask")).to_contain_text("00004: 1,10")
    grid.locator("#ask button[value=no]").click()
    expect(grid.locator("#f-00004 [name=points]")).to_have_value("")
    assert set(desk.grades.values()) == {""}


def test_a_row_that_takes_no_points_takes_its_line_all_the_same(grid, desk):
    grid.evaluate("document.querySelector('#f-00008').remove()")  # as a signed or a foreign row stands there
    paste(grid, "1,10\n2,20\n3,30\n")
    expect(grid.locator("#ask")).to_contain_text("00008: không nhận điểm, bỏ qua")
    grid.locator("#ask [data-yes]").click()
    expect(grid.locator("#row-00025")).to_contain_text("đã chấm")
    assert [desk.grades[unit] for unit in ("00004", "00008", "00025")] == ["1,10", "", "3,30"]


def test_a_pasted_column_fills_downwards_and_each_row_is_saved(grid, desk):
    paste(grid, "1,10\tx\n2,20\n3,30\n4,40\n")
    grid.locator("#ask [data-yes]").click()
    for unit in desk.grades:
        expect(grid.locator(f"#row-{unit}")).to_contain_text("đã chấm")
    assert list(desk.grades.values()) == ["1,10", "2,20", "3,30"]
