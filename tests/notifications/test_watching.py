"""Who takes an account over, or a role, does not do it unseen: the old address and the watchers hear of it."""

import pytest
import time_machine
from sqlalchemy import select

from models.session import transaction
from models.tables import Person
from tests.notifications.conftest import START
from workflow.accounts import ADDRESS_CHANGED, ROLE_GIVEN
from workflow.actor import actor_for
from workflow.ledger import Wanted, mail_log
from workflow.memberships import NewMembership, add_membership
from workflow.people import NewPerson, add_person, change_person

OLD = "unit.00004@demo.example"
NEW = "dia.chi.khac@demo.example"


@pytest.fixture
def reader(season):
    """Somebody with an account."""
    return season.people[OLD]


@pytest.fixture
def managing(office, season):
    """The admin of the demo, in a transaction."""

    def act(verb, *about):
        with transaction(office.engine) as session:
            admin = session.scalars(select(Person.id).where(Person.email == "admin@demo.example")).one()
            return verb(session, actor_for(session, admin), *about)

    return act


def sent(office):
    with time_machine.travel(START, tick=False):
        office.collect()
        office.deliver()
    return office.letters()


def test_the_old_address_hears_that_the_account_has_another(office, reader, managing):
    office.forget()
    managing(change_person, reader, NewPerson(NEW, "Người Đọc"))
    old = [letter for letter in sent(office) if letter["To"] == OLD]
    assert len(old) == 1
    assert "Địa chỉ thư của tài khoản đã đổi" in old[0]["Subject"]
    assert NEW not in old[0].get_content()
    word = next(word for word in office.words() if word.kind == ADDRESS_CHANGED)
    assert word.params == {}, "the old address is kept nowhere"
    line = managing(mail_log, Wanted(kind=ADDRESS_CHANGED))[0]
    assert line.to_old_address, "nor does the log say that it went to the new one"


def test_chairs_and_auditors_hear_of_a_role_that_reads_points(office, reader, managing):
    for asked, told in ((NewMembership("secretariat", "SKHCN"), True), (NewMembership("unit_head", "00004"), False)):
        office.forget()
        managing(add_membership, reader, asked)
        assert {letter["To"] for letter in sent(office)} == (
            {"chair@demo.example", "deputy@demo.example", "auditor@demo.example"} if told else set()
        ), asked


def test_so_they_do_of_somebody_new(office, reader, managing):
    office.forget()
    asked = NewMembership("secretariat", "SKHCN")
    managing(add_person, NewPerson(NEW, "Người Mới", memberships=(asked,)))
    assert sum(word.kind == ROLE_GIVEN for word in office.words()) == 3
