"""The database as a command gets it: there and migrated, or a refusal that says what to run."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from states.refusal import Problem, Refused

if TYPE_CHECKING:  # SQLAlchemy and Alembic take half a second, which `--help` need not wait for
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from settings import Settings

NOT_MIGRATED = "Cơ sở dữ liệu chưa được tạo hoặc chưa ở phiên bản mới nhất: hãy chạy `thamdinh db upgrade`."
OUT_OF_REACH = "Cơ sở dữ liệu không trả lời: %(why)s. Hãy kiểm tra bằng `thamdinh doctor`."


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """A session whose work is committed together at the end, or not at all."""
    from models.session import transaction

    with migrated(settings) as engine, transaction(engine) as session:
        yield session


@contextmanager
def looking(settings: Settings) -> Iterator[Session]:
    """A session that only reads."""
    from models.session import reading

    with migrated(settings) as engine, reading(engine) as session:
        yield session


@contextmanager
def migrated(settings: Settings) -> Iterator[Engine]:
    """An engine on the database of the settings. Raises Refused when it does not stand at the newest migration, or does not answer."""
    from models.migrations import newest, present
    from models.session import make_engine

    if not exists(settings.database_url):
        raise Refused(NOT_MIGRATED)
    with answering():
        engine = make_engine(settings.database_url)
        try:
            with engine.connect() as connection:
                if present(connection) != newest():
                    raise Refused(NOT_MIGRATED)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def answering() -> Iterator[None]:
    """Turn what a database says when it is away, full or locked into a refusal of one line."""
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OperationalError as broken:
        raise Refused(Problem(OUT_OF_REACH, params={"why": " ".join(str(broken.orig).split())})) from broken


def exists(url: str) -> bool:
    """Whether there is anything to connect to: SQLite would make an empty file for a missing one."""
    from sqlalchemy import make_url

    path = make_url(url).database if url.startswith("sqlite:") else None
    return path is None or Path(path).exists()
