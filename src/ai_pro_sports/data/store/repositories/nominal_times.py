"""Prices without a recorded time hang on the start of their game: `known_at = starts_at - NOMINAL_LEAD[moment]`.

The rule holds in the database at all times: it is applied when quotes are written and again when a game moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.quote import NOMINAL_LEAD

__all__ = ["follow_new_starts", "nominal_time"]

_MOVED = "moved_quotes"


def nominal_time(quote: str, game: str) -> str:
    """Return the SQL for the nominal time of a row aliased `quote` of a game aliased `game`; null when stamped."""
    leads = " ".join(
        f"WHEN '{moment}' THEN interval '{int(lead.total_seconds())} seconds'" for moment, lead in NOMINAL_LEAD.items()
    )
    return f"{game}.starts_at - CASE {quote}.moment {leads} END"


async def follow_new_starts(connection: AsyncConnection, game_ids: Sequence[int]) -> int:
    """Move the nominal times of the quotes of `game_ids` to where the games' starts now are; return how many moved.

    The rows are taken out and put back, because a quote may move onto the time another is about to leave. Where the
    new time already has a stamped quote of the same selection, that one stays and the nominal one goes.
    """
    if not game_ids:
        return 0
    await connection.execute(text(f"CREATE TEMPORARY TABLE {_MOVED} (LIKE odds)"))
    await connection.execute(
        text(f"""
            WITH gone AS (
                DELETE FROM odds AS o USING games AS g
                WHERE g.id = o.game_id AND o.game_id = ANY(CAST(:ids AS bigint[]))
                  AND o.known_at <> {nominal_time("o", "g")}
                RETURNING o.*
            )
            INSERT INTO {_MOVED} SELECT * FROM gone
        """),
        {"ids": list(game_ids)},
    )
    await connection.execute(
        text(f"UPDATE {_MOVED} AS o SET known_at = {nominal_time('o', 'g')} FROM games AS g WHERE g.id = o.game_id")
    )
    moved = await connection.execute(text(f"INSERT INTO odds SELECT * FROM {_MOVED} ON CONFLICT DO NOTHING"))
    await connection.execute(text(f"DROP TABLE {_MOVED}"))
    return moved.rowcount
