"""Reaching PostgreSQL, and what is said when it cannot be reached."""

from __future__ import annotations

import asyncio
import socket
import traceback

import psycopg
import pytest

from ai_pro_sports.core.errors import AipsError, DatabaseUnavailable, InvalidValue
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.database import OLDEST_SERVER, require_supported
from ai_pro_sports.data.store.embedded import ServerAddress
from tests.data.store.rows import RECORDED

pytestmark = pytest.mark.anyio

SECRET = "s3cret/w@rd:1"
WRITTEN = "s3cret%2Fw%40rd%3A1"


async def refusal(url: str, **options: float) -> AipsError:
    """Connect where it cannot work and return what is raised."""
    database = Database(url, **options)  # type: ignore[arg-type]
    try:
        await database.connect()
    except AipsError as error:
        return error
    finally:
        await database.close()
    raise AssertionError("it connected")


def everything_said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + str(error) + repr(error)


async def test_a_server_we_support_tells_its_version(database_url: str) -> None:
    database = Database(database_url)
    await database.connect()
    assert await database.server_version() // 10_000 >= OLDEST_SERVER
    await database.close()


@pytest.mark.parametrize("version", [90624, 140011, 149999])
def test_an_older_server_is_refused_with_what_to_do(version: int) -> None:
    with pytest.raises(InvalidValue, match="too old") as refused:
        require_supported(version)
    assert "15 or newer" in refused.value.hint


def test_the_oldest_supported_server_is_let_in() -> None:
    require_supported(150000)
    require_supported(180006)


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
async def test_every_usual_spelling_of_the_url_connects(database_url: str, spelling: str) -> None:
    database = Database(database_url.replace("postgresql", spelling, 1) + "?sslmode=prefer")
    await database.connect()
    await database.close()


async def test_nobody_listening_is_try_later_and_names_the_place_only() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        port = taken.getsockname()[1]
        error = await refusal(f"postgresql://ann:{WRITTEN}@127.0.0.1:{port}/sports")
    assert isinstance(error, DatabaseUnavailable)
    assert f"127.0.0.1:{port}/sports" in error.message
    assert error.hint
    assert error.retry_after
    assert SECRET not in everything_said(error)
    assert WRITTEN not in everything_said(error)


async def test_a_server_that_never_answers_is_try_later_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        error = await refusal(f"postgresql://ann:{WRITTEN}@127.0.0.1:{port}/sports", connect_timeout=0.3)
    assert isinstance(error, DatabaseUnavailable)
    assert "no answer in time" in error.message
    assert SECRET not in everything_said(error)


async def test_a_wrong_password_is_the_callers_mistake_and_is_not_repeated(postgres: ServerAddress) -> None:
    error = await refusal(f"postgresql://{postgres.user}:{WRITTEN}@{postgres.host}:{postgres.port}/postgres")
    assert isinstance(error, InvalidValue)
    assert "password" in error.message
    assert "DATABASE_URL" in error.hint
    assert SECRET not in everything_said(error)
    assert WRITTEN not in everything_said(error)


async def test_a_database_that_does_not_exist_is_the_callers_mistake(postgres: ServerAddress) -> None:
    error = await refusal(postgres.url(database="no_such_database"))
    assert isinstance(error, InvalidValue)
    assert "does not exist" in error.message
    assert postgres.password not in everything_said(error)


def test_its_name_in_a_debugger_holds_no_secret() -> None:
    shown = repr(Database(f"postgresql://ann:{WRITTEN}@db:5433/sports"))
    assert shown == "Database(db:5433/sports)"


async def test_a_database_without_tables_says_to_migrate(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with pytest.raises(InvalidValue, match="table is missing") as refused:
        async with database.unit_of_work() as work:
            await work.runs.start("backfill", RECORDED)
    assert "aips db migrate" in refused.value.hint
    await database.close()


async def test_a_busy_pool_is_try_later(database_url: str) -> None:
    database = Database(database_url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    async with database.unit_of_work():
        with pytest.raises(DatabaseUnavailable, match="busy"):
            async with database.unit_of_work():
                pass
    await database.close()


async def test_a_connection_cut_midway_is_try_later_and_the_next_one_works(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    with pytest.raises(DatabaseUnavailable):
        async with database.unit_of_work() as work:
            await work.runs.start("backfill", RECORDED)
            await asyncio.to_thread(cut_everyone_else, fresh_database_url)
            await work.runs.start("backfill", RECORDED)
    async with database.unit_of_work() as work:
        assert await work.runs.list() == []
    await database.close()


def cut_everyone_else(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_mistake_of_the_caller_passes_unchanged(database: Database) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.unit_of_work():
            raise FileNotFoundError("a season file")


async def test_times_come_back_in_utc_and_names_are_seen_by_the_server(database_url: str) -> None:
    database = Database(database_url, application_name="aips worker")
    async with database.unit_of_work() as work:
        shown = await work._connection.exec_driver_sql(
            "SELECT current_setting('timezone'), current_setting('application_name'), current_setting('jit')"
        )
        assert shown.one() == ("UTC", "aips worker", "off")
    await database.close()
