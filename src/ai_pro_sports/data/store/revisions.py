"""Migrations, run from code: to a revision, back from it, and where a database stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store.address import for_psycopg, shown
from ai_pro_sports.data.store.failures import as_house_errors, connection_failure

__all__ = ["current_revision", "downgrade", "head_revision", "is_current", "migrate"]

_ONE_AT_A_TIME = Lock()  # Alembic keeps what it works on in module globals
_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(for_psycopg(url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise connection_failure(error, shown(url)) from None
    with connection:
        yield connection


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what Alembic and PostgreSQL refuse into the house's errors."""
    try:
        with as_house_errors():
            yield
    except CommandError as error:
        raise InvalidValue(
            f"the database cannot be migrated: {error}", hint="install the version of the product that last migrated it"
        ) from error


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`; threads and processes that do so at once wait for each other.

    All steps happen in one transaction. Raises DatabaseUnavailable, or InvalidValue for a database that a newer
    version of the product has migrated or that holds other tables of our names.
    """
    with _ONE_AT_A_TIME, _connection(url) as connection, _refusals(), connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`, with what later revisions hold; raises as `migrate`."""
    with _ONE_AT_A_TIME, _connection(url) as connection, _refusals(), connection.begin():
        command.downgrade(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """Return the revision the database at `url` is at, or None where it was never migrated."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Return the revision this version of the product works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise InvalidValue("the package holds no migrations", hint="install it again")
    return head


def is_current(url: str) -> bool:
    """Return whether the database at `url` needs no migration."""
    return current_revision(url) == head_revision()
