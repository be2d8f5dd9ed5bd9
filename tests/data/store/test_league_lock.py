"""Two imports of one league at once: both go through, and every row is written once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import polars as pl
import pytest

from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.repositories.league_lock import lock_league
from tests.data.store.rows import HOURS, KICKOFF, LONG_AFTER, RECORDED, game, games, kept_game, quote, quotes, teams

pytestmark = pytest.mark.anyio


async def test_games_brought_in_by_several_at_once_are_written_once(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await work.teams.add(teams())
    frame = games(*(game(f"g{n}") for n in range(50)))

    async def bring_in() -> int:
        async with database.unit_of_work() as work:
            return (await work.games.write(NFL, frame.sample(50, shuffle=True), RECORDED)).inserted

    assert sum(await asyncio.gather(*(bring_in() for _ in range(4)))) == 50
    await database.close()


async def test_quotes_brought_in_from_both_ends_at_once_do_not_wait_for_each_other_for_ever(
    fresh_database_url: str,
) -> None:
    database = Database(fresh_database_url)
    frame = quotes(*(quote(known_at=KICKOFF - timedelta(seconds=n)) for n in range(3_000)))
    async with database.unit_of_work() as work:
        await kept_game(work)
        await work.books.ensure(["pinnacle"])

    async def bring_in(rows: pl.DataFrame) -> int:
        async with database.unit_of_work() as work:
            return (await work.quotes.write(NFL, rows)).inserted

    assert sum(await asyncio.gather(bring_in(frame), bring_in(frame.reverse()))) == frame.height
    async with database.unit_of_work() as work:
        assert (await work.quotes.frame("NFL", LONG_AFTER)).height == frame.height
    await database.close()


async def test_a_league_waits_for_its_writer_and_another_does_not(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)

    async def write_to(league: League) -> None:
        async with database.unit_of_work() as work:
            await lock_league(work._connection, league.code)

    async with database.unit_of_work() as writer:
        await lock_league(writer._connection, NFL.code)
        await asyncio.wait_for(write_to(EPL), 5)
        waiting = asyncio.create_task(write_to(NFL))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
    await asyncio.wait_for(waiting, 5)
    await database.close()


async def test_a_game_moved_while_its_quotes_are_brought_in_ends_with_the_right_times(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    async with database.unit_of_work() as work:
        await kept_game(work)

    async def move() -> None:
        async with database.unit_of_work() as work:
            await work.games.write(NFL, games(game(starts_at=KICKOFF + 5 * HOURS)), RECORDED)

    async def bring_in() -> None:
        async with database.unit_of_work() as work:
            await work.quotes.write(NFL, quotes(quote(moment="open"), quote(moment="close")))

    await asyncio.gather(move(), bring_in())
    async with database.unit_of_work() as work:
        times = dict((await work.quotes.frame("NFL", LONG_AFTER)).select("moment", "known_at").iter_rows())
    assert times == {"open": KICKOFF - 19 * HOURS, "close": KICKOFF + 5 * HOURS}
    await database.close()
