"""Provenance: which files the numbers of a league came from, when they were fetched, and their checksums."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from ai_pro_sports.data.store.database import Database

__all__ = ["SourceAccount", "source_accounts"]


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """What one source has given: files, rows, games, quotes, rows set aside; the latest fetch (UTC), all checksums."""

    league: str
    source: str
    origin: str
    files: int
    rows: int
    games: int
    quotes: int
    rejected: int
    fetched_at: datetime
    sha256: tuple[str, ...]


async def source_accounts(database: Database, leagues: Collection[str]) -> list[SourceAccount]:
    """Return the account of every source that gave the leagues anything, by league and source."""
    async with database.unit_of_work() as work:
        manifests = await work.manifests.frame()
        payloads = (await work.payloads.frame()).select("source", "sha256", "origin", "fetched_at")
    files = manifests.join(payloads.unique(["source", "sha256"], keep="first"), on=["source", "sha256"], how="left")
    accounts = []
    for (code, key), held in files.group_by("league", "source", maintain_order=True):
        if code in leagues:
            accounts.append(_account(str(code), str(key), held))
    return sorted(accounts, key=lambda account: (account.league, account.source))


def _account(league_code: str, source: str, held: pl.DataFrame) -> SourceAccount:
    origins = held["origin"].drop_nulls()
    return SourceAccount(
        league=league_code,
        source=source,
        origin=_shared_start(origins.to_list()),
        files=held.height,
        rows=int(held["rows"].sum()),
        games=int(held["games"].sum()),
        quotes=int(held["quotes"].sum()),
        rejected=int(held["rejected"].sum()) + int(held["unmatched"].sum()),
        fetched_at=held.select(pl.col("fetched_at").max()).item(),
        sha256=tuple(held["sha256"].to_list()),
    )


def _shared_start(origins: list[str]) -> str:
    """Return the folder all origins share, or the one origin there is.

    >>> _shared_start(["/m/soccer/E0_1.csv", "/m/soccer/E0_2.csv"])
    '/m/soccer'
    """
    if len(set(origins)) <= 1:
        return origins[0] if origins else ""
    first, last = min(origins).split("/"), max(origins).split("/")
    shared = [a for a, b in zip(first, last, strict=False) if a == b]
    return "/".join(shared)
