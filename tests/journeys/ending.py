"""From release to publication in the browser: explaining, grading again, finalising with minutes, publishing by two, the public page."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.appraisal import GRID, batch, cell, confirm_as_chair
from tests.journeys.journey import CASE, COMMUNE, JOINT, OFFICE, SILENT, Journey, K
from workflow.explaining import accept_round_1

AGREED = "8,91"
"""What both bodies give the joint indicator in round 2."""
TOTAL, PERCENT = "239,41", "79,80%"
"""By hand: 221 for the 44 indicators of the bulk, 5 for IV.03, 4,50 for IV.09 and 8,91 for IV.21; of 300."""


def _explanation_is_requested(journey: Journey) -> None:
    batch(journey, "request_explanation")
    confirm_as_chair(journey)
    staff = journey.who(f"unit.{COMMUNE}")
    page = staff.visit(f"{CASE}/chi-so/{JOINT}")
    page.locator("input[name=stance][value=contest]").check()
    page.fill("#text", "Danh sách lớp thứ hai ở phụ lục 2.")
    expect(page.locator("[data-saved][role=status]")).to_contain_text("Đã lưu lúc")
    staff.look()
    assert "Danh sách lớp thứ hai" not in journey.who("grader.catp").visit(GRID).content(), "not sent is not seen"
    head = journey.who(f"head.{COMMUNE}")
    page = head.visit(f"{CASE}/giai-trinh")
    head.press(page.locator("[data-act=send_explanation]"))
    for unit in (OFFICE, SILENT):
        with journey.season.acting(f"head.{unit.lower()}") as (session, actor):
            accept_round_1(session, actor, journey.season.slug, unit)


def _both_bodies_grade_again(journey: Journey) -> None:
    for body in ("skhcn", "catp"):
        grader, lead = journey.who(f"grader.{body}"), journey.who(f"lead.{body}")
        page = grader.visit(f"{GRID}?vong=2&don-vi={COMMUNE}")
        expect(page.locator("main")).to_contain_text("Danh sách lớp thứ hai ở phụ lục 2.")
        page = grader.visit(f"{GRID}?vong=2")
        page.locator(f'tr[data-unit="{COMMUNE}"] select[name=verdict]').select_option("partly")
        cell(page, COMMUNE, "reason").fill("Đủ danh sách, thiếu ảnh.")
        cell(page, COMMUNE).fill(AGREED)
        page.keyboard.press("Enter")
        expect(page.locator(f"#hang-{COMMUNE} .save-cell")).to_contain_text(":")
        page = lead.visit(f"{GRID}?vong=2")
        lead.press(page.locator("#ky button", has_text="Ký xác nhận"))


def _the_chair_finalises(journey: Journey) -> None:
    batch(journey, "finalise", "chair", minutes_number="02/BB-HĐTĐ", minutes_on="2025-12-19")
    page = journey.who("chair").visit(CASE)
    expect(page.locator(f'[data-unit="{COMMUNE}"]').first).to_have_attribute("data-state", "round2_final")
    text = journey.who(f"head.{COMMUNE}").visit(f"{CASE}/chi-so/{JOINT}").locator("main").inner_text()
    assert AGREED not in text, "round 2 is the unit's to read after publication"


def _prove(journey: Journey, local: str) -> None:
    """Type the password again where the page asks for it."""
    person = journey.who(local)
    asked = person.page.locator("main input[type=password]")
    if asked.count():
        asked.fill("thamdinh-demo")
        person.press(person.page.locator("main form:has(input[type=password]) button:not([type=button])").first)


def _two_people_publish(journey: Journey) -> None:
    journey.who("").visit("/ket-qua/2025", 404)
    secretary = journey.who("secretariat.skhcn")
    page = secretary.visit(f"{K}/cong-bo")
    page.fill("#decision_number", "99/QĐ-UBND")
    page.fill("#decision_on", "2025-12-20")
    page.locator("#van-ban input[type=file]").set_input_files(journey.pdf(9))
    secretary.press(page.locator("button[data-trigger=publish]"))
    _prove(journey, "secretariat.skhcn")
    journey.who("").visit("/ket-qua/2025", 404)
    confirm_as_chair(journey)
    _prove(journey, "chair")


def _everybody_reads_the_result(journey: Journey) -> None:
    reader = journey.who("")
    page = reader.visit("/ket-qua/2025")
    rows = page.locator("main tr[data-unit]")
    expect(rows.first).to_have_attribute("data-unit", COMMUNE)
    expect(rows.first).to_contain_text(TOTAL)
    expect(rows.first).to_contain_text(PERCENT)
    page = reader.visit(f"/ket-qua/2025/{COMMUNE}")
    expect(page.locator("main")).to_contain_text(TOTAL)
    expect(page.locator("main")).to_contain_text("99/QĐ-UBND")
    page = journey.who(f"head.{COMMUNE}").visit(f"{CASE}/chi-so/{JOINT}")
    expect(page.locator("main")).to_contain_text(AGREED)
    expect(page.locator(f'[data-unit="{COMMUNE}"]').first).to_have_attribute("data-state", "published")


ENDING: tuple[Callable[[Journey], None], ...] = (
    _explanation_is_requested,
    _both_bodies_grade_again,
    _the_chair_finalises,
    _two_people_publish,
    _everybody_reads_the_result,
)
