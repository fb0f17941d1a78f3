"""The grid of one case: every indicator of a body's in a row, the same saving, the same blindness, signed as a whole."""

import re

from tests.season import GRADING, make_season
from tests.web.statements import counted
from tests.web.test_grading import FETCH, assignment, entries

QUEUE = "/ky/2025/cham-diem"
CASE = "/ky/2025/ho-so/00004/cham-diem"
OWN_OF_SKHCN = 20
"""Indicators that Sở KH&CN would have graded of its own case."""


def row_of(page: str, code: str) -> str:
    return re.search(rf'<tr id="hang-{re.escape(code)}".*?</tr>', page, re.DOTALL)[0]


def fields_of(page: str, code: str) -> dict[str, str]:
    """What the form of a row sends, as the page holds it."""
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', row_of(page, code).partition("<form")[2]))


def save(visitor, code="IV.09", headers=None, unit="00004", **typed):
    page = visitor.get(f"/ky/2025/ho-so/{unit}/cham-diem").text
    return visitor.post(f"{QUEUE}/{code}/{unit}", fields_of(page, code) | typed, headers=headers or {})


def test_a_body_sees_its_own_indicators_of_the_case_and_no_others(graded, as_demo):
    page = as_demo("grader.syt").get(CASE).text
    assert re.findall(r'data-item="([\w.]+)"', page) == ["IV.43"]
    mine = as_demo("grader.catp").get(CASE).text
    assert {"IV.20", "IV.23", "IV.44"} <= set(re.findall(r'data-item="([\w.]+)"', mine))
    assert "9 ÷ 10 = 90,00% × " in row_of(mine, "IV.20")
    assert "Phường Hồng Hà" not in mine


def test_others_find_no_grid_and_the_own_organisation_none_either(graded, engine, as_demo):
    for local in ("unit.00004", "head.00004", "secretariat.skhcn", "admin", "council.1", "auditor"):
        assert as_demo(local).get(CASE).status_code == 404, local
    make_season(engine, ["SKHCN", "00004"], slug="2026")
    assert as_demo("grader.skhcn").get("/ky/2026/ho-so/SKHCN/cham-diem").status_code == 404


def test_a_case_that_is_not_handed_in_shows_no_value(season, as_demo):
    season.fill("00004")
    page = as_demo("grader.skhcn").get(CASE).text
    assert "Đơn vị chưa nộp hồ sơ." in page
    assert "data-item" not in page


def test_a_member_named_by_the_chair_sees_what_he_grades_instead(engine, as_demo):
    season = make_season(engine, ["SKHCN", "00004"], slug="2026")
    season.fill("SKHCN")
    season.submit("SKHCN")
    season.at(GRADING)
    season.name_graders("council.1")
    page = as_demo("council.1").get("/ky/2026/ho-so/SKHCN/cham-diem").text
    assert len(re.findall(r'data-item="III[\w.]+"', page)) == OWN_OF_SKHCN
    assert as_demo("council.2").get("/ky/2026/ho-so/SKHCN/cham-diem").status_code == 404


