"""What Alembic runs to migrate: on the connection `revisions` hands over, under a lock, in one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.data.store.tables.schema import SCHEMA

_LOCK = stable_id("lock", "migrations")


def run(connection: Connection) -> None:
    """Migrate over `connection`; other processes that want the same wait until it is done."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(connection=connection, target_metadata=SCHEMA, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


# Alembic runs this file under this name. Whatever else imports it (a collector of doctests) only wants to look.
if __name__ == "env_py":
    run(context.config.attributes["connection"])
