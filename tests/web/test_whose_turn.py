"""What an official of a unit reads: whose turn it is, what counts, whom to ask; and that no page says what did not happen."""

import io
import re
from datetime import timedelta

import pytest

from tests.season import GRADING, LATE, OPENED
from tests.web.test_cases_acts import PDF, save, upload, version_on

K = "/ky/2025/ho-so/00004"


@pytest.fixture
def asked(season, grading):
    """The commune has to explain two items, IV.09 and IV.12."""
    season.batch("release_round_1")
    season.batch("request_explanation")
    return season


@pytest.fixture
def grading(season):
    """Round 1 of the commune is graded: less than the self-score."""
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}", units=["00004"])
        season.grade(f"grader.{body.lower()}", points=10_000, codes=["IV.09", "IV.12"], units=["00004"])
        season.sign(body)
    return season


def test_after_agreeing_nothing_reads_as_if_the_drafts_had_been_sent(asked, as_demo):
    asked.contest("00004", "IV.09")
    head = as_demo("head.00004")
    assert "Những gì sẽ gửi" in head.get(f"{K}/giai-trinh").text
    assert head.post(f"{K}/viec/accept_round_1").status_code == 303
    page = head.get(f"{K}/giai-trinh").text
    assert "Bản nháp, không gửi" in page
    assert ">Đã gửi" not in page
    case = head.get(K).text
    assert "Đơn vị đã thống nhất với kết quả vòng 1, " in case
    assert "Giải trình đã gửi" not in case
    assert "Đã thống nhất vòng 1" in head.get("/viec-cua-toi").text


def test_without_script_agreeing_asks_for_a_tick_that_only_the_browser_checks(asked, as_demo):
    page = as_demo("head.00004").get(f"{K}/giai-trinh").text
    form = re.search(r'<form method="post" action="[^"]*accept_round_1">.*?</form>', page, re.DOTALL)[0]
    assert re.search(r'<label class="without-script sure"><input type="checkbox" required>[^<]*Không đổi lại được', form)


def test_the_head_reads_in_full_what_is_sent_and_what_is_asked_for(asked, as_demo):
    words = "Số liệu mới của quý bốn. " * 40
    asked.contest("00004", "IV.09", words)
    page = as_demo("head.00004").get(f"{K}/giai-trinh").text
    row = re.search(r'<tr data-item="IV.09">.*?</tr>', page, re.DOTALL)[0]
    assert words.strip() in row
    assert "clamp" not in row
    own = re.search(r'data-name="Tự chấm">([^<]+)<', row)[1]
    assert re.search(r'data-name="Đề nghị">([^<]+)<', row)[1] == own


def test_staff_are_told_that_the_head_must_send(asked, as_demo):
    staff = as_demo("unit.00004")
    left = staff.get("/viec-cua-toi").text
    assert re.search(r"Trả lời (\d+) mục giải trình", left), left[left.find("tasks") :][:2000]
    for code in sorted(set(re.findall(r'data-item="(I+V?\.\d+|IV\.\d+)"', staff.get(f"{K}/giai-trinh").text))):
        asked.contest("00004", code)
    assert "Giải trình đã soạn đủ, trình lãnh đạo gửi" in staff.get("/viec-cua-toi").text
    assert re.search(r"Gửi giải trình</a>: lãnh đạo đơn vị", staff.get(K).text)
    asked.send("00004")
    assert "Đã gửi giải trình" in staff.get("/viec-cua-toi").text


def test_a_case_closed_by_its_deadline_invites_to_nothing_and_says_whom_to_ask(season, as_demo):
    season.at(GRADING)
    head = as_demo("head.00004")
    page = head.get(K).text
    assert 'href="/ky/2025/ho-so/00004/nop"' not in page
    assert "Mục còn thiếu tiếp theo" not in page
    assert "Mục còn thiếu tiếp theo" not in head.get(f"{K}/chi-so/IV.09").text
    assert "Bổ sung<" not in head.get(f"{K}/nop").text
    for one in (page, head.get(f"{K}/nop").text):
        assert 'href="mailto:secretariat.skhcn@demo.example"' in one
    assert "mailto:secretariat" not in as_demo("council.1").get(K).text


