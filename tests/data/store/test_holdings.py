"""What the store holds, counted."""

from __future__ import annotations

import polars as pl
import pytest

from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.data.store import UnitOfWork
from ai_pro_sports.data.store.repositories.holdings import SEASON_COUNTS, TEAM_COUNTS
from tests.data.store.rows import HOURS, KICKOFF, kept_game, quote, quotes, teams

pytestmark = pytest.mark.anyio


async def test_an_empty_store_counts_nothing(work: UnitOfWork) -> None:
    holdings = await work.status()
    assert holdings.seasons.schema == pl.Schema(SEASON_COUNTS)
    assert holdings.teams.schema == pl.Schema(TEAM_COUNTS)
    assert holdings.seasons.is_empty()
    assert holdings.teams.is_empty()


async def test_games_quotes_and_closing_lines_are_counted_by_league_and_season(work: UnitOfWork) -> None:
    await kept_game(work, "g1", status="final")
    await kept_game(work, "g2")
    await kept_game(work, "g3", season=2024)
    await kept_game(work, "e1", EPL, status="final")
    latest = KICKOFF + HOURS
    await work.quotes.write(
        NFL, quotes(quote("g1"), quote("g1", known_at=KICKOFF - HOURS), quote("g1", known_at=latest), quote("g2"))
    )
    assert (await work.status()).seasons.rows() == [
        ("EPL", 2023, 1, 1, 0, 0, 0, None),
        ("NFL", 2023, 2, 1, 4, 2, 2, latest),
        ("NFL", 2024, 1, 0, 0, 0, 0, None),
    ]


async def test_teams_are_counted_by_the_source_that_created_them(work: UnitOfWork) -> None:
    await work.teams.add(teams(NFL).head(3))
    await work.teams.add(teams(NFL).with_columns(pl.lit("lines").alias("source")))
    assert (await work.status()).teams.rows() == [(NFL.team_pool, "lines", 1), (NFL.team_pool, "schedule", 3)]
