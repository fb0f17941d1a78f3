"""Invitations and resets: single use, short-lived, kept as hashes, bound to the password they replace."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from models.session import reading, transaction
from models.tables import Credential, Event, Notification, OneTimeToken, Session
from states.refusal import NotFound
from workflow.accounts import INVITATION, LIVES, PAGE, RESET, ask_reset, claim, give_token, set_password_by_token
from workflow.actor import SYSTEM
from workflow.auditing import breaks
from workflow.clock import machine_now
from workflow.passwords import COMMON, DEMO_PASSWORD, hash_password, password_fits, password_problems
from workflow.people import NewPerson, add_person, disable_person
from workflow.signing_in import check_password, start_session

SECRET = hash_password("mật khẩu cũ đã lâu")


@pytest.fixture
def person(engine):
    with transaction(engine) as session:
        return add_person(session, SYSTEM, NewPerson("an@unit.example", "Nguyễn Văn An"), secret=SECRET)


def give(engine, person, purpose=RESET):
    with transaction(engine) as session:
        return give_token(session, person, purpose).removeprefix(PAGE)


def valid(engine, token):
    with reading(engine) as session:
        try:
            return bool(claim(session, token))
        except NotFound:
            return False


def test_the_mail_holds_the_way_and_the_database_only_its_hash(engine, person):
    with transaction(engine) as session:
        ask_reset(session, " AN@unit.example")
    with reading(engine) as session:
        word, row = session.scalars(select(Notification)).one(), session.scalars(select(OneTimeToken)).one()
        token = word.params["path"].removeprefix(PAGE)
        assert (word.kind, word.person_id, word.path) == (RESET, person, "")
        assert token not in row.token_hash
        assert len(token) >= 43  # 256 bits
    assert valid(engine, token)


def test_an_address_that_nobody_has_owes_nothing(engine, person):
    with transaction(engine) as session:
        ask_reset(session, "nobody@unit.example")
        assert session.scalars(select(OneTimeToken)).all() == []


def test_a_token_is_used_once_and_ends_every_session(engine, person):
    token = give(engine, person)
    with transaction(engine) as session:
        start_session(session, person)
        set_password_by_token(session, token, hash_password("mật khẩu mới tinh"))
    with reading(engine) as session:
        assert check_password(session, "an@unit.example", "mật khẩu mới tinh") == person
        assert check_password(session, "an@unit.example", "mật khẩu cũ đã lâu") is None
        assert session.scalars(select(Credential)).one().person_id == person
        assert all(row.revoked_at for row in session.scalars(select(Session)))
        assert "set_password" in session.scalars(select(Event.act)).all()
    with transaction(engine) as session, pytest.raises(NotFound):
        set_password_by_token(session, token, "x")


@pytest.mark.parametrize("purpose", [INVITATION, RESET])
def test_a_token_grows_too_old(engine, person, purpose):
    token = give(engine, person, purpose)
    for over, still in ((timedelta(seconds=-5), True), (timedelta(seconds=5), False)):
        with time_machine.travel(machine_now() + LIVES[purpose] + over):
            assert valid(engine, token) is still


def test_a_newer_token_ends_the_older_and_a_password_ends_them_all(engine, person):
    older, newer = give(engine, person), give(engine, person)
    assert (valid(engine, older), valid(engine, newer)) == (False, True)
    with transaction(engine) as session:
        set_password_by_token(session, newer, SECRET)
    assert not valid(engine, newer)


def test_a_disabled_person_has_no_way_in(engine, person):
    token = give(engine, person)
    with transaction(engine) as session:
        disable_person(session, SYSTEM, person)
        ask_reset(session, "an@unit.example")
    assert not valid(engine, token)
    with reading(engine) as session:
        assert len(session.scalars(select(OneTimeToken)).all()) == 1


def test_the_chain_of_the_system_stays_whole(engine, person):
    with transaction(engine) as session:
        set_password_by_token(session, give_token(session, person, RESET).removeprefix(PAGE), SECRET)
    with reading(engine) as session:
        assert list(breaks(session)) == []


# the policy


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("hoa nở ven sông", True),
        ("con mèo trèo cây cau", True),
        ("Tr0ng-đầm-gì-đẹp", True),
        ("ngắn quá", False),
        ("x" * 201, False),
        ("matkhau123456", False),
        ("passwordpassword", False),
        ("12345612345612", False),
        ("aaaaaaaaaaaaaaaa", False),
        (DEMO_PASSWORD, False),
        ("nguyen-van-an-2025", True),
        ("Nguyễn yêu Hà Nội", False),
        ("unit.example-2025", False),
    ],
)
def test_what_makes_a_password(password, fine):
    assert (password_problems(password, "Nguyễn Văn An", "an@unit.example") == []) is fine


def test_no_well_known_piece_makes_a_password_by_repetition():
    assert [piece for piece in COMMON if not password_problems(piece * 8)] == []


def test_no_password_fits_where_there_is_none():
    assert not password_fits("bất kỳ", None)
    assert not password_fits("bất kỳ", "not a hash")


def test_the_password_of_the_demo_opens_nothing_outside_it(engine):
    with transaction(engine) as session:
        add_person(session, SYSTEM, NewPerson("a@demo.example", "A"), secret=hash_password(DEMO_PASSWORD))
    with reading(engine) as session:
        assert check_password(session, "a@demo.example", DEMO_PASSWORD) is None
        assert check_password(session, "a@demo.example", DEMO_PASSWORD, demo=True) is not None
