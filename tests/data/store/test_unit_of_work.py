"""One transaction per unit of work: kept when its block ends, undone in every other case."""

from __future__ import annotations

import asyncio

import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import NFL
from ai_pro_sports.data.store import Database, UnitOfWork
from tests.data.store.rows import RECORDED, game, games, kept_game, teams

pytestmark = pytest.mark.anyio


async def books(database: Database) -> list[str]:
    async with database.unit_of_work() as work:
        return (await work.books.frame())["book"].to_list()


async def test_what_a_block_did_is_there_for_the_next_connection(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await work.books.ensure(["pinnacle"])
    await database.close()
    again = Database(fresh_database_url)
    assert await books(again) == ["pinnacle"]
    await again.close()


async def test_a_block_left_by_an_error_is_undone(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    with pytest.raises(RuntimeError, match="midway"):
        async with database.unit_of_work() as work:
            await work.books.ensure(["pinnacle"])
            raise RuntimeError("midway")
    assert await books(database) == []
    await database.close()


async def test_a_block_that_is_cancelled_is_undone(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)

    async def wait_for_ever() -> None:
        async with database.unit_of_work() as work:
            await work.books.ensure(["pinnacle"])
            await asyncio.sleep(3600)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wait_for_ever(), 0.5)
    assert await books(database) == []
    await database.close()


async def test_a_unit_taken_back_leaves_nothing(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await work.books.ensure(["pinnacle"])
        await work.rollback()
    assert await books(database) == []
    await database.close()


async def test_nobody_sees_half_of_a_unit(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await work.books.ensure(["pinnacle"])
        assert await books(database) == []
    assert await books(database) == ["pinnacle"]
    await database.close()


async def test_a_unit_ends_once(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.rollback()
        with pytest.raises(InvalidValue, match="over"):
            await work.rollback()


async def test_a_unit_that_was_never_entered_cannot_be_taken_back(work: UnitOfWork) -> None:
    with pytest.raises(InvalidValue, match="over"):
        await UnitOfWork(work._connection).rollback()


async def test_a_unit_inside_a_transaction_is_a_savepoint_in_it(database: Database) -> None:
    async with database.unit_of_work() as outer:
        await outer.books.ensure(["outer"])
        async with UnitOfWork(outer._connection) as kept:
            await kept.books.ensure(["kept"])
        async with UnitOfWork(outer._connection) as dropped:
            await dropped.books.ensure(["dropped"])
            await dropped.rollback()
        assert (await outer.books.frame())["book"].to_list() == ["kept", "outer"]


async def test_a_row_the_constraints_refuse_undoes_the_unit_and_names_the_rule(database: Database) -> None:
    async with database.unit_of_work() as work:
        await kept_game(work)
    with pytest.raises(InvalidValue, match="uq_games_source_external_id") as refused:
        async with database.unit_of_work() as work:
            await work.books.ensure(["pinnacle"])
            twins = games(game("g2", game_id=1), game("g2", game_id=2))
            await work.games.write(NFL, twins, RECORDED)
    assert refused.value.hint
    assert await books(database) == []


async def test_the_fixture_takes_back_what_tests_commit(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.teams.add(teams())
    async with database.unit_of_work() as work:
        assert (await work.status()).teams["teams"].to_list() == [4]


@pytest.mark.parametrize("turn", [1, 2])
async def test_no_test_sees_what_another_committed(database: Database, turn: int) -> None:
    async with database.unit_of_work() as work:
        assert (await work.status()).teams.is_empty()
        await work.teams.add(teams())
