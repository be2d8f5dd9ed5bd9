"""What PostgreSQL's refusals ask of the caller: its error classes as the house's own errors.

Messages carry the constraint or the column, never the values of a row and never an address with its password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ai_pro_sports.core.errors import AipsError, DatabaseUnavailable, InvalidValue

__all__ = ["DRIVER_ERRORS", "as_house_errors", "connection_failure", "house_error"]

DRIVER_ERRORS: tuple[type[Exception], ...] = (PostgresError, InterfaceError)
"""What asyncpg raises, where a COPY goes past SQLAlchemy."""

_SAID_BY_THE_DATABASE: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, *DRIVER_ERRORS)
_AGAIN = {"40001": "two transactions met", "40P01": "two transactions waited for each other", "55P03": "a lock is held"}
_REFUSED = {
    "28P01": ("the user name or password is wrong", "correct DATABASE_URL"),
    "28000": ("this user may not connect", "correct DATABASE_URL or the server's pg_hba.conf"),
    "3D000": ("the database does not exist", "create it, or correct DATABASE_URL"),
    "42501": ("this user may not do that", "grant the user of DATABASE_URL its rights"),
    "42P07": ("a table of that name is there already", "use a database of the product's own"),
    "42P01": ("a table is missing", "run: aips db migrate"),
    "42703": ("a column is missing", "run: aips db migrate"),
}
_LIBPQ_SAYS = {
    ("password authentication failed",): "28P01",
    ("no pg_hba.conf entry",): "28000",
    ('database "', "does not exist"): "3D000",
}


def _driver_error(error: BaseException) -> BaseException:
    """Return asyncpg's own error under SQLAlchemy's wrapping, else the first that has an SQLSTATE, else the error."""
    with_state: BaseException | None = None
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, DRIVER_ERRORS):
            return seen
        if with_state is None and getattr(seen, "sqlstate", None):
            with_state = seen
        wrapped: BaseException | None = getattr(seen, "orig", None)
        seen = wrapped or seen.__cause__
    return with_state or error


def _state(driver: BaseException) -> str:
    """Return the SQLSTATE; where libpq could not connect it gives none, only the server's words."""
    if state := getattr(driver, "sqlstate", None):
        return str(state)
    said = str(driver)
    return next((state for words, state in _LIBPQ_SAYS.items() if all(word in said for word in words)), "")


def house_error(error: BaseException) -> AipsError | None:
    """Return the house's error for one of SQLAlchemy's or asyncpg's, or None where it is a defect of ours."""
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable("every database connection is busy", hint="try again, or raise the pool size")
    driver = _driver_error(error)
    if state := _state(driver):
        return _of_state(state, driver)
    if isinstance(driver, InterfaceError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return DatabaseUnavailable("the connection to PostgreSQL was lost", hint="try again shortly")
    return None


def _of_state(state: str, driver: BaseException) -> AipsError | None:
    if state in _AGAIN:
        return DatabaseUnavailable(
            f"the transaction was given up: {_AGAIN[state]}", hint="do it again", retry_after=0.1
        )
    if state in _REFUSED:
        said, hint = _REFUSED[state]
        return InvalidValue(f"PostgreSQL refuses: {said}", hint=hint)
    match state[:2]:
        case "08" | "53" | "57":
            return DatabaseUnavailable(f"PostgreSQL is not available ({state})", hint="try again shortly")
        case "23":
            rule = getattr(driver, "constraint_name", None) or getattr(driver, "column_name", None) or state
            return InvalidValue(f"the database refuses the row: {rule}", hint="correct the row; nothing of it was kept")
        case "22":
            return InvalidValue(f"the database cannot hold a value ({type(driver).__name__})", hint="correct the row")
    return None


def connection_failure(error: BaseException, where: str) -> AipsError:
    """Return the house's error for a connection that could not be opened; `where` has no secrets."""
    known = house_error(error)
    if isinstance(error, PoolTimeout) and known is not None:
        return known
    if isinstance(known, InvalidValue):
        return InvalidValue(f"{where}: {known.message}", hint=known.hint)
    reason = "no answer in time" if isinstance(error, TimeoutError) else type(_driver_error(error)).__name__
    return DatabaseUnavailable(
        f"cannot reach PostgreSQL at {where} ({reason})",
        hint="start it, or leave DATABASE_URL empty for the embedded server",
        retry_after=1.0,
    )


@contextmanager
def as_house_errors() -> Iterator[None]:
    """Turn what the database refuses inside the block into the house's errors; other errors pass unchanged."""
    try:
        yield
    except _SAID_BY_THE_DATABASE as error:
        known = house_error(error)
        if known is None:
            raise
        raise known from error
