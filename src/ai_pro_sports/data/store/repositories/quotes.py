"""Quotes: appended, never changed; read as of a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import QUOTES
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.copying import copy_out, staged
from ai_pro_sports.data.store.repositories.books import Books
from ai_pro_sports.data.store.repositories.closing import Closing
from ai_pro_sports.data.store.repositories.league_lock import lock_league
from ai_pro_sports.data.store.repositories.nominal_times import nominal_time
from ai_pro_sports.data.store.repositories.written import Written, intake, refusals
from ai_pro_sports.data.store.tables.odds import odds
from ai_pro_sports.data.store.tables.sports import games

__all__ = ["Quotes"]

_COLUMNS = ", ".join(QUOTES.columns)

_NO_GAME = """
    SELECT i.position, format('game %s of %s is not kept', i.game_id, CAST(:league AS text))
    FROM {incoming} AS i LEFT JOIN games AS g ON g.id = i.game_id AND g.league = :league
    WHERE g.id IS NULL ORDER BY i.position
"""
_NOMINAL = f"""
    UPDATE {{incoming}} AS i SET known_at = {nominal_time("i", "g")} FROM games AS g
    WHERE g.id = i.game_id AND i.known_at <> {nominal_time("i", "g")}
"""
_ADD = f"""
    INSERT INTO odds ({_COLUMNS}, is_backfill)
    SELECT {_COLUMNS}, :is_backfill FROM {{incoming}} ORDER BY position
    ON CONFLICT DO NOTHING
"""
_OTHER_PRICE = """
    SELECT i.position, format(
        'the price kept for this book, selection and time is %s, not %s',
        coalesce(o.price::text, 'none'), coalesce(i.price::text, 'none')
    )
    FROM {incoming} AS i
    JOIN odds AS o
        ON (o.game_id, o.book, o.market, o.period, o.side, o.known_at)
         = (i.game_id, i.book, i.market, i.period, i.side, i.known_at)
       AND o.line IS NOT DISTINCT FROM i.line
    WHERE o.price IS DISTINCT FROM i.price ORDER BY i.position
"""


class Quotes:
    """Every price of every game."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(self, league: League, frame: pl.DataFrame, *, is_backfill: bool = False) -> Written:
        """Append quotes (QUOTES) of games of one league and bring their closing lines up to date.

        Quotes already kept are unchanged. Nominal times are set from the game's start as kept, whatever the frame
        says. Refused and reported: rows that break the contract, quotes of games not kept, and a second, different
        price for a book, selection and time (the first stays). Raises SchemaChanged for missing columns.
        """
        ready = intake(QUOTES, frame)
        await lock_league(self._connection, league.code)
        await Books(self._connection).ensure(ready.rows["book"].unique())
        async with staged(self._connection, ready.rows) as incoming:
            refused = await self._refused(_NO_GAME.format(incoming=incoming.name), {"league": league.code})
            await self._run(
                f"DELETE FROM {incoming.name} WHERE position = ANY(CAST(:refused AS bigint[]))",
                {"refused": refused["position"].to_list()},
            )
            await self._run(_NOMINAL.format(incoming=incoming.name), {})
            added = await self._run(_ADD.format(incoming=incoming.name), {"is_backfill": is_backfill})
            if added < ready.rows.height - refused.height:
                refused = refused.vstack(await self._refused(_OTHER_PRICE.format(incoming=incoming.name), {}))
        if added:
            await Closing(self._connection).refresh(ready.rows["game_id"].unique().to_list())
        refused = pl.concat([ready.refused, refused]).sort("position")
        return Written(added, 0, frame.height - added - refused.height, refused)

    async def frame(self, league_code: str, as_of: datetime, books: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the league's quotes (QUOTES) known at `as_of`, of all books or of `books`, oldest first."""
        quote = odds.c
        query = select(*(quote[name] for name in QUOTES.columns)).join(games, games.c.id == quote.game_id)
        query = query.where(games.c.league == league_code, quote.known_at <= ensure_utc(as_of))
        if books is not None:
            query = query.where(quote.book.in_(books))
        order = (quote.known_at, quote.game_id, quote.book, quote.market, quote.period, quote.line, quote.side)
        return await copy_out(self._connection, query.order_by(*order), QUOTES.columns)

    async def _run(self, statement: str, parameters: dict[str, object]) -> int:
        return (await self._connection.execute(text(statement), parameters)).rowcount

    async def _refused(self, query: str, parameters: dict[str, object]) -> pl.DataFrame:
        judged = await self._connection.execute(text(query), parameters)
        return refusals((row[0], row[1]) for row in judged)
