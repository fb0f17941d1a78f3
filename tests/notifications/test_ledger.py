"""The ledger: a person's notices, the mail log and sending again, why somebody was not reminded."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from models.session import reading, transaction
from models.tables import Mail, Notification, Person
from notifications.delivery import Outcome
from states.clocks import HANOI, end_of_day
from states.refusal import NotFound, Refused
from tests.notifications.servers import Moody, moody_server
from workflow.accounts import INVITATION, give_token
from workflow.deciding import exclude
from workflow.ledger import CONDITIONS, Fate, Wanted, fate_of, mail_log, mark_read, notices, resend, unread
from workflow.why_not import why_not

UNIT = "unit.00004@demo.example"
SELF_SCORE = date(2025, 12, 15)


@pytest.fixture
def one_mail(office, season):
    """Exactly one mail of the season waits."""
    with transaction(office.engine) as session:
        session.execute(delete(Notification).where(Notification.person_id != season.people[UNIT]))
    office.collect()
    return office


def make_due(office):
    with transaction(office.engine) as session:
        session.execute(update(Mail).values(next_try_at=Mail.made_at))


def refused_with(office, answer):
    with moody_server(Moody(rcpt=answer)) as url:
        return replace(office, settings=replace(office.settings, smtp_url=url)).deliver()


def test_the_log_says_what_became_of_each_word_in_the_list_and_for_one_row(one_mail, season):
    for said, expected in (("", Fate.WAITING), ("450 busy", Fate.TRYING), ("550 none", Fate.FAILED)):
        if said:
            make_due(one_mail)
            refused_with(one_mail, said)
        with season.acting("admin") as (session, actor):
            assert [entry.fate for entry in mail_log(session, actor, Wanted())] == [expected]
            for fate in CONDITIONS:
                assert len(mail_log(session, actor, Wanted(fate=fate))) == (fate is expected)
            word = session.scalars(select(Notification)).one()
            assert fate_of(word, session.get(Mail, word.mail_id))[0] is expected


def test_a_failed_mail_is_sent_again_under_its_own_id_and_that_is_noted(one_mail, season):
    refused_with(one_mail, "550 none")
    (mail,) = one_mail.mails()
    with season.acting("admin") as (session, actor):
        assert [entry.again for entry in mail_log(session, actor, Wanted(who="unit.00004", slug="2025"))] == [True]
        resend(session, actor, mail.id)
    assert one_mail.deliver() == [Outcome.SENT]
    assert one_mail.letters()[0]["Message-ID"] == mail.message_id
    with season.acting("secretariat.skhcn") as (session, actor):
        resend(session, actor, mail.id)
        with pytest.raises(Refused):
            resend(session, actor, mail.id)
    for nobody in ("unit.00004", "grader.catp", "council.1", "auditor"):
        with season.acting(nobody) as (session, actor), pytest.raises(NotFound):
            resend(session, actor, mail.id)


def test_the_secretariat_sees_no_account_mail_and_nobody_sends_a_way_in_again(office, season):
    with transaction(office.engine) as session:
        session.execute(delete(Notification))
        give_token(session, season.people[UNIT], INVITATION)
    office.collect()
    office.deliver()
    (mail,) = office.mails()
    with season.acting("secretariat.skhcn") as (session, actor):
        assert mail_log(session, actor, Wanted()) == []
        with pytest.raises(NotFound):
            resend(session, actor, mail.id)
    with season.acting("admin") as (session, actor):
        assert [(entry.kind, entry.again) for entry in mail_log(session, actor, Wanted())] == [(INVITATION, False)]
        with pytest.raises(Refused):
            resend(session, actor, mail.id)


def test_notices_are_a_persons_own_and_are_read_once(office, season):
    with transaction(office.engine) as session:
        person, other = season.people[UNIT], season.people["head.00004@demo.example"]
        give_token(session, person, INVITATION)
        assert unread(session, person) == 2
        (invitation, opening) = notices(session, person)
        assert (invitation.kind, invitation.path) == (INVITATION, ""), "no way in among the notices"
        assert (opening.label, opening.path, opening.read) == ("Mở kỳ đánh giá", "/ky/2025/ho-so", False)
        assert mark_read(session, other, [opening.id]) == 0, "not somebody else's"
        assert (mark_read(session, person, [opening.id]), mark_read(session, person)) == (1, 1)
        assert unread(session, person) == 0
        assert [notice.read for notice in notices(session, person)] == [True, True]


# why not


def said(engine, who, day):
    with reading(engine) as session:
        return {answer.email.partition("@")[0]: [str(problem) for problem in answer.why] for answer in why_not(session, "2025", who, day)}


def noon(day):
    return end_of_day(day) - timedelta(hours=12)


def test_why_a_unit_was_or_was_not_reminded(office, season):
    day = SELF_SCORE - timedelta(days=3)
    days = "−14, −7, −3, −1, +1, +3, +7"
    off = f"“Hồ sơ chưa nộp”, hạn 15/12/2025: không nhắc vào ngày này mà vào các ngày {days} so với hạn; lần tới: 12/12/2025."
    coming = "“Hồ sơ chưa nộp”, hạn 15/12/2025: sẽ được nhắc vào ngày này nếu đến lúc đó còn chưa xong."
    assert said(office.engine, "00004", day - timedelta(days=1)) == {"unit.00004": [off], "head.00004": [off]}
    assert said(office.engine, UNIT, day) == {"unit.00004": [coming]}

    season.at(noon(day))
    office.post()
    (answer,) = said(office.engine, UNIT, day)["unit.00004"]
    assert answer.startswith("“Hồ sơ chưa nộp”: Đã gửi, ")
    assert said(office.engine, UNIT, SELF_SCORE - timedelta(days=7))["unit.00004"] == [
        "“Hồ sơ chưa nộp”, hạn 15/12/2025: đến ngày đó chưa có việc này hoặc hạn này."
    ]

    season.fill("00004")
    season.submit("00004")
    assert said(office.engine, UNIT, SELF_SCORE - timedelta(days=1)) == {
        "unit.00004": ["Hồ sơ 00004 không chờ đơn vị: đang ở bước “Đã nộp tự chấm”."]
    }


def test_why_not_a_reminder_that_came_true_too_late(office, season):
    day = SELF_SCORE - timedelta(days=3)
    season.fill("00004")
    season.at(noon(day) - timedelta(hours=8))
    office.post()
    season.submit("00004")
    season.at(noon(day))
    office.post()
    (answer,) = said(office.engine, UNIT, day)["unit.00004"]
    assert answer == "“Hồ sơ chưa nộp”: Không gửi, 12:00 12/12/2025. Việc đã xong hoặc thời hạn đã đổi."


def test_why_not_people_without_account_role_case_or_work(office, season):
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, "00008", "Giải thể.")
        session.execute(update(Person).where(Person.email == UNIT).values(disabled_at=datetime(2025, 11, 30, tzinfo=HANOI)))
    day = SELF_SCORE - timedelta(days=1)
    assert said(office.engine, UNIT, day) == {"unit.00004": ["Tài khoản đã khóa từ ngày 30/11/2025."]}
    assert said(office.engine, "head.00008@demo.example", day) == {"head.00008": ["Hồ sơ 00008 đã được loại khỏi kỳ đánh giá."]}
    assert said(office.engine, "auditor@demo.example", day) == {"auditor": ["Không có việc nào đang chờ người này."]}
    assert said(office.engine, "khong.ai@demo.example", day) == {}
