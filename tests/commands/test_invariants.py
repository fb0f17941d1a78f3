from sqlalchemy import text

from models.session import transaction
from models.tables import Blob
from tests.commands.conftest import CATALOGUE
from workflow.clock import machine_now


def test_an_opened_year_breaks_nothing_and_a_wound_is_told_with_its_place(installed, calendar, engine):
    installed("catalogue", "import", CATALOGUE)
    installed("assessment", "open", "--catalogue", "hanoi-5279-2025", "--year", "2025", "--calendar", calendar)
    assert installed("invariants").code == 0
    with transaction(engine) as session:
        session.execute(text("UPDATE indicator_set SET total = 1 WHERE code = 'III'"))
    told = installed("invariants")
    assert told.code == 1
    assert told.out.startswith("sums: III: 3500000 (")


def test_files_are_read_only_when_asked_for(installed, engine):
    with transaction(engine) as session:
        session.add(Blob(sha256="a" * 64, size=1, media_type="text/plain", stored_at=machine_now()))
    assert installed("invariants").code == 0
    told = installed("invariants", "--files")
    assert told.code == 1
    assert "a" * 64 in told.out
