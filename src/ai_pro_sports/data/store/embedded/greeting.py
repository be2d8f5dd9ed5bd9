"""The proof that a server is well: a query on the product's database answers."""

from __future__ import annotations

import psycopg
from psycopg import sql

from ai_pro_sports.core.errors import DatabaseUnavailable
from ai_pro_sports.data.store.embedded.records import ServerAddress

__all__ = ["greet"]

_CONNECT_SECONDS = 5


def greet(address: ServerAddress) -> None:
    """Query the database of `address`, creating it if the server has none of that name.

    Raises DatabaseUnavailable when there is no answer.
    """
    try:
        try:
            _query(address)
        except psycopg.OperationalError as error:
            if f'database "{address.database}" does not exist' not in str(error):
                raise
            with _connect(address, "template1") as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(address.database)))
            _query(address)
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            f"the server on {address.host}:{address.port} runs but does not answer: {str(error).strip()}",
            hint="try again; if it refuses the password, remove postgres.json from the home and try again",
        ) from error


def _query(address: ServerAddress) -> None:
    with _connect(address, address.database) as connection:
        connection.execute("SELECT 1")


def _connect(address: ServerAddress, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        dbname=database,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        sslmode="disable",
        gssencmode="disable",
        require_auth="scram-sha-256",  # whoever else listens there gets no password out of us
        options="",
        application_name="aips",
    )
