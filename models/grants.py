"""What the application's own role may do on PostgreSQL: all it needs, but never change what is kept for ever."""

from sqlalchemy import Connection

from models.tables import APPEND_ONLY


def grant(connection: Connection, role: str) -> None:
    """Give `role` its rights on every table, also those a migration has just added. The connection is the owner's."""
    name = connection.dialect.identifier_preparer.quote(role)
    kept = ", ".join(APPEND_ONLY)
    for right in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE ON {kept} FROM {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ):
        connection.exec_driver_sql(right)
