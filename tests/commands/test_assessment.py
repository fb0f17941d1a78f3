import pytest
from sqlalchemy import text

from models.session import transaction
from tests.commands.conftest import CATALOGUE


@pytest.fixture
def imported(installed):
    installed("catalogue", "import", CATALOGUE)
    return installed


def open_it(run, calendar, year="2025"):
    return run("assessment", "open", "--catalogue", "hanoi-5279-2025", "--year", year, "--calendar", calendar, "--json")


def test_opening_makes_a_case_for_every_unit_and_the_chain_holds(imported, calendar):
    opened = open_it(imported, calendar).json
    assert (opened["slug"], opened["cases"]) == ("2025", 143)
    assert [one["id"] for one in imported("assessment", "list", "--json").json] == [opened["id"]]
    shown = imported("assessment", "show", "2025", "--json").json
    assert shown["cases"] == {"draft": 143}
    assert shown["deadlines"] == {"self_score": "2025-11-30", "round_1": "2025-12-20", "round_2": "2026-01-20"}
    assert "2025-11-30" in imported("assessment", "show", "2025").out
    assert imported("audit", "verify").code == 0


def test_the_same_year_is_not_opened_twice(imported, calendar):
    open_it(imported, calendar)
    told = open_it(imported, calendar)
    assert told.code == 1
    assert "slug" in told.err


def test_all_problems_of_a_calendar_are_told_with_their_keys(imported, tmp_path):
    calendar = tmp_path / "lịch.toml"
    calendar.write_text(
        'opens = "mai"\nself_score = 2025-11-30T10:00:00\nround_1 = 2025-12-20\nholidays = [1]\nround_3 = 2026-01-01\n', "utf-8"
    )
    told = open_it(imported, calendar)
    assert told.code == 1
    said = told.err.splitlines()
    for line, key in zip(said, ["round_3", "opens", "self_score", "round_2", "holidays"], strict=True):
        assert f"{calendar}: {key}: " in line
    calendar.write_text("opens = ", "utf-8")
    assert "không đọc được lịch" in open_it(imported, calendar).err
    assert imported("assessment", "list", "--json").json == []


def test_an_unknown_assessment_or_catalogue_is_a_refusal(installed, calendar):
    assert installed("assessment", "show", "2030").code == 1
    assert "Chưa có bộ chỉ số này" in open_it(installed, calendar).err


def test_a_touched_event_is_found_with_its_place(imported, calendar, engine):
    open_it(imported, calendar)
    guard = "ALTER TABLE event DISABLE TRIGGER USER" if engine.dialect.name == "postgresql" else "DROP TRIGGER event_no_update"
    with transaction(engine) as session:
        session.execute(text(guard))
        case = session.scalar(text("SELECT min(chain_id) + 6 FROM event WHERE chain = 'case'"))
        session.execute(text("UPDATE event SET act = 'nothing' WHERE chain = 'case' AND chain_id = :case"), {"case": case})
        if engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))
    told = imported("audit", "verify")
    assert told.code == 1
    assert told.out.startswith(f"case {case}, #1: ")
