"""Importing: once and for ever, all or nothing, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from models.session import reading, transaction
from models.tables import Catalogue, Event, Guidance, GuidanceVersion, Indicator, IndicatorBody, IndicatorGroup, IndicatorSet, Organisation
from states.refusal import NotFound, Refused
from states.roles import Role
from workflow.actor import SYSTEM, Actor
from workflow.catalogue.importing import import_catalogue
from workflow.catalogue.reading import file_hash, read_catalogue
from workflow.catalogue.showing import as_json, decision_hash
from workflow.catalogue.stored import list_catalogues, show_catalogue
from workflow.clock import working_now

DATA = Path("catalogues/hanoi-5279-2025.toml").read_bytes()
COPIED = (Catalogue, IndicatorSet, IndicatorGroup, Indicator, IndicatorBody, GuidanceVersion, Guidance, Organisation, Event)


def changed(old: str, new: str, data: bytes = DATA) -> bytes:
    text = data.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def bring_in(engine, data=DATA, actor=SYSTEM):
    with transaction(engine) as session:
        return import_catalogue(session, actor, data, "c.toml")


def counts(engine) -> dict[str, int]:
    with reading(engine) as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) for table in COPIED}


@pytest.fixture
def imported(engine):
    return bring_in(engine)


def test_everything_of_the_file_is_there(engine, imported):
    assert (imported.new_decision, imported.new_guidance, imported.guidance, len(imported.new_organisations)) == (True, True, 1, 144)
    assert counts(engine) == {
        "catalogue": 1, "indicator_set": 2, "indicator_group": 17, "indicator": 81, "indicator_body": 86, "guidance_version": 1,
        "guidance": 81, "organisation": 144, "event": 1,
    }  # fmt: skip
    with reading(engine) as session:
        stored = session.scalars(select(Catalogue)).one()
        assert stored.file_hash == file_hash(DATA)
        assert stored.decision_hash == decision_hash(read_catalogue(DATA))
        assert stored.decision["date"] == "2025-10-23"
        assert stored.decision["compared_with_signed"] is False
        assert show_catalogue(session, "hanoi-5279-2025") == as_json(read_catalogue(DATA))
        (listed,) = list_catalogues(session)
        assert (listed.code, listed.number, listed.guidance, listed.frozen) == ("hanoi-5279-2025", "5279/QĐ-UBND", 1, False)


def test_organisations_know_what_they_are_and_sort_as_people_expect(engine, imported):
    with reading(engine) as session:
        ordered = session.scalars(select(Organisation).order_by(Organisation.sort_key)).all()
        assert sum(one.is_unit for one in ordered) == 143
        assert sorted(one.code for one in ordered if one.is_body) == ["CATP", "SKHCN", "STC", "SVHTT", "SYT", "TTPVHCC", "VPUB"]
        assert [one.code for one in ordered[:3]] == ["VPUB", "SCT", "SDTTG"]
        police = next(one for one in ordered if one.code == "CATP")
        assert (police.is_unit, police.is_body, police.kind) == (False, True, "body")
        communes = [one.short_name for one in ordered if one.kind in {"phuong", "xa"}]
        assert communes[:3] == ["An Khánh", "Ba Đình", "Ba Vì"]
        assert communes.index("Dương Nội") < communes.index("Đa Phúc") < communes.index("Đống Đa") < communes.index("Gia Lâm")
        science = next(one for one in ordered if one.code == "SKHCN")
        assert science.aliases == ["Sở Khoa học Công nghệ"]


def test_the_same_content_twice_does_nothing(engine, imported):
    before = counts(engine)
    again = bring_in(engine)
    assert (again.catalogue_id, again.new_decision, again.new_guidance, again.new_organisations) == (
        imported.catalogue_id,
        False,
        False,
        (),
    )
    assert counts(engine) == before
    bring_in(engine, DATA.replace(b"\n", b"\r\n") + "\r\n# ghi chú\r\n".encode())
    assert counts(engine) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("được được tập huấn", "được tập huấn"),
        ('bodies = ["CATP", "SKHCN"]', 'bodies = ["SKHCN", "CATP"]'),
        ('"SYT", "SDL"]', '"SYT", "STC"]'),
        ('number = "5279/QĐ-UBND"', 'number = "5280/QĐ-UBND"'),
        ('local_number = 1\npoints = 5\nbodies = ["SKHCN"]\n', 'local_number = 1\npoints = 5\nbodies = ["SKHCN"]\nself_scored = false\n'),
    ],
)
def test_the_same_code_with_another_decision_text_is_refused_and_nothing_is_written(engine, imported, old, new):
    before = counts(engine)
    other = changed('hint = "', 'hint = "Đã sửa. ', changed(old, new))
    with pytest.raises(Refused, match="nội dung quyết định khác"):
        bring_in(engine, other)
    assert counts(engine) == before


def test_a_file_with_problems_is_refused_whole(engine):
    with pytest.raises(Refused) as refused:
        bring_in(engine, changed("total = 300", "total = 301", changed("total = 350", "total = 351")))
    assert len(refused.value.problems) == 2
    assert set(counts(engine).values()) == {0}


def test_a_failure_in_the_middle_leaves_nothing(engine):
    with pytest.raises(RuntimeError), transaction(engine) as session:
        import_catalogue(session, SYSTEM, DATA)
        raise RuntimeError
    assert set(counts(engine).values()) == {0}


def test_guidance_is_replaced_until_it_is_frozen_and_gets_a_successor_after(engine, imported):
    better = changed('hint = "', 'hint = "Đã sửa. ')
    second = bring_in(engine, better)
    assert (second.new_decision, second.new_guidance, second.guidance) == (False, True, 1)
    assert counts(engine)["guidance"] == 81
    with transaction(engine) as session:
        session.execute(update(GuidanceVersion).values(frozen_at=working_now(session)))
    assert not bring_in(engine, better).new_guidance
    third = bring_in(engine)
    assert (third.new_guidance, third.guidance) == (True, 2)
    assert counts(engine)["guidance"] == 162
    assert counts(engine)["event"] == 3
    with reading(engine) as session:
        hints = session.scalars(select(Guidance.hint).join(Indicator).where(Indicator.code == "III.01").order_by(Guidance.version_id)).all()
        assert [hint.startswith("Đã sửa") for hint in hints] == [True, False], "the frozen version stands as it was"


def test_that_the_copy_was_compared_can_be_taken_over_later(engine, imported):
    compared = changed("compared_with_signed = false", "compared_with_signed = true", changed('hint = "', 'hint = "Đã sửa. '))
    again = bring_in(engine, compared)
    assert (again.new_decision, again.new_guidance) == (False, True)
    with reading(engine) as session:
        assert session.scalars(select(Catalogue.decision)).one()["compared_with_signed"] is True
        assert session.scalar(select(func.count()).select_from(Event)) == 2


def test_a_second_catalogue_shares_the_organisations_and_leaves_their_names(engine, imported):
    with transaction(engine) as session:
        session.execute(update(Organisation).where(Organisation.code == "SQHKT").values(name="Sở Quy hoạch - Kiến trúc"))
    other = changed('code = "hanoi-5279-2025"', 'code = "hanoi-5279-2026"')
    result = bring_in(engine, other)
    assert (result.new_decision, result.new_organisations) == (True, ())
    with reading(engine) as session:
        assert session.scalar(select(Organisation.name).where(Organisation.code == "SQHKT")) == "Sở Quy hoạch - Kiến trúc"
        assert session.scalar(select(func.count()).select_from(Indicator)) == 162
        assert show_catalogue(session, "hanoi-5279-2026")["sets"] == show_catalogue(session, "hanoi-5279-2025")["sets"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN, Role.SECRETARIAT, Role.SYSTEM}))
def test_who_may_not_import_does_not_even_see_the_door(engine, role):
    with pytest.raises(NotFound):
        bring_in(engine, actor=Actor(1, "Ai đó", role))
    assert set(counts(engine).values()) == {0}


def test_a_catalogue_never_imported_is_not_found(engine):
    with reading(engine) as session:
        assert list_catalogues(session) == []
        with pytest.raises(NotFound):
            show_catalogue(session, "hanoi-5279-2025")
