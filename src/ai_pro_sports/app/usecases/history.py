"""History: frames of one league as known at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.unit_of_work import UnitOfWork
from ai_pro_sports.science.features import AsOfRule, History, build

__all__ = ["feature_frame", "games_with_names", "quotes", "read_history", "with_names"]


async def read_history(database: Database, declared: League, as_of: datetime) -> History:
    """Return the league's games and quotes as known at `as_of`."""
    async with database.unit_of_work() as work:
        return History(await work.games.frame(declared.code, as_of), await work.quotes.frame(declared.code, as_of))


async def games_with_names(database: Database, declared: League, as_of: datetime) -> pl.DataFrame:
    """Return the league's games as known at `as_of`, with `home` and `away` names beside the ids."""
    async with database.unit_of_work() as work:
        return await with_names(work, declared, await work.games.frame(declared.code, as_of))


async def quotes(database: Database, declared: League, as_of: datetime) -> pl.DataFrame:
    """Return the league's quotes known at `as_of`, oldest first."""
    async with database.unit_of_work() as work:
        return await work.quotes.frame(declared.code, as_of)


async def feature_frame(database: Database, declared: League, as_of: datetime, cutoff_minutes: int) -> pl.DataFrame:
    """Return every feature of every game known at `as_of`, each game as of its own cut, never later than `as_of`."""
    history = await read_history(database, declared, as_of)
    features: pl.DataFrame = build(history, history.games, AsOfRule(timedelta(minutes=cutoff_minutes), not_after=as_of))
    return features


async def with_names(work: UnitOfWork, declared: League, games: pl.DataFrame) -> pl.DataFrame:
    """Return `games` with the names of both teams as `home` and `away`."""
    names = (await work.teams.frame(declared.team_pool)).select("team_id", "name")
    return games.join(names.rename({"team_id": "home_team", "name": "home"}), on="home_team", how="left").join(
        names.rename({"team_id": "away_team", "name": "away"}), on="away_team", how="left"
    )
