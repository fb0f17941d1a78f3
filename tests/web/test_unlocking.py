"""Helping people in: unlocking after wrong passwords, and the invitation once more, by admin and secretariat."""

import pytest
from sqlalchemy import select

from models.session import reading, transaction
from models.tables import Event, OneTimeToken
from tests.web.conftest import PASSWORD
from workflow.actor import SYSTEM
from workflow.people import NewPerson, add_person, disable_person

AN = "an@unit.example"
HELPERS = ("quantri@tp.example", "thuky@skhcn.example")


def path(people, email=AN):
    return f"/quan-tri/nguoi-dung/{people[email]}"


def lock_out(client, email=AN):
    codes = [client.sign_in(email, "không phải mật khẩu này").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert client.sign_in(email, PASSWORD).status_code == 429


def events(engine, act):
    with reading(engine) as session:
        return session.scalars(select(Event.object).where(Event.act == act)).all()


@pytest.mark.parametrize("helper", HELPERS)
def test_whoever_was_locked_out_is_let_try_again(visitor, signed_in, people, engine, helper):
    client, office = visitor(), signed_in(helper)
    lock_out(client)
    assert "Mở khóa đăng nhập" in office.get(path(people)).text
    assert office.post(f"{path(people)}/mo-khoa").location == path(people)
    assert "Đã mở khóa đăng nhập" in office.get(path(people)).text
    assert client.sign_in(AN, "không phải mật khẩu này").status_code == 422  # the right password is still needed
    assert client.sign_in(AN, PASSWORD).status_code == 303
    assert events(engine, "unlock_sign_in") == [f"person:{people[AN]}"]


def test_a_device_that_is_known_is_unlocked_too_and_nobody_else_is(visitor, signed_in, people):
    known, other = signed_in(AN), visitor()
    known.post("/dang-xuat")
    lock_out(known)
    lock_out(other, "binh@unit.example")
    signed_in(HELPERS[0]).post(f"{path(people)}/mo-khoa")
    assert known.sign_in(AN).status_code == 303
    assert other.sign_in("binh@unit.example", PASSWORD).status_code == 429


def test_the_count_begins_anew_and_locks_again(visitor, signed_in, people):
    client = visitor()
    lock_out(client)
    signed_in(HELPERS[0]).post(f"{path(people)}/mo-khoa")
    lock_out(client)


def test_the_secretariat_sends_the_invitation_again_and_sees_who_needs_it(signed_in, engine):
    with transaction(engine) as session:
        invited = add_person(session, SYSTEM, NewPerson("moi@unit.example", "Đặng Mới"))
    office = signed_in("thuky@skhcn.example")
    assert 'href="/quan-tri/nguoi-dung"' in office.get("/quan-tri/nguoi-dung?q=dang+moi").text
    page = office.get(f"/quan-tri/nguoi-dung/{invited}")
    assert "Gửi lại thư mời" in page.text
    assert "Mở khóa đăng nhập" not in page.text  # there is no password yet
    assert office.post(f"/quan-tri/nguoi-dung/{invited}/moi-lai").status_code == 303
    with reading(engine) as session:
        alive = select(OneTimeToken.id).where(OneTimeToken.person_id == invited, OneTimeToken.used_at.is_(None))
        assert len(session.scalars(alive).all()) == 1
    assert events(engine, "invite_person") == [f"person:{invited}"]


def test_the_secretariat_changes_nothing_else_about_people(signed_in, people, engine):
    office = signed_in("thuky@skhcn.example")
    page = office.get(path(people)).text
    for admins_only in ("Khóa tài khoản", "Giao vai", "Kết thúc"):
        assert admins_only not in page
    assert "Thêm một người" not in office.get("/quan-tri/nguoi-dung").text
    for act in ("khoa", "mo-lai", "vai"):
        assert office.post(f"{path(people)}/{act}").status_code == 404
    for page in ("them", "bang"):
        assert office.get(f"/quan-tri/nguoi-dung/{page}").status_code == 404


@pytest.mark.parametrize("email", ["chutich@tp.example", "giamsat@tp.example", AN])
def test_nobody_else_helps_anybody_in(signed_in, people, engine, email):
    client = signed_in(email)
    for act in ("mo-khoa", "moi-lai"):
        assert client.post(f"{path(people)}/{act}").status_code == 404
    assert client.get(path(people)).status_code == 404
    assert events(engine, "unlock_sign_in") == []


def test_a_closed_account_is_not_unlocked_and_an_unknown_person_is_none(signed_in, people, engine):
    with transaction(engine) as session:
        disable_person(session, SYSTEM, people[AN])
    admin = signed_in(HELPERS[0])
    assert "Mở khóa đăng nhập" not in admin.get(path(people)).text
    answer = admin.post(f"{path(people)}/mo-khoa")
    assert (answer.status_code, "quản trị mở lại trước" in answer.text) == (409, True)
    assert admin.post("/quan-tri/nguoi-dung/99999/mo-khoa").status_code == 404
    assert events(engine, "unlock_sign_in") == []
