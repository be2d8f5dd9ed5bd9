"""A bench for imports: a mirror, a lake and a store, and the way between them, one file at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import text

from ai_pro_sports.app.usecases.backfill import BackfillReport, ItemReport, import_item, plan
from ai_pro_sports.app.usecases.seed import seed
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.fetch import open_fetcher
from ai_pro_sports.data.lake import RawZone
from ai_pro_sports.data.sources import RawItem
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.tables.metadata import metadata
from tests.app.mirrors import item_of, put

__all__ = ["NOON", "Bench", "Rows"]

NOON = datetime(2024, 5, 24, 12, tzinfo=UTC)
"""After every played game of the invented files, before the coming ones."""

Rows = dict[str, list[str]]


@dataclass
class Bench:
    """Imports files of `mirror` (a folder unless `address` says otherwise) as a backfill does."""

    database: Database
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    address: str | None = None
    run_id: int = 0

    @property
    def mirror(self) -> Path:
        return self.folder / "mirror"

    @property
    def zone(self) -> RawZone:
        return RawZone(self.folder / "lake")

    async def set_up(self) -> None:
        self.mirror.mkdir()
        await seed(self.database, self.clock.now().date())
        async with self.database.unit_of_work() as work:
            self.run_id = await work.runs.start("backfill", self.clock.now())

    def put(self, path: str, body: bytes) -> Path:
        return put(self.mirror, path, body)

    async def bring(self, item: RawItem) -> ItemReport:
        address = self.address or str(self.mirror)
        with open_fetcher(address, self.clock, timeout=2, retries=0, backoff=0) as fetcher:
            return await import_item(
                self.database, fetcher, self.zone, self.clock, item, run_id=self.run_id, is_backfill=True
            )

    async def bring_file(self, declared: League, source: str, body: bytes, season: int = 2023) -> ItemReport:
        """Put `body` where the mirror has the file of `source`, and import it."""
        item = item_of(declared, source, season)
        self.put(item.mirror_path, body)
        return await self.bring(item)

    async def bring_all(self, declared: League, seasons: Sequence[int] = (2023,)) -> BackfillReport:
        items = [await self.bring(item) for item in plan(declared, seasons)]
        return BackfillReport(declared.code, self.run_id, tuple(items))

    async def rows(self) -> Rows:
        """Return every row of every table as text, the log of runs left out."""
        held: Rows = {}
        async with self.database.unit_of_work() as work:
            for table in metadata.sorted_tables:
                if table.name != "job_runs":
                    found = await work._connection.execute(text(f"SELECT t::text FROM {table.name} AS t ORDER BY 1"))
                    held[table.name] = list(found.scalars())
        return held

    async def counts(self) -> dict[str, int]:
        return {table: len(rows) for table, rows in (await self.rows()).items()}

    async def execute(self, statement: str) -> None:
        async with self.database.unit_of_work() as work:
            await work._connection.execute(text(statement))

    async def games(self, declared: League) -> pl.DataFrame:
        async with self.database.unit_of_work() as work:
            return await work.games.frame(declared.code, self.clock.now())

    async def quotes(self, declared: League) -> pl.DataFrame:
        async with self.database.unit_of_work() as work:
            return await work.quotes.frame(declared.code, datetime(2040, 1, 1, tzinfo=UTC))

    async def set_aside(self, declared: League) -> list[tuple[str, int | None, str]]:
        """Return item, row and reason of everything in quarantine for a league."""
        async with self.database.unit_of_work() as work:
            held = await work.quarantine.frame(declared.code)
        assert held["run_id"].unique().to_list() in ([], [self.run_id])
        assert held["league"].unique().to_list() in ([], [declared.code])
        return held.select("item", "row", "reason").sort("item", "row", "reason", nulls_last=False).rows()
