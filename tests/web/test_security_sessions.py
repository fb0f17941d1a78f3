"""Sessions: they live in the database, end there, and no cookie is worth more than its row."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from models.session import reading, transaction
from models.tables import Session
from tests.web.conftest import PASSWORD, settings_for
from workflow.clock import machine_now
from workflow.signing_in import ABSOLUTE, IDLE, KEPT, end_sessions_of

ADMIN = "/quan-tri/nguoi-dung"


def token_of(client):
    cookie = client.get_cookie("thamdinh", domain="thamdinh.test")
    return cookie.value if cookie else None


def move(engine, **values):
    """Let all sessions have begun, or been seen, at another moment."""
    with transaction(engine) as session:
        session.execute(update(Session).values(**values))


def seen(engine):
    with reading(engine) as session:
        return session.scalars(select(Session.seen_at)).all()


def test_a_stranger_has_no_row(visitor, people, engine):
    client = visitor()
    client.get("/dang-nhap")
    client.sign_in("an@unit.example", "không phải")
    with reading(engine) as session:
        assert session.scalar(select(func.count(Session.id))) == 0


def test_the_database_knows_only_the_hash(signed_in, engine):
    client = signed_in("an@unit.example")
    with reading(engine) as session:
        assert token_of(client) not in session.scalars(select(Session.token_hash)).all()


def test_a_session_brought_along_is_worth_nothing_after_sign_in(visitor, people, engine):
    client = visitor()
    client.set_cookie("thamdinh", "planted", domain="thamdinh.test")
    client.sign_in("quantri@tp.example")
    first = token_of(client)
    assert first != "planted"
    client.post("/dang-xuat")
    client.sign_in("quantri@tp.example")
    assert token_of(client) != first


def test_signing_in_anew_ends_the_session_before(signed_in):
    client = signed_in("quantri@tp.example")
    old = token_of(client)
    client.post("/dang-xuat")
    client.sign_in("quantri@tp.example")
    client.set_cookie("thamdinh", old, domain="thamdinh.test")
    assert client.get(ADMIN).status_code == 303


@pytest.mark.parametrize(("column", "limit"), [("seen_at", IDLE), ("created_at", ABSOLUTE)])
def test_idle_and_absolute_limits(signed_in, engine, column, limit):
    client = signed_in("quantri@tp.example")
    move(engine, **{column: machine_now() - limit + timedelta(seconds=30)})
    assert client.get(ADMIN).status_code == 200
    move(engine, **{column: machine_now() - limit})
    assert client.get(ADMIN).status_code == 303


def test_the_idle_limit_is_a_setting(app, signed_in, engine):
    client = signed_in("quantri@tp.example")
    app.config["SESSION_IDLE"] = timedelta(minutes=15)
    move(engine, seen_at=machine_now() - timedelta(minutes=16))
    assert client.get(ADMIN).status_code == 303


def test_being_here_is_noted_at_most_once_a_minute(signed_in, engine):
    client = signed_in("quantri@tp.example")
    first = seen(engine)
    client.get(ADMIN)
    assert seen(engine) == first
    move(engine, seen_at=machine_now() - timedelta(seconds=61))
    client.get(ADMIN)
    assert seen(engine)[0] > first[0]


def test_all_sessions_of_a_person_end_at_once(signed_in, engine, people):
    here, there, other = signed_in("quantri@tp.example"), signed_in("quantri@tp.example"), signed_in("an@unit.example")
    with transaction(engine) as session:
        assert end_sessions_of(session, people["quantri@tp.example"]) == 2
    assert [client.get("/vai-tro").status_code for client in (here, there, other)] == [303, 303, 200]


def test_rows_of_old_sessions_go_when_their_person_signs_in_again(signed_in, engine):
    signed_in("an@unit.example")
    signed_in("binh@unit.example")
    move(engine, created_at=machine_now() - KEPT - timedelta(days=1))
    signed_in("an@unit.example")
    with reading(engine) as session:
        assert session.scalar(select(func.count(Session.id))) == 2


def test_who_came_and_went_stands_in_the_log_and_no_password(visitor, people, caplog):
    client = visitor()
    client.sign_in("an@unit.example", "không phải")
    client.sign_in("an@unit.example")
    client.post("/dang-xuat")
    said = [record.getMessage() for record in caplog.records if record.name == "thamdinh.web"]
    assert ["sign_in_refused" in said[0], "signed_in" in said[1], "signed_out" in said[2]] == [True] * 3
    assert not any("unit.example" in line or "ph\\u1ea3i" in line for line in said)


def test_a_disabled_person_is_out_with_the_next_click(signed_in, engine, people):
    from workflow.actor import SYSTEM
    from workflow.people import disable_person

    client = signed_in("an@unit.example")
    with transaction(engine) as session:
        disable_person(session, SYSTEM, people["an@unit.example"])
    assert client.get("/vai-tro").status_code == 303


def test_cookies_of_https_can_be_set_by_no_other_host(make_app, database, tmp_path, people):
    app = make_app(settings_for(database, tmp_path, BASE_URL="https://thamdinh.test"))
    client = app.test_client()
    page = client.get("/dang-nhap", base_url="https://thamdinh.test")
    data = {"csrf_token": client.token, "email": "an@unit.example", "password": PASSWORD}
    answer = client.open("/dang-nhap", method="POST", data=data, base_url="https://thamdinh.test")
    set_ = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in set_} == {"__Host-thamdinh-note", "__Host-thamdinh", "__Host-thamdinh-device"}
    for cookie in set_:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_a_forged_note_is_an_empty_one(visitor):
    client = visitor()
    client.set_cookie("thamdinh-note", "eyJjc3JmX3Rva2VuIjoieCJ9.forged", domain="thamdinh.test")
    assert client.get("/dang-nhap").status_code == 200


def test_a_form_may_lie_open_for_as_long_as_its_session_lives(signed_in, engine):
    client = signed_in("quantri@tp.example")
    client.get("/vai-tro")
    with time_machine.travel(machine_now() + timedelta(hours=11), tick=True):
        move(engine, seen_at=machine_now())
        assert client.post("/ngon-ngu", {"language": "vi"}).status_code == 303


def typed(client, **more):
    """Send what somebody typed into the form of a new person, in a browser that says where it comes from."""
    return client.post(
        "/quan-tri/nguoi-dung/them", {"name": "Đặng Mới", "email": "moi@unit.example"}, headers={"Sec-Fetch-Site": "same-origin"}, **more
    )


def test_a_lost_session_loses_no_text(signed_in, engine, people):
    client = signed_in("quantri@tp.example")
    client.get("/vai-tro")
    with transaction(engine) as session:
        end_sessions_of(session, people["quantri@tp.example"])
    asked = typed(client)
    assert asked.status_code == 401
    assert "Đặng Mới" in asked.text
    fields = {"kept_path": "/quan-tri/nguoi-dung/them", "kept.name": "Đặng Mới", "kept.email": "moi@unit.example"}
    wrong = client.post("/dang-nhap", {"email": "quantri@tp.example", "password": "không phải"} | fields)
    assert "Đặng Mới" in wrong.text
    inside = client.post("/dang-nhap", {"email": "quantri@tp.example", "password": PASSWORD} | fields)
    assert inside.status_code == 200
    assert 'action="/quan-tri/nguoi-dung/them"' in inside.text
    sent = client.post(
        "/quan-tri/nguoi-dung/them", {"name": "Đặng Mới", "email": "moi@unit.example", "role": "unit_staff", "organisation": "00004"}
    )
    assert sent.status_code == 303


def test_text_from_another_site_is_never_kept(visitor, people):
    asked = visitor().post("/quan-tri/nguoi-dung/them", {"name": "Đặng Mới"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert asked.status_code == 401
    assert "Đặng Mới" not in asked.text


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "/nowhere", "/quan-tri/nguoi-dung"])
def test_kept_text_is_sent_only_to_a_form_of_ours(visitor, people, path):
    client = visitor()
    answer = client.sign_in("quantri@tp.example", kept_path=path, **{"kept.name": "X"})
    assert answer.status_code == 303  # nothing to send on


def test_script_is_asked_to_sign_in_in_place(visitor, people):
    asked = visitor().post("/quan-tri/nguoi-dung/them", {"name": "X"}, headers={"X-Requested-With": "fetch"})
    assert asked.status_code == 401
    assert "data-sign-in" in asked.text
    assert visitor().get(ADMIN, headers={"X-Requested-With": "fetch"}).status_code == 401


def test_a_token_that_went_stale_offers_to_send_again(signed_in):
    client = signed_in("quantri@tp.example")
    client.get("/vai-tro")
    client.token = "stale"
    again = typed(client)
    assert again.status_code == 400
    assert "Gửi tiếp" in again.text
    assert "Đặng Mới" in again.text
    assert typed(client).status_code == 422  # with the token of that page it arrives


def test_coming_back_goes_on_under_the_same_membership(signed_in, engine, people):
    from models.tables import Membership

    client = signed_in("haivai@skhcn.example")
    with reading(engine) as session:
        own = list(session.scalars(select(Membership.id).where(Membership.person_id == people["haivai@skhcn.example"])))
    client.post("/vai-tro", {"membership": own[1]})
    move(engine, seen_at=machine_now() - IDLE)
    client.sign_in("haivai@skhcn.example")
    assert "Phụ trách chấm · " in client.get("/vai-tro").text
