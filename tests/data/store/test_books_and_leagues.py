"""What the product declares, as rows: books and leagues."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from ai_pro_sports.core.leagues import EPL, LEAGUES, NFL, League
from ai_pro_sports.data.store import UnitOfWork
from ai_pro_sports.data.store.repositories.books import BOOKS
from ai_pro_sports.data.store.sportsbooks import KNOWN_BOOKS, sportsbook

pytestmark = pytest.mark.anyio


def test_every_book_is_listed_once() -> None:
    keys = [book.key for book in KNOWN_BOOKS]
    assert len(keys) == len(set(keys))
    assert all(sportsbook(book.key) is book for book in KNOWN_BOOKS)


def test_the_sharp_books_of_every_league_are_known_to_be_sharp() -> None:
    assert all(sportsbook(key).is_sharp for league in LEAGUES for key in league.sharp_books)


def test_averages_and_maxima_are_not_bettable_whoever_invents_them() -> None:
    statistics = ["market_average", "market_best", "market_median"]
    assert not any(sportsbook(key).is_bettable for key in statistics)
    assert sportsbook("marketplace").is_bettable


async def test_books_are_added_once_and_come_back_as_declared(work: UnitOfWork) -> None:
    keys = [*(book.key for book in KNOWN_BOOKS), "corner_shop"]
    assert await work.books.ensure(keys) == len(keys)
    assert await work.books.ensure(keys) == 0
    assert await work.books.ensure([]) == 0
    frame = await work.books.frame()
    assert frame.schema == pl.Schema(BOOKS)
    assert frame["book"].to_list() == sorted(keys)
    for row in frame.iter_rows(named=True):
        book = sportsbook(row["book"])
        assert (row["name"], row["region"], row["is_sharp"], row["is_bettable"]) == (
            book.name,
            book.region,
            book.is_sharp,
            book.is_bettable,
        )


@pytest.mark.parametrize("league", LEAGUES, ids=lambda league: league.code)
async def test_a_league_is_kept_as_declared(work: UnitOfWork, league: League) -> None:
    await work.leagues.write(league)
    kept = (await work._connection.exec_driver_sql("SELECT * FROM sports")).mappings().one()
    assert (kept["code"], kept["family"], kept["team_pool"]) == (league.code, league.sport, league.team_pool)
    assert kept["provider_keys"] == dict(league.provider_keys)
    assert (kept["elo_k"], kept["hfa"]) == (league.elo.k, league.elo.home_advantage)
    assert (float(kept["spread_bound"]), kept["total_min"], kept["total_max"]) == (
        league.bounds.spread,
        *league.bounds.total,
    )
    assert kept["enabled"]


async def test_writing_a_league_says_whether_anything_changed(work: UnitOfWork) -> None:
    assert await work.leagues.write(NFL)
    assert not await work.leagues.write(NFL)
    assert await work.leagues.write(replace(NFL, name="The League"))
    assert await work.leagues.write(replace(NFL, provider_keys={"new_feed": "nfl"}))
    assert await work.leagues.write(EPL)


async def test_switching_a_league_off_is_the_operators_word_and_stays(work: UnitOfWork) -> None:
    await work.leagues.write(NFL)
    await work._connection.exec_driver_sql("UPDATE sports SET enabled = false")
    await work.leagues.write(replace(NFL, name="The League"))
    kept = await work._connection.exec_driver_sql("SELECT name, enabled FROM sports")
    assert kept.one() == ("The League", False)


async def test_seasons_are_labelled_as_the_league_writes_them(work: UnitOfWork) -> None:
    await work.leagues.write(EPL)
    await work.leagues.ensure_seasons(EPL, [2020, 1999, 2020])
    await work.leagues.ensure_seasons(EPL, [2020])
    await work.leagues.ensure_seasons(EPL, [])
    seasons = await work.leagues.seasons("EPL")
    assert seasons.select("season", "label", "is_covid_affected", "start_date").rows() == [
        (1999, "1999/00", False, None),
        (2020, "2020/21", True, None),
    ]
