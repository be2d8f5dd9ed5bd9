"""Manifests: a file is done when its row is here, written in the transaction that wrote the file's data."""

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
from ai_pro_sports.data.store.tables.system import lake_manifests

__all__ = ["MANIFESTS", "Manifest", "Manifests"]

MANIFESTS: Schema = {
    "source": pl.String,
    "league": pl.String,
    "item": pl.String,
    "sha256": pl.String,
    "parser_version": pl.Int32,
    "rows": pl.Int64,
    "games": pl.Int64,
    "quotes": pl.Int64,
    "rejected": pl.Int64,
    "unmatched": pl.Int64,
    "imported_at": UTC_TIME,
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one file held when it was imported: its checksum, the parser's version, and counts of rows.

    `unmatched` counts rows whose teams or game nobody knew then.
    """

    source: str
    league: str
    item: str
    sha256: str
    parser_version: int
    rows: int
    games: int
    quotes: int
    rejected: int
    unmatched: int
    imported_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "imported_at", ensure_utc(self.imported_at))


_KEY = ("source", "league", "item")


class Manifests:
    """The files that have been imported."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(self, manifest: Manifest) -> None:
        """Say that a file is done; a later version of the file replaces the row."""
        values = asdict(manifest)
        new = insert(lake_manifests).values(values)
        await self._connection.execute(
            new.on_conflict_do_update(
                index_elements=[lake_manifests.c[name] for name in _KEY],
                set_={name: new.excluded[name] for name in values if name not in _KEY},
            )
        )

    async def find(self, source: str, league_code: str, item: str) -> Manifest | None:
        """Return the manifest of a file, or None where it was never imported."""
        manifest = lake_manifests.c
        query = select(lake_manifests).where(
            manifest.source == source, manifest.league == league_code, manifest.item == item
        )
        found = (await self._connection.execute(query)).first()
        return None if found is None else Manifest(**found._mapping)

    async def is_done(self, source: str, league_code: str, item: str, sha256: str, parser_version: int) -> bool:
        """Return whether exactly these bytes were imported by this version of the parser and every row found its place.

        A file with unmatched rows is never done: once its teams are known, the next import finds them.
        """
        known = await self.find(source, league_code, item)
        if known is None or known.unmatched:
            return False
        return (known.sha256, known.parser_version) == (sha256, parser_version)

    async def frame(self) -> pl.DataFrame:
        """Return every manifest (`MANIFESTS`) by source and item."""
        manifest = lake_manifests.c
        query = select(*(manifest[name] for name in MANIFESTS)).order_by(
            manifest.source, manifest.league, manifest.item
        )
        return await copy_out(self._connection, query, MANIFESTS)
