"""Closing lines: of each book, market and side, the last quote at or before the start.

They are drawn from `odds` in the transaction that writes quotes or moves a game, so they are never out of step with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import UTC_TIME
from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.tables.odds import closing_lines
from ai_pro_sports.data.store.tables.sports import games

__all__ = ["CLOSING", "CLOSING_BOOKS", "Closing"]

CLOSING: Schema = {
    "game_id": pl.Int64,
    "book": pl.String,
    "market": pl.String,
    "period": pl.String,
    "line": pl.Float64,
    "side": pl.String,
    "price": pl.Float64,
    "price_american": pl.Int32,
    "moment": pl.String,
    "p_novig": pl.Float64,
    "captured_at": UTC_TIME,
    "is_pinnacle": pl.Boolean,
}
CLOSING_BOOKS: Schema = {"book": pl.String, "games": pl.Int64, "lines": pl.Int64}

_LAST = "last_quotes"
_DRAW = f"""
    CREATE TEMPORARY TABLE {_LAST} AS
    SELECT o.* FROM (
        SELECT odds.*, rank() OVER (
            PARTITION BY game_id, book, market, period, side ORDER BY known_at DESC
        ) AS back
        FROM odds JOIN games ON games.id = odds.game_id
        WHERE odds.game_id = ANY(CAST(:ids AS bigint[])) AND odds.known_at <= games.starts_at
    ) AS o
    WHERE o.back = 1
"""
_DROP_STALE = f"""
    DELETE FROM closing_lines AS c
    WHERE c.game_id = ANY(CAST(:ids AS bigint[])) AND NOT EXISTS (
        SELECT 1 FROM {_LAST} AS l
        WHERE (l.game_id, l.book, l.market, l.period, l.side) = (c.game_id, c.book, c.market, c.period, c.side)
          AND (l.line, l.price, l.price_american, l.moment, l.known_at)
              IS NOT DISTINCT FROM (c.line, c.price, c.price_american, c.moment, c.captured_at)
    )
"""
_ADD = f"""
    INSERT INTO closing_lines
        (game_id, book, market, period, line, side, price, price_american, moment, captured_at, is_pinnacle)
    SELECT game_id, book, market, period, line, side, price, price_american, moment, known_at, book = 'pinnacle'
    FROM {_LAST}
    ON CONFLICT DO NOTHING
"""


class Closing:
    """The closing lines of every game."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def refresh(self, game_ids: Sequence[int]) -> None:
        """Draw the closing lines of `game_ids` anew; lines that are still right keep their row and `p_novig`.

        A book that offered several lines at its last moment closes with all of them. Quotes after the start (in-play
        prices) never count.
        """
        if not game_ids:
            return
        ids = {"ids": list(game_ids)}
        await self._connection.execute(text(_DRAW), ids)
        await self._connection.execute(text(_DROP_STALE), ids)
        await self._connection.execute(text(_ADD))
        await self._connection.execute(text(f"DROP TABLE {_LAST}"))

    async def frame(self, league_code: str, as_of: datetime) -> pl.DataFrame:
        """Return the closing lines (`CLOSING`) of the league's games that had started by `as_of`.

        `moment` says how good a close it is: `close` and `stamped` near the start are closes, `open` means the book's
        only known price.
        """
        line = closing_lines.c
        query = select(*(line[name] for name in CLOSING)).join(games, games.c.id == line.game_id)
        query = query.where(games.c.league == league_code, games.c.starts_at <= ensure_utc(as_of))
        query = query.order_by(line.game_id, line.book, line.market, line.period, line.line, line.side)
        return await copy_out(self._connection, query, CLOSING)

    async def books(self, league_code: str, as_of: datetime) -> pl.DataFrame:
        """Return for each book how many of the league's games started by `as_of` it closed, and with how many lines."""
        line = closing_lines.c
        query = select(line.book, func.count(line.game_id.distinct()).label("games"), func.count().label("lines")).join(
            games, games.c.id == line.game_id
        )
        query = query.where(games.c.league == league_code, games.c.starts_at <= ensure_utc(as_of))
        return await copy_out(self._connection, query.group_by(line.book).order_by(line.book), CLOSING_BOOKS)
