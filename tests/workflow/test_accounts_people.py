"""People, memberships and organisations as the admin keeps them."""

from datetime import date

import pytest
from sqlalchemy import event, func, select

from models.session import reading, transaction
from models.tables import Event, Membership, Notification, Organisation, Person
from states.refusal import NotFound, Refused
from states.roles import Role
from tests.web.conftest import add_organisations
from workflow.actor import SYSTEM, Actor, actor_for
from workflow.folding import folded
from workflow.memberships import NewMembership, add_membership, end_membership, roles_held
from workflow.organisations import Names, find_organisations, organisation_sheet, rename_organisation
from workflow.people import NewPerson, add_person, disable_person, enable_person, find_people, invite_again, person_sheet
from workflow.people_table import add_table, read_table

AN = NewPerson("an@unit.example", "Nguyễn Văn An", "Chuyên viên", "024", (NewMembership("unit_staff", "00004"),))
ADMIN = NewPerson("quantri@tp.example", "Bùi Quản Trị", memberships=(NewMembership("admin", "UBNDTP"),))


@pytest.fixture
def admin(engine) -> Actor:
    with transaction(engine) as session:
        add_organisations(session)
        return actor_for(session, add_person(session, SYSTEM, ADMIN, secret="x"))


def problems(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return [(problem.place, problem.text % problem.params) for problem in refused.value.problems]


def test_a_person_is_added_with_a_membership_an_invitation_and_an_event(engine, admin):
    with transaction(engine) as session:
        person = add_person(session, admin, AN)
    with reading(engine) as session:
        assert [(held.role, held.organisation_code) for held in roles_held(session, person)] == [(Role.UNIT_STAFF, "00004")]
        assert session.scalars(select(Notification.kind).where(Notification.person_id == person)).all() == ["invitation"]
        last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
        assert (last.act, last.object) == ("add_person", f"person:{person}")
        assert "An" not in str(last.payload)  # ids only


def test_every_problem_at_its_field_and_nobody_is_added(engine, admin):
    with transaction(engine) as session:
        add_person(session, admin, AN)
        bad = NewPerson("không phải thư", " ", memberships=(NewMembership("boss", "XYZ", "1999"),))
        assert [place for place, _ in problems(add_person, session, admin, bad)] == ["name", "email", "role", "organisation", "assessment"]
        assert problems(add_person, session, admin, NewPerson(" AN@UNIT.example ", "B"))[0][0] == "email"
    with reading(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 2


@pytest.mark.parametrize(("role", "organisation"), [("unit_head", "UBNDTP"), ("grader", "00004"), ("system", "SKHCN"), ("public", "SKHCN")])
def test_a_role_fits_its_organisation(engine, admin, role, organisation):
    with transaction(engine) as session:
        assert problems(add_person, session, admin, NewPerson("b@x.example", "B", memberships=(NewMembership(role, organisation),)))


def test_only_the_admin_and_the_command_line_manage(engine, admin):
    with transaction(engine) as session:
        chair = actor_for(
            session, add_person(session, admin, NewPerson("c@x.example", "C", memberships=(NewMembership("chair", "UBNDTP"),)))
        )  # fmt: skip
        for act in (
            lambda: add_person(session, chair, AN),
            lambda: find_people(session, chair),
            lambda: find_organisations(session, chair),
        ):
            with pytest.raises(NotFound):
                act()


def test_search_minds_no_marks(engine, admin):
    with transaction(engine) as session:
        add_person(session, admin, AN)
        for words in ("nguyen van an", "AN@UNIT", "ba dinh", "00004", "chuyen vien nguyen"):
            assert [line.name for line in find_people(session, admin, words).lines] == ["Nguyễn Văn An"], words
        assert find_people(session, admin, "nguyen cham").count == 0
        assert [line.email for line in find_people(session, admin, role="admin").lines] == ["quantri@tp.example"]


@pytest.mark.parametrize(("left", "right"), [("Hòa", "Hoà"), ("ĐẶNG", "dang"), ("Hoàng  Mai", "hoang mai"), ("Phường", "phuong")])
def test_folding(left, right):
    assert folded(left) == folded(right)


def test_the_list_takes_as_many_statements_for_three_as_for_one(engine, admin):
    counts = []
    for number in range(2):
        with transaction(engine) as session:
            for more in range(number * 2):
                add_person(session, admin, NewPerson(f"p{more}@x.example", "P", memberships=(NewMembership("unit_staff", "00004"),)))
        seen: list[str] = []
        note = lambda *args, seen=seen: seen.append(args[2])  # noqa: E731  (listened to and let go)
        event.listen(engine, "before_cursor_execute", note)
        with reading(engine) as session:
            find_people(session, admin)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_disabling_and_enabling(engine, admin):
    with transaction(engine) as session:
        person = add_person(session, admin, AN)
        disable_person(session, admin, person)
        assert person_sheet(session, admin, person).line.disabled
        enable_person(session, admin, person)
        assert not person_sheet(session, admin, person).line.disabled
        assert session.scalars(select(Event.act).order_by(Event.seq.desc()).limit(2)).all() == ["enable_person", "disable_person"]


def test_nobody_locks_the_last_admin_or_oneself_out(engine, admin):
    with transaction(engine) as session:
        assert problems(disable_person, session, admin, admin.person_id)
        assert problems(disable_person, session, SYSTEM, admin.person_id)
        assert problems(end_membership, session, admin, admin.membership_id)
        second = add_person(session, admin, NewPerson("d@tp.example", "D", memberships=(NewMembership("admin", "UBNDTP"),)))
        end_membership(session, actor_for(session, second), admin.membership_id)
        assert roles_held(session, admin.person_id) == []
        assert [held.ended for held in roles_held(session, admin.person_id, ended_too=True)] == [True]


def test_nobody_gives_himself_a_role(engine, admin):
    with transaction(engine) as session:
        assert problems(add_membership, session, admin, admin.person_id, NewMembership("chair", "UBNDTP")) == [
            ("role", "Không ai tự giao vai cho mình; người quản trị khác giao được.")
        ]
        assert len(roles_held(session, admin.person_id)) == 1


def test_a_membership_is_given_once(engine, admin):
    with transaction(engine) as session:
        person = add_person(session, admin, AN)
        assert problems(add_membership, session, admin, person, NewMembership("unit_staff", "00004"))
        add_membership(session, admin, person, NewMembership("unit_head", "00004", valid_to=date(2020, 1, 1)))
        assert len(roles_held(session, person)) == 1  # the other ran out long ago
        with pytest.raises(NotFound):
            add_membership(session, admin, 9999, NewMembership("unit_staff", "00004"))


def test_an_invitation_goes_again_only_before_there_is_a_password(engine, admin):
    with transaction(engine) as session:
        person = add_person(session, admin, AN)
        invite_again(session, admin, person)
        assert session.scalar(select(func.count(Notification.id)).where(Notification.person_id == person)) == 2
        assert problems(invite_again, session, admin, admin.person_id)


# a table of many

TABLE = """Họ và tên\tThư\tVai\tMã cơ quan\tChức vụ
Nguyễn Văn An\tan@unit.example\tCán bộ nhập\t00004\tCông chức
Trần Thị Bình\tbinh@unit.example\tunit_head\t00004

Lê Chấm\tcham@skhcn.example\tphụ trách chấm\tSKHCN\t"Trưởng phòng"
"""


def test_a_table_adds_everybody(engine, admin):
    with transaction(engine) as session:
        assert add_table(session, admin, TABLE) == 3
    with reading(engine) as session:
        found = {line.email: line for line in find_people(session, admin).lines}
        assert found["an@unit.example"].roles == ((Role.UNIT_STAFF, "Phường Ba Đình"),)
        assert found["cham@skhcn.example"].roles[0][0] is Role.GRADER_LEAD
        assert found["cham@skhcn.example"].title == "Trưởng phòng"


@pytest.mark.parametrize("between", [";", ","])
def test_a_table_may_come_from_a_file_of_values(engine, admin, between):
    with transaction(engine) as session:
        assert add_table(session, admin, TABLE.replace("\t", between)) == 3


def test_a_table_with_one_problem_adds_nobody(engine, admin):
    text = "A\ta@x.example\tunit_staff\t00004\nB\tb@x.example\tboss\t00004\nC\ta@X.example\tunit_staff\tXYZ\nD\td@x.example"
    with transaction(engine) as session:
        lines = read_table(session, admin, text)
        assert [[problem.place for problem in line.problems] for line in lines] == [[""], ["role"], ["", "organisation"], [""]]
        assert {place for place, _ in problems(add_table, session, admin, text)} == {"row-1", "row-2", "row-3", "row-4"}
    with reading(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 1


@pytest.mark.parametrize("text", ["", "   \n\t\n", "x\n" * 1002])
def test_what_is_no_table_is_refused(engine, admin, text):
    with transaction(engine) as session:
        assert [place for place, _ in problems(read_table, session, admin, text)] == ["table"]


@pytest.mark.parametrize("text", ['a\t"b\tc@x.example', "a", "\x00", "=1+1\t@x\t\t"])
def test_what_is_hardly_a_table_is_shown_with_its_problems(engine, admin, text):
    with transaction(engine) as session:
        assert all(line.problems for line in read_table(session, admin, text))


# organisations


def test_an_organisation_is_renamed_and_its_code_never(engine, admin):
    with transaction(engine) as session:
        rename_organisation(session, admin, "00004", Names("  Phường  Ba Đình ", "Ba Đình", ["P. Ba Đình", "", "P. Ba Đình"]))
    with reading(engine) as session:
        sheet = organisation_sheet(session, admin, "00004")
        assert (sheet.line.name, sheet.line.short_name, sheet.line.aliases) == ("Phường Ba Đình", "Ba Đình", ("P. Ba Đình",))
        assert len(sheet.renamed_at) == 1
        payload = session.scalars(select(Event.payload).where(Event.act == "rename_organisation")).one()
        assert set(payload) == {"before", "after"}
        assert [line.code for line in find_organisations(session, admin, "p. ba dinh")] == ["00004"]


def test_two_organisations_never_share_a_name(engine, admin):
    with transaction(engine) as session:
        told = problems(rename_organisation, session, admin, "00004", Names("phường hoàn kiếm", "", ["Sở Khoa học và Công nghệ"]))
        assert [place for place, _ in told] == ["name", "aliases"]
        assert problems(rename_organisation, session, admin, "00004", Names(" ", "", []))
        assert session.scalars(select(Organisation.name).where(Organisation.code == "00004")).one() == "Phường Ba Đình"


def test_unknown_things_are_not_found(engine, admin):
    with transaction(engine) as session:
        for act in (
            lambda: organisation_sheet(session, admin, "NOPE"),
            lambda: person_sheet(session, admin, 9999),
            lambda: disable_person(session, admin, 9999),
            lambda: enable_person(session, admin, 9999),
            lambda: end_membership(session, admin, 9999),
        ):
            with pytest.raises(NotFound):
                act()
    with reading(engine) as session:
        assert session.scalar(select(func.count(Membership.id))) == 1