def test_a_row_is_saved_and_the_next_that_waits_is_chosen(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    answer = save(visitor, points="4,5")
    assert answer.status_code == 303
    assert answer.location.startswith(CASE)
    assert "chi-so=IV.10" in answer.location
    (given,) = entries(engine)
    assert given.points == 45_000
    page = visitor.get(answer.location).text
    assert "Đã ghi IV.09: 4,50" in page
    assert "Đồng ý" in row_of(page, "IV.09")
    assert 'id="canh-IV.10"' in page


def test_what_is_refused_comes_back_at_its_row(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    answer = save(visitor, points="4")
    assert answer.status_code == 422
    assert "Điểm khác điểm tự chấm thì phải ghi lý do." in answer.text
    assert 'value="4"' in row_of(answer.text, "IV.09")
    assert 'aria-invalid="true"' not in row_of(answer.text, "IV.10")
    assert not entries(engine)


def test_the_script_gets_the_row_and_what_else_changed(graded, as_demo):
    answer = save(as_demo("grader.skhcn"), headers=FETCH, points="4,5")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert fields_of(answer.text, "IV.09")["version"] == "1"
    assert "1/27 đã chấm" in answer.text
    assert 'id="hang-IV.10"' not in answer.text


def test_two_people_on_one_row_see_both_values_and_go_on_in_the_case(graded, engine, as_demo):
    first, second = as_demo("grader.skhcn"), as_demo("lead.skhcn")
    stale = fields_of(second.get(CASE).text, "IV.09") | {"points": "4,2", "reason": "Theo tài liệu."}
    save(first, points="4,5")
    clash = second.post(f"{QUEUE}/IV.09/00004", stale)
    assert clash.status_code == 409
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', clash.text[clash.text.index("data-clash") :].split("</form>")[0]))
    answer = second.post(f"{QUEUE}/IV.09/00004", kept)
    assert answer.location.startswith(CASE)
    assert entries(engine)[-1].points == 42_000


def test_other_acts_from_the_panel_come_back_to_the_case(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    acts = "/ky/2025/ho-so/00004/viec"
    panel = visitor.get(f"{CASE}?chi-so=IV.09", headers=FETCH).text
    assert "<html" not in panel
    assert 'name="theo" value="ho-so"' in panel
    flagged = visitor.post(f"{acts}/flag", {"code": "IV.09", "on": "1", "theo": "ho-so"})
    assert flagged.location.startswith(f"{CASE}?chi-so=IV.09")
    assert "Cần xem lại" in row_of(visitor.get(CASE).text, "IV.09")
    empty = visitor.post(f"{acts}/question", {"code": "IV.09", "text": " ", "theo": "ho-so"})
    assert (empty.status_code, "Chưa ghi câu hỏi." in empty.text, 'id="hang-IV.10"' in empty.text) == (422, True, True)


def test_a_row_that_is_not_there_has_no_panel(graded, as_demo):
    visitor = as_demo("grader.skhcn")
    for address in (f"{CASE}?chi-so=KHONG", f"{CASE}?chi-so=IV.43", f"{QUEUE}/IV.09?don-vi=99999"):
        assert visitor.get(address, headers=FETCH).status_code == 404, address
        assert visitor.get(address).status_code == 200, address


def test_signing_a_case_with_nothing_to_sign_says_so(graded, as_demo):
    lead, acts = as_demo("lead.skhcn"), "/ky/2025/ho-so/00004/viec"
    for act, said in (("sign_off", "Không có điểm nào chờ ký"), ("withdraw_sign_off", "Không có chữ ký nào rút lại")):
        answer = lead.post(f"{acts}/{act}", {"vong": "1"})
        assert (answer.status_code, said in answer.text) == (422, True), act


def test_the_partner_is_blind_in_the_case_too(graded, as_demo):
    graded.grade("grader.skhcn", 31_300, codes=("IV.44",))
    graded.sign("SKHCN", ["IV.44"])
    assert "3,13" not in as_demo("grader.catp").get(f"{CASE}?chi-so=IV.44").text
    graded.grade("grader.catp", 30_000, codes=("IV.44",))
    assert "3,13" not in as_demo("grader.catp").get(f"{CASE}?chi-so=IV.44").text
    graded.sign("CATP", ["IV.44"])
    assert "3,13" in row_of(as_demo("grader.catp").get(CASE).text, "IV.44")


def test_the_lead_signs_the_case_as_it_was_seen_and_takes_it_back(graded, engine, as_demo):
    graded.grade("grader.skhcn", codes=("IV.09", "IV.10"))
    lead = as_demo("lead.skhcn")
    page = lead.get(CASE).text
    assert "Ký xác nhận 2 điểm" in page
    act, seal = "/ky/2025/ho-so/00004/viec/sign_off", re.search(r'name="seal" value="([^"]+)"', page)[1]
    save(as_demo("grader.skhcn"), points="4", reason="Sửa lại.")
    changed = lead.post(act, {"vong": "1", "seal": seal})
    assert (changed.status_code, "Có điểm vừa thay đổi" in changed.text) == (409, True)
    assert assignment(engine, "00004", "IV.10", "SKHCN").signed1_at is None
    seal = re.search(r'name="seal" value="([^"]+)"', changed.text)[1]
    assert lead.post(act, {"vong": "1", "seal": seal}).location.startswith(CASE)
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is not None
    assert assignment(engine, "00004", "IV.10", "SKHCN").signed1_at is not None
    assert assignment(engine, "00008", "IV.10", "SKHCN").signed1_at is None
    assert lead.post("/ky/2025/ho-so/00004/viec/withdraw_sign_off", {"vong": "1"}).status_code == 303
    assert assignment(engine, "00004", "IV.10", "SKHCN").signed1_at is None
    assert as_demo("grader.skhcn").post(act, {"vong": "1"}).status_code == 404


def test_round_2_shows_what_is_contested(contested, engine, as_demo):
    contested.send("00008")
    case = "/ky/2025/ho-so/00008/cham-diem"
    visitor = as_demo("grader.skhcn")
    page = visitor.get(case).text
    assert re.findall(r'data-item="([\w.]+)"', page) == ["IV.09"]
    assert '<select name="verdict"' in row_of(page, "IV.09")
    assert 'data-item="IV.10"' in visitor.get(f"{case}?vong=1").text
    answer = save(visitor, unit="00008", points="4", reason="Chấp nhận.", verdict="accepted")
    assert answer.status_code == 303
    assert entries(engine, "round2")[-1].points == 40_000


def test_the_queue_by_case_counts_the_same_cells(graded, as_demo):
    graded.grade("grader.skhcn", codes=("IV.09",))
    visitor = as_demo("grader.skhcn")
    by_case = visitor.get(f"{QUEUE}?theo=ho-so").text
    assert re.findall(r'<tr data-unit="(\w+)"', by_case) == ["00004", "00008"]
    assert CASE in by_case
    whole = re.search(r"<h1>(.*?)</h1>", visitor.get(QUEUE).text, re.DOTALL)[1]
    assert whole == re.search(r"<h1>(.*?)</h1>", by_case, re.DOTALL)[1]


def test_as_many_statements_for_one_indicator_as_for_all(graded, as_demo):
    lengths = {}
    for local in ("grader.syt", "grader.skhcn"):
        visitor = as_demo(local)
        visitor.get(CASE)
        with counted(visitor.application) as sent:
            assert visitor.get(CASE).status_code == 200
        lengths[local] = len(sent)
    assert len(set(lengths.values())) == 1, lengths
