"""The grader's pages: the queue, the grid, saving a row, clashes, answers, questions, sign-off, contacts; nothing of others is seen."""

import re

import pytest
from sqlalchemy import select

from models.session import reading
from models.tables import Assignment, Case, Contact, Event, Indicator, Item, Organisation, Question, ScoreEntry
from tests.season import make_season
from tests.small import MEETING
from tests.web.statements import counted

HUNDRED = "/ky/2025/cham-diem"
FETCH = {"X-Requested-With": "fetch"}


def row_of(page: str, unit: str) -> str:
    """Return the HTML of a unit's row."""
    return re.search(rf'<tr id="hang-{unit}".*?</tr>', page, re.DOTALL)[0]


def version_of(page: str, unit: str) -> str:
    return re.search(r'name="version" value="(\d+)"', row_of(page, unit))[1]


def save(visitor, unit, code="IV.09", **fields):
    page = visitor.get(f"{HUNDRED}/{code}").text
    return visitor.post(f"{HUNDRED}/{code}/{unit}", {"version": version_of(page, unit)} | fields)


def entries(engine, stage="round1"):
    with reading(engine) as session:
        found = list(session.scalars(select(ScoreEntry).where(ScoreEntry.stage == stage).order_by(ScoreEntry.id)))
        session.expunge_all()
    return found


def assignment(engine, unit, code, body):
    with reading(engine) as session:
        query = select(Assignment).join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
        query = query.join(Indicator, Indicator.id == Item.indicator_id).join(Organisation, Organisation.id == Case.unit_id)
        bodies = select(Organisation.id).where(Organisation.code == body)
        found = session.scalars(query.where(Organisation.code == unit, Indicator.code == code, Assignment.body_id.in_(bodies))).one()
        session.expunge_all()
    return found


# the queue


def test_the_queue_says_what_is_left_and_what_to_do_next(graded, as_demo):
    page = as_demo("grader.catp").get(HUNDRED).text
    assert 'data-item="IV.44"' in page
    assert "Chấm điểm: còn" in page
    assert "chấm chung: Sở KH&amp;CN, Công an TP" in page
    assert "Bắt đầu" in page


def test_the_queue_counts_what_the_lead_may_sign(graded, as_demo):
    graded.grade("grader.syt")
    page = as_demo("lead.syt").get(HUNDRED).text
    assert "điểm chờ ký" in page
    assert "Xem và ký" in page


def test_a_council_member_has_a_queue_only_once_named(engine, as_demo):
    season = make_season(engine, ["SKHCN", "00004"], slug="2026")
    page = as_demo("council.1").get("/ky/2026/cham-diem").text
    assert "Chưa có chỉ số nào giao cho bạn" in page
    season.name_graders()
    page = as_demo("council.1").get("/ky/2026/cham-diem").text
    assert 'data-item="III.01"' in page


@pytest.mark.parametrize("local", ["unit.00004", "secretariat.skhcn", "auditor", "admin"])
def test_others_have_no_queue_and_no_grid(graded, as_demo, local):
    visitor = as_demo(local)
    assert visitor.get(HUNDRED).status_code == 404
    assert visitor.get(f"{HUNDRED}/IV.09").status_code == 404
    assert visitor.post(f"{HUNDRED}/IV.09/00004", {"points": "1", "version": "0"}).status_code == 404


# the grid


def test_the_grid_shows_each_unit_with_what_it_handed_in(graded, as_demo):
    page = as_demo("grader.skhcn").get(f"{HUNDRED}/IV.09").text
    row = row_of(page, "00004")
    assert '<span class="unit-type">Phường</span>' in row
    assert "90,00%" in row
    assert 'data-self="4,50"' in row
    assert "tạm tính" in page


def test_a_body_without_a_part_in_the_indicator_finds_no_grid(graded, as_demo):
    visitor = as_demo("grader.syt")
    assert visitor.get(f"{HUNDRED}/IV.09").status_code == 404
    assert visitor.get(f"{HUNDRED}/IV.99").status_code == 404
    assert visitor.post(f"{HUNDRED}/IV.09/00004", {"points": "1", "version": "0"}).status_code == 404


