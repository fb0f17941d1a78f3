from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from models.session import transaction
from models.tables import APPEND_ONLY


@contextmanager
def fresh_database(cluster, *roles):
    """A database of its own with roles of its own, gone afterwards; yields a function from role to address."""
    with psycopg.connect(cluster, autocommit=True) as admin:
        name = f"thamdinh_db_{admin.info.backend_pid}"
        named = {role: f"{name}_{role}" for role in roles}
        for role in named.values():
            admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
        admin.execute(f"CREATE DATABASE {name}" + (f" OWNER {named['owner']}" if "owner" in named else ""))
        server = urlsplit(cluster)
        try:
            yield lambda role: server._replace(netloc=f"{named[role]}:x@{server.netloc.rpartition('@')[2]}", path=f"/{name}").geturl()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            for role in named.values():
                admin.execute(f"DROP ROLE {role}")


def test_upgrade_makes_the_database_and_a_second_one_changes_nothing(thamdinh, tmp_path):
    assert thamdinh("db", "upgrade").code == 0
    before = (tmp_path / "var" / "thamdinh.sqlite").read_bytes()
    assert thamdinh("db", "upgrade").code == 0
    assert (tmp_path / "var" / "thamdinh.sqlite").read_bytes() == before
    assert thamdinh("db", "check").code == 0


@pytest.mark.postgres
def test_the_application_gets_its_rights_but_cannot_change_what_is_kept(thamdinh, postgres_cluster, monkeypatch):
    with fresh_database(postgres_cluster, "owner", "app") as address:
        monkeypatch.setenv("THAMDINH_MIGRATION_DATABASE_URL", address("owner"))
        monkeypatch.setenv("THAMDINH_DATABASE_URL", address("app"))
        assert thamdinh("db", "upgrade").code == 0
        assert thamdinh("db", "upgrade").code == 0
        assert thamdinh("db", "check").code == 0
        assert thamdinh("audit", "verify").code == 0
        with psycopg.connect(address("app"), autocommit=True) as connection:
            connection.execute("INSERT INTO system_chain VALUES (1, 0, '')")
            connection.execute("UPDATE system_chain SET chain_seq = 1")
            statements = [
                statement
                for table in APPEND_ONLY
                for statement in (
                    f"UPDATE {table} SET id = id",
                    f"DELETE FROM {table}",
                    f"TRUNCATE {table}",
                    f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                    f"DROP TABLE {table}",
                )
            ]
            for statement in [*statements, "DELETE FROM alembic_version"]:
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(statement)


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
