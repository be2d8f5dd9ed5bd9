"""The database: a pool of connections to PostgreSQL and the units of work done on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store.address import for_asyncpg, shown
from ai_pro_sports.data.store.failures import DRIVER_ERRORS, as_house_errors, connection_failure
from ai_pro_sports.data.store.unit_of_work import UnitOfWork

__all__ = ["OLDEST_SERVER", "Database", "require_supported"]

OLDEST_SERVER = 15
"""The first major version with `UNIQUE NULLS NOT DISTINCT`, on which the keys of quotes rest."""


_NO_CONNECTION: tuple[type[Exception], ...] = (OSError, SQLAlchemyError, *DRIVER_ERRORS)


def require_supported(version: int) -> None:
    """Raise InvalidValue for a server (version as PostgreSQL numbers it, 150004) older than `OLDEST_SERVER`.

    >>> require_supported(150000)
    """
    if version // 10_000 < OLDEST_SERVER:
        raise InvalidValue(
            f"PostgreSQL {version // 10_000} is too old",
            hint=f"use {OLDEST_SERVER} or newer, or leave DATABASE_URL empty for the embedded server",
        )


class Database:
    """A PostgreSQL database. Connections are opened when first needed and kept in a pool of this event loop.

    `url` may be any PostgreSQL URL. `pool_size` connections are kept, `max_overflow` more opened when all are busy;
    times are in seconds. Raises InvalidValue for a URL that cannot be read; nothing it raises holds the password.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 5,
        max_overflow: int = 10,
        pool_timeout: float = 30.0,
        connect_timeout: float = 10.0,
        application_name: str = "aips",
    ) -> None:
        self._where = shown(url)
        self._engine = create_async_engine(
            for_asyncpg(url),
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=pool_timeout,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "timeout": connect_timeout,
                # Compiling a plan takes longer than running any query of ours.
                "server_settings": {"application_name": application_name, "jit": "off", "timezone": "UTC"},
            },
        )

    def __repr__(self) -> str:
        return f"Database({self._where})"

    async def connect(self) -> None:
        """Open a first connection; raises DatabaseUnavailable, or InvalidValue where trying again cannot help."""
        require_supported(await self.server_version())

    async def server_version(self) -> int:
        """Return the server's version as PostgreSQL numbers it, as in 180006; raises InvalidValue below 15."""
        async with self._connection() as connection:
            version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        require_supported(version)
        return version

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work: kept when the block ends, undone when an error leaves it.

        Raises DatabaseUnavailable when the server is away or busy, InvalidValue for rows its constraints refuse.
        """
        async with self._connection() as connection, UnitOfWork(connection) as work:
            yield work

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        connection = self._engine.connect()
        try:
            await connection.start()
        except _NO_CONNECTION as error:
            raise connection_failure(error, self._where) from None
        try:
            with as_house_errors():
                yield connection
        finally:
            await connection.close()
