"""My work: for each role what waits, by when, with a button that leads to a page; and notices marked as read."""

import re

from states.roles import Role
from tests.season import GRADING, LATE
from tests.web.statements import counted
from web.routing import opens_to

HOME = "/viec-cua-toi"
K = "/ky/2025"


def tasks_of(page):
    """Return (title, address of the button) of every task."""
    lists = re.findall(r'<ul class="tasks">(.*?)</ul>', page, re.DOTALL)
    found = []
    for one in re.findall(r"<li>(.*?)</li>", "".join(lists), re.DOTALL):
        button = re.search(r'<a class="btn[^"]*" href="([^"]+)"', one)
        found.append((re.search(r"<h2>(.*?)</h2>", one)[1], button[1] if button else ""))
    return found


def test_a_unit_in_its_draft(season, as_demo):
    staff, head = as_demo("unit.00004"), as_demo("head.00004")
    assert tasks_of(staff.get(HOME).text) == [("Bổ sung 47 chỉ số còn thiếu", f"{K}/ho-so/00004/chi-so/IV.01")]
    assert tasks_of(head.get(HOME).text) == [
        ("Kiểm tra và nộp hồ sơ tự chấm 2025", f"{K}/ho-so/00004/nop"),
        ("Giao người phụ trách", f"{K}/ho-so/00004/phu-trach"),
    ]
    page = staff.get(HOME).text
    assert "Thứ Hai 15/12/2025, 23:59" in page
    assert 'data-state="draft"' in page
    season.fill("00004", skip=("IV.38",))
    season.ask_na("00004", "IV.38")
    assert tasks_of(staff.get(HOME).text) == [("Hồ sơ đã đủ, trình lãnh đạo nộp", f"{K}/ho-so/00004/nop")]
    assert ("Xem lại 1 đề nghị “Không phát sinh”", f"{K}/ho-so/00004/chi-so/IV.38") in tasks_of(head.get(HOME).text)
    season.submit("00004")
    assert "Không có việc nào đang chờ" in staff.get(HOME).text


def test_a_late_unit_reads_that_it_is_closed(season, as_demo):
    season.at(GRADING)
    assert tasks_of(as_demo("head.00004").get(HOME).text) == [("Đã hết hạn nộp hồ sơ tự chấm 2025", f"{K}/ho-so/00004")]
    assert ("2 đơn vị quá hạn chưa nộp hồ sơ", f"{K}/tien-do") in tasks_of(as_demo("secretariat.skhcn").get(HOME).text)


def test_bodies_council_and_secretariat_from_round_1_to_the_end(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    grader, lead, secretary = as_demo("grader.skhcn"), as_demo("lead.skhcn"), as_demo("secretariat.skhcn")
    assert tasks_of(grader.get(HOME).text) == [("Chấm 27 ô vòng 1", f"{K}/cham-diem?loc=con-viec")]
    assert f'href="{K}/cham-diem/IV.01"' in grader.get(HOME).text
    season.grade("grader.skhcn", points=10_000, units=["00004"])
    assert ("Ký xác nhận 27 ô đã chấm", f"{K}/cham-diem?loc=cho-ky") in tasks_of(lead.get(HOME).text)
    assert "Không có việc nào đang chờ" in grader.get(HOME).text
    for body in season.bodies():
        if body != "SKHCN":
            season.grade(f"grader.{body.lower()}", points=10_000, units=["00004"])
        season.sign(body)
    assert ("Gửi kết quả vòng 1 cho 1 đơn vị đã chấm xong", f"{K}/chuyen/release_round_1") in tasks_of(secretary.get(HOME).text)
    season.batch("release_round_1")
    assert tasks_of(as_demo("unit.00004").get(HOME).text) == [("Xem kết quả vòng 1", f"{K}/ho-so/00004/giai-trinh")]
    assert ("Yêu cầu giải trình 1 đơn vị", f"{K}/chuyen/request_explanation") in tasks_of(secretary.get(HOME).text)
    season.batch("request_explanation")
    titles = [title for title, _ in tasks_of(as_demo("head.00004").get(HOME).text)]
    assert titles[-1] == "Gửi giải trình, hoặc thống nhất với kết quả vòng 1"
    as_demo("head.00004").post(f"{K}/ho-so/00004/viec/accept_round_1")
    assert ("Chốt kết quả 1 hồ sơ đã sẵn sàng", f"{K}/chuyen/finalise") in tasks_of(as_demo("chair").get(HOME).text)


def test_a_dispute_and_a_proposal_wait_for_council_and_chair(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    for body, points in (("CATP", 10_000), ("SKHCN", 20_000)):
        season.grade(f"grader.{body.lower()}", points=points, codes=["IV.21"], units=["00004"])
        season.sign(body, ["IV.21"])
    assert ("Quyết định 1 việc đang chờ Hội đồng", f"{K}/hoi-dong") in tasks_of(as_demo("council.1").get(HOME).text)
    as_demo("secretariat.skhcn").post(f"{K}/ho-so/00008/chuyen/close_unsubmitted", {"reason": "Không nộp."})
    assert ("Xác nhận hoặc từ chối 1 đề xuất", f"{K}/hoi-dong") in tasks_of(as_demo("chair").get(HOME).text)


def test_every_role_has_a_home_and_no_button_leads_nowhere(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    season.at(LATE)
    roles = (
        "unit.00004",
        "head.00004",
        "grader.catp",
        "lead.catp",
        "secretariat.skhcn",
        "council.1",
        "chair",
        "deputy",
        "auditor",
        "admin",
    )
    for local in roles:
        client = as_demo(local)
        page = client.get(HOME)
        assert page.status_code == 200, local
        for title, path in tasks_of(page.text):
            assert client.get(path).status_code in {200, 303}, (local, title, path)


def test_notices_are_read_once_and_only_by_their_owner(season, as_demo):
    unit, other = as_demo("unit.00004"), as_demo("unit.00008")
    page = unit.get(HOME).text
    assert "1 chưa đọc" in page
    assert "Mở kỳ đánh giá" in page
    assert unit.post(f"{HOME}/da-doc").location == HOME
    assert "chưa đọc" not in unit.get(HOME).text
    assert "1 chưa đọc" in other.get(HOME).text


def test_the_home_takes_the_same_statements_whatever_waits(season, as_demo):
    staff = as_demo("unit.00004")
    staff.get(HOME)
    with counted(staff.application) as empty:
        staff.get(HOME)
    season.fill("00004")
    with counted(staff.application) as full:
        staff.get(HOME)
    assert len(full) == len(empty)


def test_a_notice_leads_only_where_its_reader_may_go(season, as_demo):
    head = as_demo("head.00004")
    with head.application.test_request_context():
        assert opens_to(Role.GRADER, f"{K}/cham-diem")
        assert not opens_to(Role.SECRETARIAT, f"{K}/cham-diem")
        assert opens_to(Role.SECRETARIAT, f"{K}/tien-do?bang=IV")
        assert opens_to(Role.UNIT_STAFF, "/ket-qua/2025")
        assert not opens_to(Role.ADMIN, "/khong-co-trang-nay")


def test_the_frame_says_who_one_is_in_few_words(season, as_demo):
    for who, called in (("secretariat.skhcn", "Tổ thư ký · Sở KH&amp;CN"), ("unit.00004", "Cán bộ nhập · Phường Ba Đình")):
        page = as_demo(who).get(HOME).text
        assert f"<span>{called}</span>" in page[page.index('class="who"') :].split("</div>")[0], who
