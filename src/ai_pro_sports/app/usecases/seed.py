"""Seed: the rows every installation starts with: leagues, their seasons so far, the known books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from ai_pro_sports.core.leagues import LEAGUES
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.sportsbooks import KNOWN_BOOKS

__all__ = ["SeedCounts", "seed"]


@dataclass(frozen=True, slots=True)
class SeedCounts:
    """How many rows of each kind are declared."""

    leagues: int
    seasons: int
    books: int


async def seed(database: Database, today: date, invented_teams: Iterable[pl.DataFrame] = ()) -> SeedCounts:
    """Write leagues, their seasons up to `today`, and known books; changes nothing that is already so.

    `invented_teams` are the clubs of a simulated home, rows of teams.
    """
    seasons = 0
    async with database.unit_of_work() as work:
        for declared in LEAGUES:
            await work.leagues.write(declared)
            years = declared.seasons(today)
            await work.leagues.ensure_seasons(declared, years)
            seasons += len(years)
        await work.books.ensure(book.key for book in KNOWN_BOOKS)
        for teams in invented_teams:
            await work.teams.add(teams)
    return SeedCounts(len(LEAGUES), seasons, len(KNOWN_BOOKS))