def test_units_that_have_not_submitted_show_no_value(season, as_demo):
    season.fill("00004")
    season.submit("00004")
    page = as_demo("grader.skhcn").get(f"{HUNDRED}/IV.09").text
    row = row_of(page, "00008")
    assert "Chưa nộp" in row
    assert "<input" not in row
    assert not re.search(r"\d,\d\d", row)


def test_the_own_organisation_is_a_conflict_without_any_value(engine, as_demo):
    season = make_season(engine, ["SKHCN", "SYT"], slug="2026")
    for unit in ("SKHCN", "SYT"):
        season.fill(unit)
    season.submit()
    page = as_demo("grader.skhcn").get("/ky/2026/cham-diem/III.01").text
    row = row_of(page, "SKHCN")
    assert "xung đột lợi ích" in row
    assert "<input" not in row
    assert not re.search(r"\d,\d\d", row)
    assert "<input" in row_of(page, "SYT")
    assert as_demo("grader.skhcn").post("/ky/2026/cham-diem/III.01/SKHCN", {"points": "5", "version": "0"}).status_code == 404


def test_filters_and_search_without_marks(graded, as_demo):
    visitor = as_demo("grader.skhcn")
    save(visitor, "00004", points="4,5")
    left = visitor.get(f"{HUNDRED}/IV.09?loc=chua-cham").text
    assert 'data-unit="00008"' in left
    assert 'data-unit="00004"' not in left
    found = visitor.get(f"{HUNDRED}/IV.09?q=ba dinh").text
    assert 'data-unit="00004"' in found
    assert 'data-unit="00008"' not in found
    assert "Không có đơn vị nào như vậy" in visitor.get(f"{HUNDRED}/IV.09?q=xyz").text


def test_the_panel_comes_alone_to_the_pages_own_script(graded, as_demo):
    answer = as_demo("grader.skhcn").get(f"{HUNDRED}/IV.09?don-vi=00004", headers=FETCH).text
    assert "<html" not in answer
    assert 'id="canh-00004"' in answer
    assert "9 ÷ 10 = 90,00% × 5" in answer


@pytest.mark.parametrize("address", [HUNDRED, f"{HUNDRED}/IV.09", f"{HUNDRED}/IV.09?don-vi=00004"])
def test_as_many_statements_for_one_row_as_for_three(season, as_demo, address):
    visitor = as_demo("grader.skhcn")
    lengths = []
    for unit in ("00004", "00008"):
        season.fill(unit)
        season.submit(unit)
        season.grade("grader.skhcn", codes=("IV.09",), units=(unit,))
        with counted(visitor.application) as sent:
            assert visitor.get(address).status_code == 200
        lengths.append(len(sent))
    assert lengths[0] == lengths[1]


# saving


