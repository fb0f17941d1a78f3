"""The pages of a case for every role that may open it: what is on them, what is not, and how many statements they take."""

from sqlalchemy import select

from models.session import reading
from models.tables import AccessLog
from tests.season import GRADING, LATE, OPENED, make_season
from tests.web.statements import counted

K = "/ky/2025/ho-so"


def test_a_unit_goes_straight_to_its_case_and_finds_no_other(season, as_demo):
    unit = as_demo("unit.00004")
    assert unit.get(K).location == f"{K}/00004"
    assert unit.get(f"{K}/00008").status_code == 404
    assert unit.get(f"{K}/00008/chi-so/IV.01").status_code == 404
    assert unit.get(f"{K}/00004/chi-so/III.01").status_code == 404  # of the other annex
    page = unit.get(f"{K}/00004")
    assert page.status_code == 200
    assert 'data-state="draft"' in page.text
    assert page.text.count('data-item="') == 47
    assert "tạm tính" in page.text
    assert "Hạn nộp: Thứ Hai 15/12/2025, 23:59" in page.text


def test_others_see_only_counts_of_a_draft_and_bodies_nothing(season, as_demo):
    season.fill("00004")
    for local in ("secretariat.skhcn", "council.1", "chair", "auditor"):
        client = as_demo(local)
        page = client.get(f"{K}/00004")
        assert page.status_code == 200, local
        assert "47/47 chỉ số đã đủ" in page.text
        assert "data-item=" not in page.text
        assert client.get(f"{K}/00004/chi-so/IV.01").status_code == 404
        assert client.get(f"{K}/00004?in=1").status_code == 404
    assert as_demo("grader.skhcn").get(f"{K}/00004").status_code == 404
    assert as_demo("admin").get(f"{K}/00004").status_code == 404


