"""Rows nobody could use, kept with the reason, so that nothing is lost silently."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import UTC_TIME
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.repositories.json_values import storable, storable_json
from ai_pro_sports.data.store.repositories.written import of_shape
from ai_pro_sports.data.store.tables.system import quarantine

__all__ = ["QUARANTINED", "QUARANTINE_REASONS", "REJECTS", "Quarantine"]

REJECTS: Schema = {"row": pl.Int64, "reason": pl.String, "content": pl.String}
"""What is set aside: 1-based data row (null: the whole payload), why, and the row as JSON."""

QUARANTINED: Schema = {
    "id": pl.Int64,
    "run_id": pl.Int64,
    "source": pl.String,
    "league": pl.String,
    "item": pl.String,
    "row": pl.Int64,
    "reason": pl.String,
    "content": pl.String,
    "created_at": UTC_TIME,
}
QUARANTINE_REASONS: Schema = {
    "league": pl.String,
    "source": pl.String,
    "item": pl.String,
    "reason": pl.String,
    "rows": pl.Int64,
}
_AT_ONCE = 2_000


class Quarantine:
    """What was set aside. A row is named by what it says, so the same file imported twice adds nothing."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        rejects: pl.DataFrame,
        *,
        source: str,
        league_code: str,
        item: str,
        created_at: datetime,
        run_id: int | None = None,
    ) -> int:
        """Set aside `rejects` (`REJECTS`) of one item and return how many were not there yet."""
        created_at = ensure_utc(created_at)
        known_by = (source, league_code, item)
        rows = [
            {
                "id": stable_id("quarantine", *known_by, str(row), reason, str(content)),
                "run_id": run_id,
                "source": source,
                "league": league_code,
                "item": item,
                "row_number": row,
                "reason": storable(reason),
                "content": storable_json(content),
                "created_at": created_at,
            }
            for row, reason, content in of_shape(rejects, REJECTS).iter_rows()
        ]
        added = 0
        for start in range(0, len(rows), _AT_ONCE):
            some = insert(quarantine).values(rows[start : start + _AT_ONCE]).on_conflict_do_nothing()
            added += (await self._connection.execute(some)).rowcount
        return added

    async def frame(self, league_code: str | None = None, limit: int = 1_000) -> pl.DataFrame:
        """Return what was set aside (`QUARANTINED`), latest first, by item and row; `content` is JSON."""
        kept = quarantine.c
        query = select(
            kept.id,
            kept.run_id,
            kept.source,
            kept.league,
            kept.item,
            kept.row_number.label("row"),
            kept.reason,
            cast(kept.content, Text).label("content"),
            kept.created_at,
        )
        if league_code is not None:
            query = query.where(kept.league == league_code)
        query = query.order_by(kept.created_at.desc(), kept.item, kept.row_number, kept.id).limit(limit)
        return await copy_out(self._connection, query, QUARANTINED)

    async def reasons(self) -> pl.DataFrame:
        """Return how many rows each item has lost to each reason (`QUARANTINE_REASONS`), most first."""
        kept = quarantine.c
        rows = func.count().label("rows")
        query = select(kept.league, kept.source, kept.item, kept.reason, rows)
        query = query.group_by(kept.league, kept.source, kept.item, kept.reason).order_by(rows.desc(), kept.item)
        return await copy_out(self._connection, query, QUARANTINE_REASONS)