def test_a_row_is_saved_and_the_page_goes_on_to_the_next(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    answer = save(visitor, "00004", points="4,5")
    assert answer.status_code == 303
    assert "don-vi=00008" in answer.location
    (given,) = entries(engine)
    assert given.points == 45_000
    page = visitor.get(answer.location).text
    assert "Đã ghi Phường Ba Đình: 4,50" in page
    assert "Đồng ý" in row_of(page, "00004")


def test_a_lower_grade_asks_for_a_reason_and_keeps_what_was_typed(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    answer = save(visitor, "00004", points="4", internal_note="hỏi lại")
    assert answer.status_code == 422
    assert "Điểm khác điểm tự chấm thì phải ghi lý do." in answer.text
    assert 'value="4"' in row_of(answer.text, "00004")
    assert "hỏi lại" in answer.text
    assert not entries(engine)
    assert save(visitor, "00004", points="4", reason="Báo cáo ghi khác.").status_code == 303
    assert entries(engine)[-1].reason == "Báo cáo ghi khác."


@pytest.mark.parametrize(
    ("typed", "said"), [("6", "vượt điểm tối đa 5"), ("abc", "không phải là số điểm"), ("-1", "không được âm"), ("", "Chưa nhập")]
)
def test_wrong_points_are_told_and_nothing_is_written(graded, engine, as_demo, typed, said):
    answer = save(as_demo("grader.skhcn"), "00004", points=typed, reason="x")
    assert answer.status_code == 422
    assert said in answer.text
    assert not entries(engine)


def test_signs_that_nobody_sees_are_not_kept(graded, engine, as_demo):
    answer = save(as_demo("grader.skhcn"), "00004", points="4\x00", reason="Trang 3.\x0bDòng sau\x00\x1b.\tXong\r\n")
    assert answer.status_code == 303, answer.text
    assert entries(engine)[-1].points == 40_000
    assert entries(engine)[-1].reason == "Trang 3.\nDòng sau.\tXong"


def test_a_form_that_says_two_things_is_not_taken(graded, engine, as_demo):
    answer = save(as_demo("grader.skhcn"), "00004", points=["4", "5"], reason="Báo cáo ghi khác.")
    assert answer.status_code == 400
    assert not entries(engine)


def test_points_can_be_counted_again_from_a_and_b(graded, engine, as_demo):
    answer = save(as_demo("grader.skhcn"), "00004", by="inputs", a="8", b="10", points="4,5", reason="Theo trang 3.")
    assert answer.status_code == 303
    (given,) = entries(engine)
    assert (given.points, given.inputs) == (40_000, {"a": "8", "b": "10"})


def test_the_script_gets_only_what_changed(graded, as_demo):
    visitor = as_demo("grader.skhcn")
    page = visitor.get(f"{HUNDRED}/IV.09").text
    fields = {"version": version_of(page, "00004"), "points": "4,5"}
    answer = visitor.post(f"{HUNDRED}/IV.09/00004", fields, headers=FETCH)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert version_of(answer.text, "00004") == "1"
    assert "1/2 đã chấm" in answer.text
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.headers["X-Saved-At"])
    refused = visitor.post(f"{HUNDRED}/IV.09/00008", {"version": "0", "points": "9"}, headers=FETCH)
    assert refused.status_code == 422
    assert 'class="errors"' in refused.text


def test_two_people_on_one_row_see_both_values(graded, engine, as_demo):
    first, second = as_demo("grader.skhcn"), as_demo("lead.skhcn")
    page = second.get(f"{HUNDRED}/IV.09").text
    save(first, "00004", points="4,5")
    stale = {"version": version_of(page, "00004"), "points": "4,2", "reason": "Theo tài liệu."}
    clash = second.post(f"{HUNDRED}/IV.09/00004", stale)
    assert clash.status_code == 409
    assert "4,50" in clash.text
    assert "4,2" in clash.text
    assert len(entries(engine)) == 1
    fragment = second.post(f"{HUNDRED}/IV.09/00004", stale, headers=FETCH)
    assert fragment.status_code == 409
    assert "<tr" in fragment.text
    assert "data-clash" in fragment.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', clash.text[clash.text.index("data-clash") :].split("</form>")[0]))
    assert second.post(f"{HUNDRED}/IV.09/00004", fields).status_code == 303
    assert entries(engine)[-1].points == 42_000


def test_the_internal_note_stays_when_only_points_change(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    save(visitor, "00004", points="4,5", internal_note="gọi cho phường")
    page = visitor.get(f"{HUNDRED}/IV.09").text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', row_of(page, "00004").partition("<form")[2]))
    assert fields["internal_note"] == "gọi cho phường"


# joint indicators


def test_the_partner_is_blind_until_both_have_signed(graded, as_demo):
    graded.grade("grader.skhcn", 31_300, codes=("IV.44",))
    graded.sign("SKHCN", ["IV.44"])
    page = as_demo("grader.catp").get(f"{HUNDRED}/IV.44?don-vi=00004").text
    assert "3,13" not in page
    graded.grade("grader.catp", 30_000, codes=("IV.44",))
    assert "3,13" not in as_demo("grader.catp").get(f"{HUNDRED}/IV.44?don-vi=00004").text
    graded.sign("CATP", ["IV.44"])
    page = as_demo("grader.catp").get(f"{HUNDRED}/IV.44").text
    assert "3,13" in row_of(page, "00004")
    assert "Chưa thống nhất" in row_of(page, "00004")
    assert "<input" not in row_of(page, "00004")


def test_a_partners_question_is_not_seen_before_release(graded, as_demo):
    visitor = as_demo("grader.skhcn")
    asked = visitor.post("/ky/2025/ho-so/00004/viec/question", {"code": "IV.44", "text": "Số liệu lấy ở đâu?"})
    assert asked.status_code == 303
    assert "Số liệu lấy ở đâu?" in visitor.get(f"{HUNDRED}/IV.44?don-vi=00004").text
    assert "Số liệu lấy ở đâu?" not in as_demo("grader.catp").get(f"{HUNDRED}/IV.44?don-vi=00004").text


# the other acts of a body


def test_flags_questions_and_answers_from_the_panel(graded, engine, as_demo):
    visitor = as_demo("grader.skhcn")
    acts = "/ky/2025/ho-so/00004/viec"
    assert visitor.post(f"{acts}/flag", {"code": "IV.09", "on": "1"}).status_code == 303
    assert "Cần xem lại" in row_of(visitor.get(f"{HUNDRED}/IV.09?loc=can-xem-lai").text, "00004")
    empty = visitor.post(f"{acts}/question", {"code": "IV.09", "text": " "})
    assert empty.status_code == 422
    assert "Chưa ghi câu hỏi." in empty.text
    assert visitor.post(f"{acts}/question", {"code": "IV.09", "text": "Vì sao?"}).status_code == 303
    with reading(engine) as session:
        assert session.scalars(select(Question.text)).all() == ["Vì sao?"]


def test_answering_a_request_that_does_not_apply(graded, engine, as_demo):
    with reading(engine) as session:
        query = select(Organisation.code).join(Assignment, Assignment.body_id == Organisation.id).join(Item, Item.id == Assignment.item_id)
        body = session.scalars(query.join(Indicator, Indicator.id == Item.indicator_id).where(Indicator.code == "IV.38").limit(1)).one()
    visitor = as_demo(f"grader.{body.lower()}")
    row = row_of(visitor.get(f"{HUNDRED}/IV.38").text, "00004")
    assert "Xin không phát sinh" in row
    act = "/ky/2025/ho-so/00004/viec/agree_na"
    refused = visitor.post(act, {"code": "IV.38", "answer": "decline", "reason": ""})
    assert refused.status_code == 422
    assert "Cần ghi lý do." in refused.text
    assert visitor.post(act, {"code": "IV.38", "answer": "agree"}).status_code == 303
    assert assignment(engine, "00004", "IV.38", body).na_answer == "agreed"
    assert "Đồng ý, chờ Hội đồng" in row_of(visitor.get(f"{HUNDRED}/IV.38").text, "00004")


def test_the_lead_signs_what_was_seen_and_takes_it_back(graded, engine, as_demo):
    graded.grade("grader.skhcn", codes=("IV.09",))
    lead = as_demo("lead.skhcn")
    page = lead.get(f"{HUNDRED}/IV.09").text
    assert "Ký xác nhận 2 điểm" in page
    seal = re.search(r'name="seal" value="([^"]+)"', page)[1]
    save(as_demo("grader.skhcn"), "00004", points="4", reason="Sửa lại.")
    for given in ({"seal": seal}, {"seal": ""}, {}):
        changed = lead.post("/ky/2025/viec/sign_off", {"code": "IV.09", "vong": "1", **given})
        assert changed.status_code == 409
    assert "Có điểm vừa thay đổi" in changed.text
    named = lead.post("/ky/2025/viec/sign_off", {"code": "IV.09", "vong": "1", "seal": seal}).text
    assert re.findall(r'<li><a href="#hang-(\w+)">', named) == ["00004"], "which row changed, and only that"
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is None
    seal = re.search(r'name="seal" value="([^"]+)"', changed.text)[1]
    assert lead.post("/ky/2025/viec/sign_off", {"code": "IV.09", "vong": "1", "seal": seal}).status_code == 303
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is not None
    again = lead.post("/ky/2025/viec/sign_off", {"code": "IV.09", "vong": "1"})
    assert again.status_code == 422
    assert lead.post("/ky/2025/viec/withdraw_sign_off", {"code": "IV.09", "vong": "1"}).status_code == 303
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is None


def test_one_row_can_be_signed_by_itself(graded, engine, as_demo):
    graded.grade("grader.skhcn", codes=("IV.09",))
    lead, act = as_demo("lead.skhcn"), "/ky/2025/ho-so/00004/viec/sign_off"
    row = lead.get(f"{HUNDRED}/IV.09?don-vi=00004").text.partition("Ký dòng này")[0]
    version = re.findall(r'name="version" value="(\d+)"', row)[-1]
    save(as_demo("grader.skhcn"), "00004", points="4", reason="Sửa lại.")
    for given in ({"version": version}, {"version": "x"}, {}):
        changed = lead.post(act, {"code": "IV.09", **given})
        assert (changed.status_code, "Có điểm vừa thay đổi" in changed.text) == (422, True)
    row = lead.get(f"{HUNDRED}/IV.09?don-vi=00004").text.partition("Ký dòng này")[0]
    assert lead.post(act, {"code": "IV.09", "version": re.findall(r'name="version" value="(\d+)"', row)[-1]}).status_code == 303
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is not None
    assert assignment(engine, "00008", "IV.09", "SKHCN").signed1_at is None


def test_a_grader_signs_nothing(graded, as_demo):
    graded.grade("grader.skhcn", codes=("IV.09",))
    visitor = as_demo("grader.skhcn")
    assert visitor.post("/ky/2025/viec/sign_off", {"code": "IV.09"}).status_code == 404
    assert "Ký xác nhận 2 điểm" not in visitor.get(f"{HUNDRED}/IV.09").text


def test_a_contact_is_named_for_one_indicator_or_for_all(graded, engine, as_demo):
    visitor = as_demo("grader.syt")
    code = re.search(r'data-item="(IV\.\d\d)"', visitor.get(HUNDRED).text)[1]
    wrong = visitor.post("/ky/2025/viec/name_contact", {"code": code, "name": "", "phone": "12"})
    assert wrong.status_code == 422
    assert "Cần ghi tên người trả lời." in wrong.text
    fields = {"code": code, "name": "Chị Hương", "phone": "024 3733 0000"}
    assert visitor.post("/ky/2025/viec/name_contact", fields).status_code == 303
    assert "Chị Hương" in visitor.get(f"{HUNDRED}/{code}").text
    assert visitor.post("/ky/2025/viec/name_contact", fields | {"code": "IV.09"}).status_code == 404
    assert visitor.post("/ky/2025/viec/name_contact", fields | {"all": "1", "email": "huong@syt.example"}).status_code == 303
    with reading(engine) as session:
        assert set(session.scalars(select(Contact.email))) == {"huong@syt.example"}
        payload = session.scalars(select(Event.payload).where(Event.act == "name_contact").order_by(Event.id)).first()
    assert "Hương" not in str(payload)


# round 2


def test_round_2_opens_only_once_the_unit_has_sent(contested, as_demo):
    visitor = as_demo("grader.skhcn")
    assert "Vòng 2" not in visitor.get(f"{HUNDRED}/IV.09").text
    assert "Đề nghị xem lại" not in visitor.get(f"{HUNDRED}/IV.09?don-vi=00008").text
    contested.send("00008")
    page = visitor.get(f"{HUNDRED}/IV.09?don-vi=00008").text
    assert "Đề nghị xem lại, có số liệu mới." in page
    assert '<select name="verdict"' in row_of(page, "00008")
    assert 'data-unit="00004"' not in page


def test_round_2_shows_on_the_row_what_the_unit_says(contested, as_demo):
    contested.send("00008")
    grader = as_demo("grader.skhcn")
    for page in ("/ky/2025/cham-diem/IV.09?vong=2", "/ky/2025/ho-so/00008/cham-diem?vong=2"):
        head = re.search(r'<tr id="hang-(?:00008|IV.09)".*?</th>', grader.get(page).text, re.DOTALL)[0]
        assert "Đề nghị xem lại, có số liệu mới." in head


def test_round_2_asks_for_a_verdict_and_never_goes_below_round_1(contested, engine, as_demo):
    contested.send("00008")
    visitor = as_demo("grader.skhcn")
    none = save(visitor, "00008", points="4", reason="Chấp nhận.")
    assert none.status_code == 422
    assert "Cần chọn kết luận về giải trình." in none.text
    low = save(visitor, "00008", points="2", reason="Kém hơn.", verdict="not_accepted")
    assert low.status_code == 422
    assert "không được thấp hơn vòng 1" in low.text
    raised = save(visitor, "00008", points="4", reason="Chấp nhận.", verdict="not_accepted")
    assert raised.status_code == 422
    assert "Điểm cao hơn vòng 1 là đã chấp nhận ít nhất một phần" in raised.text
    assert save(visitor, "00008", points="4", reason="Chấp nhận.", verdict="accepted").status_code == 303
    assert entries(engine, "round2")[-1].points == 40_000


def test_what_waits_in_round_2_is_no_work_of_round_1(contested, as_demo):
    contested.send("00008")
    visitor = as_demo("grader.skhcn")
    chips = {number: filters_of(visitor.get(f"{HUNDRED}/IV.09?vong={number}").text) for number in (1, 2)}
    assert "chua-cham" in chips[2]
    assert "chua-cham" not in chips[1]
    contested.grade("grader.skhcn", 40_000, codes=("IV.09",), units=("00008",), verdict="accepted")
    chips = {number: filters_of(visitor.get(f"{HUNDRED}/IV.09?vong={number}").text) for number in (1, 2)}
    assert "cho-ky" in chips[2]
    assert "cho-ky" not in chips[1]


def filters_of(page):
    return set(re.findall(r"loc=([a-z-]+)", page[page.index('<div id="loc"') :].split("</div>")[0]))


def test_the_panel_of_a_finalised_case_shows_its_round_2(contested, as_demo):
    contested.send("00008")
    contested.grade("grader.skhcn", 40_000, codes=("IV.09",), units=("00008",), verdict="accepted")
    contested.sign("SKHCN", ["IV.09"])
    contested.batch("finalise", "chair", MEETING, units=["00008"])
    page = as_demo("grader.skhcn").get(f"{HUNDRED}/IV.09?don-vi=00008").text
    panel = page[page.index('id="canh-00008"') :].split("</section>")[0]
    assert re.search(r"Đã chấm</span><b>4,00</b>", panel)


# a signature that would go


def test_a_signed_row_is_typed_over_only_in_the_panel_and_knowingly(graded, as_demo, engine):
    graded.grade("grader.skhcn", codes=("IV.09",))
    graded.sign("SKHCN", ["IV.09"])
    visitor = as_demo("grader.skhcn")
    page = visitor.get(f"{HUNDRED}/IV.09?don-vi=00004").text
    assert "<input" not in row_of(page, "00004")
    assert "chữ ký không còn hiệu lực" in page
    panel = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page[page.index('id="panel-00004"') :].split("</form>")[0]))
    typed = {"points": "3", "reason": "Tính lại theo biên bản.", "version": panel["version"]}
    refused = visitor.post(f"{HUNDRED}/IV.09/00004", typed)
    assert refused.status_code == 422
    assert "Tính lại theo biên bản." in refused.text
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is not None
    assert visitor.post(f"{HUNDRED}/IV.09/00004", panel | typed).status_code == 303
    assert assignment(engine, "00004", "IV.09", "SKHCN").signed1_at is None
    diary = visitor.get("/ky/2025/ho-so/00004/chi-so/IV.09").text.split('id="log"')[1]
    assert "Ký xác nhận" in diary
    assert "Chữ ký hết hiệu lực vì điểm được sửa" in diary


def test_a_version_that_is_none_is_told_in_our_words(graded, as_demo):
    answer = as_demo("grader.catp").post(f"{HUNDRED}/IV.20/00004", {"version": "abc", "points": "1"})
    assert answer.status_code == 422
    assert "Trang này đã cũ; tải lại trang rồi nhập lại." in answer.text
    assert "Not a valid" not in answer.text