def test_a_body_sees_only_its_items_once_submitted(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    grader = as_demo("grader.catp")
    page = grader.get(f"{K}/00004")
    assert page.status_code == 200
    assert 'data-item="IV.20"' in page.text
    assert 'data-item="IV.09"' not in page.text
    assert grader.get(f"{K}/00004/chi-so/IV.20").status_code == 200
    assert grader.get(f"{K}/00004/chi-so/IV.09").status_code == 404


def test_what_a_body_prints_says_that_it_is_its_part(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    assert "TRÍCH: chỉ các chỉ số do Công an Thành phố chấm" in as_demo("grader.catp").get(f"{K}/00004?in=1").text
    for whole in ("unit.00004", "secretariat.skhcn"):
        page = as_demo(whole).get(f"{K}/00004?in=1").text
        assert "TRÍCH" not in page
        assert "THỦ TRƯỞNG ĐƠN VỊ" in page


def test_an_own_grade_of_a_joint_item_is_no_result_until_both_have_signed(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    season.grade("grader.catp", 20_000, codes=("IV.44",), units=("00004",))
    season.sign("CATP", ("IV.44",))
    grader, address = as_demo("grader.catp"), f"{K}/00004/chi-so/IV.44"
    heading = lambda: grader.get(address).text.split("<h3>Thẩm định vòng 1</h3>")[1].split("</div>")[0]  # noqa: E731
    assert "2,00" not in heading()
    assert "2,00" in grader.get(address).text
    season.grade("grader.skhcn", 20_000, codes=("IV.44",), units=("00004",))
    season.sign("SKHCN", ("IV.44",))
    assert "2,00" in heading()


def test_round_1_reaches_the_unit_only_with_the_release(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}", points=10_000, units=["00004"])
    unit = as_demo("unit.00004")
    assert "Theo tài liệu." not in unit.get(f"{K}/00004/chi-so/IV.09").text
    assert "Vòng 1" not in unit.get(f"{K}/00004?in=1").text
    for body in season.bodies():
        season.sign(body)
    assert "Theo tài liệu." not in unit.get(f"{K}/00004/chi-so/IV.09").text
    season.batch("release_round_1", units=["00004"])
    page = unit.get(f"{K}/00004/chi-so/IV.09")
    assert "Theo tài liệu." in page.text
    assert "Vì sao bị hạ" in page.text


def test_the_own_case_in_another_role_is_a_conflict_not_a_gap(engine, demo_app):
    season = make_season(engine, ("00004", "SKHCN"))
    season.fill("SKHCN")
    season.submit("SKHCN")

    def enter(local):
        client = demo_app.test_client()
        client.post(f"/dang-nhap/demo/{local}@demo.example")
        return client

    secretary = enter("secretariat.skhcn")
    page = secretary.get(f"{K}/SKHCN")
    assert (page.status_code, "Xung đột lợi ích" in page.text) == (409, True)
    listed = secretary.get(K).text
    assert "Xung đột lợi ích" in listed
    assert f'href="{K}/SKHCN"' not in listed
    assert enter("grader.skhcn").get(f"{K}/SKHCN").status_code == 404
    assert enter("unit.skhcn").get(f"{K}/SKHCN").status_code == 200
    assert enter("auditor").get(f"{K}/SKHCN").status_code == 200


def test_opening_a_foreign_case_is_noted_once_an_hour_and_the_own_never(season, as_demo, engine):
    auditor, unit = as_demo("auditor"), as_demo("unit.00004")
    for _ in range(3):
        assert auditor.get(f"{K}/00004").status_code == 200
    assert unit.get(f"{K}/00004").status_code == 200
    with reading(engine) as session:
        rows = [(row.what, row.person_id) for row in session.scalars(select(AccessLog))]
    assert rows == [("see_case", season.people["auditor@demo.example"])]


def test_the_list_searches_filters_and_counts(season, as_demo):
    page = as_demo("auditor").get(K)
    assert 'data-unit="00004"' in page.text
    assert 'data-unit="00008"' in page.text
    assert 'data-unit="' not in as_demo("auditor").get(f"{K}?trang-thai=published").text
    assert "Chưa có hồ sơ nào" in as_demo("grader.catp").get(K).text
    assert as_demo("admin").get(K).status_code == 404


def test_the_whole_sheet_prints_with_heading_and_signatures(season, as_demo):
    season.fill("00004")
    head = as_demo("head.00004")
    assert "BẢN NHÁP" in head.get(f"{K}/00004?in=1").text
    season.submit("00004")
    page = head.get(f"{K}/00004?in=1")
    assert "?:" not in page.text, "a question needs no colon after it"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page.text
    assert page.text.count('data-item="IV.') == 47
    assert "Biên nhận 00004-2025-01" in page.text
    assert "BẢN NHÁP" not in page.text


def test_a_closed_draft_is_locked_and_says_who_can_open_it(season, as_demo):
    season.at(GRADING)
    unit = as_demo("unit.00004")
    assert "Tổ thư ký gia hạn được" in unit.get(f"{K}/00004").text
    page = unit.get(f"{K}/00004/chi-so/IV.09")
    assert "Đã hết hạn tự chấm." in page.text
    assert "data-autosave" not in page.text


PAGES = ("", "/chi-so/IV.09", "?in=1", "/nop", "/phu-trach")


def statements(client):
    """Return how many statements each page of the case takes."""
    numbers = {}
    for path in PAGES:
        with counted(client.application) as sent:
            assert client.get(f"{K}/00004{path}").status_code == 200
        numbers[path] = len(sent)
    assert max(numbers.values()) <= 45, numbers  # few, however many items: 47 of them here
    return numbers


def test_pages_of_a_case_take_the_same_statements_empty_and_full(season, as_demo):
    head = as_demo("head.00004")
    empty = statements(head)
    season.fill("00004")
    assert statements(head) == empty


def test_the_line_of_steps_follows_the_case(season, as_demo):
    unit = as_demo("unit.00004")
    assert unit.get(f"{K}/00004").text.count('class="done"') == 0
    season.at(OPENED)
    season.fill("00004")
    season.submit("00004")
    season.at(LATE)
    page = unit.get(f"{K}/00004").text
    assert "Hạn chấm vòng 1: Thứ Tư 14/01/2026, 23:59" in page
    assert "quá hạn" in page


def test_pages_that_lead_on_do_not_do_so_for_a_foreign_case(season, as_demo):
    unit = as_demo("unit.00004")
    assert unit.get("/ky/2025/ho-so/00004/giai-trinh").location == "/ky/2025/ho-so/00004"
    for other in ("00008", "99999"):
        assert unit.get(f"/ky/2025/ho-so/{other}/giai-trinh").status_code == 404, other
