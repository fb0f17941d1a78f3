"""Engines set up as measured (security.md 1.4), `transaction`, the one place that commits, and what both databases say differently."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base

WRITE = "thamdinh_write"


def make_engine(url: str, **options: Any) -> Engine:  # noqa: ANN401  (passed on to SQLAlchemy)
    """Return an engine; SQLite gets WAL, FULL sync, foreign keys, BEGIN IMMEDIATE for writers, and triggers that also see REPLACE."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, hide_parameters=True, **options)  # what people typed belongs in no log
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SQLiteConnection, _: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  (a SQLAlchemy connection)
    writing = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Yield a session that writes; everything in it is committed together, or nothing is."""
    with engine.connect() as plain:
        connection = plain.execution_options(**{WRITE: True})
        with Session(connection, expire_on_commit=False) as session:
            try:
                yield session
            except BaseException:
                session.rollback()
                raise
            session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that only reads; whatever it changed is thrown away."""
    with Session(engine, expire_on_commit=False) as session:
        try:
            yield session
        finally:
            session.rollback()


def insert_once(session: Session, table: type[Base]) -> Any:  # noqa: ANN401  (the dialects' own Insert)
    """Return an insert that leaves alone what is there already; the rows go along with it, so that the statement is compiled once."""
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects[session.get_bind().dialect.name](table).on_conflict_do_nothing()
