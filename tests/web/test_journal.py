"""The auditor's journal: what stands in it, what does not yet, whom it opens to, and that a broken chain is said."""

import re

import pytest
from sqlalchemy import select, text

from models.session import reading, transaction
from models.tables import Event, Membership, Organisation
from tests.season import GRADING
from workflow.explaining import Answer, save_explanation
from workflow.sheets.journal import UNKNOWN, label_of

JOURNAL = "/ky/2025/nhat-ky"
OTHERS = ("unit.00004", "head.00004", "grader.catp", "lead.catp", "secretariat.skhcn", "council.1", "chair", "deputy", "admin")


@pytest.fixture
def filled(season):
    """Two units have filled in."""
    for unit in season.units:
        season.fill(unit)
    return season


@pytest.fixture
def handed_in(filled):
    """One of them has submitted; it is round 1."""
    filled.submit("00004")
    filled.at(GRADING)
    return filled


@pytest.fixture
def graded(filled):
    """Both have submitted, and everything is graded below the self-scores and released."""
    filled.submit()
    filled.at(GRADING)
    filled.grade_all(points=0)
    filled.batch("release_round_1")
    return filled


def lines(page):
    """Return (unit, indicator or nothing, words) of each line."""
    rows = re.findall(r"<tr data-(?:event|opening)=.*?</tr>", page, re.DOTALL)
    return [
        (
            (re.search(r'data-unit="(\w+)"', row) or ["", ""])[1],
            (re.search(r'<div class="muted small">(I[IV]+\.\d\d)</div>', row) or ["", ""])[1],
            re.sub(r"<[^>]*>", "", re.search(r'<th scope="row">(.*?)(?:<div|</th>)', row, re.DOTALL)[1]).strip(),
        )
        for row in rows
    ]


def test_it_shows_what_was_done_and_of_a_draft_only_that_it_was_opened(handed_in, as_demo):
    auditor = as_demo("auditor")
    found = lines(auditor.get(JOURNAL).text)
    assert ("00004", "", "Nộp hồ sơ Đã nộp tự chấm") in found
    assert ("00004", "IV.09", "Ghi điểm tự chấm") in found
    assert {words for unit, _, words in found if unit == "00008"} == {"Mở hồ sơ"}
    assert ("", "", "Xác nhận: Mở kỳ đánh giá") in found
    assert {unit for unit, _, _ in lines(auditor.get(f"{JOURNAL}?don-vi=00008").text)} == {"00008"}
    assert {words for _, _, words in lines(auditor.get(f"{JOURNAL}?viec=submit").text)} == {"Nộp hồ sơ Đã nộp tự chấm"}


def test_it_shows_what_was_given_and_what_it_rests_on(graded, as_demo):
    page = as_demo("auditor").get(f"{JOURNAL}?don-vi=00004&viec=grade").text
    assert re.search(r'Chấm điểm<div class="muted small">0,00 điểm</div>', page)
    graded.batch("request_explanation")
    more = {"unit": "00004", "until": "31/12/2025", "reason": "Mất điện."}
    assert as_demo("secretariat.skhcn").post("/ky/2025/thoi-han/gia-han", more).status_code == 303
    page = as_demo("auditor").get(f"{JOURNAL}?don-vi=00004&viec=extend").text
    assert "tới Thứ Tư 31/12/2025, 23:59" in page


def test_an_answer_that_is_not_sent_is_not_in_it(graded, as_demo):
    graded.batch("request_explanation")
    with graded.acting("unit.00004") as (session, actor):
        save_explanation(session, actor, "2025", "00004", "IV.09", Answer("contest", "Đề nghị xem lại.", 0))
    auditor = as_demo("auditor")
    written = f"{JOURNAL}?don-vi=00004&viec=explain"
    assert lines(auditor.get(written).text) == []
    assert "Ghi điểm tự chấm" in auditor.get(f"{JOURNAL}?don-vi=00004&viec=self_score").text
    graded.send("00004")
    assert lines(auditor.get(written).text) == [("00004", "IV.09", "Soạn giải trình")]


@pytest.mark.parametrize("who", OTHERS)
def test_it_opens_to_the_auditor_alone(handed_in, as_demo, who):
    browser = as_demo(who)
    assert browser.get(JOURNAL).status_code == 404
    assert "nhat-ky" not in browser.get("/viec-cua-toi").text


def test_the_own_organisations_case_is_not_in_it(handed_in, engine, as_demo):
    auditor = as_demo("auditor")
    as_demo("chair").get("/ky/2025/ho-so/00004")
    assert "00004" in str(lines(auditor.get(JOURNAL).text))
    assert len(lines(auditor.get(f"{JOURNAL}?xem=mo").text)) == 1
    with transaction(engine) as session:
        unit = session.scalars(select(Organisation.id).where(Organisation.code == "00004")).one()
        session.add(Membership(person_id=handed_in.people["auditor@demo.example"], organisation_id=unit, role="unit_staff"))
    for page in (JOURNAL, f"{JOURNAL}?don-vi=00004", f"{JOURNAL}?xem=mo"):
        assert not any(unit == "00004" for unit, _, _ in lines(auditor.get(page).text)), page
        assert "/ho-so/00004" not in auditor.get(page).text, page


def test_older_lines_follow_without_gap_or_repetition(handed_in, engine, as_demo):
    auditor, page, seen = as_demo("auditor"), JOURNAL, []
    while page:
        answer = auditor.get(page).text
        seen += [int(number) for number in re.findall(r'data-event="(\d+)"', answer)]
        older = re.search(r'<a href="(\?[^"]*truoc=\d+)"', answer)
        page = JOURNAL + older[1] if older else ""
    assert seen == sorted(set(seen), reverse=True)
    with reading(engine) as session:
        hidden = text("select count(*) from event e join \"case\" k on e.chain = 'case' and e.chain_id = k.id where k.state = 'draft'")
        all_of_it = session.scalar(text("select count(*) from event where chain <> 'system'"))
        assert len(seen) == all_of_it - session.scalar(hidden) + 1  # of the draft its opening


def test_every_chain_is_walked_on_demand_and_a_break_is_told(handed_in, engine, as_demo):
    auditor = as_demo("auditor")
    assert "Mọi chuỗi đều liền." in auditor.get(f"{JOURNAL}?kiem-tra=1").text
    with engine.connect() as connection:
        off = "DROP TRIGGER event_no_update" if engine.dialect.name == "sqlite" else "SET LOCAL session_replication_role = replica"
        connection.exec_driver_sql(off)
        connection.exec_driver_sql("UPDATE event SET act = 'grade' WHERE act = 'submit'")
        connection.commit()
    answer = auditor.get(f"{JOURNAL}?kiem-tra=1").text
    assert "Chuỗi nhật ký bị đứt." in answer
    assert "Mọi chuỗi đều liền." not in answer


def test_every_recorded_act_has_words(graded, engine):
    with reading(engine) as session:
        acts = set(session.scalars(select(Event.act)))
    assert len(acts) > 8
    assert [act for act in acts if label_of(act).text == UNKNOWN] == []
