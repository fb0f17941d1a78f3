import pytest
from sqlalchemy import select, update

from models.session import reading, transaction
from models.tables import Membership, Session
from tests.web.conftest import PASSWORD

WRONG = "Mật khẩu không đúng, hoặc tài khoản không tồn tại"


def rows(engine):
    with reading(engine) as session:
        return session.execute(select(Session.person_id, Session.revoked_at, Session.proved_at).order_by(Session.id)).all()


def test_a_stranger_is_asked_to_sign_in_and_comes_back(visitor, people):
    client = visitor()
    asked = client.get("/quan-tri/nguoi-dung?q=an&vai=admin")
    assert (asked.status_code, asked.location) == (303, "/dang-nhap?next=/quan-tri/nguoi-dung?q%3Dan%26vai%3Dadmin")
    page = client.get(asked.location)
    assert 'value="/quan-tri/nguoi-dung?q=an&amp;vai=admin"' in page.text
    inside = client.post("/dang-nhap", {"email": "quantri@tp.example", "password": PASSWORD, "next": "/quan-tri/nguoi-dung?q=an&vai=admin"})
    assert inside.location == "/quan-tri/nguoi-dung?q=an&vai=admin"
    assert client.get(inside.location).status_code == 200


def test_the_address_may_be_typed_in_capitals_and_the_password_on_any_keyboard(visitor, people):
    import unicodedata

    assert visitor().sign_in(" AN@Unit.Example ", unicodedata.normalize("NFD", PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("an@unit.example", "không phải mật khẩu này"),
        ("nobody@unit.example", PASSWORD),
        ("khoa@unit.example", PASSWORD),
        ("moi@unit.example", PASSWORD),
    ],
)
def test_wrong_unknown_disabled_and_invited_answer_alike_after_the_same_work(visitor, people, engine, email, password, monkeypatch):
    import argon2

    from workflow.actor import SYSTEM
    from workflow.people import NewPerson, add_person, disable_person

    with transaction(engine) as session:
        disable_person(session, SYSTEM, add_person(session, SYSTEM, NewPerson("khoa@unit.example", "Khóa"), secret="x"))
        add_person(session, SYSTEM, NewPerson("moi@unit.example", "Mời"))
    computed = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *args: computed.append(1) or verify(*args))
    answer = visitor().sign_in(email, password)
    assert (answer.status_code, len(computed)) == (422, 1)
    assert WRONG in answer.text
    assert f'value="{email}"' in answer.text  # what was typed is kept
    assert password not in answer.text
    assert all(row.person_id is None for row in rows(engine))


def test_an_empty_form_says_what_is_missing(visitor, people):
    answer = visitor().sign_in("", "")
    assert answer.status_code == 422
    assert "Nhập địa chỉ thư công vụ." in answer.text
    assert "Nhập mật khẩu." in answer.text


def test_signing_out_ends_the_session_in_the_database(signed_in, engine):
    client = signed_in("quantri@tp.example")
    copied = client.get_cookie("thamdinh", domain="thamdinh.test").value
    assert client.get("/quan-tri/nguoi-dung").status_code == 200
    assert client.post("/dang-xuat").status_code == 303
    assert [row.revoked_at is not None for row in rows(engine)] == [True]
    client.set_cookie("thamdinh", copied, domain="thamdinh.test")
    assert client.get("/quan-tri/nguoi-dung").status_code == 303  # a copy of the cookie is worth nothing


def test_somebody_with_two_memberships_chooses_first_and_may_change(signed_in, people, engine):
    client = signed_in("haivai@skhcn.example")
    asked = client.get("/quan-tri/nguoi-dung")
    assert asked.location == "/vai-tro?next=/quan-tri/nguoi-dung"
    page = client.get("/vai-tro")
    assert "Cán bộ nhập" in page.text
    assert "Phụ trách chấm" in page.text
    with reading(engine) as session:
        own = list(session.scalars(select(Membership.id).where(Membership.person_id == people["haivai@skhcn.example"])))
        foreign = session.scalar(select(Membership.id).where(Membership.person_id == people["quantri@tp.example"]))
    assert client.post("/vai-tro", {"membership": foreign}).status_code == 404
    assert client.post("/vai-tro", {"membership": "x"}).status_code == 404
    assert client.post("/vai-tro", {"membership": own[1], "next": "/vai-tro"}).location == "/vai-tro"
    assert "Phụ trách chấm · Sở Khoa học và Công nghệ" in client.get("/vai-tro").text
    assert client.get("/quan-tri/nguoi-dung").status_code == 404


def test_whoever_holds_no_role_is_told_so(signed_in):
    client = signed_in("khongvai@tp.example")
    assert client.get("/quan-tri/nguoi-dung").location == "/vai-tro?next=/quan-tri/nguoi-dung"
    assert "hiện không giữ vai nào" in client.get("/vai-tro").text


def test_a_membership_that_ended_opens_nothing_at_the_very_next_page(signed_in, engine, people):
    from workflow.actor import SYSTEM
    from workflow.memberships import end_membership

    client = signed_in("haivai@skhcn.example")
    with reading(engine) as session:
        own = list(session.scalars(select(Membership.id).where(Membership.person_id == people["haivai@skhcn.example"])))
    client.post("/vai-tro", {"membership": own[0]})
    with transaction(engine) as session:
        end_membership(session, SYSTEM, own[0])
    assert client.get("/quan-tri/nguoi-dung").location.startswith("/vai-tro")


def test_english_by_choice_for_a_stranger_and_for_a_person_everywhere(visitor, signed_in):
    stranger = visitor()
    assert '<html lang="vi"' in stranger.get("/dang-nhap").text
    assert stranger.post("/ngon-ngu", {"language": "en", "next": "/dang-nhap"}).location == "/dang-nhap"
    assert '<html lang="en"' in stranger.get("/dang-nhap").text
    assert stranger.post("/ngon-ngu", {"language": "fr"}).status_code == 404
    client = signed_in("an@unit.example")
    client.post("/ngon-ngu", {"language": "en"})
    assert '<html lang="en"' in signed_in("an@unit.example").get("/vai-tro").text


def test_the_password_again_before_a_binding_act(signed_in, engine):
    client = signed_in("chutich@tp.example")
    with transaction(engine) as session:
        session.execute(update(Session).values(proved_at=None))
    assert client.post("/xac-nhan-lai", {"password": "không phải"}).status_code == 422
    assert rows(engine)[0].proved_at is None
    assert client.post("/xac-nhan-lai", {"password": PASSWORD, "next": "/vai-tro"}).location == "/vai-tro"
    assert rows(engine)[0].proved_at is not None


def test_somebody_signed_in_needs_no_door(signed_in):
    assert signed_in("an@unit.example").get("/dang-nhap?next=/vai-tro").location == "/vai-tro"
