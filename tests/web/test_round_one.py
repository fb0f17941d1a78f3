"""The result of round 1 on paper: for whom it is, with reasons and questions, and until when to explain."""

import re

from tests.season import LATE

K = "/ky/2025/ho-so/00008"
PAPER = f"{K}?in=vong-1"


def test_before_release_nobody_prints_it(graded, as_demo):
    for local in ("unit.00008", "secretariat.skhcn", "council.1", "grader.skhcn", "admin"):
        assert as_demo(local).get(PAPER).status_code == 404, local


def test_it_holds_points_reasons_and_the_request(released, as_demo):
    unit = as_demo("unit.00008")
    page = unit.get(PAPER).text
    row = re.search(r'<tr data-item="IV.09">.*?</tr>', page, re.DOTALL)[0]
    assert "<b>3,00</b>" in row
    assert "Sở KH&amp;CN: <span>Theo tài liệu.</span>" in row
    assert "đề nghị giải trình" not in page
    released.batch("request_explanation")
    page = unit.get(PAPER).text
    assert "và đề nghị giải trình" in page
    assert "chậm nhất" in page
    assert PAPER in unit.get(f"{K}/giai-trinh").text
    assert unit.get("/ky/2025/ho-so/00004?in=vong-1").status_code == 404, "another unit's"
    assert as_demo("grader.skhcn").get(PAPER).status_code == 404, "a body sees only its part"
    assert as_demo("secretariat.skhcn").get(PAPER).status_code == 200


def test_after_the_deadline_what_was_not_sent_is_said_to_be(released, as_demo):
    released.batch("request_explanation")
    released.contest("00008", "IV.09")
    unit = as_demo("unit.00008")
    assert "Những gì sẽ gửi" in unit.get(f"{K}/giai-trinh").text
    released.at(LATE.replace(year=LATE.year + 1))
    assert "Đã hết hạn giải trình, bản nháp chưa gửi" in unit.get("/viec-cua-toi").text
    assert "Bản nháp, không gửi" in unit.get(f"{K}/giai-trinh").text
    item = unit.get(f"{K}/chi-so/IV.09").text
    assert "Xem tất cả và gửi" not in item
