"""What arrives: one mail for what belongs together, only what is true, in the reader's language, never a score, never a kept way in."""

import re
from datetime import date, timedelta

from sqlalchemy import select, update

from models.session import transaction
from models.tables import Assessment, Membership, Notification, Person
from notifications.delivery import Outcome
from notifications.scheduler import scan
from states.clocks import Clock, end_of_day
from states.facts import Asked
from tests.notifications.conftest import BASE_URL, text_of
from tests.season import GRADING
from workflow.accounts import INVITATION, RESET, ask_reset, give_token
from workflow.calendar import set_deadlines
from workflow.clock import machine_now
from workflow.deciding import exclude, readmit
from workflow.extending import extend
from workflow.move import move_case
from workflow.outbox import owe
from workflow.proposals import refuse, withdraw
from workflow.signing_in import hash_of

SELF_SCORE = date(2025, 12, 15)
UNIT = "unit.00004@demo.example"


def noon(day):
    return end_of_day(day) - timedelta(hours=12)


def skipped(office):
    return {(word.kind, word.skipped_reason) for word in office.words() if word.skipped_at is not None}


# what goes together


def test_words_owed_together_make_one_mail_and_everybody_gets_one(office, season):
    office.post()
    office.forget()
    season.fill("00004")
    season.submit("00004")
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", end_of_day(date(2026, 1, 20)), "Chờ số liệu.")
    assert set(office.post()) == {Outcome.SENT}
    (letter,) = office.letters(UNIT)
    assert letter["Subject"] == "[Thẩm định 2025] 2 thông báo mới"
    assert "Phường Ba Đình: hồ sơ tự chấm đã nộp." in text_of(letter)
    assert "Phường Ba Đình: thời hạn được dời" in text_of(letter)
    assert "Hạn thẩm định vòng 1: 23:59 ngày 20/01/2026 (giờ Hà Nội), còn 57 ngày." in text_of(letter)
    receivers = [letter["To"] for letter in office.letters()]
    assert len(receivers) == len(set(receivers))
    assert office.post() == [], "nothing is sent twice"


def test_an_explanation_is_told_to_the_bodies_it_contests_in_one_sentence_for_all_units(office, season):
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade_all(10_000)
    season.batch("release_round_1")
    season.batch("request_explanation")
    for unit in ("00004", "00008"):
        season.contest(unit, "IV.09")
    office.post()
    office.forget()
    for unit in ("00004", "00008"):
        season.send(unit)
    office.post()
    (letter,) = office.letters("lead.skhcn")
    assert text_of(letter).count("giải trình đã gửi") == 1
    assert "- Phường Ba Đình, Phường Ngọc Hà: giải trình đã gửi" in text_of(letter)
    assert "/ky/2025/cham-diem?loc=vong-2" in text_of(letter)
    assert not office.letters("lead.syt"), "nothing of theirs is contested"


def test_a_person_with_two_duties_gets_one_digest_a_day(office, season):
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade("lead.catp", codes=["IV.22"])
    office.post()
    office.forget()
    season.at(noon(date(2026, 1, 7)))
    office.post()
    (letter,) = office.letters("lead.catp")
    assert letter["Subject"] == "[Thẩm định 2025] Nhắc việc ngày 07/01/2026: 2 việc đang chờ"
    assert "2 mục đã chấm chưa ký xác nhận." in text_of(letter)
    assert re.search(r"\d+ mục của các đơn vị chưa chấm", text_of(letter))

    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", end_of_day(date(2026, 1, 21)), "Chờ số liệu.")
    office.post()
    assert len([one for one in office.letters("lead.catp") if "Nhắc việc" in one["Subject"]]) == 1, "new reminders wait for tomorrow"
    season.at(noon(date(2026, 1, 8)))
    office.post()
    assert len([one for one in office.letters("lead.catp") if "Nhắc việc" in one["Subject"]]) == 2


def test_reminders_wait_for_the_morning(office, season):
    office.post()
    office.forget()
    season.at(end_of_day(SELF_SCORE - timedelta(days=2)))
    assert office.post() == []
    season.at(end_of_day(SELF_SCORE - timedelta(days=2)) + timedelta(hours=7))
    assert office.post() == [Outcome.SENT] * 4


