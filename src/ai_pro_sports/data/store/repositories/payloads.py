"""The register of raw payloads (`raw_api_responses`): what was fetched from where, and where the bytes are kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import UTC_TIME
from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.tables.system import raw_api_responses

__all__ = ["PAYLOADS", "Payloads", "StoredPayload"]

PAYLOADS: Schema = {
    "source": pl.String,
    "url": pl.String,
    "sha256": pl.String,
    "item": pl.String,
    "origin": pl.String,
    "bytes": pl.Int64,
    "status": pl.Int32,
    "lake_path": pl.String,
    "fetched_at": UTC_TIME,
}


@dataclass(frozen=True, slots=True)
class StoredPayload:
    """One payload as it came: `url` without secrets, `status` the HTTP status or None from a directory."""

    source: str
    url: str
    sha256: str
    item: str
    origin: str
    bytes: int
    lake_path: str
    fetched_at: datetime
    status: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", ensure_utc(self.fetched_at))


class Payloads:
    """Every payload ever kept."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, payload: StoredPayload) -> bool:
        """Register a payload; return whether these bytes of this address are new. The first fetch stays."""
        new = insert(raw_api_responses).values(asdict(payload)).on_conflict_do_nothing()
        return (await self._connection.execute(new)).rowcount == 1

    async def frame(self, source: str | None = None) -> pl.DataFrame:
        """Return what is registered (`PAYLOADS`), latest first, of one source or of all."""
        payload = raw_api_responses.c
        query = select(*(payload[name] for name in PAYLOADS)).order_by(payload.fetched_at.desc(), payload.url)
        if source is not None:
            query = query.where(payload.source == source)
        return await copy_out(self._connection, query, PAYLOADS)
