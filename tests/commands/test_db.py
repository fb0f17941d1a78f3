import psycopg
import pytest
from sqlalchemy import text

from models.session import transaction


def test_upgrade_makes_the_database_and_a_second_one_changes_nothing(thamdinh, tmp_path):
    assert thamdinh("db", "upgrade").code == 0
    before = (tmp_path / "var" / "thamdinh.sqlite").read_bytes()
    assert thamdinh("db", "upgrade").code == 0
    assert (tmp_path / "var" / "thamdinh.sqlite").read_bytes() == before
    assert thamdinh("db", "check").code == 0


@pytest.mark.postgres
def test_migrations_run_under_their_own_address(thamdinh, postgres_cluster, monkeypatch):
    with psycopg.connect(postgres_cluster, autocommit=True) as admin:
        name = f"thamdinh_db_{admin.info.backend_pid}"
        admin.execute(f"CREATE DATABASE {name}")
        try:
            monkeypatch.setenv("THAMDINH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
            monkeypatch.setenv("THAMDINH_MIGRATION_DATABASE_URL", postgres_cluster.replace("/postgres", f"/{name}"))
            assert thamdinh("db", "upgrade").code == 0
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_models_and_database_agree(installed):
    assert installed("db", "check").code == 0


def test_a_difference_is_printed(installed, engine):
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE stray (id INTEGER)"))
    try:
        told = installed("db", "check")
    finally:
        with transaction(engine) as session:
            session.execute(text("DROP TABLE stray"))
    assert told.code == 1
    assert "stray" in told.out
