"""The secretariat's pages: who sees what, what is masked, what is noted, and everything typed kept when something is refused."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from models.session import reading, transaction
from models.tables import AccessLog, Assessment, Case, Document, Extension, Proposal, Session
from states.clocks import end_of_day
from states.facts import Asked
from tests.season import CATALOGUE, GRADING, LATE, make_season
from tests.web.statements import counted
from workflow.clock import machine_now
from workflow.deciding import exclude
from workflow.move import move_case
from workflow.proposals import confirm, open_proposals

UNITS = ("00004", "SKHCN")
"""A commune, and the secretariat's own organisation."""
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NEW = {
    "catalogue": "hanoi-5279-2025", "year": "2027", "slug": "", "title": "", "opens": "2027-11-01", "self_score": "2027-12-01",
    "round_1": "2028-01-10", "round_2": "2028-02-10", "holidays": "", "working_days": "", "policy_ask_everyone": "yes",
    "policy_explanation_working_days": "7", "policy_round2_may_lower": "no", "policy_upload_grace_minutes": "10",
    "policy_rank_on": "points", "policy_round2_seen": "published", "reference_rank_on": "Khoản 5 Điều 5",
}  # fmt: skip


@pytest.fixture
def season(engine):
    """A season in round 1: the commune submitted and graded, Sở KH&CN still writing."""
    season = make_season(engine, UNITS)
    season.fill("00004")
    season.submit("00004")
    season.at(GRADING)
    return season


def rows(season, *columns):
    with reading(season.engine) as session:
        return session.execute(select(*columns)).all()


def finish(season):
    """Bring the commune to its final result, and take Sở KH&CN out."""
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}", units=["00004"])
        season.sign(body, [f"IV.{number:02d}" for number in range(1, 48)])
    season.batch("release_round_1")
    season.batch("request_explanation")
    season.at(LATE + timedelta(days=30))
    season.batch("finalise", "chair", Asked(minutes_number="02/BB", minutes_on=LATE.date()))
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, "SKHCN", "Sáp nhập.")


def prove(season):
    """Let everybody who is signed in have typed the password just now."""
    with transaction(season.engine) as session:
        session.execute(update(Session).values(proved_at=machine_now()))


# who comes in


@pytest.mark.parametrize(
    ("path", "let_in"),
    [
        ("tien-do", {"secretariat.skhcn", "council.1", "chair", "auditor"}),
        ("tien-do/diem", {"secretariat.skhcn", "council.1", "chair", "auditor"}),
        ("tien-do.xlsx", {"secretariat.skhcn", "council.1", "chair", "auditor"}),
        ("cong-bo", {"secretariat.skhcn", "council.1", "chair", "auditor"}),
        ("cong-bo.xlsx", {"secretariat.skhcn", "council.1", "chair", "auditor"}),
        ("thoi-han", {"secretariat.skhcn", "council.1", "chair", "auditor", "unit.00004", "head.00004", "grader.catp", "lead.catp"}),
    ],
)
def test_each_page_opens_for_the_roles_of_the_matrix_only(season, as_demo, path, let_in):
    people = ("secretariat.skhcn", "council.1", "chair", "auditor", "unit.00004", "head.00004", "grader.catp", "lead.catp", "admin")
    found = {local for local in people if as_demo(local).get(f"/ky/{season.slug}/{path}").status_code == 200}
    assert found == let_in


def test_only_the_secretariat_prepares(season, as_demo):
    for local, status in (("secretariat.skhcn", 200), ("chair", 404), ("unit.00004", 404), ("admin", 404)):
        assert as_demo(local).get("/ky/chuan-bi").status_code == status


# progress


def test_the_board_leaves_the_own_case_out_of_every_figure(season, as_demo):
    secretary = as_demo("secretariat.skhcn").get(f"/ky/{season.slug}/tien-do").text
    assert "xung đột lợi ích" in secretary
    assert "0/1 đã nộp" not in secretary
    assert "1/1 đã nộp" in secretary
    assert "1/2 đã nộp" in as_demo("chair").get(f"/ky/{season.slug}/tien-do").text


def test_the_board_counts_graded_cells_by_body_and_group(season, as_demo):
    season.grade("grader.catp", units=["00004"])
    text = as_demo("secretariat.skhcn").get(f"/ky/{season.slug}/tien-do?so=1").text
    police = text.split("Công an TP", 1)[1].split("</tr>", 1)[0]
    assert "100%" in police
    assert "0%" in text.split("Sở Y tế", 1)[1].split("</tr>", 1)[0]


