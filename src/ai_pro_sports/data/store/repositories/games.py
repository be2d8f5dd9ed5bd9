"""Games: written so that importing twice changes nothing and a stale file cannot un-play a game; read as of a time."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from sqlalchemy import case, null, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.contracts.listing import listed_games
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.data.store.copying import Schema, copy_out, staged
from ai_pro_sports.data.store.repositories.closing import Closing
from ai_pro_sports.data.store.repositories.game_merge import merge_games
from ai_pro_sports.data.store.repositories.league_lock import lock_league
from ai_pro_sports.data.store.repositories.leagues import Leagues
from ai_pro_sports.data.store.repositories.nominal_times import follow_new_starts
from ai_pro_sports.data.store.repositories.written import Written, of_shape, refusals
from ai_pro_sports.data.store.repositories.written import intake as take_in
from ai_pro_sports.data.store.tables.sports import game_sources, games

__all__ = ["LINKS", "Games"]

LINKS: Schema = {"source": pl.String, "external_id": pl.String, "game_id": pl.Int64}
"""What a source calls a game that another source created."""

_OTHER_GAME = """
    SELECT i.position, CASE WHEN g.id IS NULL THEN 'the game is not kept' ELSE 'it already names another game' END
    FROM {incoming} AS i
    LEFT JOIN games AS g ON g.id = i.game_id
    LEFT JOIN game_sources AS s ON s.source = i.source AND s.external_id = i.external_id
    WHERE g.id IS NULL OR s.game_id <> i.game_id ORDER BY i.position
"""
_LINK = """
    INSERT INTO game_sources (source, external_id, game_id)
    SELECT i.source, i.external_id, i.game_id FROM {incoming} AS i JOIN games AS g ON g.id = i.game_id
    ORDER BY i.position ON CONFLICT DO NOTHING
"""


class Games:
    """The games of every league."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(self, declared: League, frame: pl.DataFrame, recorded_at: datetime) -> Written:
        """Merge games (GAMES) of one league; `recorded_at` is when their source was read.

        New games are added, with their season and league row; a corrected score, a legal status step or another
        start updates the game, and the quotes with nominal times follow it to the new start. Refused and reported:
        rows that break the contract, an illegal status step, changed teams, teams not kept, a game given twice.
        Raises SchemaChanged for missing columns and InvalidValue for games of another league.
        """
        recorded_at = ensure_utc(recorded_at)
        ready = take_in(GAMES, frame, key="game_id")
        if strangers := sorted(set(frame["league"].unique()) - {declared.code}):
            raise InvalidValue(
                f"games of {', '.join(strangers)} among those of {declared.code}", hint="split the frame"
            )
        await lock_league(self._connection, declared.code)
        leagues = Leagues(self._connection)
        await leagues.write(declared)
        await leagues.ensure_seasons(declared, ready.rows["season"].unique())
        async with staged(self._connection, ready.rows) as incoming:
            merged = await merge_games(self._connection, incoming.name, recorded_at)
        if merged.inserted or merged.updated:
            await leagues.refresh_season_days(declared)
        retimed = await follow_new_starts(self._connection, merged.moved)
        await Closing(self._connection).refresh(merged.moved)
        refused = pl.concat([ready.refused, merged.refused]).sort("position")
        unchanged = frame.height - merged.inserted - merged.updated - refused.height
        return Written(merged.inserted, merged.updated, unchanged, refused, retimed)

    async def frame(self, league_code: str, as_of: datetime) -> pl.DataFrame:
        """Return the league's games (GAMES) as they could be known at `as_of`, by start.

        The schedule counts as known in advance, but for knock-out rounds, whose pairings are results of the round
        before (`listed_games`). Status and score show only from the moment they could be known, and until then a game
        is `scheduled`, without score and without `result_known_at`.
        """
        game = games.c
        known = game.status_known_at <= ensure_utc(as_of)
        shown = {
            "game_id": game.id,
            "status": case((known, game.status), else_=str(GameStatus.SCHEDULED)),
            **{
                name: case((known, game[name]), else_=null())
                for name in ("home_score", "away_score", "result_known_at")
            },
        }
        query = select(*((shown[name] if name in shown else game[name]).label(name) for name in GAMES.columns))
        query = query.where(game.league == league_code).order_by(game.starts_at, game.id)
        return listed_games(await copy_out(self._connection, query, GAMES.columns), league(league_code))

    async def link(self, frame: pl.DataFrame) -> Written:
        """Keep what other sources call known games (`LINKS`); a name that already means another game is refused."""
        async with staged(self._connection, of_shape(frame, LINKS)) as incoming:
            judged = await self._connection.execute(text(_OTHER_GAME.format(incoming=incoming.name)))
            refused = refusals((row[0], row[1]) for row in judged)
            added = await self._connection.execute(text(_LINK.format(incoming=incoming.name)))
        return Written(added.rowcount, 0, frame.height - added.rowcount - refused.height, refused)

    async def links(self, league_code: str) -> pl.DataFrame:
        """Return what other sources call the league's games (`LINKS`)."""
        link = game_sources.c
        query = select(link.source, link.external_id, link.game_id).join(games, games.c.id == link.game_id)
        query = query.where(games.c.league == league_code).order_by(link.source, link.external_id)
        return await copy_out(self._connection, query, LINKS)
