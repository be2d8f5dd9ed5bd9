"""What the store holds, counted: per league and season, and which source created how many teams."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.contracts import UTC_TIME
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.tables.odds import closing_lines, odds
from ai_pro_sports.data.store.tables.sports import games, teams

__all__ = ["SEASON_COUNTS", "TEAM_COUNTS", "Holdings", "count_holdings"]

SEASON_COUNTS: Schema = {
    "league": pl.String,
    "season": pl.Int32,
    "games": pl.Int64,
    "finals": pl.Int64,
    "quotes": pl.Int64,
    "closing_lines": pl.Int64,
    "games_closed": pl.Int64,
    "last_known_at": UTC_TIME,
}
TEAM_COUNTS: Schema = {"pool": pl.String, "source": pl.String, "teams": pl.Int64}


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts. `seasons`: `SEASON_COUNTS`, where `last_known_at` is that of the latest quote and `games_closed` counts
    games with a true closing line, not only an earlier last price. `teams`: `TEAM_COUNTS`, by the source that created
    them.
    """

    seasons: pl.DataFrame
    teams: pl.DataFrame


async def count_holdings(connection: AsyncConnection) -> Holdings:
    """Count what the store holds."""
    seasons = await copy_out(connection, _by_season(), SEASON_COUNTS)
    by_source = select(teams.c.pool, teams.c.source, func.count().label("teams")).group_by(teams.c.pool, teams.c.source)
    return Holdings(seasons, await copy_out(connection, by_source.order_by(teams.c.pool, teams.c.source), TEAM_COUNTS))


def _by_season() -> Select[tuple[object, ...]]:
    quoted = (
        select(odds.c.game_id, func.count().label("quotes"), func.max(odds.c.known_at).label("last_known_at"))
        .group_by(odds.c.game_id)
        .subquery()
    )
    # An opener or a pre-close price is the last one kept of some games; it closes nothing.
    closes = closing_lines.c.moment.in_([str(Moment.CLOSE), str(Moment.STAMPED)])
    closed = (
        select(closing_lines.c.game_id, func.count().label("lines"))
        .where(closes)
        .group_by(closing_lines.c.game_id)
        .subquery()
    )
    game = games.c
    return (
        select(
            game.league,
            game.season,
            func.count().label("games"),
            func.count().filter(game.status == "final").label("finals"),
            func.coalesce(func.sum(quoted.c.quotes), 0).label("quotes"),
            func.coalesce(func.sum(closed.c.lines), 0).label("closing_lines"),
            func.count(closed.c.game_id).label("games_closed"),
            func.max(quoted.c.last_known_at).label("last_known_at"),
        )
        .outerjoin(quoted, quoted.c.game_id == game.id)
        .outerjoin(closed, closed.c.game_id == game.id)
        .group_by(game.league, game.season)
        .order_by(game.league, game.season)
    )
