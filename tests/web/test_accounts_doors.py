"""The ways in besides the password: reset, invitation, the one-click doors of the demo."""

import re

import pytest

from models.session import reading, transaction
from models.tables import Notification
from tests.web.conftest import PASSWORD, Page, settings_for
from workflow.actor import SYSTEM
from workflow.memberships import NewMembership
from workflow.passwords import DEMO_PASSWORD, hash_password
from workflow.people import NewPerson, add_person

NEW = "mưa rơi trên mái ngói"


def way(engine, kind="password_reset"):
    with reading(engine) as session:
        return session.query(Notification).filter_by(kind=kind).order_by(Notification.id.desc()).first().params["path"]


def test_a_forgotten_password_is_replaced_by_mail(visitor, people, engine, signed_in):
    elsewhere = signed_in("an@unit.example")
    client = visitor()
    assert "Đã nhận yêu cầu" in client.post("/dat-lai-mat-khau", {"email": "an@unit.example"}).text
    path = way(engine)
    assert "Nguyễn Văn An" in client.get(path).text
    assert client.post(path, {"password": NEW, "password_again": NEW}).location == "/dang-nhap?changed=1"
    assert "Đã đặt mật khẩu mới" in client.get("/dang-nhap?changed=1").text
    assert elsewhere.get("/vai-tro").status_code == 303
    assert client.sign_in("an@unit.example").status_code == 422
    assert client.sign_in("an@unit.example", NEW).status_code == 303
    assert "không còn dùng được" in client.get(path).text
    assert client.post(path, {"password": NEW, "password_again": NEW}).status_code == 404


def test_asking_says_the_same_for_everybody(visitor, people):
    def said(email):
        answer = visitor().post("/dat-lai-mat-khau", {"email": email})
        return answer.status_code, re.sub(r'csrf[^>]*>|[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}|data-now="[^"]*"', "", answer.text)

    assert said("an@unit.example") == said("nobody@unit.example")
    assert visitor().post("/dat-lai-mat-khau", {"email": ""}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "again", "told"),
    [
        ("ngắn", "ngắn", "ít nhất 12 ký tự"),
        (NEW, "khác", "chưa giống nhau"),
        ("", "", "Nhập mật khẩu"),
        ("matkhau123456", "matkhau123456", "dễ đoán"),
    ],
)
def test_a_weak_or_mistyped_password_is_told_at_its_field(visitor, people, engine, typed, again, told):
    client = visitor()
    client.post("/dat-lai-mat-khau", {"email": "an@unit.example"})
    path = way(engine)
    answer = client.post(path, {"password": typed, "password_again": again})
    assert answer.status_code == 422
    assert told in answer.text
    assert client.get(path).status_code == 200  # the link is not used up


def test_an_invited_person_makes_a_password_and_walks_in(visitor, people, engine):
    with transaction(engine) as session:
        add_person(session, SYSTEM, NewPerson("moi@unit.example", "Đặng Mới", memberships=(NewMembership("unit_staff", "00004"),)))
    client = visitor()
    path = way(engine, "invitation")
    assert "Tạo mật khẩu lần đầu" in client.get(path).text
    client.post(path, {"password": NEW, "password_again": NEW})
    assert client.sign_in("moi@unit.example", NEW).status_code == 303


def test_a_made_up_link_is_over(visitor, people):
    assert visitor().get("/dat-lai-mat-khau/" + "x" * 43).status_code == 404


# the demo


@pytest.fixture
def demo_people(engine, people):
    with transaction(engine) as session:
        for local, role, organisation in (
            ("unit.00004", "unit_staff", "00004"),
            ("unit.00008", "unit_staff", "00008"),
            ("chair", "chair", "UBNDTP"),
            ("council.4", "council_member", "SKHCN"),
        ):
            person = NewPerson(f"{local}@demo.example", local, memberships=(NewMembership(role, organisation),))
            add_person(session, SYSTEM, person, secret=hash_password(DEMO_PASSWORD))


def test_one_click_per_role(demo_app, demo_people):
    client = demo_app.test_client()
    page = client.get("/dang-nhap")
    assert page.text.index("unit.00004") < page.text.index("council.4") < page.text.index("chair")
    assert "an@unit.example" not in page.text
    assert client.post("/dang-nhap/demo/chair@demo.example").location == "/viec-cua-toi"
    assert "Chủ tịch Hội đồng · UBND thành phố Hà Nội" in client.get("/vai-tro").text


def test_the_doors_open_to_people_of_the_demo_only(demo_app, demo_people):
    client = demo_app.test_client()
    for email in ("an@unit.example", "nobody@demo.example"):
        assert client.post(f"/dang-nhap/demo/{email}").status_code == 404


def test_outside_the_demo_there_are_no_doors_and_its_password_opens_nothing(make_app, database, tmp_path, demo_people):
    client = make_app(settings_for(database, tmp_path)).test_client()
    page = client.get("/dang-nhap")
    assert "demo" not in page.text.casefold().replace("data-mode", "")
    assert client.post("/dang-nhap/demo/chair@demo.example").status_code == 404
    assert client.sign_in("chair@demo.example", DEMO_PASSWORD).status_code == 422


def test_in_the_demo_its_password_opens(demo_app, demo_people):
    assert demo_app.test_client().sign_in("chair@demo.example", DEMO_PASSWORD).status_code == 303
    assert demo_app.test_client().sign_in("chair@demo.example", PASSWORD).status_code == 422


def test_the_demo_says_so_on_every_page(demo_app, demo_people):
    assert 'class="demo"' in demo_app.test_client().get("/dang-nhap").text
    assert Page(demo_app.test_client().get("/dang-nhap").text).h1s == 1
