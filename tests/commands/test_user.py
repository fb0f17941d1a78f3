import io

import pytest

from models.session import reading
from models.tables import Credential, Notification
from tests.commands.conftest import CATALOGUE
from workflow.passwords import password_fits

ADMIN = ("user", "add", "quan.tri@hanoi.example", "--name", "Trần Quản Trị", "--role", "admin", "--organisation", "SKHCN")


@pytest.fixture
def imported(installed):
    installed("catalogue", "import", CATALOGUE)
    return installed


def test_the_first_admin_is_invited_by_mail(imported, engine):
    assert imported(*ADMIN).code == 0
    with reading(engine) as session:
        assert [owed.kind for owed in session.query(Notification)] == ["invitation"]
        assert session.query(Credential).count() == 0
    assert imported("user", "list", "--json").json == [
        {
            "email": "quan.tri@hanoi.example",
            "name": "Trần Quản Trị",
            "disabled": False,
            "invited": True,
            "roles": ["admin Sở Khoa học và Công nghệ"],
        }
    ]


def test_a_password_comes_by_standard_input_and_is_kept_as_a_hash(imported, engine, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("sáng nay trời xanh quá\n"))
    assert imported(*ADMIN, "--password-stdin").code == 0
    with reading(engine) as session:
        assert password_fits("sáng nay trời xanh quá", session.query(Credential).one().secret)
        assert session.query(Notification).count() == 0


def test_a_weak_password_or_a_wrong_role_adds_nobody(imported, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("ngắn\n"))
    assert imported(*ADMIN, "--password-stdin").code == 1
    told = imported("user", "add", "không phải thư", "--name", "A", "--role", "boss", "--organisation", "XYZ")
    assert told.code == 1
    assert [line.split(": ")[1] for line in told.err.splitlines()] == ["email", "role", "organisation"]
    assert imported("user", "list", "--json").json == []


def test_disabling_closes_an_account_but_never_the_last_admin(imported):
    imported(*ADMIN)
    imported("user", "add", "b@hanoi.example", "--name", "Bùi B")
    assert imported("user", "disable", "b@hanoi.example").code == 0
    assert {one["email"]: one["disabled"] for one in imported("user", "list", "--json").json}["b@hanoi.example"]
    assert imported("user", "disable", "quan.tri@hanoi.example").code == 1
    assert imported("user", "disable", "nobody@hanoi.example").code == 1