def test_the_matrix_names_the_own_unit_and_says_nothing_of_it(season, as_demo):
    book = load_workbook(io.BytesIO(as_demo("secretariat.skhcn").get(f"/ky/{season.slug}/tien-do.xlsx").data))
    own = [row for page in book for row in page.iter_rows(values_only=True) if row[0] == "SKHCN"]
    assert len(own) == 2
    assert all(row[2] == "xung đột lợi ích" and not any(row[3:]) for row in own)
    commune = next(row for row in book["Tiến độ IV"].iter_rows(values_only=True) if row[0] == "00004")
    assert set(commune[3:]) == {"chưa chấm"}


def test_opening_scores_that_are_not_public_is_noted_once(season, as_demo):
    auditor = as_demo("auditor")
    for path in ("tien-do/diem", "tien-do.xlsx", "cong-bo", "cong-bo", "cong-bo.xlsx", "tien-do"):
        auditor.get(f"/ky/{season.slug}/{path}")
    assert [what for (what,) in rows(season, AccessLog.what)] == ["see_scores_so_far", "see_draft_ranking"]


def test_the_board_sends_as_many_statements_for_two_units_as_for_one(season, demo_app, as_demo):
    chair, sent = as_demo("chair"), []
    for _ in range(2):
        chair.get(f"/ky/{season.slug}/tien-do")
        with counted(demo_app) as statements:
            assert chair.get(f"/ky/{season.slug}/tien-do").status_code == 200
        sent.append(len(statements))
        with transaction(season.engine) as session:
            session.execute(update(Case).where(Case.excluded_at.is_(None)).values(excluded_reason=""))
            second = session.scalars(select(Case.id).order_by(Case.id.desc())).first()
            session.execute(update(Case).where(Case.id == second).values(excluded_at=GRADING))
    assert sent[0] == sent[1]


# the calendar


def extend(browser, season, **more):
    fields = {"unit": "00004", "until": "2026-01-20", "reason": "Mất điện hai ngày."} | more
    return browser.post(f"/ky/{season.slug}/thoi-han/gia-han", fields)


def test_an_extension_is_given_with_its_reason_and_every_unit_reads_it(season, as_demo):
    assert extend(as_demo("secretariat.skhcn"), season).status_code == 303
    for local in ("unit.skhcn", "head.00004", "grader.catp", "chair"):
        text = as_demo(local).get(f"/ky/{season.slug}/thoi-han").text
        assert "Mất điện hai ngày." in text
        assert "Thứ Ba 20/01/2026, 23:59" in text


