"""Alembic's entry: runs on the connection it is handed, in its transaction."""

from typing import Any

from alembic import context

from models.base import Moment
from models.tables import Base


def plain_types(kind: str, thing: Any, _: Any) -> Any:  # noqa: ANN401  (Alembic's hook)
    """Write our own column types as the plain ones they are stored as, so that old migrations never depend on them."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True, render_item=plain_types
)
context.run_migrations()