def test_collecting_twice_makes_no_second_mail(office, season):
    first = office.collect()
    assert first == len(office.mails()) > 10
    assert office.collect() == 0
    with transaction(office.engine) as session:
        season_id = session.scalars(select(Assessment.id)).one()
        owe(session, "open_assessment", str(season_id), ("all_units",), season_id)
    assert office.collect() == 0, "the same word is owed once"


# what is true


def test_who_submitted_meanwhile_is_not_reminded(office, season):
    office.post()
    office.forget()
    season.fill("00004")
    season.at(noon(SELF_SCORE - timedelta(days=3)))
    office.collect()
    scan(office.engine)
    office.collect()
    season.submit("00004")
    office.deliver()
    assert not office.letters(UNIT)
    assert ("remind_submit", "Việc đã xong hoặc thời hạn đã đổi.") in skipped(office)
    assert len(office.letters("unit.00008")) == 1


def test_a_deadline_that_moved_reminds_nobody_falsely(office, season):
    office.post()
    office.forget()
    season.at(noon(SELF_SCORE - timedelta(days=3)))
    scan(office.engine)
    office.collect()
    with transaction(office.engine) as session:
        set_deadlines(session, session.scalars(select(Assessment.id)).one(), Clock.SELF_SCORE, end_of_day(date(2025, 12, 29)))
    assert set(office.deliver()) == {Outcome.SKIPPED}
    assert office.letters() == []
    season.at(noon(date(2025, 12, 22)))
    office.post()
    assert "23:59 ngày 29/12/2025 (giờ Hà Nội), còn 7 ngày." in text_of(office.letters(UNIT)[0])


def test_what_was_taken_back_is_not_told(office, season):
    office.post()
    office.forget()
    season.fill("00004")
    season.submit("00004")
    with season.acting("head.00004") as (session, actor):
        move_case(session, actor, season.slug, "00004", "recall", Asked())
    office.post()
    (letter,) = office.letters(UNIT)
    assert "rút lại để sửa" in text_of(letter)
    assert "đã nộp" not in text_of(letter)
    assert ("submit", "Hồ sơ đã sang bước khác.") in skipped(office)


def test_excluded_and_readmitted_tell_what_stands(office, season):
    office.post()
    office.forget()
    for act in (exclude, readmit):
        with season.acting("chair") as (session, actor):
            act(session, actor, season.slug, "00004", "Xem xét lại.")
    office.post()
    (letter,) = office.letters(UNIT)
    assert "được đưa trở lại" in text_of(letter)
    assert skipped(office) == {("exclude", "Hồ sơ đã được đưa trở lại kỳ đánh giá.")}


def test_proposals_are_told_while_they_wait_and_their_end_to_the_proposer(office, season):
    office.post()
    office.forget()
    season.at(noon(SELF_SCORE + timedelta(days=2)))
    for unit, end in (("00004", refuse), ("00008", withdraw)):
        with season.acting("secretariat.skhcn") as (session, actor):
            made = move_case(session, actor, season.slug, unit, "close_unsubmitted", Asked(reason="Không nộp.")).proposal_id
        with season.acting("chair" if end is refuse else "secretariat.skhcn") as (session, actor):
            end(session, actor, season.slug, made, *(["Chưa đủ căn cứ."] if end is refuse else []))
    office.collect()
    office.deliver()
    assert not office.letters("chair@")
    assert {reason for kind, reason in skipped(office) if kind == "proposal"} == {"Đề xuất đã được giải quyết."}
    (letter,) = office.letters("secretariat.skhcn")
    assert "Đề xuất “Khóa hồ sơ chưa nộp” bị từ chối, kèm lý do." in text_of(letter)
    assert "Chưa đủ căn cứ" not in text_of(letter)


def test_who_left_is_not_told(office, season):
    with transaction(office.engine) as session:
        left = update(Membership).where(Membership.person_id == season.people[UNIT])
        session.execute(left.values(valid_to=date(2025, 11, 1)))
        gone = update(Person).where(Person.email == "head.00004@demo.example")
        session.execute(gone.values(disabled_at=machine_now()))
    office.post()
    assert not office.letters("00004@")
    assert skipped(office) >= {
        ("open_assessment", "Người nhận không còn vai này."),
        ("open_assessment", "Tài khoản của người nhận đã khóa."),
    }


