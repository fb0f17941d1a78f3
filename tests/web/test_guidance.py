"""The guidance by page: written before opening, amended afterwards, read by the chair, confirmed by the units."""

import pytest
from sqlalchemy import update

from models.session import transaction
from models.tables import Session
from tests.small import make_small
from workflow.clock import machine_now
from workflow.proposals import open_proposals

LEVELS = {
    "kind": "levels", "question": "Đến đâu?", "levels-points": ["5", "2,5", ""], "levels-label": ["Đủ", "Một phần", ""],
    "evidence": "Báo cáo năm\n\nẢnh chụp", "hint": "", "grounds": "issued",
}  # fmt: skip
PAGE = "/ky/2025/huong-dan"


@pytest.fixture
def season(engine):
    return make_small(engine)


def amended(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    assert secretary.post(f"{PAGE}/T.02", LEVELS).status_code == 303
    assert secretary.post("/ky/2025/viec/amend", {"reason": "Đã có hướng dẫn."}).status_code == 303
    chair = as_demo("chair")
    with transaction(season.engine) as session:
        session.execute(update(Session).values(proved_at=machine_now()))
        (proposal,) = open_proposals(session, season.assessment().id)
    answer = chair.post("/ky/2025/viec/confirm_proposal", {"proposal": proposal.id, "answer": "confirm"})
    assert answer.status_code == 303, answer.text


def test_who_reads_and_who_writes_it(season, as_demo):
    found = {}
    for local in ("secretariat.skhcn", "chair", "deputy", "unit.00004", "lead.catp", "auditor", "admin"):
        browser = as_demo(local)
        found[local] = (browser.get(PAGE).status_code, browser.get(f"{PAGE}/T.02").status_code)
    assert found["secretariat.skhcn"] == (200, 200)
    assert found["chair"] == (200, 404)
    assert set(found.values()) - {(200, 200), (200, 404)} == {(404, 404)}


def test_every_kind_of_rule_has_its_form(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    for kind, name in (
        ("yes_no", "question"), ("levels", "levels-points"), ("parts", "parts-label"), ("ratio", "target"), ("steps", "steps-at_least"),
        ("count_cap", "each"), ("manual", "weighing"),
    ):  # fmt: skip
        assert f'name="{name}"' in secretary.get(f"{PAGE}/T.02?cach={kind}").text
    assert 'name="weighing"' in secretary.get(f"{PAGE}/T.02?cach=khac").text


def test_while_the_chair_has_it_nothing_can_be_typed(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    assert '<fieldset class="stack">' in secretary.get(f"{PAGE}/T.02").text
    secretary.post(f"{PAGE}/T.02", LEVELS)
    secretary.post("/ky/2025/viec/amend", {"reason": "Đã có hướng dẫn."})
    page = secretary.get(f"{PAGE}/T.02").text
    assert '<fieldset class="stack" disabled>' in page
    assert "Hướng dẫn không sửa được lúc này." in page


def test_an_amendment_goes_from_draft_to_the_chair_to_the_unit(season, as_demo):
    season.fill("00004")
    amended(season, as_demo)
    page = as_demo("unit.00004").get("/ky/2025/ho-so/00004/chi-so/T.02").text
    assert "Hướng dẫn chấm của chỉ số này đã thay đổi" in page
    assert "Một phần" in page
    assert "Hướng dẫn chấm đã thay đổi, cần xác nhận lại" in as_demo("head.00004").get("/ky/2025/ho-so/00004/nop").text


def test_the_chair_sees_what_changes_and_for_whom(season, as_demo):
    season.fill("00004")
    secretary = as_demo("secretariat.skhcn")
    secretary.post(f"{PAGE}/T.02", LEVELS)
    for text in (secretary.get(PAGE).text, as_demo("chair").get(PAGE).text):
        assert "Thay đổi và ảnh hưởng" in text
        assert "Mức độ an toàn." in text
        assert "Một phần" in text
        assert "1 đơn vị đã điền" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"question": ""}, "Chưa điền: Câu hỏi với đơn vị."),
        ({"levels-label": ["Đủ", "", ""]}, "Dòng 2 còn thiếu một ô."),
        ({"levels-points": ["4", "2", ""]}, "Cách tính chỉ đạt được 4 điểm, điểm tối đa là 5."),
        ({"levels-points": ["năm", "2", ""]}, "Phải là số điểm không âm"),
        ({"levels-points": ["7", "2", ""]}, "vượt điểm tối đa 5"),
        ({"evidence": " "}, "Chưa điền: Minh chứng cần có."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(season, as_demo, typed, said):
    answer = as_demo("secretariat.skhcn").post(f"{PAGE}/T.02", LEVELS | {"hint": "Gõ dở"} | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Gõ dở" in answer.text


def test_all_that_is_wrong_is_said_at_once_and_nothing_of_it_is_kept(season, as_demo):
    visitor = as_demo("secretariat.skhcn")
    answer = visitor.post(f"{PAGE}/T.02", LEVELS | {"question": "", "evidence": "", "levels-points": ["7", "2", ""]})
    assert answer.status_code == 422
    for said in ("Chưa điền: Câu hỏi với đơn vị.", "Chưa điền: Minh chứng cần có.", "vượt điểm tối đa 5"):
        assert said in answer.text
    kept = visitor.post(f"{PAGE}/T.02", LEVELS | {"hint": "Chỉ thiếu minh chứng", "evidence": ""})
    assert kept.status_code == 422
    assert "Chỉ thiếu minh chứng" not in visitor.get(f"{PAGE}/T.02").text


def test_without_a_reason_it_is_not_proposed(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    secretary.post(f"{PAGE}/T.02", LEVELS)
    answer = secretary.post("/ky/2025/viec/amend", {"reason": ""})
    assert answer.status_code == 422
    assert "Cần ghi lý do." in answer.text
    assert secretary.post(f"{PAGE}/ban-nhap/bo").status_code == 303
    assert "Thay đổi và ảnh hưởng" not in secretary.get(PAGE).text