def test_a_recalled_case_still_has_what_was_handed_in(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    head = as_demo("head.00004")
    assert "Còn sửa được" in head.get(f"{K}/bien-nhan").text
    head.post(f"{K}/chuyen/recall")
    assert "bản đã nộp vẫn được dùng" in head.get(K).text
    receipt = head.get(f"{K}/bien-nhan").text
    assert "Còn sửa được" not in receipt
    assert "Hồ sơ đang được sửa; nộp lại trước hạn." in receipt
    season.submit("00004")
    season.at(LATE)
    assert "Còn sửa được" not in head.get(f"{K}/bien-nhan").text


def test_recalled_and_not_handed_in_again_the_earlier_one_stands(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    head = as_demo("head.00004")
    assert head.post(f"{K}/chuyen/recall").status_code == 303
    season.at(LATE)
    assert "Bản nộp lần 1" in head.get(K).text
    assert "Đơn vị chưa nộp" not in head.get(K).text
    assert "Bản đã nộp vẫn có giá trị" in head.get("/viec-cua-toi").text


def test_what_is_asked_not_to_apply_counts_nothing_before_submitting_as_after(season, as_demo):
    season.fill("00004")
    unit, head = as_demo("unit.00004"), as_demo("head.00004")
    save(unit, "00004", "IV.09", a="12480", b="12900", na="1", na_reason="Năm nay không có.")
    totals = [re.search(r"Tự chấm</dt><dd>([\d,]+)", head.get(K).text)[1]]
    season.submit("00004")
    totals.append(re.search(r"Tự chấm</dt><dd>([\d,]+)", head.get(K).text)[1])
    assert totals[0] == totals[1]


def test_the_number_of_a_receipt_is_told_from_its_code(season, as_demo, visitor):
    season.fill("00004")
    season.submit("00004")
    page = visitor().get("/bien-nhan?ma=00004-2025-01")
    assert page.status_code == 200
    assert "Đây là số biên nhận." in page.text
    code = re.search(r'data-receipt="(\w{32})"', as_demo("head.00004").get(f"{K}/bien-nhan").text)[1]
    assert "Hợp lệ." in visitor().get(f"/bien-nhan?ma={code}", follow_redirects=True).text
    assert "Không hợp lệ." in visitor().get("/bien-nhan?ma=" + "0" * 32, follow_redirects=True).text


def test_the_sheet_to_sign_holds_the_figures_the_points_come_from(season, as_demo):
    unit = as_demo("unit.00004")
    save(unit, "00004", "IV.09", a="12480", b="12900", text="Theo báo cáo.")
    page = unit.get(f"{K}?in=1").text
    row = re.search(r'<tr data-item="IV.09">.*?</tr>', page, re.DOTALL)[0]
    assert "12.480" in row
    assert "12.900" in row
    assert "Giải thích IV.09 kèm theo" in row


def test_what_does_not_apply_asks_for_nothing_more(season, as_demo):
    unit = as_demo("unit.00004")
    before = unit.get(f"{K}/chi-so/IV.12").text
    assert "bắt buộc nếu không có minh chứng" in before
    save(unit, "00004", "IV.12", na="1", na_reason="Năm nay không có.")
    page = unit.get(f"{K}/chi-so/IV.12").text
    assert "Xin không phát sinh: không chấm điểm" in page
    assert "bắt buộc nếu không có minh chứng" not in page
    assert "Nhập đủ để tính điểm" not in page


def test_one_file_sent_twice_stands_once_and_under_another_name_is_told(season, as_demo):
    unit = as_demo("unit.00004")
    assert upload(unit, "00004", "IV.09", ("bao-cao.pdf", PDF)).status_code == 303
    assert upload(unit, "00004", "IV.09", ("bao-cao.pdf", PDF)).status_code == 303
    assert unit.get(f"{K}/chi-so/IV.09").text.count('id="proof-') == 1
    other = upload(unit, "00004", "IV.09", ("khac.pdf", PDF))
    assert other.status_code == 422
    assert "“khac.pdf” có cùng nội dung với “bao-cao.pdf” đã có ở chỉ số này." in other.text
    assert upload(unit, "00004", "IV.12", ("khac.pdf", PDF)).status_code == 303


def test_wrong_files_take_nothing_of_what_was_typed_beside_them(season, as_demo):
    unit = as_demo("unit.00004")
    typed = {"version": version_on(unit.get(f"{K}/chi-so/IV.09").text), "a": "12480", "b": "12900", "text": "Theo báo cáo quý IV."}
    answer = upload(unit, "00004", "IV.09", ("tot.pdf", PDF), ("rong.pdf", b""), ("ghi-chu.txt", b"x"), **typed)
    assert answer.status_code == 422
    for kept in ('value="12480"', "Theo báo cáo quý IV.", "Chưa tệp nào được tải lên"):
        assert kept in answer.text, kept
    field = re.search(r'data-field="files">(.*?)data-upload-list', answer.text, re.DOTALL)[1]
    assert "rong.pdf" in field
    assert "ghi-chu.txt" in field


def test_taking_a_file_off_saves_what_came_along(season, as_demo):
    unit = as_demo("unit.00004")
    upload(unit, "00004", "IV.09", ("bao-cao.pdf", PDF))
    page = unit.get(f"{K}/chi-so/IV.09").text
    address = re.search(r'id="proof-([\w-]+)"', page)[1]
    typed = {"code": "IV.09", "version": version_on(page), "a": "1", "b": "2", "text": "Còn đây.", "address": address}
    assert unit.post(f"{K}/viec/detach_evidence", typed).status_code == 303
    after = unit.get(f"{K}/chi-so/IV.09").text
    assert 'id="proof-' not in after
    assert "Còn đây." in after


def test_a_save_of_another_day_carries_its_day(season, as_demo):
    unit = as_demo("unit.00004")
    save(unit, "00004", "IV.09", a="1", b="2")
    assert re.search(r"Đã lưu lúc \d\d:\d\d:\d\d<", unit.get(f"{K}/chi-so/IV.09").text)
    season.at(OPENED + timedelta(days=3))
    assert re.search(r"Đã lưu lúc \d\d:\d\d:\d\d, 24/11/2025<", unit.get(f"{K}/chi-so/IV.09").text)


def test_an_attachment_without_a_name_is_not_taken_for_a_second(season, as_demo):
    unit = as_demo("unit.00004")
    assert unit.post(f"{K}/viec/attach_evidence", {"code": "IV.09", "files": (io.BytesIO(b""), "")}).status_code == 422


def test_a_time_of_saving_never_stands_beside_what_was_refused(season, as_demo):
    unit = as_demo("unit.00004")
    typed = {"code": "IV.09", "version": version_on(unit.get(f"{K}/chi-so/IV.09").text), "a": "1", "b": "3", "text": ""}
    save(unit, "00004", "IV.09", a="1", b="2")
    clash = unit.post(f"{K}/viec/self_score", typed)
    wrong = unit.post(f"{K}/viec/self_score", typed | {"version": version_on(clash.text), "a": "nhiều"})
    assert (clash.status_code, wrong.status_code) == (409, 422)
    for answer in (clash, wrong):
        assert "Đã lưu lúc" not in re.sub(r"<template.*?</template>", "", answer.text, flags=re.DOTALL)