def test_a_date_behind_the_bodies_round_is_given_with_a_warning(season, as_demo):
    season.at(GRADING)
    with season.acting("secretariat.skhcn") as (session, actor):
        back = Asked(reason="Thiếu tệp.", until=end_of_day(date(2025, 12, 30)))
        move_case(session, actor, season.slug, "00004", "send_back", back)
    secretary = as_demo("secretariat.skhcn")
    for until, warned in (("2026-01-05", False), ("2026-01-20", True)):
        assert extend(secretary, season, until=until).status_code == 303
        assert ("được chấm muộn hơn những hồ sơ khác" in secretary.get(f"/ky/{season.slug}/thoi-han").text) is warned


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": " "}, "Cần ghi lý do."), ({"until": ""}, "Cần ghi hạn mới."),
        ({"until": "2025-12-01"}, "Hạn mới phải sau thời điểm hiện tại và sau ngày"),
        ({"unit": ""}, "Chọn đơn vị."), ({"until": "31/02/2026"}, "“31/02/2026” không phải là một ngày."),
    ],
)  # fmt: skip
def test_an_extension_that_is_refused_keeps_what_was_typed(season, as_demo, wrong, said):
    answer = extend(as_demo("secretariat.skhcn"), season, **wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert wrong.get("reason", "Mất điện hai ngày.").strip() in answer.text
    assert rows(season, Extension.id) == []


def test_the_secretariat_cannot_extend_its_own_organisation_nor_anybody_else_anything(season, as_demo):
    assert extend(as_demo("secretariat.skhcn"), season, unit="SKHCN").status_code == 422
    for local in ("chair", "unit.00004", "auditor"):
        assert extend(as_demo(local), season).status_code == 404
    assert rows(season, Extension.id) == []


def test_why_a_case_came_back_is_not_for_rivals_to_read(season, as_demo):
    fields = {"reason": "Thiếu phụ lục.", "until": "2026-01-20"}
    assert as_demo("secretariat.skhcn").post(f"/ky/{season.slug}/ho-so/00004/chuyen/send_back", fields).status_code == 303
    for local, reads in (("head.00004", True), ("chair", True), ("unit.skhcn", False), ("grader.catp", False)):
        assert ("Thiếu phụ lục." in as_demo(local).get(f"/ky/{season.slug}/thoi-han").text) is reads


def test_reminders_and_mail_log_are_for_those_who_manage_them(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    reminders = secretary.get(f"/ky/{season.slug}/thoi-han?xem=nhac&ngay=2026-01-07&ai=00004").text
    assert "grader.skhcn@demo.example" in reminders
    assert "Hồ sơ 00004 không chờ đơn vị" in reminders
    assert "Mở kỳ đánh giá" in secretary.get(f"/ky/{season.slug}/thoi-han?xem=thu").text
    assert "Nhật ký thư" not in as_demo("unit.00004").get(f"/ky/{season.slug}/thoi-han?xem=thu").text


# publication


def test_the_draft_ranking_hides_the_own_line_from_whom_it_must_and_from_nobody_else(season, as_demo):
    secretary = as_demo("secretariat.skhcn").get(f"/ky/{season.slug}/cong-bo?bang=III").text
    own = secretary.split('data-unit="SKHCN"', 1)[1].split("</tr>", 1)[0]
    assert "xung đột lợi ích" in own
    assert "350" not in own
    chair = as_demo("chair").get(f"/ky/{season.slug}/cong-bo?bang=III").text
    assert "xung đột lợi ích" not in chair


def test_nothing_is_proposed_while_a_case_is_not_final(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    prove(season)
    answer = secretary.post(f"/ky/{season.slug}/chuyen/publish", {"decision_number": "1024/QĐ-UBND"})
    assert answer.status_code == 422
    assert 'value="1024/QĐ-UBND"' in answer.text
    assert len(rows(season, Proposal.id)) == 1  # that of the opening


def test_a_publication_goes_from_file_to_proposal_to_confirmation_to_the_public_page(season, as_demo, visitor):
    finish(season)
    secretary = as_demo("secretariat.skhcn")
    address = f"/ky/{season.slug}/cong-bo"
    publish = f"/ky/{season.slug}/chuyen/publish"
    typed = {"decision_number": "1024/QĐ-UBND", "decision_on": "2026-01-14", "visible_on": "2026-02-21", "visible_at": "08:00"}
    assert "field-error" in secretary.post(publish, typed | {"file": (io.BytesIO(b"?"), "qd.exe")}).text
    page = secretary.post(publish, typed | {"decision_number": "", "file": (io.BytesIO(PDF), "qd.pdf")})
    assert page.status_code == 422
    document = re.search(r'<option value="(\d+)" selected>qd.pdf', page.text)[1]
    for kept in ('value="14/01/2026"', 'value="08:00"'):
        assert kept in page.text
    asked = secretary.post(publish, typed | {"decision_document": document})
    assert asked.status_code == 303, asked.text
    chair = as_demo("chair")
    paper = re.search(rf'href="({address}/van-ban/[^"]+)"', chair.get(f"/ky/{season.slug}/hoi-dong?phan=de-xuat").text)[1]
    with chair.get(paper) as handed:
        assert handed.data == PDF
    assert as_demo("head.00004").get(paper).status_code == 404
    assert visitor().get(paper).status_code == 303
    with season.acting("chair", proved=True) as (session, actor):
        assessment = session.scalars(select(Assessment.id).where(Assessment.slug == season.slug)).one()
        confirm(session, actor, season.slug, open_proposals(session, assessment)[0].id)
    stranger = visitor()
    assert stranger.get(f"/ket-qua/{season.slug}").status_code == 404
    season.at(LATE + timedelta(days=60))
    assert "1024/QĐ-UBND" in stranger.get(f"/ket-qua/{season.slug}").text
    assert "trùng với phiên bản 1 đã công bố" in secretary.get(address).text


def test_a_password_that_was_not_typed_lately_is_asked_for_and_the_form_kept(season, as_demo):
    finish(season)
    secretary = as_demo("secretariat.skhcn")
    with transaction(season.engine) as session:
        session.execute(update(Session).values(proved_at=machine_now() - timedelta(minutes=6)))
    secretary.get(f"/ky/{season.slug}/cong-bo")
    answer = secretary.post(
        f"/ky/{season.slug}/chuyen/publish", {"decision_number": "1024/QĐ-UBND"}, headers={"Origin": "http://thamdinh.test"}
    )
    assert answer.status_code == 401
    assert "1024/QĐ-UBND" in answer.text


@pytest.mark.parametrize(
    ("who", "path"), [("secretariat.skhcn", "chuyen/publish"), ("chair", "cong-bo/dinh-chinh"), ("chair", "chuyen/correct")]
)
def test_a_file_is_chosen_once_although_a_password_is_asked_for_in_between(season, as_demo, who, path):
    finish(season)
    person = as_demo(who)
    with transaction(season.engine) as session:
        session.execute(update(Session).values(proved_at=machine_now() - timedelta(minutes=6)))
    typed = {"decision_number": "1024/QĐ-UBND", "confirm": "1", "file": (io.BytesIO(PDF), "qd.pdf")}
    answer = person.post(f"/ky/{season.slug}/{path}", typed, headers={"Origin": "http://thamdinh.test"})
    assert answer.status_code == 401
    assert "kept_files" not in answer.text
    kept = re.search(r'name="kept.decision_document" hidden>\s*(\d+)<', answer.text)[1]
    with reading(season.engine) as session:
        assert session.get_one(Document, int(kept)).file_name == "qd.pdf"


@pytest.mark.parametrize(("who", "path"), [("secretariat.skhcn", "chuyen/publish"), ("chair", "cong-bo/dinh-chinh")])
def test_of_a_season_that_is_none_no_file_is_kept(season, as_demo, who, path):
    prove(season)
    answer = as_demo(who).post(f"/ky/1999/{path}", {"file": (io.BytesIO(PDF), "qd.pdf")})
    assert answer.status_code == 404
    with reading(season.engine) as session:
        assert session.scalars(select(Document)).all() == []


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "0", "-1", "１", "x"])
def test_a_file_that_was_never_sent_is_no_file(season, as_demo, number):
    finish(season)
    prove(season)
    typed = {"decision_number": "1024/QĐ-UBND", "decision_on": "2026-01-14", "decision_document": number}
    assert as_demo("secretariat.skhcn").post(f"/ky/{season.slug}/chuyen/publish", typed).status_code in {404, 422}


# preparing


def version_of(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def prepare(browser, page="moi", **more):
    seen = version_of(browser.get(f"/ky/chuan-bi/{page}").text)
    return browser.post(f"/ky/chuan-bi/{page}", NEW | {"version": seen} | more)


def test_everything_wrong_is_told_at_once_and_the_guidance_is_chosen_once(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    wrong = {"holidays": "xx", "self_score": "2027-10-01", "preset_unit": "00004", "preset_codes": "IV.99", "slug": "Có dấu"}
    refused = prepare(secretary, **wrong, guidance=(io.BytesIO(PDF), "hd.pdf"))
    assert refused.status_code == 422
    for said in ("“xx” không phải là ngày.", "không có chỉ số IV.99", "Chỉ dùng chữ thường không dấu"):
        assert said in refused.text, said
    assert 'data-field="self_score"' in refused.text
    assert re.search(r'data-field="self_score">(?:(?!data-field).)*field-error', refused.text, re.DOTALL)
    kept = re.search(r'name="guidance_document" value="(\d+)"', refused.text)[1]
    assert "Đã giữ tệp bạn gửi." in refused.text
    assert prepare(secretary, guidance_document=kept).status_code == 303
    assert "hd.pdf" in secretary.get("/ky/chuan-bi/2027").text
    assert prepare(secretary, "2027", guidance_document="9" * 30).status_code == 303
    assert "hd.pdf" in secretary.get("/ky/chuan-bi/2027").text


def test_an_assessment_is_prepared_saved_again_and_put_before_the_chair(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    assert prepare(secretary, preset_unit="00004", preset_codes="IV.12, iv.13").headers["Location"].endswith("/ky/chuan-bi/2027")
    page = secretary.get("/ky/chuan-bi/2027").text
    assert "IV.12, IV.13" in page
    assert "Khoản 5 Điều 5" in page
    assert prepare(secretary, "2027", trial="1", title="Diễn tập").status_code == 303
    assert secretary.post("/ky/2027/viec/open_assessment", {"reason": "Kính trình."}).status_code == 303
    assert prepare(secretary, "2027").status_code == 422
    with reading(season.engine) as session:
        row = session.scalars(select(Assessment).where(Assessment.slug == "2027")).one()
        assert (row.trial, row.title, row.policies["rank_on"]["value"], row.calendar["presets"]) == (True, "Diễn tập", "points", {})


def test_two_who_prepare_at_once_are_told_and_nobody_writes_over_the_other_unseen(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    prepare(secretary)
    seen = version_of(secretary.get("/ky/chuan-bi/2027").text)
    assert prepare(secretary, "2027", title="Một").status_code == 303
    late = prepare(secretary, "2027", title="Hai", version=seen)
    assert late.status_code == 422
    assert "vừa được sửa ở nơi khác" in late.text
    assert 'value="Hai"' in late.text
    assert "Một" in secretary.get("/ky/chuan-bi/2027").text
    assert prepare(secretary, "2027", title="Hai", version=version_of(late.text)).status_code == 303
    assert "Đã có kỳ đánh giá mang tên này." in prepare(secretary).text


def test_the_number_of_the_guidance_can_be_said_later_and_stays_in_its_field(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    prepare(secretary, guidance=(io.BytesIO(PDF), "hd.pdf"))
    assert prepare(secretary, "2027", guidance_number="15/HD-SKHCN").status_code == 303
    page = secretary.get("/ky/chuan-bi/2027").text
    assert 'value="15/HD-SKHCN"' in page
    with secretary.get(re.search(r'href="([^"]+)" download>hd\.pdf', page)[1]) as opened:
        assert opened.data == PDF


def test_the_chair_reads_what_will_open_and_others_do_not_know_of_it(season, as_demo):
    secretary, chair = as_demo("secretariat.skhcn"), as_demo("chair")
    prepare(secretary, preset_unit="00004", preset_codes="IV.12")
    assert "Hoàn tất chuẩn bị" in secretary.get("/viec-cua-toi").text
    secretary.post("/ky/2027/viec/open_assessment", {})
    assert "Hoàn tất chuẩn bị" not in secretary.get("/viec-cua-toi").text
    assert "Xác nhận hoặc từ chối 1 đề xuất" in chair.get("/viec-cua-toi").text
    page = chair.get("/ky/2027/hoi-dong").text
    for said in ("Hội đồng: 1 việc đang chờ", "Ngày mở ghi trong lịch là", "Số phút chờ tệp", "IV.12", "5279/QĐ-UBND"):
        assert said in page, said
    for who in ("unit.00004", "grader.catp"):
        for path in ("/ky/2027/thoi-han", "/ky/2027/ho-so"):
            assert as_demo(who).get(path).status_code == 404, (who, path)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"year": "hai nghìn"}, "Năm là một số, ví dụ 2026."), ({"year": "1200"}, "Năm phải từ 2000 đến 2100."),
        ({"round_1": "20/11/2027"}, "Hạn vòng 1 phải sau hạn tự chấm."), ({"opens": ""}, "Cần ghi ngày."),
        ({"catalogue": "khac"}, "Chưa có bộ chỉ số này."), ({"slug": "Kỳ 2027"}, "Chỉ dùng chữ thường không dấu"),
        ({"slug": "chuan-bi"}, "Tên “chuan-bi” đã dành cho một trang của hệ thống."),
        ({"holidays": "01/01/2028\n31/02/2028"}, "“31/02/2028” không phải là ngày"),
        ({"policy_explanation_working_days": "mười"}, "Cần ghi một số từ 1 đến 60."),
        ({"policy_upload_grace_minutes": "9" * 30}, "Cần ghi một số từ 0 đến 60."),
        ({"round_2": "31/12/9999"}, "“31/12/9999” không phải là một ngày."),
        ({"round_2": "31/12/2030"}, "Ngày 31/12/2030 không thuộc năm 2027 đến 2029."),
        ({"opens": "10/11/1999"}, "Ngày 10/11/1999 không thuộc năm 2027 đến 2029."),
        ({"holidays": "20/11/2027", "working_days": "20/11/2027"}, "Ngày 20/11/2027 vừa ghi là ngày nghỉ, vừa ghi là ngày làm bù."),
        ({"year": "hai nghìn", "slug": "Kỳ 2027"}, "Chỉ dùng chữ thường không dấu"),
        ({"opens": "", "policy_upload_grace_minutes": "61"}, "Cần ghi một số từ 0 đến 60."),
        ({"policy_rank_on": "alphabet"}, "Giá trị không hợp lệ."),
        ({"preset_unit": "00004", "preset_codes": "III.01"}, "Đơn vị 00004 không có chỉ số III.01."),
        ({"preset_unit": "99999", "preset_codes": "IV.01"}, "Không có đơn vị mã “99999”."),
        ({"slug": "2025"}, "Đã có kỳ đánh giá mang tên này."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(season, as_demo, wrong, said):
    answer = prepare(as_demo("secretariat.skhcn"), title="Tên đã gõ", **wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Tên đã gõ" in answer.text
    for name, typed in wrong.items():
        assert typed.split("\n")[0] in answer.text or name in {"catalogue", "policy_rank_on", "preset_unit"}  # offered, never typed
    assert len(rows(season, Assessment.id)) == 1


# catalogues and the admin's mail log


def test_a_catalogue_file_is_checked_with_every_problem_at_its_line_and_then_imported(season, as_demo):
    admin, good = as_demo("admin"), CATALOGUE.read_bytes()
    bad = good.replace(b'bodies = ["SKHCN"]', b'bodies = ["SOLA"]', 1).replace(b"points = 5\n", b"points = 6\n", 1)
    answer = admin.post("/quan-tri/bo-chi-so", {"file": (io.BytesIO(bad), "x.toml"), "apply": "1"})
    assert answer.status_code == 422
    assert answer.text.count("<code>x.toml:") >= 2
    assert admin.post("/quan-tri/bo-chi-so", {}).status_code == 422
    assert "không có lỗi nào" in admin.post("/quan-tri/bo-chi-so", {"file": (io.BytesIO(good), "x.toml")}).text
    done = admin.post("/quan-tri/bo-chi-so", {"file": (io.BytesIO(good), "x.toml"), "apply": "1"})
    assert done.headers["Location"].endswith("/quan-tri/bo-chi-so/hanoi-5279-2025")
    assert admin.get("/quan-tri/bo-chi-so/hanoi-5279-2025").text.count('data-item="') == 81
    assert admin.get("/quan-tri/bo-chi-so/khac").status_code == 404


def test_the_mail_log_is_filtered_and_paged(season, as_demo):
    admin = as_demo("admin")
    assert admin.get("/quan-tri/thu").text.count("<tr data-word=") > 10
    filtered = admin.get("/quan-tri/thu?q=head.00004&ket-qua=waiting&loai=open_assessment").text
    assert filtered.count("<tr data-word=") == 1
    assert "Không có thư nào như vậy" in admin.get("/quan-tri/thu?ket-qua=failed").text
    assert as_demo("unit.00004").get("/quan-tri/thu").status_code == 404


# what the phone asks


def test_a_slip_of_the_finger_holds_up_no_season(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    for until, said in (("31/12/9999", "không phải là một ngày"), ("01/01/2072", "Hạn mới không quá 183 ngày kể từ 14/01/2026")):
        answer = secretary.post("/ky/2025/thoi-han/gia-han", {"unit": "00004", "until": until, "reason": "Mất điện."})
        assert answer.status_code == 422
        assert said in answer.text
        assert until in answer.text


def test_the_day_of_the_next_reminders_is_found_and_a_unit_by_its_name(season, as_demo):
    secretary = as_demo("secretariat.skhcn")
    page = secretary.get("/ky/2025/thoi-han?xem=nhac").text
    assert "Ai được nhắc ngày Thứ Hai 22/12/2025" in page  # seven days after the deadline that Sở KH&CN missed
    assert "head.skhcn@demo.example" in page
    quiet = secretary.get("/ky/2025/thoi-han?xem=nhac&ngay=27/12/2025").text
    assert "Ngày gần nhất có thư nhắc: Thứ Hai 22/12/2025." in quiet
    wrong = secretary.get("/ky/2025/thoi-han?xem=nhac&ngay=99/99/9999").text
    assert "“99/99/9999” không phải là một ngày" in wrong
    assert 'value="99/99/9999"' in wrong
    for who in ("Ba Đình", "phuong ba dinh", "00004", "head.00004@demo.example"):
        assert "head.00004@demo.example" in secretary.get(f"/ky/2025/thoi-han?xem=nhac&ngay=27/12/2025&ai={who}").text, who


def test_who_sends_explanation_requests_sees_their_deadline_and_size_and_what_was_gone(season, as_demo):
    for body in season.bodies():
        season.grade(f"grader.{body.lower()}", units=["00004"])
        season.sign(body, [f"IV.{number:02d}" for number in range(1, 48)])
    season.batch("release_round_1")
    secretary = as_demo("secretariat.skhcn")
    page = secretary.get("/ky/2025/chuyen/request_explanation").text
    assert "Hạn giải trình: Thứ Sáu 26/12/2025, 23:59." in page
    assert "Không tính ngày nghỉ" not in page
    season.at(datetime(2026, 2, 12, 2, tzinfo=UTC))  # the Thursday before Tết
    page = secretary.get("/ky/2025/chuyen/request_explanation").text
    assert "Hạn giải trình: Thứ Năm 26/02/2026, 23:59." in page
    assert "Không tính ngày nghỉ: 16/02/2026, 17/02/2026, 18/02/2026, 19/02/2026, 20/02/2026." in page
    assert re.search(r'data-unit="00004".*?\d+ mục', page, re.DOTALL)
    done = secretary.post("/ky/2025/chuyen/request_explanation", {"confirm": "chosen", "unit": ["00004", "00008"]}, follow_redirects=True)
    assert "đã xong cho 1 hồ sơ" in done.text
    assert "1 hồ sơ đã chọn không còn ở bước này." in done.text


def test_the_secretariat_finds_whom_to_call(season, as_demo):
    page = as_demo("secretariat.skhcn").get("/ky/2025/ho-so/00004").text
    assert "head.00004@demo.example" in page
    assert page.index("head.00004@demo.example") < page.index("unit.00004@demo.example")
    assert "head.00004@demo.example" not in as_demo("council.1").get("/ky/2025/ho-so/00004").text


@pytest.mark.parametrize("path", ["/ky/2025/nhat-ky?truoc={}", "/quan-tri/thu?truoc={}", "/quan-tri/nguoi-dung?trang={}"])
@pytest.mark.parametrize("number", ["9" * 19, "9" * 400, "-1", "x"])
def test_a_number_of_nothing_in_an_address_is_passed_over(season, as_demo, path, number):
    assert as_demo("auditor" if "nhat-ky" in path else "admin").get(path.format(number)).status_code == 200


def test_a_season_prepared_by_mistake_is_put_away_and_its_name_is_free(as_demo, engine):
    secretary = as_demo("secretariat.skhcn")
    assert prepare(secretary).status_code == 303
    page = secretary.get("/ky/chuan-bi/2027").text
    assert "Bỏ kỳ này" in page
    for other in ("unit.00004", "chair", "admin"):
        assert as_demo(other).post("/ky/chuan-bi/2027/bo").status_code == 404
    assert secretary.post("/ky/chuan-bi/2025/bo").status_code == 404, "one that has opened stays"
    assert secretary.post("/ky/chuan-bi/2027/bo").location == "/ky/chuan-bi"
    assert 'data-assessment="2027' not in secretary.get("/ky/chuan-bi").text
    assert secretary.get("/ky/chuan-bi/2027").status_code == 404
    with reading(engine) as session:
        away = session.scalars(select(Assessment).where(Assessment.slug.like("2027%"))).one()
        slug, state, opened = away.slug, away.state, away.opened_at
    assert (state, opened) == ("closed", None)
    assert as_demo("unit.00004").get(f"/ky/{slug}/thoi-han").status_code == 404
    assert "Bỏ kỳ đang chuẩn bị" in as_demo("auditor").get(f"/ky/{slug}/nhat-ky").text
    assert prepare(secretary).status_code == 303, "the name is free again"


def test_what_lies_before_the_chair_is_not_put_away(as_demo):
    secretary = as_demo("secretariat.skhcn")
    prepare(secretary)
    assert secretary.post("/ky/2027/viec/open_assessment", {"reason": ""}).status_code == 303
    assert "Bỏ kỳ này" not in secretary.get("/ky/chuan-bi/2027").text
    refused = secretary.post("/ky/chuan-bi/2027/bo")
    assert "rút đề xuất trước khi sửa" in refused.text
    assert secretary.get("/ky/chuan-bi/2027").status_code == 200
