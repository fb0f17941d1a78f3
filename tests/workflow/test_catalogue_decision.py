"""The catalogue file against Decision 5279/QĐ-UBND: counted, added up, and compared word for word where a copyist would slip."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from workflow.catalogue.reading import check_catalogue, read_catalogue
from workflow.catalogue.showing import as_json
from workflow.numbers import POINT

FILE = Path("catalogues/hanoi-5279-2025.toml")
ECONOMY = {"SCT", "SGDDT", "SNV", "SNNMT", "SKHCN", "SVHTT", "SYT", "SDL"}


@pytest.fixture(scope="module")
def content():
    return read_catalogue(FILE.read_bytes(), FILE.name)


@pytest.fixture(scope="module")
def annexes(content):
    return {chosen.code: chosen for chosen in content.sets}


@pytest.fixture(scope="module")
def indicators(content):
    return {one.code: one for chosen in content.sets for _, one in chosen.indicators()}


def test_the_file_has_no_problem():
    assert check_catalogue(FILE.read_bytes(), FILE.name) == []


def test_the_decision_is_named_and_not_yet_compared_with_the_signed_one(content):
    assert content.decision.number == "5279/QĐ-UBND"
    assert content.decision.date == content.decision.in_force == date(2025, 10, 23)
    assert content.decision.source
    assert content.decision.compared_with_signed is False
    assert content.decimals == 2


@pytest.mark.parametrize(
    ("code", "title", "counts", "points"),
    [
        ("III", "Bộ chỉ số chuyển đổi số cấp Thành phố", [3, 4, 2, 3, 5, 11, 1, 3, 2], [15, 35, 20, 15, 30, 100, 20, 15, 100]),
        ("IV", "Bộ chỉ số đánh giá chuyển đổi số cấp xã", [5, 3, 5, 6, 4, 10, 6, 8], [25, 30, 35, 30, 30, 80, 30, 40]),
    ],
)
def test_groups_count_and_add_up_as_in_the_annex(annexes, code, title, counts, points):
    annex = annexes[code]
    assert annex.title == title
    assert [group.number for group in annex.groups] == [str(number) for number in range(1, len(counts) + 1)]
    assert [len(group.indicators) for group in annex.groups] == counts
    assert [group.points // POINT for group in annex.groups] == points
    assert [sum(one.points for one in group.indicators) // POINT for group in annex.groups] == points
    assert [one.number for _, one in annex.indicators()] == list(range(1, sum(counts) + 1))
    assert annex.total == sum(points) * POINT


def test_totals_are_350_330_and_300(annexes):
    def most(code, unit):
        return sum(one.points for group, one in annexes[code].indicators() if not group.applies_to or unit in group.applies_to) // POINT

    assert {most("III", unit) for unit in ECONOMY} == {350}
    assert most("III", "STC") == 330
    assert most("IV", "00004") == 300


def test_group_7_is_for_the_eight_of_annex_ii_only(annexes):
    limited = [(group.number, group.title, set(group.applies_to)) for group in annexes["III"].groups if group.applies_to]
    assert limited == [("7", "Hoạt động kinh tế số", ECONOMY)]
    assert not [group for group in annexes["IV"].groups if group.applies_to]


@pytest.mark.parametrize(
    ("body", "city", "communes"),
    [
        ("SKHCN", (20, 245), (27, 160)),
        ("CATP", (7, 40), (7, 45)),
        ("TTPVHCC", (4, 40), (5, 55)),
        ("VPUB", (2, 20), (3, 15)),
        ("STC", (1, 10), (1, 5)),
        ("SVHTT", (1, 5), (6, 35)),
        ("SYT", (1, 5), (1, 5)),
    ],
)
def test_each_body_grades_as_many_indicators_and_points_as_in_the_last_column(annexes, body, city, communes):
    def graded(code):
        points = [one.points // POINT for _, one in annexes[code].indicators() if body in one.bodies]
        return len(points), sum(points)

    assert (graded("III"), graded("IV")) == (city, communes)


def test_seven_bodies_grade_and_five_indicators_have_two_in_the_order_written(content, indicators):
    assert len(content.bodies()) == 7
    assert {code: one.bodies for code, one in indicators.items() if len(one.bodies) > 1} == {
        "III.09": ("SKHCN", "TTPVHCC"),
        "III.17": ("CATP", "SKHCN"),
        "IV.21": ("SKHCN", "CATP"),
        "IV.29": ("TTPVHCC", "VPUB"),
        "IV.44": ("SKHCN", "CATP"),
    }


@pytest.mark.parametrize(
    ("code", "local", "points", "title"),
    [
        ("III.01", 1, 5, ("Người đứng đầu Sở/Ban/Ngành là Trưởng Ban chỉ đạo về khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số, "
                         "cải cách hành chính và đề án 06 của Sở/Ban/Ngành")),
        ("III.06", 3, 10, "Có văn bản hướng dẫn các xã, phường về chuyển đổi số theo ngành, lĩnh vực."),
        ("III.07", 4, 10, "Ban hành mô hình, chương trình khuyến khích người dân, doanh nghiệp sử dụng dịch vụ công trực tuyến (DVCTT)"),
        ("III.18", 1, 5, "Tần suất cập nhật tin bài trên Trang/Cổng thông tin điện tử xã/phường"),
        ("III.27", 10, 10, ("Tỷ lệ văn bản (trừ văn bản mật theo quy định) trao đổi giữa cơ quan Nhà nước được thực hiện dưới dạng điện "
                           "tử, được ký số bởi chữ ký số chuyên dùng")),
        ("III.29", 1, 20, "Tỷ trọng kinh tế số trong từng ngành, lĩnh vực (*)"),
        ("III.30", 1, 5, "Tỷ lệ cán bộ công chức, viên chức người lao động có danh tính số/tài khoản định danh điện tử"),
        ("III.32", 3, 5, "Tỷ lệ cán bộ công chức, viên chức, người lao động được lập hồ sơ sức khỏe điện tử."),
        ("III.34", 2, 50, "Mức độ hoàn thành các nhiệm vụ được giao"),
        ("IV.09", 1, 5, "Tỷ lệ hộ gia đình được phủ mạng Internet băng rộng cáp quang"),
        ("IV.15", 2, 5, ("Thành lập “Đội hỗ trợ chuyển đổi số phản ứng nhanh” (hay còn gọi là Tổ ứng cứu công nghệ) để kịp thời hỗ trợ "
                        "cán bộ và người dân trong quá trình chuyển đổi số ở xã/phường")),
        ("IV.24", 1, 10, "Tần suất cập nhật tin bài trên Trang/Cổng thông tin điện tử xã/phường"),
        ("IV.27", 4, 20, "Tỷ lệ văn bản, hồ sơ công việc (trừ hồ sơ mật) được xử lý trên môi trường mạng"),
        ("IV.38", 5, 5, "Tỷ lệ các sản phẩm chủ lực, đặc trưng, sản phẩm OCOP (nếu có) của địa phương được đưa lên sàn thương mại điện tử"),
        ("IV.44", 5, 5, ("Tỷ lệ người dân trong độ tuổi lao động được được tập huấn, hướng dẫn kỹ năng số cơ bản, an toàn thông tin trên "
                        "không gian mạng và hành vi ứng xử trên các mạng xã hội")),
        ("IV.47", 8, 5, "Phổ biến thông tin (pháp luật, thông báo, hướng dẫn…) đến người dân thông qua các nền tảng số hoặc mạng xã hội"),
    ],
)  # fmt: skip
def test_the_text_is_verbatim(indicators, code, local, points, title):
    one = indicators[code]
    assert (one.local_number, one.points, one.title) == (local, points * POINT, title)


@pytest.mark.parametrize(
    ("city", "commune"), [("III.03", "IV.05"), ("III.10", "IV.16"), ("III.11", "IV.17"), ("III.16", "IV.20"), ("III.15", "IV.22")]
)
def test_same_text_and_points_in_both_annexes(indicators, city, commune):
    assert (indicators[city].title, indicators[city].points) == (indicators[commune].title, indicators[commune].points)


@pytest.mark.parametrize(
    ("city", "commune", "points"),
    [("III.17", "IV.21", (5, 10)), ("III.18", "IV.24", (5, 10)), ("III.27", "IV.28", (10, 5)), ("III.28", "IV.33", (10, 5))],
)
def test_same_text_with_other_points(indicators, city, commune, points):
    assert indicators[city].title == indicators[commune].title
    assert (indicators[city].points // POINT, indicators[commune].points // POINT) == points


def test_where_the_text_is_odd_an_editor_says_so(indicators):
    assert {code for code, one in indicators.items() if one.note} == {
        "III.06", "III.17", "III.18", "III.28", "III.29", "III.30", "III.32", "IV.19", "IV.21", "IV.33", "IV.44",
    }  # fmt: skip


def test_143_units_and_a_body_that_is_none(content, annexes):
    codes = [one.code for one in content.units_of(annexes["III"])]
    assert codes == [
        "VPUB", "SCT", "SDTTG", "SDL", "SGDDT", "SKHCN", "SNV", "SNNMT", "SQHKT", "STC", "STP", "SVHTT", "SXD", "SYT",
        "TTTP", "BQLKCNC", "TTPVHCC",
    ]  # fmt: skip
    assert Counter(kind for kind, listed in content.organisations.items() for _ in listed) == {"so": 17, "body": 1, "phuong": 51, "xa": 75}
    communes = content.units_of(annexes["IV"])
    assert len({one.code for one in communes}) == len({one.name for one in communes}) == 126
    assert all(re.fullmatch(r"\d{5}", one.code) for one in communes)
    known = content.by_code()
    assert known["00004"][1].name == "Phường Ba Đình"
    assert known["04930"][1].name == "Xã Yên Xuân"
    assert known["00226"][1].short_name == "Văn Miếu - Quốc Tử Giám"
    assert known["CATP"][0] == "body"


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Sở Công thương", "SCT"),
        ("Sở Khoa học Công nghệ", "SKHCN"),
        ("Trung tâm Phục vụ Hành chính công", "TTPVHCC"),
        ("Trung tâm Phục vụ hành chính công", "TTPVHCC"),
        ("Trung tâm Phục vụ Hành chính công Thành phố", "TTPVHCC"),
    ],
)
def test_every_spelling_of_the_annexes_leads_to_its_organisation(content, spelling, code):
    one = content.by_code()[code][1]
    assert spelling in {one.name, *one.aliases}


def test_every_indicator_has_provisional_guidance_in_words(content, indicators):
    assert set(content.guidance) == set(indicators)
    for code, entry in content.guidance.items():
        assert entry.status == "provisional", code
        assert entry.evidence, code
        assert entry.hint, code
        assert all(field.label for field in entry.rule.fields()), code


def test_what_begins_with_a_share_is_a_ratio_named_in_words(content, indicators):
    shares = [code for code, one in indicators.items() if one.title.startswith("Tỷ lệ")]
    assert len(shares) == 32
    for code in shares:
        rule = content.guidance[code].rule
        assert rule.kind == "ratio", code
        assert rule.unit, code
        assert rule.a != rule.b, code
        assert min(len(rule.a), len(rule.b)) > 10, "a and b are said in words"


def test_at_most_20_indicators_are_left_to_judgement_and_all_seven_kinds_are_used(content):
    kinds = Counter(entry.rule.kind for entry in content.guidance.values())
    assert kinds["manual"] <= 20
    assert set(kinds) == {"yes_no", "levels", "parts", "ratio", "steps", "count_cap", "manual"}


def test_what_is_shown_has_the_shape_of_the_contract(content):
    shown = as_json(content)
    assert list(shown) == ["code", "sets"]
    assert list(shown["sets"][0]) == ["code", "title", "total", "groups"]
    group = shown["sets"][0]["groups"][6]
    assert list(group) == ["number", "parent", "title", "points", "indicators"]
    (one,) = group["indicators"]
    assert list(one) == ["code", "number", "local_number", "title", "points", "bodies", "applies_to", "rule", "rule_status", "note"]
    assert (shown["sets"][0]["total"], group["points"], one["points"], one["number"]) == (350, 20, 20, 29)
    assert set(one["applies_to"]) == ECONOMY
    assert one["rule_status"] == "provisional"
    assert shown["sets"][1]["groups"][0]["indicators"][0]["applies_to"] is None
