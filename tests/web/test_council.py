"""The council's page: disputes, requests, conflicts, what bodies left, round 2, proposals, batches; and who sees or does none of it."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from commands.simulation.people import email_of
from models.session import reading, transaction
from models.tables import AccessLog, Assignment, Case, Indicator, Item, Membership, Organisation, Proposal, ScoreEntry
from models.tables import Session as SessionRow
from states.facts import Asked
from tests.season import GRADING, LATE, make_season
from tests.web.statements import counted
from workflow.applicability import answer_na
from workflow.clock import machine_now
from workflow.confirming import propose_publication
from workflow.duties import duties
from workflow.evidence import Handed, Particulars
from workflow.evidence_store import EvidenceStore
from workflow.explaining import accept_round_1
from workflow.numbers import format_points
from workflow.papers import keep_paper
from workflow.signing import withdraw_sign_off

COUNCIL = "/ky/2025/hoi-dong"
ACTS = "/ky/2025/ho-so/00004/viec"
COUNCILLORS = ("council.1", "council.2")


@pytest.fixture
def submitted(season):
    """Two units have submitted; it is round 1."""
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    return season


@pytest.fixture
def disputed(submitted):
    """Sở KH&CN and Công an have signed different points for IV.44 of 00004."""
    submitted.grade("grader.skhcn", 30_000, codes=("IV.44",), units=("00004",))
    submitted.grade("grader.catp", 40_000, codes=("IV.44",), units=("00004",))
    submitted.sign("SKHCN", ["IV.44"])
    submitted.sign("CATP", ["IV.44"])
    return submitted


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def scalars(engine, query):
    with reading(engine) as session:
        found = list(session.scalars(query))
        session.expunge_all()
    return found


def kept_back(page):
    """Return the (unit, codes) under each sentence that keeps cases out of a batch."""
    found = {}
    for words, rows in re.findall(r'<details[^>]* keeps".*?<summary>(.*?)</summary>(.*?)</details>', page, re.DOTALL):
        units = re.findall(r'<li data-unit="(\w+)"><b>[^<]*</b>(?: <span class="muted">(.*?)</span>)?</li>', rows)
        found[re.sub(r"<[^>]*>", "", words)] = units
    return found


def figures_of(page, unit):
    """Return the numbers a batch shows of a unit that is ready."""
    row = re.search(rf'<tr data-unit="{unit}".*?</tr>', page, re.DOTALL)[0]
    return [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r'<td class="number[^"]*">(.*?)</td>', row)]


def item_of(engine, unit, code):
    query = select(Item).join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
    query = query.join(Indicator, Indicator.id == Item.indicator_id)
    return scalars(engine, query.where(Organisation.code == unit, Indicator.code == code))[0]


def states(engine):
    return [case.state for case in scalars(engine, select(Case).order_by(Case.id))]


def give_membership(season, local, organisation, role="unit_staff"):
    """Let a demo person belong to one more organisation."""
    with transaction(season.engine) as session:
        where = session.scalars(select(Organisation.id).where(Organisation.code == organisation)).one()
        session.add(Membership(person_id=season.people[email_of(local)], organisation_id=where, role=role))


# disputes and decisions


def test_a_dispute_is_shown_with_both_values_and_decided(disputed, engine, as_demo):
    member = as_demo("council.1")
    page = member.get(COUNCIL).text
    assert "Hội đồng: 1 việc đang chờ" in page
    assert "3,00" in page
    assert "4,00" in page
    panel = member.get(f"{COUNCIL}?phan=tranh-chap&don-vi=00004&chi-so=IV.44").text
    assert 'action="/ky/2025/ho-so/00004/viec/decide"' in panel
    fields = {"code": "IV.44", "phan": "tranh-chap", "points": "3,5", "seen": hidden(panel, "seen")}
    refused = member.post(f"{ACTS}/decide", fields)
    assert refused.status_code == 422
    assert "Mọi quyết định đều phải ghi lý do." in refused.text
    assert 'value="3,5"' in refused.text
    decided = member.post(f"{ACTS}/decide", fields | {"reason": "Theo bản gốc.", "minutes": "01/BB-HĐTĐ"})
    assert decided.status_code == 303
    assert decided.location == f"{COUNCIL}?phan=tranh-chap"
    entry = scalars(engine, select(ScoreEntry).where(ScoreEntry.stage == "decision1"))[0]
    assert (entry.points, entry.reason, entry.minutes) == (35_000, "Theo bản gốc.", "01/BB-HĐTĐ")
    assert "không có việc nào chờ" in member.get(COUNCIL).text


def test_a_decision_made_meanwhile_is_told_and_nothing_is_overwritten(disputed, engine, as_demo):
    pages = [(member, member.get(f"{COUNCIL}?phan=tranh-chap&don-vi=00004&chi-so=IV.44").text) for member in map(as_demo, COUNCILLORS)]
    first, second = ((member, hidden(page, "seen")) for member, page in pages)
    fields = {"code": "IV.44", "points": "4", "reason": "Theo bản gốc.", "phan": "tranh-chap"}
    assert first[0].post(f"{ACTS}/decide", fields).status_code == 409  # a form that does not say what it showed
    assert first[0].post(f"{ACTS}/decide", fields | {"seen": first[1]}).status_code == 303
    told = second[0].post(f"{ACTS}/decide", fields | {"points": "3", "reason": "Ý khác.", "seen": second[1]})
    assert told.status_code == 409
    assert "Có người vừa sửa trước bạn: Hội đồng đã quyết định 4,00." in told.text
    assert "Lý do vừa ghi: Theo bản gốc." in told.text
    assert "Ý khác." in told.text
    assert [one.points for one in scalars(engine, select(ScoreEntry).where(ScoreEntry.stage == "decision1"))] == [40_000]
    anew = fields | {"points": "3", "reason": "Ý khác.", "seen": hidden(told.text, "seen")}
    assert second[0].post(f"{ACTS}/decide", anew).status_code == 303


def test_what_bodies_can_still_do_is_not_decided(submitted, as_demo):
    answer = as_demo("council.1").post(f"{ACTS}/decide", {"code": "IV.09", "points": "3", "reason": "x", "seen": "0"})
    assert answer.status_code == 422
    assert "bên chấm còn làm được" in answer.text


def test_a_member_of_one_of_the_bodies_is_barred_and_told(disputed, as_demo):
    give_membership(disputed, "council.2", "CATP", "grader")
    member = as_demo("council.2")
    member.get("/vai-tro")
    with reading(disputed.engine) as session:
        chosen = session.scalars(
            select(Membership.id).where(Membership.person_id == disputed.people[email_of("council.2")], Membership.role == "council_member")
        ).one()
    member.post("/vai-tro", {"membership": str(chosen)})
    page = member.get(f"{COUNCIL}?phan=tranh-chap&don-vi=00004&chi-so=IV.44").text
    assert "Bạn thuộc bên chấm hoặc đã chấm chỉ số này" in page
    assert "viec/decide" not in page
    answer = member.post(f"{ACTS}/decide", {"code": "IV.44", "points": "3", "reason": "x", "seen": "0"})
    assert answer.status_code == 422


def test_a_member_of_the_unit_sees_a_conflict_and_no_value(disputed, as_demo):
    give_membership(disputed, "council.2", "00004")
    with reading(disputed.engine) as session:
        chosen = session.scalars(
            select(Membership.id).where(Membership.person_id == disputed.people[email_of("council.2")], Membership.role == "council_member")
        ).one()
    member = as_demo("council.2")
    member.post("/vai-tro", {"membership": str(chosen)})
    page = member.get(f"{COUNCIL}?phan=tranh-chap&don-vi=00004&chi-so=IV.44").text
    row = re.search(r'<tr data-unit="00004" data-item="IV.44".*?</tr>', page, re.DOTALL)[0]
    assert "xung đột lợi ích" in row
    assert "3,00" not in page
    assert "4,00" not in page


@pytest.mark.parametrize("local", ["secretariat.skhcn", "auditor"])
def test_secretariat_and_auditor_only_look(disputed, as_demo, local):
    visitor = as_demo(local)
    page = visitor.get(f"{COUNCIL}?phan=tranh-chap&don-vi=00004&chi-so=IV.44").text
    assert "3,00" in page
    assert "viec/decide" not in page
    assert visitor.post(f"{ACTS}/decide", {"code": "IV.44", "points": "3", "reason": "x", "seen": "0"}).status_code == 404


@pytest.mark.parametrize("local", ["unit.00004", "head.00004", "grader.catp", "lead.catp", "admin"])
def test_others_find_no_council(disputed, as_demo, local):
    visitor = as_demo(local)
    assert visitor.get(COUNCIL).status_code == 404
    assert visitor.get("/ky/2025/chuyen/finalise").status_code == 404
    assert visitor.post("/ky/2025/viec/confirm_proposal", {"proposal": "1", "answer": "confirm"}).status_code == 404


def test_what_bodies_left_after_the_date_is_decided_one_by_one(submitted, engine, as_demo):
    member = as_demo("council.1")
    assert "Không bên chấm nào để quá hạn" in member.get(f"{COUNCIL}?phan=qua-han").text
    submitted.at(LATE)
    page = member.get(f"{COUNCIL}?phan=qua-han&chi-so=IV.09").text
    assert re.search(r'<tr data-unit="00004" data-item="IV.09"', page)
    done = member.post(f"{ACTS}/decide", {"code": "IV.09", "points": "4", "reason": "Quá hạn.", "phan": "qua-han", "seen": "0"})
    assert done.status_code == 303
    assert item_of(engine, "00004", "IV.09").decision1_entry_id is not None


def test_as_many_statements_for_one_item_as_for_many(submitted, as_demo):
    member = as_demo("council.1")
    lengths = []
    for moment in (GRADING, LATE):
        submitted.at(moment)
        submitted.grade("grader.skhcn", 30_000, codes=("IV.44",), units=("00004",))
        with counted(member.application) as sent:
            assert member.get(f"{COUNCIL}?phan=qua-han&chi-so=IV.09").status_code == 200
        lengths.append(len(sent))
    assert lengths[1] - lengths[0] <= 1, "one more for who is barred, however many items wait"


# requests that an indicator does not apply


@pytest.fixture
def asked(season):
    """00004 asks that IV.38 does not apply."""
    season.fill("00004", skip=("IV.38",))
    season.ask_na("00004", "IV.38", "Phường không có sản phẩm OCOP.")
    season.fill("00008")
    season.submit()
    season.at(GRADING)
    return season


def grader_of(engine, code):
    query = select(Organisation.code).join(Assignment, Assignment.body_id == Organisation.id).join(Item, Item.id == Assignment.item_id)
    return scalars(engine, query.join(Indicator, Indicator.id == Item.indicator_id).where(Indicator.code == code).limit(1))[0].lower()


def test_the_heading_counts_what_the_reminders_count(asked, engine, as_demo):
    def waiting():
        page = as_demo("chair").get(f"{COUNCIL}?phan=khong-phat-sinh").text
        with reading(engine) as session:
            due = duties(session, lambda _: True, person_id=asked.people[email_of("chair")])
        heading = re.search(r"<h1[^>]*>\s*Hội đồng: (\d+) việc", page)
        assert "IV.38" in page
        return int(heading[1]) if heading else 0, sum(duty.count for duty in due if duty.reason.page.startswith("hoi-dong"))

    assert waiting() == (0, 0), "a request that its body has not answered is shown, but waits for the body"
    with asked.acting(f"grader.{grader_of(engine, 'IV.38')}") as (session, actor):
        answer_na(session, actor, "2025", "00004", "IV.38", agree=True, reason="")
    assert waiting() == (1, 1)


def test_a_request_is_granted_only_after_the_body_agreed(asked, engine, as_demo):
    member = as_demo("council.1")
    panel = member.get(f"{COUNCIL}?phan=khong-phat-sinh&don-vi=00004&chi-so=IV.38").text
    assert "Phường không có sản phẩm OCOP." in panel
    assert "Bên chấm chưa đồng ý." in panel
    early = member.post(f"{ACTS}/confirm_na", {"code": "IV.38", "answer": "grant"})
    assert early.status_code == 422
    with asked.acting(f"grader.{grader_of(engine, 'IV.38')}") as (session, actor):
        answer_na(session, actor, "2025", "00004", "IV.38", agree=True, reason="")
    assert member.post(f"{ACTS}/confirm_na", {"code": "IV.38", "answer": "grant"}).status_code == 303
    assert item_of(engine, "00004", "IV.38").applicability == "not_applicable"


def test_a_refusal_needs_a_reason(asked, engine, as_demo):
    member = as_demo("council.1")
    none = member.post(f"{ACTS}/confirm_na", {"code": "IV.38", "answer": "refuse", "reason": " "})
    assert none.status_code == 422
    assert "Cần ghi lý do." in none.text
    assert member.post(f"{ACTS}/confirm_na", {"code": "IV.38", "answer": "maybe"}).status_code == 422
    assert member.post(f"{ACTS}/confirm_na", {"code": "IV.38", "answer": "refuse", "reason": "Có sản phẩm."}).status_code == 303
    assert item_of(engine, "00004", "IV.38").applicability == "refused"


# conflicts


@pytest.fixture
def season(request, engine):
    """The usual two communes; for tests that ask for `own`, Sở KH&CN and one commune."""
    return make_season(engine, ["SKHCN", "00004"]) if "own" in request.fixturenames else make_season(engine)


@pytest.fixture
def own(season):
    """Sở KH&CN is among the units: 20 indicators of its case went to the council."""
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    return season


def test_a_member_who_stands_in_is_as_blind_as_the_body(own, as_demo):
    own.name_graders("council.2")
    own.grade("grader.ttpvhcc", 71_300, codes=("III.09",))
    own.sign("TTPVHCC", ["III.09"])
    member, other = as_demo("council.2"), as_demo("council.1")
    places = ("/ky/2025/cham-diem/III.09", "/ky/2025/cham-diem/III.09?don-vi=SKHCN", "/ky/2025/ho-so/SKHCN/chi-so/III.09")
    for place in places:
        assert "7,13" not in member.get(place).text, place
    assert "7,13" in other.get(places[2]).text  # who does not grade it reads round 1, as rules section 7 says
    own.grade("council.2", 80_000, codes=("III.09",))
    assert "7,13" in member.get(places[0]).text


def test_the_chair_names_members_for_many_cells_at_once(own, engine, as_demo):
    chair = as_demo("chair")
    page = chair.get(f"{COUNCIL}?phan=cham-cheo").text
    cells = re.findall(r'name="cell" value="(SKHCN/III\.\d\d)"', page)
    assert len(cells) == 20
    none = chair.post("/ky/2025/viec/name_council_grader", {"person": str(own.people[email_of("council.1")])})
    assert none.status_code == 422
    assert "Chưa chọn dòng nào." in none.text
    fields = {"person": str(own.people[email_of("council.1")]), "cell": cells}
    assert chair.post("/ky/2025/viec/name_council_grader", fields).status_code == 303
    named = scalars(engine, select(Assignment.person_id).where(Assignment.council.is_(True)))
    assert set(named) == {own.people[email_of("council.1")]}
    assert 'data-item="III.01"' in as_demo("council.1").get("/ky/2025/cham-diem").text


def test_nobody_of_the_unit_itself_is_named_and_only_the_chair_names(own, engine, as_demo):
    deputy = own.people[email_of("deputy")]
    answer = as_demo("chair").post("/ky/2025/viec/name_council_grader", {"person": str(deputy), "cell": "SKHCN/III.01"})
    assert answer.status_code == 422
    assert "Xung đột lợi ích" in answer.text
    assert not any(scalars(engine, select(Assignment.person_id).where(Assignment.council.is_(True))))
    for local in ("secretariat.skhcn", "council.1"):
        sent = {"person": str(own.people[email_of("council.1")]), "cell": "SKHCN/III.01"}
        assert as_demo(local).post("/ky/2025/viec/name_council_grader", sent).status_code == 404


def test_the_named_member_grades_in_the_same_grid_and_counts_as_signed(own, engine, as_demo):
    own.name_graders()
    member = as_demo("council.1")
    page = member.get("/ky/2025/cham-diem/III.01").text
    row = re.search(r'<tr id="hang-SKHCN".*?</tr>', page, re.DOTALL)[0]
    points = re.search(r'data-self="([\d,]+)"', row)[1]
    assert member.post("/ky/2025/cham-diem/III.01/SKHCN", {"points": points, "version": "1"}).status_code == 303
    signed = scalars(engine, select(Assignment.signed1_at).where(Assignment.council.is_(True), Assignment.round1_entry_id.is_not(None)))
    assert len(signed) == 1
    assert signed[0] is not None
    assert as_demo("council.2").post("/ky/2025/cham-diem/III.01/SKHCN", {"points": "1", "version": "2"}).status_code == 404


def test_the_deputy_of_that_organisation_sees_only_a_conflict(own, as_demo):
    page = as_demo("deputy").get(f"{COUNCIL}?phan=cham-cheo").text
    row = re.search(r'<tr data-unit="SKHCN" data-item="III.01".*?</tr>', page, re.DOTALL)[0]
    assert "xung đột lợi ích" in row


# batches, round 2, finalising


def test_a_batch_is_previewed_and_holds_what_is_left_out(submitted, engine, as_demo):
    submitted.grade_all()
    with submitted.acting("lead.skhcn") as (session, actor):
        withdraw_sign_off(session, actor, "2025", "IV.09", ["00008"])
    secretary = as_demo("secretariat.skhcn")
    page = secretary.post("/ky/2025/chuyen/release_round_1").text
    assert "Gửi kết quả vòng 1: 1 hồ sơ sẵn sàng" in page
    assert kept_back(page) == {"Phụ trách chấm chưa ký xác nhận. 1 hồ sơ": [("00008", "IV.09")]}
    assert states(engine) == ["self_scored", "self_scored"]
    moved = secretary.post("/ky/2025/chuyen/release_round_1", {"confirm": "chosen", "unit": ["00004", "00008"]})
    assert moved.status_code == 303
    assert states(engine) == ["round1_reviewed", "self_scored"]


def test_of_the_own_case_a_batch_tells_that_it_stays_and_not_why(own, as_demo):
    own.grade_all()
    with own.acting("lead.catp") as (session, actor):
        withdraw_sign_off(session, actor, "2025", "III.11", ["SKHCN"])
    secretary = as_demo("secretariat.skhcn")
    page = secretary.get("/ky/2025/chuyen/release_round_1").text
    assert kept_back(page) == {"Xung đột lợi ích: đây là hồ sơ của cơ quan mình. 1 hồ sơ": [("SKHCN", "")]}
    refused = secretary.post("/ky/2025/chuyen/release_round_1", {"confirm": "chosen", "unit": ["SKHCN"]})
    assert refused.status_code == 422
    assert "III.11" not in refused.text


def test_nothing_chosen_moves_nothing(submitted, engine, as_demo):
    submitted.grade_all()
    answer = as_demo("secretariat.skhcn").post("/ky/2025/chuyen/release_round_1", {"confirm": "chosen"})
    assert answer.status_code == 422
    assert "Chưa chọn đơn vị nào." in answer.text
    assert states(engine) == ["self_scored", "self_scored"]


def test_a_batch_with_the_own_case_waits_for_the_chair(own, engine, as_demo):
    own.grade_all()
    secretary = as_demo("secretariat.skhcn")
    assert "Trình Chủ tịch xác nhận" in secretary.get("/ky/2025/chuyen/release_round_1").text
    assert secretary.post("/ky/2025/chuyen/release_round_1", {"confirm": "1"}).status_code == 303
    assert states(engine) == ["self_scored", "self_scored"]
    proposal = scalars(engine, select(Proposal).where(Proposal.settled == ""))[0]
    chair = as_demo("chair")
    assert "Gửi kết quả vòng 1" in chair.get(COUNCIL).text
    assert chair.post("/ky/2025/viec/confirm_proposal", {"proposal": str(proposal.id), "answer": "confirm"}).status_code == 303
    assert states(engine) == ["round1_reviewed", "round1_reviewed"]


def test_a_refused_proposal_keeps_the_chairs_reason(own, engine, as_demo):
    own.grade_all()
    as_demo("secretariat.skhcn").post("/ky/2025/chuyen/release_round_1", {"confirm": "1"})
    proposal = scalars(engine, select(Proposal).where(Proposal.settled == ""))[0]
    chair = as_demo("chair")
    none = chair.post("/ky/2025/viec/confirm_proposal", {"proposal": str(proposal.id), "answer": "refuse"})
    assert none.status_code == 422
    assert "Cần ghi lý do." in none.text
    fields = {"proposal": str(proposal.id), "answer": "refuse", "reason": "Chờ Sở Y tế."}
    assert chair.post("/ky/2025/viec/confirm_proposal", fields).status_code == 303
    kept = scalars(engine, select(Proposal).where(Proposal.id == proposal.id))[0]
    assert (kept.settled, kept.payload["refusal"]) == ("refused", "Chờ Sở Y tế.")
    assert as_demo("deputy").post("/ky/2025/viec/confirm_proposal", fields).status_code == 404


@pytest.mark.parametrize("trigger", ["publish", "submit", "recall", "close_unsubmitted", "nothing"])
def test_only_batches_go_as_batches(submitted, engine, as_demo, trigger):
    for local in ("secretariat.skhcn", "head.00004", "chair"):
        visitor = as_demo(local)
        assert visitor.get(f"/ky/2025/chuyen/{trigger}").status_code == 404
    assert states(engine) == ["self_scored", "self_scored"]


@pytest.fixture
def explained(submitted):
    """Round 1 is released; both agree on 00008, and 00004 contests IV.44 and has sent."""
    submitted.grade("grader.skhcn", 30_000, codes=("IV.44",), units=("00004",))
    submitted.grade("grader.catp", 30_000, codes=("IV.44",), units=("00004",))
    for body in ("SKHCN", "CATP"):
        submitted.sign(body, ["IV.44"])
    submitted.grade_all()
    submitted.batch("release_round_1")
    submitted.batch("request_explanation")
    submitted.contest("00004", "IV.44")
    submitted.send("00004")
    return submitted


def test_a_round_2_dispute_is_decided_not_below_round_1(explained, engine, as_demo):
    explained.grade("grader.skhcn", 35_000, codes=("IV.44",), units=("00004",), verdict="partly")
    explained.grade("grader.catp", 40_000, codes=("IV.44",), units=("00004",), verdict="accepted")
    for body in ("SKHCN", "CATP"):
        explained.sign(body, ["IV.44"])
    member = as_demo("council.1")
    page = member.get(f"{COUNCIL}?phan=vong-2&don-vi=00004&chi-so=IV.44").text
    assert "Chưa thống nhất" in page
    assert "Không thấp hơn vòng 1: 3,00." in page
    low = member.post(f"{ACTS}/decide", {"code": "IV.44", "points": "2", "reason": "x", "seen": "0"})
    assert low.status_code == 422
    assert member.post(f"{ACTS}/decide", {"code": "IV.44", "points": "4", "reason": "Đủ căn cứ.", "seen": "0"}).status_code == 303
    assert scalars(engine, select(ScoreEntry.points).where(ScoreEntry.stage == "decision2")) == [40_000]


def test_the_council_asks_the_unit_and_a_new_round_begins(explained, engine, as_demo):
    member = as_demo("council.1")
    assert member.post(f"{ACTS}/question_by_council", {"code": "IV.09", "text": " "}).status_code == 422
    assert member.post(f"{ACTS}/question_by_council", {"code": "IV.09", "text": "Số liệu của năm nào?"}).status_code == 303
    assert item_of(engine, "00004", "IV.09").questioned_round == 2


def test_finalising_asks_for_the_minutes(explained, engine, as_demo):
    with explained.acting("head.00008") as (session, actor):
        accept_round_1(session, actor, "2025", "00008")
    chair = as_demo("chair")
    page = chair.get(f"{COUNCIL}?phan=chot").text
    assert 'data-trigger="finalise"' in page
    preview = chair.get("/ky/2025/chuyen/finalise").text
    assert kept_back(preview) == {"Chưa có kết quả vòng 2. 1 hồ sơ": [("00004", "IV.44")]}
    none = chair.post("/ky/2025/chuyen/finalise", {"confirm": "1"})
    assert none.status_code == 422
    assert "Cần ghi số biên bản họp." in none.text
    done = chair.post("/ky/2025/chuyen/finalise", {"confirm": "1", "minutes_number": "02/BB-HĐTĐ", "minutes_on": "2025-12-15"})
    assert done.status_code == 303
    assert sorted(states(engine)) == ["explanation_requested", "round2_final"]
    assert as_demo("council.1").post("/ky/2025/chuyen/finalise", {"confirm": "1"}).status_code == 404


def test_who_finalises_sees_what_becomes_final_and_it_is_noted(explained, engine, as_demo):
    with explained.acting("head.00008") as (session, actor):
        accept_round_1(session, actor, "2025", "00008")
    chair = as_demo("chair")
    shown = figures_of(chair.get("/ky/2025/chuyen/finalise").text, "00008")
    assert [row.what for row in scalars(engine, select(AccessLog))] == ["see_draft_ranking"]
    chair.post("/ky/2025/chuyen/finalise", {"confirm": "1", "minutes_number": "02/BB-HĐTĐ", "minutes_on": "2025-12-15"})
    case = next(one for one in scalars(engine, select(Case).order_by(Case.id)) if one.state == "round2_final")
    kept = (case.self_total, case.round1_total, case.final_total)
    assert shown == [*(format_points(value, 2) for value in kept), format_points(case.final_maximum, None)]


def test_who_asks_to_explain_sees_no_points_on_the_preview(submitted, as_demo):
    submitted.grade_all()
    assert figures_of(as_demo("secretariat.skhcn").get("/ky/2025/chuyen/release_round_1").text, "00004") == []


def test_a_batch_begun_at_the_own_work_ends_there(submitted, as_demo):
    submitted.grade_all()
    secretary = as_demo("secretariat.skhcn")
    form = secretary.get("/ky/2025/chuyen/release_round_1").text.partition('id="batch"')[2]
    back = hidden(form, "next")
    moved = secretary.post("/ky/2025/chuyen/release_round_1", {"confirm": "chosen", "unit": ["00004", "00008"], "next": back})
    assert moved.location == "/viec-cua-toi"


def test_a_case_is_excluded_with_a_reason_and_readmitted(submitted, engine, as_demo):
    chair = as_demo("chair")
    assert "Loại khỏi kỳ đánh giá" in chair.get(f"{COUNCIL}?phan=ho-so&don-vi=00004").text
    assert chair.post(f"{ACTS}/exclude", {"reason": "", "phan": "ho-so"}).status_code == 422
    assert chair.post(f"{ACTS}/exclude", {"reason": "Sáp nhập.", "phan": "ho-so"}).status_code == 303
    case = chair.get("/ky/2025/ho-so/00004").text
    assert "Đưa trở lại" in case
    assert 'id="moves"' not in case
    assert "Đã loại khỏi kỳ" in chair.get(f"{COUNCIL}?phan=ho-so").text
    grid = as_demo("grader.skhcn").get("/ky/2025/cham-diem/IV.09").text
    assert "Đã loại khỏi kỳ" in re.search(r'<tr id="hang-00004".*?</tr>', grid, re.DOTALL)[0]
    assert chair.post(f"{ACTS}/readmit", {"reason": "Hủy sáp nhập.", "phan": "ho-so"}).status_code == 303
    assert [case.excluded_at for case in scalars(engine, select(Case))] == [None, None]


# publishing


def test_a_publication_shows_both_hashes_and_asks_for_the_password(submitted, engine, as_demo, tmp_path):
    submitted.grade_all()
    submitted.batch("release_round_1")
    for unit in submitted.units:
        with submitted.acting(f"head.{unit}") as (session, actor):
            accept_round_1(session, actor, "2025", unit)
    submitted.batch("finalise", "chair", Asked(minutes_number="02", minutes_on=date(2025, 12, 15)))
    paper = decision_paper(submitted, tmp_path)
    with submitted.acting("secretariat.skhcn", proved=True) as (session, actor):
        asked = Asked(decision_number="99/QĐ-UBND", decision_on=date(2025, 12, 16), decision_document=paper)
        made = propose_publication(session, actor, "2025", asked)
    chair = as_demo("chair")
    page = chair.get(COUNCIL).text
    assert page.count(made.hash) == 2
    assert "Hai mã giống nhau" in page
    seal = re.search(r'data-seal="(\w{64})"', as_demo("secretariat.skhcn").get("/ky/2025/cong-bo").text)[1]
    assert seal in page, "both see the seal that the public will see"
    assert "99/QĐ-UBND" in page
    typed_password(engine, machine_now() - timedelta(minutes=30))
    asks = chair.post("/ky/2025/viec/confirm_proposal", {"proposal": str(made.id), "answer": "confirm"})
    assert asks.status_code == 401
    assert 'type="password"' in asks.text
    assert set(states(engine)) == {"round2_final"}
    typed_password(engine, machine_now())
    assert chair.post("/ky/2025/viec/confirm_proposal", {"proposal": str(made.id), "answer": "confirm"}).status_code == 303
    assert set(states(engine)) == {"published"}


def typed_password(engine, at):
    """Let everybody's password have been typed at a moment."""
    with transaction(engine) as session:
        for row in session.scalars(select(SessionRow)):
            row.proved_at = at


def decision_paper(season, folder):
    """Keep the decision's file and return its id."""
    with season.acting("secretariat.skhcn") as (session, actor):
        file = Handed("qd.pdf", b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n")
        return keep_paper(session, actor, file, Particulars("99/QĐ-UBND"), EvidenceStore(folder), "decision_document").id


def test_the_own_organisations_case_is_refused_as_a_conflict_and_not_as_a_failed_act(own, as_demo):
    page = as_demo("deputy").get("/ky/2025/ho-so/SKHCN")
    assert page.status_code == 409
    assert "Trang này không mở cho bạn" in page.text
    assert "Xung đột lợi ích" in page.text
    assert "Chưa ghi gì cả" not in page.text
