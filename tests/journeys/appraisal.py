"""Round 1 in the browser: a case closed, cells graded blind, a dispute decided, the own case graded by a member, the release."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.journey import CASE, COMMUNE, JOINT, OFFICE, SILENT, Journey, K
from tests.season import GRADING, own_items

GRID = f"{K}/cham-diem/{JOINT}"
COUNCIL = f"{K}/hoi-dong"
OWN = "III.01"
FIRST, SECOND, DECIDED = "8,72", "8,16", "8,53"
"""What Sở KH&CN and Công an gave on the joint indicator, and what the council decided."""


def cell(page: Page, unit: str, name: str = "points"):
    """The field of a row of the grid."""
    return page.locator(f'tr[data-unit="{unit}"] input[name="{name}"]')


def confirm_as_chair(journey: Journey) -> None:
    """Let the chair confirm the one proposal that waits."""
    chair = journey.who("chair")
    page = chair.visit(COUNCIL)
    chair.press(page.locator("button[name=answer][value=confirm]"))


def _the_office_submits_and_a_unit_never_does(journey: Journey) -> None:
    journey.season.fill(OFFICE, share=9)
    journey.season.submit(OFFICE)
    journey.at(GRADING)
    secretary = journey.who("secretariat.skhcn")
    page = secretary.visit(f"{K}/ho-so/{SILENT}")
    page.locator("#move-close_unsubmitted summary").first.click()
    page.fill("#close_unsubmitted-reason", "Quá hạn, đã nhắc ba lần.")
    secretary.press(page.locator("button[data-trigger=close_unsubmitted]"))
    confirm_as_chair(journey)
    page = journey.who(f"head.{SILENT}").visit(f"{K}/ho-so/{SILENT}")
    expect(page.locator(f'[data-unit="{SILENT}"]').first).to_have_attribute("data-state", "self_scored")
    expect(page.locator("body")).to_contain_text("Quá hạn, đã nhắc ba lần.")


def _give(page: Page, unit: str, points: str, reason: str) -> None:
    """Type a grade and its reason by keyboard; the row says that it is kept."""
    cell(page, unit).focus()
    page.keyboard.press("n")
    expect(cell(page, unit, "reason")).to_be_focused()
    page.keyboard.type(reason)
    cell(page, unit).fill(points)
    page.keyboard.press("Enter")


def _two_bodies_grade_blind(journey: Journey) -> None:
    science, police = journey.who("grader.skhcn"), journey.who("grader.catp")
    page = science.visit(GRID)
    _give(page, COMMUNE, FIRST, "Một lớp chưa có danh sách.")
    expect(page.locator(f"#hang-{COMMUNE}")).to_contain_text("Hạ 0,28")
    page = police.visit(GRID)
    assert FIRST not in page.content(), "the joint partner's points are not on the page"
    _give(page, COMMUNE, SECOND, "Thiếu xác nhận của hai lớp.")
    expect(page.locator(f"#hang-{COMMUNE}")).to_contain_text("Hạ 0,84")
    for person in (science, police):
        cell(person.page, SILENT).fill("0")
        person.page.keyboard.press("Enter")
        expect(person.page.locator("#tien-do")).to_contain_text("2/2 đã chấm")
        person.look()
    assert SECOND not in science.visit(GRID).content()


def _sign(journey: Journey, body: str) -> Page:
    lead = journey.who(f"lead.{body}")
    page = lead.visit(GRID)
    return lead.press(page.locator("#ky button", has_text="Ký xác nhận"))


def _leads_sign_and_the_dispute_is_seen(journey: Journey) -> None:
    page = _sign(journey, "skhcn")
    assert SECOND not in page.content(), "one signature is not yet both"
    page = _sign(journey, "catp")
    expect(page.locator(f"#hang-{COMMUNE}")).to_contain_text(FIRST)
    expect(journey.who("grader.skhcn").visit(GRID).locator(f"#hang-{COMMUNE}")).to_contain_text(SECOND)


def _the_rest_is_graded(journey: Journey) -> None:
    """Accept what was scored; nothing for whoever never submitted. All but what is done by hand, through the workflow."""
    season = journey.season
    for body in season.bodies():
        with season.acting(f"grader.{body.lower()}") as (session, actor):
            codes = sorted({item.code for _, item, _ in own_items(session, actor)} - {JOINT})
        season.grade(f"grader.{body.lower()}", codes=codes, units=(COMMUNE, OFFICE))
        season.grade(f"grader.{body.lower()}", 0, codes=codes, units=(SILENT,))
        season.sign(body, codes)


def _a_member_decides_the_dispute(journey: Journey) -> None:
    member = journey.who("council.2")
    page = member.visit(f"{COUNCIL}?don-vi={COMMUNE}&chi-so={JOINT}")
    expect(page.locator(f'section.panel[data-item="{JOINT}"]')).to_contain_text("Thiếu xác nhận của hai lớp.")
    member.press(page.locator("button", has_text="Ghi quyết định"), 422)
    expect(page.locator(".field-error").first).to_be_visible()
    page.fill("#decide-points", DECIDED)
    page.fill("#decide-reason", "Hai lớp có danh sách ký nhận bổ sung.")
    member.press(page.locator("button", has_text="Ghi quyết định"))


def _the_own_case_goes_to_a_member(journey: Journey) -> None:
    journey.who("grader.skhcn").visit(f"{K}/ho-so/{OFFICE}", 404)
    page = journey.who("grader.skhcn").visit(f"{K}/cham-diem/{OWN}")
    expect(page.locator(f"#hang-{OFFICE}")).to_contain_text("xung đột lợi ích", ignore_case=True)
    expect(cell(page, OFFICE)).to_have_count(0)
    chair = journey.who("chair")
    page = chair.visit(f"{COUNCIL}?phan=cham-cheo")
    expect(page.locator("input[name=cell]:checked")).to_have_count(0)
    page.locator("input[data-all=cell]").check()
    page.locator("select[name=person]").select_option(index=1)
    chair.press(page.locator("button", has_text="Cử ủy viên"))
    named = _named(journey)
    member = journey.who(named)
    page = member.visit(f"{K}/cham-diem/{OWN}")
    cell(page, OFFICE).press("=")
    expect(page.locator(f"#hang-{OFFICE}")).to_contain_text("Đồng ý")
    member.look()
    with journey.season.acting(named) as (session, actor):
        left = sorted({item.code for _, item, _ in own_items(session, actor)} - {OWN})
    journey.season.grade(named, codes=left)


def _named(journey: Journey) -> str:
    """Return whom the chair has named."""
    for local in ("council.1", "council.2", "council.3", "deputy", "chair"):
        with journey.season.acting(local) as (session, actor):
            if own_items(session, actor):
                return local
    raise AssertionError("nobody was named")


def batch(journey: Journey, trigger: str, who: str = "secretariat.skhcn", **fields: str) -> None:
    """Preview a batch, fill in what it asks, and send it."""
    person = journey.who(who)
    page = person.visit(f"{K}/chuyen/{trigger}")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    person.press(page.locator(f"button[data-trigger={trigger}]"))


def _round_1_is_released(journey: Journey) -> None:
    staff = journey.who(f"unit.{COMMUNE}")
    for path in (CASE, f"{CASE}/chi-so/{JOINT}"):
        text = staff.visit(path).locator("main").inner_text()
        assert DECIDED not in text, path
        assert "Thiếu xác nhận" not in text, path
    batch(journey, "release_round_1")
    assert staff.visit(CASE).locator("[data-state]").first.get_attribute("data-state") != "round1_reviewed", "the chair confirms first"
    confirm_as_chair(journey)
    page = staff.visit(f"{CASE}/chi-so/{JOINT}")
    expect(page.locator("main")).to_contain_text(DECIDED)
    expect(page.locator("main")).to_contain_text("Thiếu xác nhận của hai lớp.")
    journey.who("").visit("/ket-qua/2025", 404)


APPRAISAL: tuple[Callable[[Journey], None], ...] = (
    _the_office_submits_and_a_unit_never_does,
    _two_bodies_grade_blind,
    _leads_sign_and_the_dispute_is_seen,
    _the_rest_is_graded,
    _a_member_decides_the_dispute,
    _the_own_case_goes_to_a_member,
    _round_1_is_released,
)
