"""Leagues (the `sports` table, one row each) and their seasons."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.tables.sports import seasons, sports

__all__ = ["SEASONS", "Leagues"]

SEASONS: Schema = {
    "league": pl.String,
    "season": pl.Int32,
    "label": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "is_covid_affected": pl.Boolean,
}

_SEASON_DAYS = text("""
    UPDATE seasons SET start_date = played.first, end_date = played.last
    FROM (
        SELECT season, min(day) AS first, max(day) AS last
        FROM (SELECT season, (starts_at AT TIME ZONE :timezone)::date AS day FROM games WHERE league = :league) AS days
        GROUP BY season
    ) AS played
    WHERE seasons.league = :league AND seasons.year = played.season
      AND (seasons.start_date, seasons.end_date) IS DISTINCT FROM (played.first, played.last)
""")


class Leagues:
    """What the league files declare, as rows other tables refer to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(self, league: League) -> bool:
        """Keep `league` as declared; return whether that added or changed anything. `enabled` is left as it is."""
        values = {
            "code": league.code,
            "name": league.name,
            "family": str(league.sport),
            "team_pool": league.team_pool,
            "timezone": league.timezone,
            "provider_keys": dict(league.provider_keys),
            "elo_k": league.elo.k,
            "hfa": league.elo.home_advantage,
            "spread_bound": league.bounds.spread,
            "total_min": league.bounds.total[0],
            "total_max": league.bounds.total[1],
        }
        new = insert(sports).values(values)
        changed = [column for name, column in sports.c.items() if name in values and name != "code"]
        differs = [column.is_distinct_from(new.excluded[column.name]) for column in changed]
        written = await self._connection.execute(
            new.on_conflict_do_update(
                index_elements=[sports.c.code],
                set_={**{column.name: new.excluded[column.name] for column in changed}, "updated_at": text("now()")},
                where=or_(*differs),
            ).returning(sports.c.code)
        )
        return written.first() is not None

    async def ensure_seasons(self, league: League, years: Iterable[int]) -> None:
        """Keep the seasons of `years`, with label and COVID flag as the league declares them."""
        rows = [
            {
                "league": league.code,
                "year": year,
                "label": league.season_label(year),
                "is_covid_affected": year in league.covid_seasons,
            }
            for year in sorted(set(years))
        ]
        if rows:
            await self._connection.execute(insert(seasons).values(rows).on_conflict_do_nothing())

    async def refresh_season_days(self, league: League) -> None:
        """Set the first and last day of each season to those of its games, in the league's own time zone."""
        await self._connection.execute(_SEASON_DAYS, {"league": league.code, "timezone": league.timezone})

    async def seasons(self, league_code: str) -> pl.DataFrame:
        """Return the league's seasons, oldest first."""
        season = seasons.c
        query = select(
            season.league,
            season.year.label("season"),
            season.label,
            season.start_date,
            season.end_date,
            season.is_covid_affected,
        )
        return await copy_out(
            self._connection, query.where(season.league == league_code).order_by(season.year), SEASONS
        )
