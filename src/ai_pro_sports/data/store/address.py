"""Database URLs: any of the usual spellings in, the driver each part needs out, and never a password in a message."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["for_asyncpg", "for_psycopg", "shown"]

_BACKENDS = {"postgres", "postgresql"}
_HINT = "write postgresql://user:password@host:5432/database"


def _read(url: str | URL) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidValue("the database URL cannot be read", hint=_HINT) from None
    if address.get_backend_name() not in _BACKENDS:
        raise InvalidValue(f"{address.get_backend_name()} is not a PostgreSQL URL", hint=_HINT)
    return address


def for_psycopg(url: str | URL) -> URL:
    """Return `url` for the synchronous driver, which migrations use; raises InvalidValue.

    >>> str(for_psycopg("postgres://ann@db/sports"))
    'postgresql+psycopg://ann@db/sports'
    """
    return _read(url).set(drivername="postgresql+psycopg")


def for_asyncpg(url: str | URL) -> URL:
    """Return `url` for the asynchronous driver; raises InvalidValue.

    libpq's `sslmode` becomes asyncpg's `ssl`, and libpq's `options` that asyncpg does not know are refused by it.

    >>> str(for_asyncpg("postgresql://ann@db/sports?sslmode=require"))
    'postgresql+asyncpg://ann@db/sports?ssl=require'
    """
    address = _read(url).set(drivername="postgresql+asyncpg")
    mode = address.query.get("sslmode")
    if mode is None:
        return address
    return address.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def shown(url: str | URL) -> str:
    """Return where `url` points, for messages: no user, no password, no options.

    >>> shown("postgresql://ann:secret@db:5433/sports?application_name=x")
    'db:5433/sports'
    """
    address = _read(url)
    # A password with an unescaped @ in it reads as part of the host; only what follows the last one is the host.
    host = (address.host or "localhost").rpartition("@")[2]
    return f"{host}:{address.port or 5432}/{address.database or ''}"
