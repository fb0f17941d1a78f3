"""What a unit does on its pages: saving, asking, proving, submitting, explaining; and that nothing typed is ever lost."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from models.session import reading
from models.tables import Case, Document, Explanation, Indicator, Item, Organisation, Submission
from tests.season import GRADING, LATE

K = "/ky/2025/ho-so"
FETCH = {"X-Requested-With": "fetch"}
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 20 + b"%%EOF\n"
DECLARED = {"declared": ["truthful", "no_secrets"]}


def item_of(engine, unit, code):
    with reading(engine) as session:
        query = select(Item).join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
        found = session.scalars(
            query.join(Organisation, Organisation.id == Case.unit_id).where(Organisation.code == unit, Indicator.code == code)
        ).one()
        session.expunge_all()
    return found


def version_on(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def save(client, unit, code, **fields):
    page = client.get(f"{K}/{unit}/chi-so/{code}").text
    return client.post(f"{K}/{unit}/viec/self_score", {"code": code, "version": version_on(page)} | fields)


def upload(client, unit, code, *files, **about):
    fields = {"code": code, "files": [(io.BytesIO(content), name) for name, content in files]} | about
    return client.post(f"{K}/{unit}/viec/attach_evidence", fields, content_type="multipart/form-data")


# the draft


def test_a_ratio_is_saved_and_shown_as_a_line(season, as_demo, engine):
    unit = as_demo("unit.00004")
    saved = save(unit, "00004", "IV.09", a="12.480", b="12 900", text="Theo báo cáo.")
    assert (saved.status_code, saved.location) == (303, f"{K}/00004/chi-so/IV.09")
    page = unit.get(saved.location)
    assert 'value="12.480"' in page.text
    assert "96,74%" in page.text
    assert "4,84" in page.text
    assert item_of(engine, "00004", "IV.09").draft_points == 48_400


def test_every_rule_of_both_annexes_shows_its_form_and_takes_an_answer(season, as_demo, engine):
    unit = as_demo("unit.00004")
    season.fill("00004")
    with reading(engine) as session:
        query = select(Indicator.code).join(Item, Item.indicator_id == Indicator.id).join(Case, Case.id == Item.case_id)
        codes = list(session.scalars(query.join(Organisation, Organisation.id == Case.unit_id).where(Organisation.code == "00004")))
    for code in codes:
        page = unit.get(f"{K}/00004/chi-so/{code}")
        assert page.status_code == 200, code
        assert 'form="item"' in page.text, code
        assert "tạm tính" in page.text, code


def test_script_gets_the_parts_that_change_and_the_time(season, as_demo):
    unit = as_demo("unit.00004")
    page = unit.get(f"{K}/00004/chi-so/IV.09").text
    answer = unit.post(
        f"{K}/00004/viec/self_score",
        {"code": "IV.09", "version": version_on(page), "a": "1", "b": "2"},
        headers=FETCH,
        follow_redirects=True,
    )
    assert answer.status_code == 200
    fresh = unit.get(f"{K}/00004/chi-so/IV.09", headers=FETCH)
    assert "<!doctype" not in fresh.text
    assert re.search(r'id="version"[^>]*value="1"|value="1" id="version"', fresh.text)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", fresh.headers["X-Saved-At"])


def test_wrong_numbers_come_back_at_their_field_with_the_text(season, as_demo, engine):
    answer = save(as_demo("unit.00004"), "00004", "IV.09", a="15.000", b="12.900", text="Đã đối chiếu.")
    assert answer.status_code == 422
    assert 'value="15.000"' in answer.text
    assert "Đã đối chiếu." in answer.text
    assert 'href="#a"' in answer.text
    assert "không được lớn hơn b (" in answer.text
    assert item_of(engine, "00004", "IV.09").draft_at is None


def test_two_tabs_see_both_versions_and_either_can_be_taken(season, as_demo, engine):
    unit = as_demo("unit.00004")
    old = version_on(unit.get(f"{K}/00004/chi-so/IV.09").text)
    save(unit, "00004", "IV.09", a="10", b="20", text="bản thứ nhất")
    mine = {"code": "IV.09", "a": "15", "b": "20", "text": "bản thứ hai"}
    clash = unit.post(f"{K}/00004/viec/self_score", mine | {"version": old})
    assert clash.status_code == 409
    assert "bản thứ nhất" in clash.text
    assert "bản thứ hai" in clash.text
    assert "data-clash" in clash.text
    assert item_of(engine, "00004", "IV.09").draft_text == "bản thứ nhất"
    assert unit.post(f"{K}/00004/viec/self_score", mine | {"version": version_on(clash.text)}).status_code == 303
    assert item_of(engine, "00004", "IV.09").draft_text == "bản thứ hai"


def test_a_clash_names_the_figures_that_writing_ones_own_would_take_away(season, as_demo):
    unit = as_demo("unit.00004")
    old = version_on(unit.get(f"{K}/00004/chi-so/IV.09").text)
    fields = {"code": "IV.09", "version": old}
    assert unit.post(f"{K}/00004/viec/self_score", fields | {"a": "3", "b": "4", "text": ""}).status_code == 303
    clash = unit.post(f"{K}/00004/viec/self_score", fields | {"a": "", "b": "", "text": "chỉ có lời"})
    assert clash.status_code == 409
    own = clash.text.split("Bản của bạn")[1].split("</blockquote>")[0]
    assert own.count(": –") == 2
    assert "chỉ có lời" in own
    assert "Ghi bản của tôi" in clash.text


@pytest.mark.parametrize("doubled", [["7", "7"], ["7,5", "7,5"], ["x", "x"]])
def test_a_field_sent_twice_with_the_same_value_says_it_once(season, as_demo, engine, doubled):
    unit = as_demo("unit.00004")
    answer = save(unit, "00004", "IV.09", a=doubled, b=["9", "9"], text="Theo báo cáo.")
    kept = item_of(engine, "00004", "IV.09").draft_inputs
    once = save(unit, "00004", "IV.09", a=doubled[0], b="9", text="Theo báo cáo.")
    assert answer.status_code == once.status_code
    assert kept == item_of(engine, "00004", "IV.09").draft_inputs


def test_the_same_text_sent_twice_is_no_clash(season, as_demo, engine):
    unit = as_demo("unit.00004")
    same = {"code": "IV.09", "version": version_on(unit.get(f"{K}/00004/chi-so/IV.09").text), "a": "10", "b": "20", "text": "x"}
    assert [unit.post(f"{K}/00004/viec/self_score", same).status_code for _ in range(2)] == [303, 303]
    assert item_of(engine, "00004", "IV.09").version == 1


def test_not_applicable_needs_a_reason_and_can_be_taken_back(season, as_demo, engine):
    unit = as_demo("unit.00004")
    refused = save(unit, "00004", "IV.38", na="1")
    assert (refused.status_code, "Ghi lý do vì sao không phát sinh." in refused.text) == (422, True)
    save(unit, "00004", "IV.38", na="1", na_reason="Không có sản phẩm OCOP.")
    assert item_of(engine, "00004", "IV.38").applicability == "requested"
    save(unit, "00004", "IV.38")
    assert item_of(engine, "00004", "IV.38").applicability == "applicable"


def test_an_old_form_after_the_deadline_says_so_and_keeps_the_text(season, as_demo, engine):
    unit = as_demo("unit.00004")
    version = version_on(unit.get(f"{K}/00004/chi-so/IV.09").text)
    season.at(GRADING)
    late = unit.post(f"{K}/00004/viec/self_score", {"code": "IV.09", "version": version, "a": "7", "b": "9", "text": "gõ lúc muộn"})
    assert late.status_code == 422
    assert "Đã hết hạn tự chấm" in late.text
    assert "gõ lúc muộn" in late.text
    assert "chưa được ghi" in late.text
    assert item_of(engine, "00004", "IV.09").draft_at is None


def test_nobody_else_writes_a_unit_s_draft(season, as_demo):
    fields = {"code": "IV.09", "version": "0", "a": "1", "b": "2"}
    for local, status in (("unit.00008", 404), ("grader.skhcn", 404), ("secretariat.skhcn", 404), ("admin", 404)):
        assert as_demo(local).post(f"{K}/00004/viec/self_score", fields).status_code == status, local
    assert as_demo("unit.00004").post(f"{K}/00004/viec/no_such_act", fields).status_code == 404


def test_the_head_gives_the_work_out_and_staff_cannot(season, as_demo):
    head, staff = as_demo("head.00004"), as_demo("unit.00004")
    person = season.people["unit.00004@demo.example"]
    assert head.post(f"{K}/00004/viec/assign_responsible", {"person.IV.09": str(person)}).status_code == 303
    assert f'value="{person}" selected' in head.get(f"{K}/00004/phu-trach").text
    assert staff.post(f"{K}/00004/viec/assign_responsible", {"person.IV.09": ""}).status_code == 404
    stranger = season.people["unit.00008@demo.example"]
    assert head.post(f"{K}/00004/viec/assign_responsible", {"person.IV.09": str(stranger)}).status_code == 404


# evidence


def test_several_files_are_attached_described_and_handed_out_safely(season, as_demo):
    unit = as_demo("unit.00004")
    about = {"number": "245/BC-UBND", "issued_on": "2025-12-02", "issuer": "UBND phường", "page": "3", "section": "II.1"}
    assert upload(unit, "00004", "IV.09", ("một.pdf", PDF), ("hai.pdf", PDF + b"2"), **about).status_code == 303
    page = unit.get(f"{K}/00004/chi-so/IV.09").text
    assert page.count('id="proof-') == 2
    assert "mục II.1, trang 3" in page
    address = re.search(r'/ky/2025/minh-chung/([\w-]+)"', page)[1]
    file = unit.get(f"/ky/2025/minh-chung/{address}")
    assert file.status_code == 200
    assert file.data == PDF
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    file.close()
    for local in ("unit.00008", "secretariat.skhcn", "grader.skhcn", "auditor", "admin"):
        assert as_demo(local).get(f"/ky/2025/minh-chung/{address}").status_code == 404, local


BAD_FILES = (
    ("rong.pdf", b"", "rỗng"),
    ("bao-cao.pdf", PDF[:-6], "bị thiếu phần cuối"),
    ("anh.png", b"\x89PNG\r\n\x1a\n" + b"0" * 80, "bị thiếu phần cuối"),
    ("anh.jpg", b"\xff\xd8\xff\xe0" + b"0" * 80, "bị thiếu phần cuối"),
    ("vo.pdf", b"%PDF-1.4\n" + b"%%EOF\n", "không đúng với phần mở rộng"),
    ("trang.pdf", b"<html><script>alert(1)</script>", "không đúng với phần mở rộng"),
    ("chay.exe", b"MZ" + b"\0" * 50, "Không nhận loại tệp"),
    ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Không nhận loại tệp"),
)


def test_bad_files_are_refused_with_the_good_ones(season, as_demo, engine):
    unit = as_demo("unit.00004")
    for name, content, said in BAD_FILES:
        answer = upload(unit, "00004", "IV.09", ("tot.pdf", PDF), (name, content))
        assert (answer.status_code, said in answer.text) == (422, True), name
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_a_body_too_large_gets_its_own_page(season, as_demo):
    unit = as_demo("unit.00004")
    huge = {"CONTENT_LENGTH": str(61 * 1024 * 1024)}
    path = f"{K}/00004/viec/attach_evidence"
    answer = unit.open(path, method="POST", data=b"--x", content_type="multipart/form-data; boundary=x", environ_overrides=huge)
    assert answer.status_code == 413
    assert "quá lớn" in answer.text


def test_a_document_of_the_shelf_serves_another_item_and_is_mended_and_taken_off(season, as_demo):
    unit = as_demo("unit.00004")
    upload(unit, "00004", "IV.09", ("một.pdf", PDF), number="1/BC")
    address = re.search(r"/minh-chung/([\w-]+)", unit.get(f"{K}/00004/chi-so/IV.09").text)[1]
    assert address in unit.get(f"{K}/00004/chi-so/IV.10").text  # on the shelf
    unit.post(f"{K}/00004/viec/attach_evidence", {"code": "IV.10", "known": address, "page": "7"})
    page = unit.get(f"{K}/00004/chi-so/IV.10").text
    assert "trang 7" in page
    assert "dùng cho 2 chỉ số" in page
    mended = {"code": "IV.10", "address": address, "number": "2/BC", "page": "8"}
    assert unit.post(f"{K}/00004/viec/attach_evidence", mended).status_code == 303
    assert "2/BC" in unit.get(f"{K}/00004/chi-so/IV.09").text
    assert unit.post(f"{K}/00004/viec/detach_evidence", {"code": "IV.10", "address": address}).status_code == 303
    assert f'id="proof-{address}"' not in unit.get(f"{K}/00004/chi-so/IV.10").text
    bad = unit.post(f"{K}/00004/viec/attach_evidence", {"code": "IV.10", "link": "javascript:alert(1)"})
    assert (bad.status_code, "http://" in bad.text) == (422, True)


# submitting


def test_the_check_list_says_what_is_missing_and_only_the_head_submits(season, as_demo):
    season.fill("00004", skip=("IV.09", "IV.20"))
    head, staff = as_demo("head.00004"), as_demo("unit.00004")
    page = head.get(f"{K}/00004/nop").text
    assert "còn 2 mục phải sửa" in page
    assert f'{K}/00004/chi-so/IV.20"' in page
    refused = head.post(f"{K}/00004/chuyen/submit", DECLARED)
    assert (refused.status_code, "Chưa có điểm tự chấm." in refused.text) == (422, True)
    season.fill("00004", skip=[code for code in ALL_BUT if code not in {"IV.09", "IV.20"}])
    assert "Đủ điều kiện nộp." in staff.get(f"{K}/00004/nop").text
    told = staff.get(f"{K}/00004/nop").text
    assert "Chỉ lãnh đạo đơn vị nộp được." in told
    with season.acting("head.00004") as (_, boss):
        assert f"Người nộp được: {boss.name}." in told
    assert 'name="declared"' not in told
    assert staff.post(f"{K}/00004/chuyen/submit", DECLARED).status_code == 404


ALL_BUT = [f"IV.{number:02d}" for number in range(1, 48)]


def test_both_ticks_are_needed_and_the_one_made_stays(season, as_demo):
    season.fill("00004")
    head = as_demo("head.00004")
    for ticked in ("", "truthful", "no_secrets"):
        answer = head.post(f"{K}/00004/chuyen/submit", {"declared": ticked} if ticked else {})
        assert answer.status_code == 422
        assert "Cần chọn cả hai cam kết" in answer.text
        for value in ("truthful", "no_secrets"):
            assert bool(re.search(rf'value="{value}" checked', answer.text)) == (value == ticked)


def test_a_receipt_with_its_hash_and_a_second_click_ends_at_the_same(season, as_demo, engine, visitor):
    season.fill("00004")
    head = as_demo("head.00004")
    first = head.post(f"{K}/00004/chuyen/submit", DECLARED)
    assert (first.status_code, first.location) == (303, f"{K}/00004/bien-nhan")
    again = head.post(f"{K}/00004/chuyen/submit", DECLARED)
    assert (again.status_code, again.location) == (303, f"{K}/00004/bien-nhan")
    with reading(engine) as session:
        (made,) = session.scalars(select(Submission)).all()
        code, sealed = made.receipt_code, made.content_hash
    page = head.get(first.location).text
    assert "00004-2025-01" in page
    assert f'data-hash="{sealed}"' in page
    assert f'data-receipt="{code}"' in page
    assert "Thứ Hai 24/11/2025, 08:00:00" in page
    assert as_demo("secretariat.skhcn").get(first.location).status_code == 404
    word = visitor().get(f"/bien-nhan/{code}").text
    assert "Hợp lệ." in word
    assert "Ba Đình" not in word
    printed = " ".join(code[start : start + 4] for start in range(0, 32, 4)).upper()
    typed = visitor().get("/bien-nhan", query_string={"ma": f" {printed} "}, follow_redirects=True)
    assert "Hợp lệ." in typed.text
    assert 'name="ma"' in visitor().get("/bien-nhan").text
    assert "Không hợp lệ." in visitor().get(f"/bien-nhan/{code[:-1]}0" if code[-1] != "0" else f"/bien-nhan/{code[:-1]}1").text


@pytest.mark.postgres
def test_two_clicks_at_once_make_one_submission(season, as_demo, engine):
    season.fill("00004")
    heads = [as_demo("head.00004") for _ in range(2)]
    for head in heads:
        head.get(f"{K}/00004/nop")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda head: head.post(f"{K}/00004/chuyen/submit", DECLARED), heads))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"{K}/00004/bien-nhan")}
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_recall_and_send_back_open_the_draft_again(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    head, secretary = as_demo("head.00004"), as_demo("secretariat.skhcn")
    assert 'data-trigger="recall"' in head.get(f"{K}/00004").text
    assert head.post(f"{K}/00004/chuyen/recall").location == f"{K}/00004"
    assert 'data-state="draft"' in head.get(f"{K}/00004").text
    head.post(f"{K}/00004/chuyen/submit", DECLARED)
    refused = secretary.post(f"{K}/00004/chuyen/send_back", {"reason": "Thiếu phụ lục của mục 3."})
    assert refused.status_code == 422
    assert "Thiếu phụ lục của mục 3." in refused.text
    assert "Cần ghi hạn mới." in refused.text
    done = secretary.post(f"{K}/00004/chuyen/send_back", {"reason": "Thiếu phụ lục.", "until": "2025-12-19"})
    assert done.status_code == 303
    page = head.get(f"{K}/00004").text
    assert "Thứ Sáu 19/12/2025, 23:59" in page
    assert "Thiếu phụ lục." in page


def test_publishing_is_never_of_one_case(season, as_demo):
    assert as_demo("secretariat.skhcn").post(f"{K}/00004/chuyen/publish", {}).status_code == 409
    assert as_demo("unit.00004").post(f"{K}/00004/chuyen/publish", {}).status_code == 404
    assert as_demo("chair").post(f"{K}/00004/chuyen/no_such_move", {}).status_code == 404


# explanation


@pytest.fixture
def asked(season):
    """Round 1 gave everything one point, was released, and the explanation runs."""
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}", points=10_000, units=["00004"])
        season.sign(body)
    season.batch("release_round_1", units=["00004"])
    season.batch("request_explanation", units=["00004"])
    return season


def answer(client, code, **fields):
    page = client.get(f"{K}/00004/chi-so/{code}").text
    return client.post(f"{K}/00004/viec/explain", {"code": code, "version": version_on(page)} | fields)


def test_an_answer_proposes_other_figures_and_the_head_sends_once(asked, as_demo, engine):
    staff, head = as_demo("unit.00004"), as_demo("head.00004")
    page = staff.get(f"{K}/00004/chi-so/IV.09").text
    assert "Vì sao bị hạ 3,50 điểm" in page
    assert "data-autosave" in page
    assert answer(staff, "IV.09", stance="contest", a="95", b="100", text="Đã kéo thêm cáp.").status_code == 303
    assert answer(staff, "IV.10", stance="agree").status_code == 303
    with reading(engine) as session:
        rows = session.execute(select(Explanation.stance, Explanation.proposed_points).order_by(Explanation.id)).all()
    assert [tuple(row) for row in rows] == [("contest", 47_500), ("agree", None)]
    preview = head.get(f"{K}/00004/giai-trinh").text
    assert "Đã kéo thêm cáp." in preview
    assert "4,75" in preview
    assert staff.post(f"{K}/00004/viec/send_explanation").status_code == 404
    assert head.post(f"{K}/00004/viec/send_explanation").location == f"{K}/00004/giai-trinh"
    again = head.post(f"{K}/00004/viec/send_explanation")
    assert (again.status_code, "đã gửi" in again.text) == (422, True)
    late = answer_replayed(staff, "IV.09", text="sửa sau khi gửi")
    assert (late.status_code, "sửa sau khi gửi" in late.text) == (422, True)


def answer_replayed(client, code, **fields):
    return client.post(f"{K}/00004/viec/explain", {"code": code, "version": "1", "stance": "contest"} | fields)


def test_the_figures_of_the_self_score_propose_nothing(asked, as_demo, engine):
    answer(as_demo("unit.00004"), "IV.09", stance="contest", a="9", b="10", text="Giữ nguyên.")
    with reading(engine) as session:
        assert session.scalar(select(Explanation.proposed_points)) is None


def test_unsent_evidence_and_answers_are_the_unit_s_own(asked, as_demo):
    staff = as_demo("unit.00004")
    answer(staff, "IV.09", stance="contest", text="Bí mật tới khi gửi.")
    upload(staff, "00004", "IV.09", ("mới.pdf", PDF), number="99/XN")
    assert "99/XN" in staff.get(f"{K}/00004/chi-so/IV.09").text
    for local in ("grader.skhcn", "council.1", "secretariat.skhcn", "auditor"):
        page = as_demo(local).get(f"{K}/00004/chi-so/IV.09")
        assert page.status_code == 200, local
        assert "Bí mật tới khi gửi." not in page.text, local
        assert "99/XN" not in page.text, local
    as_demo("head.00004").post(f"{K}/00004/viec/send_explanation")
    page = as_demo("grader.skhcn").get(f"{K}/00004/chi-so/IV.09").text
    assert "Bí mật tới khi gửi." in page
    assert "99/XN" in page


def test_an_answer_after_the_clock_keeps_the_text(asked, as_demo):
    staff = as_demo("unit.00004")
    version = version_on(staff.get(f"{K}/00004/chi-so/IV.09").text)
    asked.at(LATE)
    late = staff.post(f"{K}/00004/viec/explain", {"code": "IV.09", "version": version, "stance": "contest", "text": "gõ lúc muộn"})
    assert late.status_code == 422
    assert "Đã hết hạn giải trình" in late.text
    assert "gõ lúc muộn" in late.text


def test_two_tabs_on_an_answer(asked, as_demo):
    staff = as_demo("unit.00004")
    old = version_on(staff.get(f"{K}/00004/chi-so/IV.09").text)
    answer(staff, "IV.09", stance="contest", text="bản thứ nhất")
    clash = staff.post(f"{K}/00004/viec/explain", {"code": "IV.09", "version": old, "stance": "contest", "text": "bản thứ hai"})
    assert clash.status_code == 409
    assert "bản thứ nhất" in clash.text
    assert "bản thứ hai" in clash.text


def test_where_nothing_can_be_contested_there_is_only_agreeing(season, as_demo):
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade_all()
    season.batch("release_round_1")
    season.batch("request_explanation")
    head = as_demo("head.00004")
    page = head.get(f"{K}/00004/giai-trinh").text
    assert 'data-act="accept_round_1"' in page
    assert 'data-act="send_explanation"' not in page
    assert "Các câu trả lời đã soạn" not in page
    home = head.get("/viec-cua-toi").text
    assert "Không chỉ số nào có điểm thấp hơn tự chấm, và không có câu hỏi nào." in home
    assert "Gửi giải trình, hoặc thống nhất" not in home


def test_the_head_agrees_and_then_nothing_more_is_written(asked, as_demo):
    head = as_demo("head.00004")
    assert head.post(f"{K}/00004/viec/accept_round_1").status_code == 303
    assert "đã thống nhất với kết quả vòng 1" in head.get(f"{K}/00004/giai-trinh").text
    assert upload(head, "00004", "IV.09", ("mới.pdf", PDF)).status_code == 422


def test_the_chair_finalises_one_case_with_minutes(asked, as_demo):
    as_demo("head.00004").post(f"{K}/00004/viec/accept_round_1")
    chair = as_demo("chair")
    refused = chair.post(f"{K}/00004/chuyen/finalise", {"minutes_number": "02/BB"})
    assert (refused.status_code, "Cần ghi ngày biên bản họp." in refused.text, 'value="02/BB"' in refused.text) == (422, True, True)
    assert chair.post(f"{K}/00004/chuyen/finalise", {"minutes_number": "02/BB", "minutes_on": "31/11/2025"}).status_code == 422
    asked.at(datetime(2026, 2, 10, 2, tzinfo=UTC))
    assert chair.post(f"{K}/00004/chuyen/finalise", {"minutes_number": "02/BB", "minutes_on": "2025-12-09"}).status_code == 303
    unit = as_demo("unit.00004").get(f"{K}/00004").text
    assert 'data-state="round2_final"' in unit
    assert "Điểm cuối cùng hiện sau khi công bố." in unit
    reopened = chair.post(f"{K}/00004/chuyen/reopen", {"reason": "Xem lại.", "items": ["IV.09"]})
    assert reopened.status_code == 303
    assert 'data-state="explanation_requested"' in chair.get(f"{K}/00004").text
