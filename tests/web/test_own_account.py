"""The own account: another password, and the sessions elsewhere."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from models.session import reading, transaction
from models.tables import Event, Notification, OneTimeToken, Session
from tests.web.conftest import PASSWORD
from web.devices import device_words
from workflow.accounts import RESET, give_token
from workflow.clock import machine_now, set_working_clock
from workflow.signing_in import IDLE

NEW = "chiều qua gió lặng hẳn"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
AN = "an@unit.example"


def change(client, present=PASSWORD, password=NEW, again=None):
    return client.post("/toi/mat-khau", {"present": present, "password": password, "password_again": password if again is None else again})


def events(engine, act):
    with reading(engine) as session:
        return [(event.object, event.payload) for event in session.scalars(select(Event).where(Event.act == act))]


def words(engine, kind="password_changed"):
    with reading(engine) as session:
        return [(word.person_id, word.params, word.path) for word in session.scalars(select(Notification).where(Notification.kind == kind))]


def open_sessions(client):
    return [int(one) for one in re.findall(r'data-session="(\d+)"', client.get("/toi").text)]


def test_the_name_in_the_header_leads_to_the_own_account(signed_in):
    client = signed_in(AN)
    page = client.get("/toi")
    assert 'href="/toi"' in page.text
    assert "Tài khoản của tôi</h1>" in page.text
    for said in ("Nguyễn Văn An", AN, "Cán bộ nhập", "Phường Ba Đình", "phiên này", "Thiết bị không rõ"):
        assert said in page.text


def test_a_stranger_is_asked_to_sign_in_and_whoever_holds_no_role_is_let_in(visitor, signed_in):
    assert visitor().get("/toi").location == "/dang-nhap?next=/toi"
    client = signed_in("khongvai@tp.example")
    assert "hiện không giữ vai nào" in client.get("/toi").text
    assert change(client).status_code == 303


def test_another_password_ends_all_other_sessions_and_sent_ways_in_and_is_told(visitor, signed_in, people, engine):
    here, there = signed_in(AN), signed_in(AN)
    with transaction(engine) as session:
        give_token(session, people[AN], RESET)
    before = here.get_cookie("thamdinh", domain="thamdinh.test").value
    assert change(here).location == "/toi"
    assert "Đã đổi mật khẩu." in here.get("/toi").text
    assert here.get_cookie("thamdinh", domain="thamdinh.test").value != before
    assert there.get("/toi").status_code == 303
    assert len(open_sessions(here)) == 1
    assert visitor().sign_in(AN, PASSWORD).status_code == 422
    assert visitor().sign_in(AN, NEW).status_code == 303
    assert events(engine, "change_password") == [(f"person:{people[AN]}", {"sessions_ended": 1})]
    assert words(engine) == [(people[AN], {}, "/toi")]
    with reading(engine) as session:
        assert session.scalars(select(OneTimeToken.id).where(OneTimeToken.used_at.is_(None))).all() == []


@pytest.mark.parametrize(
    ("typed", "place", "said"),
    [
        ({"present": "không phải mật khẩu này"}, "present", "Mật khẩu không đúng"),
        ({"password": "ngắn"}, "password", "Mật khẩu cần ít nhất 12 ký tự"),
        ({"password": "Nguyễn Văn An 2026"}, "password", "không được chứa tên"),
        ({"password": PASSWORD}, "password", "phải khác mật khẩu đang dùng"),
        ({"again": "khác hẳn với ở trên"}, "password_again", "chưa giống nhau"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_changes(signed_in, visitor, engine, typed, place, said):
    client = signed_in(AN)
    answer = change(client, **typed)
    assert answer.status_code == 422
    assert re.search(rf'href="#{place}">[^<]*{said}', answer.text), answer.text
    assert visitor().sign_in(AN, PASSWORD).status_code == 303
    assert events(engine, "change_password") == words(engine) == []


def test_guessing_the_present_password_is_slowed_down(signed_in):
    client = signed_in(AN)
    answers = [client.post("/toi/mat-khau", {"email": AN, "present": "x", "password": NEW, "password_again": NEW}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


@pytest.mark.parametrize(("path", "field"), [("/toi/mat-khau", "present"), ("/xac-nhan-lai", "password")])
def test_guesses_count_for_who_is_signed_in_whatever_address_the_form_names(signed_in, path, field):
    client = signed_in(AN)
    typed = {"password": NEW, "password_again": NEW, field: "x"}
    answers = [client.post(path, typed | {"email": f"{number}@elsewhere.example"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_one_session_elsewhere_is_ended(signed_in, engine, people):
    here, there = signed_in(AN), signed_in(AN)
    mine, other = open_sessions(here)
    assert here.post(f"/toi/phien/{other}/ket-thuc").location == "/toi#phien"
    assert there.get("/toi").status_code == 303
    assert here.post(f"/toi/phien/{mine}/ket-thuc").status_code == 404
    assert open_sessions(here) == [mine]
    assert events(engine, "end_own_sessions") == [(f"person:{people[AN]}", {"sessions": [other]})]


def test_all_others_are_ended_at_once_and_twice_is_fine(signed_in, engine):
    here, *others = (signed_in(AN) for _ in range(3))
    assert here.post("/toi/phien/ket-thuc-khac").status_code == 303
    assert "Đã kết thúc 2 phiên khác." in here.get("/toi").text
    assert [one.get("/toi").status_code for one in others] == [303, 303]
    assert here.post("/toi/phien/ket-thuc-khac").status_code == 303
    assert len(events(engine, "end_own_sessions")) == 1


def test_nobody_ends_or_sees_the_session_of_another(signed_in):
    here, stranger = signed_in(AN), signed_in("chutich@tp.example")
    (foreign,) = open_sessions(stranger)
    assert here.post(f"/toi/phien/{foreign}/ket-thuc").status_code == 404
    assert here.post("/toi/phien/ket-thuc-khac").status_code == 303
    assert stranger.get("/toi").status_code == 200
    assert foreign not in open_sessions(here)


def test_a_session_that_is_idle_too_long_is_no_longer_listed(signed_in, engine):
    here, _ = signed_in(AN), signed_in(AN)
    mine, other = open_sessions(here)
    with transaction(engine) as session:
        session.execute(update(Session).where(Session.id == other).values(seen_at=machine_now() - IDLE))
    assert open_sessions(here) == [mine]


def test_where_the_clock_is_moved_sessions_are_told_by_it(signed_in, engine):
    client = signed_in(AN)
    with transaction(engine) as session:
        set_working_clock(session, datetime(2031, 5, 6, 3, tzinfo=UTC))
    row = client.get("/toi").text.partition("data-session")[2].partition("</tr>")[0]
    assert row.count("06/05/2031") >= 2


def test_devices_are_named_in_words_never_as_sent(app):
    with app.test_request_context("/"):
        assert device_words(CHROME) == "Chrome trên Windows"
        assert device_words(CHROME + " Edg/126.0") == "Edge trên Windows"
        assert device_words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1") == "Safari trên iPhone"
        assert device_words("<script>alert(1)</script>") == device_words("") == "Thiết bị không rõ"