def test_nothing_is_owed_to_a_membership_that_has_ended(office, season):
    with transaction(office.engine) as session:
        left = update(Membership).where(Membership.person_id == season.people[UNIT])
        session.execute(left.values(valid_to=date(2025, 11, 1)))
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00004", end_of_day(date(2025, 12, 22)), "Chờ số liệu.")
    told = {word.person_id for word in office.words() if word.kind == "extend"}
    assert told == {season.people["head.00004@demo.example"]}


# how it is said


def test_english_for_who_chose_it(office, season):
    with transaction(office.engine) as session:
        session.execute(update(Person).where(Person.email == UNIT).values(locale="en"))
    office.post()
    office.forget()
    season.at(noon(SELF_SCORE - timedelta(days=1)))
    office.post()
    (letter,) = office.letters(UNIT)
    assert letter["Subject"] == "[Assessment 2025] Reminders of 14 December 2025: 1 waiting"
    assert "the self-assessment is not submitted yet" in text_of(letter)
    assert "Deadline of the self-assessment: 23:59 on 15 December 2025 (Hanoi time), 1 day left." in text_of(letter)


def test_links_lead_to_our_own_address_only_and_headers_hold_nothing_typed(office, season):
    with transaction(office.engine) as session:
        session.execute(update(Person).where(Person.email == UNIT).values(name="Bình\r\nBcc: moi@vi.du"))
    office.post()
    for letter in office.letters():
        assert set(re.findall(r"https?://[^/\s]+", text_of(letter))) == {BASE_URL}
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["From"] == "Thẩm định <thamdinh@tham-dinh.example>"
        assert "Bcc" not in letter
        assert "Bình" not in letter["To"] + letter["Subject"]
    assert len(office.letters(UNIT)) == 1


def test_an_address_that_is_none_fails_visibly(office, season):
    with transaction(office.engine) as session:
        session.execute(update(Person).where(Person.email == UNIT).values(email="a@b.vn\nBcc: c@d.vn"))
    office.post()
    assert [mail.error for mail in office.mails() if mail.failed_at] == ["địa chỉ thư không hợp lệ"]


def test_no_mail_holds_a_score_or_a_text_of_a_user(office, season):
    """Plants 7,77 and a word in whatever people type, plays a year, and looks for them in every mail and every row."""
    planted = "BÍ MẬT 7,77"
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade_all(points=17_700)
    season.batch("release_round_1")
    season.batch("request_explanation")
    season.contest("00004", "IV.22", planted)
    season.send("00004")
    with season.acting("secretariat.skhcn") as (session, actor):
        extend(session, actor, season.slug, "00008", end_of_day(date(2026, 1, 9)), planted)
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, "00008", planted)
    office.post()
    season.at(noon(date(2026, 2, 3)))
    office.post()
    everything = "".join(text_of(letter) + letter["Subject"] for letter in office.letters())
    everything += "".join(f"{word.params}{word.path}{word.key}" for word in office.words()) + "".join(m.body for m in office.mails())
    assert "mục có giải trình chờ chấm lại" in everything
    for secret in (planted, "7,77", "7.77", "1,77", "1.77", "17700"):
        assert secret not in everything


# ways in


def way_in(letter):
    return re.search(r"/dat-lai-mat-khau/(\S+)", text_of(letter))[1]


def test_a_way_in_goes_alone_and_is_forgotten_once_sent(office, season):
    person = season.people[UNIT]
    with transaction(office.engine) as session:
        give_token(session, person, INVITATION)
    office.post()
    letters = office.letters(UNIT)
    assert len(letters) == 2, "the opening, and the invitation by itself"
    (invitation,) = [letter for letter in letters if "Lời mời" in letter["Subject"]]
    token = way_in(invitation)
    kept = "".join(f"{word.params}{word.path}{word.key}" for word in office.words()) + "".join(m.body + m.subject for m in office.mails())
    assert token not in kept
    assert hash_of(token) not in kept
    assert "(đường dẫn riêng của người nhận, không lưu lại)" in kept


def test_a_way_in_that_is_spent_is_not_sent_and_forgotten_too(office, season):
    with transaction(office.engine) as session:
        ask_reset(session, UNIT)
        ask_reset(session, UNIT)
    office.post()
    resets = [letter for letter in office.letters(UNIT) if "mật khẩu" in letter["Subject"]]
    assert len(resets) == 1, "the second request spent the first token"
    assert (RESET, "Đường dẫn đã dùng hoặc đã hết hạn.") in skipped(office)
    with transaction(office.engine) as session:
        assert not [word for word in session.scalars(select(Notification)) if "path" in word.params]
