"""One writer per league at a time.

Two imports of one league would otherwise meet on the same rows in different order and wait for each other for ever.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.ids import stable_id

__all__ = ["lock_league"]


async def lock_league(connection: AsyncConnection, league_code: str) -> None:
    """Wait until no other transaction writes the league's games or quotes; held until this transaction ends."""
    key = stable_id("league writer", league_code)
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
