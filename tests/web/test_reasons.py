"""Why something was done to a case stands beside it, for everybody who may read the case; and the page of corrections."""

import re

import pytest

from tests.season import GRADING
from tests.small import SPRING, Small, make_small
from workflow.deciding import exclude, readmit
from workflow.extending import extend

UNIT, OTHER = "00004", "00008"
CASE = f"/ky/2025/ho-so/{UNIT}"
EVIL = "Sai <b>tổng</b> {{7*7}} %(x)s"


@pytest.fixture
def season(engine) -> Small:
    return make_small(engine)


def diary(client, path=CASE):
    """What happened, as the page says it, line by line."""
    page = client.get(path)
    assert page.status_code == 200
    part = page.text.split("Diễn biến</h3>")[1].split("</section>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).strip() for line in part.split("<li")[1:]]


def line_of(client, label):
    return next(line for line in diary(client) if label in line)


def test_the_reasons_of_the_secretariat_are_beside_the_case_for_all_its_readers(season, as_demo):
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, UNIT, SPRING, "Mất điện cả tuần.")
    season.hand_in(UNIT)
    season.at(GRADING)
    season.move("secretariat.skhcn", UNIT, "send_back", reason="Thiếu phụ lục 2.", until=SPRING)
    season.hand_in(UNIT)
    for reader in (f"unit.{UNIT}", "grader.catp", "council.1", "secretariat.skhcn", "auditor"):
        client = as_demo(reader)
        assert "Lý do: Mất điện cả tuần." in line_of(client, "Gia hạn"), reader
        assert "Lý do: Thiếu phụ lục 2." in line_of(client, "Trả lại để bổ sung"), reader
        assert "Tổ thư ký" in line_of(client, "Trả lại để bổ sung"), reader
    assert as_demo(f"unit.{OTHER}").get(CASE).status_code == 404
    assert "Thiếu phụ lục 2." not in as_demo(f"unit.{OTHER}").get(f"/ky/2025/ho-so/{OTHER}").text


def test_a_name_stands_only_where_it_may_be_known(season, as_demo):
    season.hand_in(UNIT)
    season.move("secretariat.skhcn", UNIT, "send_back", reason="Thiếu phụ lục 2.", until=SPRING)
    season.hand_in(UNIT)
    watched, own = (line_of(as_demo(reader), "Trả lại để bổ sung") for reader in ("auditor", f"unit.{UNIT}"))
    assert watched.count(" · ") == own.count(" · ") + 1


def test_each_reason_stands_at_its_own_event_though_the_act_is_done_twice(season, as_demo):
    for act, reason in ((exclude, "Chờ sáp nhập."), (readmit, "Không sáp nhập nữa."), (exclude, "Đã sáp nhập."), (readmit, "Nhầm đơn vị.")):
        with season.acting("chair") as (session, actor):
            act(session, actor, season.slug, UNIT, reason)
    said = [line.rpartition("Lý do: ")[2] for line in diary(as_demo(f"unit.{UNIT}")) if "Lý do" in line]
    assert said == ["Chờ sáp nhập.", "Không sáp nhập nữa.", "Đã sáp nhập.", "Nhầm đơn vị."]


def test_why_it_was_closed_unsubmitted_is_said(season, as_demo):
    season.at(GRADING)
    season.close(UNIT, "Đơn vị không nộp sau hai lần nhắc.")
    assert "Lý do: Đơn vị không nộp sau hai lần nhắc." in line_of(as_demo(f"unit.{UNIT}"), "Khóa hồ sơ chưa nộp")


def test_why_it_was_reopened_is_said_and_words_are_never_markup(season, as_demo):
    season.finished(UNIT)
    season.at(SPRING)
    season.move("chair", UNIT, "reopen", reason=EVIL, items=("T.02",))
    client = as_demo(f"unit.{UNIT}")
    assert "Lý do: Sai &lt;b&gt;tổng&lt;/b&gt; {{7*7}} %(x)s" in line_of(client, "Mở lại hồ sơ")


# corrections, by page


@pytest.fixture
def published(season) -> Small:
    season.finished(UNIT, OTHER)
    season.exclude_others(UNIT, OTHER)
    season.publish()
    return season


def form(season, **typed):
    asked = season.decision("1187/QĐ-UBND")
    return {
        "decision_number": "1187/QĐ-UBND", "decision_on": asked.decision_on.isoformat(), "decision_document": str(asked.decision_document),
        "reason": "Cộng nhầm nhóm 2.", "units": [UNIT],
    } | typed  # fmt: skip


def test_the_chair_opens_a_correction_by_page_and_the_reason_stands_beside_the_case(published, as_demo):
    chair = as_demo("chair")
    page = chair.get("/ky/2025/cong-bo").text
    assert 'data-trigger="correct"' in page
    answer = chair.post("/ky/2025/cong-bo/dinh-chinh", form(published))
    assert (answer.status_code, answer.location) == (303, "/ky/2025/cong-bo")
    assert "1 hồ sơ đang được đính chính." in chair.get("/ky/2025/cong-bo").text
    assert (published.state(UNIT), published.state(OTHER)) == ("round2_final", "published")
    for reader in (f"unit.{UNIT}", "grader.catp", "auditor"):
        line = line_of(as_demo(reader), "Đính chính kết quả đã công bố")
        assert "quyết định 1187/QĐ-UBND" in line, reader
        assert "Lý do: Cộng nhầm nhóm 2." in line, reader


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"units": []}, "Chọn ít nhất một đơn vị."),
        ({"reason": " "}, "Cần ghi lý do."),
        ({"decision_number": ""}, "số quyết định"),
        ({"decision_on": "hôm qua"}, "decision_on"),
        ({"units": ["99999"]}, "Có 1 chỗ cần sửa"),
        ({"units": [], "reason": "", "decision_number": "", "decision_document": ""}, "Có 4 chỗ cần sửa"),
        ({"units": [UNIT, OTHER], "reason": ""}, "Có 1 chỗ cần sửa"),
    ],
)
def test_a_wrong_form_is_said_with_what_was_typed_and_corrects_nothing(published, as_demo, typed, said):
    answer = as_demo("chair").post("/ky/2025/cong-bo/dinh-chinh", form(published, **typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert "reason" in typed or "Cộng nhầm nhóm 2." in answer.text  # what was typed is kept
    assert published.state(UNIT) == "published"


def test_only_the_chair_corrects_and_only_after_the_password(published, as_demo):
    from sqlalchemy import update

    from models.session import transaction
    from models.tables import Session

    for other in ("secretariat.skhcn", "deputy", "council.1", f"head.{UNIT}", "auditor"):
        assert as_demo(other).post("/ky/2025/cong-bo/dinh-chinh", form(published)).status_code == 404, other
    chair = as_demo("chair")
    with transaction(published.engine) as session:
        session.execute(update(Session).values(proved_at=None))
    asked = chair.post("/ky/2025/cong-bo/dinh-chinh", form(published), headers={"Origin": "http://thamdinh.test"})
    assert "Xác nhận lại mật khẩu" in asked.text
    assert "Cộng nhầm nhóm 2." in asked.text  # what was typed waits behind the password
    assert published.state(UNIT) == "published"
