"""What is kept for ever: the database itself refuses to change or delete it, on both databases, with real rows in every table."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models.session import transaction
from models.tables import APPEND_ONLY, Base
from tests.season import GRADING
from tests.small import SECRETARY, SPRING, make_small
from workflow.asking import question
from workflow.extending import extend

UNIT = "00004"
ON_SQLITE = pytest.mark.parametrize("database", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
TABLES = {name: Base.metadata.tables[name] for name in APPEND_ONLY}


@pytest.fixture
def played(engine):
    """A season that left a row in every kept table."""
    season = make_small(engine)
    season.hand_in(UNIT)
    season.at(GRADING)
    with season.acting("grader.catp") as (session, actor):
        question(session, actor, season.slug, UNIT, "T.02", "Nguồn số liệu?")
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, "00008", SPRING, "Mất điện.")
    season.grade_all({"T.06": 6}, units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    season.batch("request_explanation", units=[UNIT])
    season.contest(UNIT, "T.06")
    season.send(UNIT)
    for body in ("catp", "stc"):
        season.give(f"grader.{body}", UNIT, "T.06", 7, verdict="partly")
        season.sign(body.upper(), ["T.06"])
    season.at(SPRING)
    season.finalise(UNIT)
    season.exclude_others(UNIT)
    season.publish()
    return engine


def counted(engine):
    with engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}


def test_every_row_that_is_kept_can_be_neither_changed_nor_deleted(played, subtests):
    before = counted(played)
    assert all(before.values()), before
    for name, table in TABLES.items():
        for column in table.columns:
            with subtests.test(f"{name}.{column.name}"), pytest.raises(DBAPIError, match="append-only"), transaction(played) as session:
                session.execute(text(f'UPDATE {name} SET "{column.name}" = "{column.name}"'))
        with subtests.test(name), pytest.raises(DBAPIError, match="append-only"), transaction(played) as session:
            session.execute(text(f"DELETE FROM {name}"))
    assert counted(played) == before


@ON_SQLITE
def test_a_row_cannot_be_put_in_the_place_of_another(played):
    before = counted(played)["extension"]
    with played.connect() as connection:
        row = connection.execute(text("SELECT * FROM extension")).mappings().first()
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        try:
            connection.execute(text(f"INSERT OR REPLACE INTO extension ({names}) VALUES ({marks})"), {**row, "reason": "khác"})
            connection.commit()
        except DBAPIError:
            connection.rollback()
    with played.connect() as connection:
        assert connection.scalar(text("SELECT reason FROM extension")) == "Mất điện."
    assert counted(played)["extension"] == before


@ON_SQLITE
def test_the_guards_outlive_a_copy_of_the_file(played, tmp_path):
    import shutil

    from models.session import make_engine

    with played.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(played.url.database, tmp_path / "copy.sqlite")
    copied = make_engine(f"sqlite:///{tmp_path}/copy.sqlite")
    with pytest.raises(DBAPIError, match="append-only"), transaction(copied) as session:
        session.execute(text("DELETE FROM score_entry"))
    copied.dispose()
