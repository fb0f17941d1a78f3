"""Migrations: `upgrade` brings a database to the newest version, `differences` says where it is not as the tables say."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.session import WRITE, make_engine
from models.tables import Base


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest version; nothing to do is fine."""
    engine = make_engine(url)
    with engine.connect() as plain, plain.execution_options(**{WRITE: True}).begin():
        command.upgrade(_config(plain), "head")
    engine.dispose()


def newest() -> str:
    """Return the newest migration's number."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def present(connection: Connection) -> str | None:
    """Return the number of the migration a database stands at; None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(url: str) -> list[Any]:
    """Return what a migration would still have to change; empty when tables and database agree."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), Base.metadata)
    engine.dispose()
    return list(found)
