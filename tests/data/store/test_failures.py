"""What PostgreSQL's refusals ask of the caller."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ai_pro_sports.core.errors import DatabaseUnavailable, InvalidValue
from ai_pro_sports.data.store import Database, UnitOfWork
from ai_pro_sports.data.store.failures import as_house_errors, connection_failure, house_error


def stated(state: str) -> asyncpg.PostgresError:
    return asyncpg.PostgresError.new({"C": state, "M": "said the server about s3cret rows"})


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57P03", "53300", "08006"])
def test_what_may_go_through_later_is_try_later(state: str) -> None:
    error = house_error(stated(state))
    assert isinstance(error, DatabaseUnavailable)
    assert error.hint


@pytest.mark.parametrize("state", ["23505", "23503", "23514", "23502", "22P02", "22021", "42P01", "42501", "28P01"])
def test_what_the_caller_can_put_right_says_how(state: str) -> None:
    error = house_error(stated(state))
    assert isinstance(error, InvalidValue)
    assert error.hint
    assert "s3cret" not in str(error)


@pytest.mark.parametrize("error", [stated("42601"), stated("XX000"), ValueError("ours"), RuntimeError("ours")])
def test_a_defect_is_no_refusal(error: Exception) -> None:
    assert house_error(error) is None
    with pytest.raises(type(error)), as_house_errors():
        raise error


def test_a_full_pool_stays_what_it_is_whoever_asks() -> None:
    busy = connection_failure(PoolTimeout("QueuePool limit"), "db:5432/sports")
    assert isinstance(busy, DatabaseUnavailable)
    assert "busy" in busy.message


@pytest.mark.anyio
async def test_two_that_wait_for_each_other_are_told_to_do_it_again(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await work.books.ensure(["a", "b"])
    met = asyncio.Barrier(2)

    async def rename(first: str, second: str) -> None:
        async with database.unit_of_work() as work:
            await touch(work, first)
            await met.wait()
            await touch(work, second)

    outcomes = await asyncio.gather(rename("a", "b"), rename("b", "a"), return_exceptions=True)
    lost = [error for error in outcomes if error is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], DatabaseUnavailable)
    assert lost[0].retry_after
    await database.close()


async def touch(work: UnitOfWork, key: str) -> None:
    await work._connection.exec_driver_sql(f"UPDATE sportsbooks SET name = name WHERE key = '{key}'")
