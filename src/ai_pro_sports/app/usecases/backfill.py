"""Backfill: bring season files from their source into the lake and the store, and account for every row.

`plan` says what there is to read; `import_item` takes one file all the way in one transaction whose manifest row says
the file is done. Importing a file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import polars as pl

from ai_pro_sports.core.clock import Clock
from ai_pro_sports.core.contracts import QUOTES, STAGED_GAMES, STAGED_QUOTES, Contract
from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, RetryLater, SchemaChanged
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.fetch import Fetcher, Payload
from ai_pro_sports.data.identity import TeamDirectory, attach, resolve
from ai_pro_sports.data.lake import RawZone
from ai_pro_sports.data.sources import Parsed, RawItem, Source, source_named, sources_for
from ai_pro_sports.data.sources.source import REJECTS
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.repositories.manifests import Manifest
from ai_pro_sports.data.store.repositories.payloads import StoredPayload
from ai_pro_sports.data.store.unit_of_work import UnitOfWork

__all__ = ["BackfillReport", "ItemReport", "Outcome", "import_item", "plan", "seasons_between"]


class Outcome(StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One file's account: what it held, what was new, what was set aside and why.

    Every data row of an imported file is counted once: `rows == games + unmatched + lost + blank + elsewhere`, where
    `lost` rows broke a rule and `elsewhere` ones are of another competition. `rejected` counts everything that was set
    aside, single prices too; `notes` what was left out or read differently on purpose, by reason.
    """

    source: str
    item: str
    outcome: Outcome
    rows: int = 0
    blank: int = 0
    elsewhere: int = 0
    lost: int = 0
    games: int = 0
    new_games: int = 0
    quotes: int = 0
    new_quotes: int = 0
    rejected: int = 0
    unmatched: int = 0
    new_teams: tuple[str, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    message: str = ""

    @property
    def is_failure(self) -> bool:
        """Return whether somebody has to look at this file."""
        return self.outcome in {Outcome.UNAVAILABLE, Outcome.REFUSED} or self.unmatched > 0


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """The account of a whole run."""

    league: str
    run_id: int
    items: tuple[ItemReport, ...]

    @property
    def ok(self) -> bool:
        """Return whether every file was read and every row found its teams."""
        return bool(self.items) and not any(item.is_failure for item in self.items)

    def total(self, column: str) -> int:
        """Return the sum of one count over all files."""
        return sum(getattr(item, column) for item in self.items)

    def teams_by_source(self) -> dict[str, list[str]]:
        """Return which teams each source created in this run."""
        created: dict[str, list[str]] = {}
        for item in self.items:
            created.setdefault(item.source, []).extend(item.new_teams)
        return {source: sorted(names) for source, names in created.items() if names}


def seasons_between(declared: League, text: str | None, clock: Clock) -> list[int]:
    """Read `2010-2023`, `2023` or nothing (all seasons so far); raises InvalidValue for what the league never had."""
    known = declared.seasons(clock.now().date())
    if not text:
        return list(known)
    first, dash, last = text.partition("-")
    try:
        wanted = range(int(first), int(last if dash else first) + 1)
    except ValueError:
        raise InvalidValue(f"not a span of seasons: {text!r}", hint="write 2010-2023 or 2023") from None
    if not wanted or wanted[0] not in known or wanted[-1] not in known:
        raise InvalidValue(
            f"{declared.code} has no seasons {text}", hint=f"it has {known.start} to {known.stop - 1}, by starting year"
        )
    return list(wanted)


def plan(declared: League, seasons: Iterable[int]) -> list[RawItem]:
    """Return every file of every source of the league for these seasons, sources of record first."""
    wanted = list(seasons)
    return [item for source in sources_for(declared.code) for item in source.items(declared, wanted)]


async def import_item(
    database: Database, fetcher: Fetcher, zone: RawZone, clock: Clock, item: RawItem, *, run_id: int, is_backfill: bool
) -> ItemReport:
    """Take one file from its host to the store in one transaction; a file that cannot be used becomes a report."""
    try:
        payload = fetcher.fetch(item)
    except RetryLater as away:
        return _report(item, Outcome.UNAVAILABLE, message=str(away))
    except PayloadRejected as refused:
        return await _refuse(database, clock, item, run_id, refused, None)
    if payload is None:
        return _report(item, Outcome.ABSENT, message=f"not published at {item.url}")
    path = zone.keep(payload)
    try:
        async with database.unit_of_work() as work:
            return await _Import(work, item, payload, clock, run_id, is_backfill).run(path)
    except (PayloadRejected, SchemaChanged) as refused:
        return await _refuse(database, clock, item, run_id, refused, _stored(payload, path))


@dataclass(frozen=True, slots=True)
class _Import:
    """One payload on its way through parsing, contracts and identity into the store."""

    work: UnitOfWork
    item: RawItem
    payload: Payload
    clock: Clock
    run_id: int
    is_backfill: bool

    async def run(self, path: Path) -> ItemReport:
        source = source_named(self.item.source)
        await self.work.payloads.add(_stored(self.payload, path))
        known_by = (source.key, self.item.league, self.item.mirror_path)
        if await self.work.manifests.is_done(*known_by, self.payload.sha256, source.version):
            return _report(self.item, Outcome.UNCHANGED)
        parsed = source.parse(self.item, self.payload.body, self.payload.fetched_at)
        report, set_aside = await self._write(source, parsed)
        await self.work.quarantine.add(
            set_aside,
            source=source.key,
            league_code=self.item.league,
            item=self.item.mirror_path,
            created_at=self.clock.now(),
            run_id=self.run_id,
        )
        await self.work.manifests.write(self._manifest(source, parsed, report))
        return report

    async def _write(self, source: Source, parsed: Parsed) -> tuple[ItemReport, pl.DataFrame]:
        """Resolve and store what was parsed; return its account and everything that was set aside."""
        declared = league(self.item.league)
        staged, bad_games = _keep(STAGED_GAMES, parsed.games)
        staged_quotes, bad_quotes = _keep(STAGED_QUOTES, parsed.quotes)
        directory = TeamDirectory(await self.work.teams.frame(declared.team_pool))
        known = await self.work.games.frame(declared.code, self.clock.now())
        found = resolve(declared, source, staged, directory, known)
        await self.work.teams.add(found.new_teams)
        games = await self.work.games.write(declared, found.games, self.payload.fetched_at)
        if not source.is_record:
            await self.work.games.link(
                found.game_ids.select(pl.lit(source.key).alias("source"), "external_id", "game_id")
            )
        attached, unattached = attach(staged_quotes, await self._starts(declared, found.games), found.game_ids)
        quotes = _open_until_the_start(attached, self.payload.fetched_at)
        prices = await self.work.quotes.write(declared, quotes, is_backfill=self.is_backfill)
        named_quotes = quotes.join(found.game_ids.unique("game_id"), on="game_id", how="left", maintain_order="left")
        late = [
            bad_games,
            bad_quotes,
            unattached,
            _refused(found.games, games.refused),
            _refused(named_quotes, prices.refused),
        ]
        set_aside = pl.concat([parsed.rejects, _at_file_rows(pl.concat(late), parsed)])
        unmatched = _at_file_rows(found.unmatched.select(set_aside.columns), parsed)
        report = ItemReport(
            source=source.key,
            item=self.item.mirror_path,
            outcome=Outcome.IMPORTED,
            rows=parsed.rows,
            blank=parsed.blank,
            elsewhere=parsed.elsewhere,
            lost=parsed.rejected_rows + bad_games.height + games.refused.height,
            games=found.game_ids.height - games.refused.height,
            new_games=games.inserted,
            quotes=quotes.height,
            new_quotes=prices.inserted,
            rejected=set_aside.height,
            unmatched=found.unmatched.height,
            new_teams=tuple(found.new_teams["name"].to_list()),
            notes=dict(parsed.notes),
        )
        return report, pl.concat([set_aside, unmatched])

    async def _starts(self, declared: League, games: pl.DataFrame) -> pl.DataFrame:
        """Return the games that quotes may attach to: those of this file, and those it only matched."""
        known = await self.work.games.frame(declared.code, self.clock.now())
        return pl.concat([games, known.join(games, on="game_id", how="anti")])

    def _manifest(self, source: Source, parsed: Parsed, report: ItemReport) -> Manifest:
        return Manifest(
            source=source.key,
            league=self.item.league,
            item=self.item.mirror_path,
            sha256=self.payload.sha256,
            parser_version=source.version,
            rows=parsed.rows,
            games=report.games,
            quotes=report.quotes,
            rejected=report.rejected,
            unmatched=report.unmatched,
            imported_at=self.clock.now(),
        )


async def _refuse(
    database: Database,
    clock: Clock,
    item: RawItem,
    run_id: int,
    refused: PayloadRejected | SchemaChanged,
    kept: StoredPayload | None,
) -> ItemReport:
    """Set the whole file aside; its bytes, where they were `kept`, stay on record."""
    whole_file = pl.DataFrame({"row": [None], "reason": [str(refused)], "content": ["{}"]}, schema=REJECTS)
    async with database.unit_of_work() as work:
        if kept is not None:
            await work.payloads.add(kept)
        await work.quarantine.add(
            whole_file,
            source=item.source,
            league_code=item.league,
            item=item.mirror_path,
            created_at=clock.now(),
            run_id=run_id,
        )
    return _report(item, Outcome.REFUSED, rejected=1, message=str(refused))


def _keep(contract: Contract, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that keep the contract, and the others as quarantine rows."""
    checked = contract.check(frame)
    return checked.valid, _refused(frame, checked.rejected)


def _open_until_the_start(quotes: pl.DataFrame, fetched_at: datetime) -> pl.DataFrame:
    """Return quotes whose closes of games still to start at `fetched_at` (UTC) are prices of that time.

    A feed that calls the last price known the last price does so before the game too, when it is no close yet.
    """
    early = (pl.col("moment") == str(Moment.CLOSE)) & (pl.col("known_at") > fetched_at)
    return quotes.with_columns(
        pl.when(early).then(pl.lit(str(Moment.STAMPED))).otherwise("moment").alias("moment"),
        pl.when(early)
        .then(pl.lit(fetched_at))
        .otherwise("known_at")
        .cast(QUOTES.columns["known_at"])
        .alias("known_at"),
    )


def _refused(frame: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Return quarantine rows for the positions of `frame` that were refused."""
    rows = frame.with_row_index("position").with_columns(pl.col("position").cast(pl.Int64))
    return rows.join(refused, on="position").select(
        (pl.col("position") + 1).alias("row"),
        "reason",
        pl.struct(frame.columns).struct.json_encode().alias("content"),
    )


def _at_file_rows(rejects: pl.DataFrame, parsed: Parsed) -> pl.DataFrame:
    """Return `rejects` with the data row of the file their game stands in, by its name in their content."""
    rows = parsed.games.select("external_id").with_columns(parsed.game_rows.alias("row")).unique("external_id")
    named = rejects.drop("row").with_columns(
        pl.col("content").str.json_path_match("$.external_id").alias("external_id")
    )
    return named.join(rows, on="external_id", how="left", maintain_order="left").select(rejects.columns)


def _stored(payload: Payload, path: Path) -> StoredPayload:
    return StoredPayload(
        source=payload.item.source,
        url=payload.item.url,
        sha256=payload.sha256,
        item=payload.item.mirror_path,
        origin=payload.origin,
        bytes=len(payload.body),
        lake_path=str(path),
        fetched_at=payload.fetched_at,
    )


def _report(item: RawItem, outcome: Outcome, *, rejected: int = 0, message: str = "") -> ItemReport:
    return ItemReport(item.source, item.mirror_path, outcome, rejected=rejected, message=message)
