"""The files a backfill of the season 2023 looks for, good ones, and what to ask of their account."""

from __future__ import annotations

from ai_pro_sports.app.usecases.backfill import ItemReport
from tests.app.bench import Bench, Rows
from tests.app.mirrors import (
    DIVISION,
    FIXTURES,
    LINES,
    SCHEDULE,
    csv,
    season_path,
)

__all__ = [
    "FIXTURES_FILE",
    "LINES_FILE",
    "MESSY",
    "SCHEDULE_FILE",
    "SEASON_FILE",
    "changed",
    "is_accounted",
    "whole_leagues",
]

SCHEDULE_FILE = "nfl/nflverse_games.csv.gz"
LINES_FILE = "nfl/nfelomarket_lines.csv.gz"
FIXTURES_FILE = "soccer/football-data/fixtures.csv"
SEASON_FILE = season_path(2023)

MESSY = (
    *DIVISION,
    ",,,,,,,,,,,,,,,,",
    "E1,21/04/2024,15:00,Arsenal,Everton,1,0,H,,,,,,,,,",
    "E0,31/02/2024,15:00,Arsenal,Everton,1,0,H,,,,,,,,,",
    "E0,22/04/2024,15:00,Everton,Everton,1,0,H,,,,,,,,,",
    "E0,23/04/2024,15:00,Everton,Arsenal,1,,H,,,,,,,,,",
    "E0,24/04/2024,15:00,Everton,Arsenall,1,0,H,,,,,,,,,",
    "E0,25/04/2024,15:00,Everton,Chelsea,1,0,A,,,,,,,,,",
    "E0,26/04/2024,15:00,Everton,Chelsea,0,0,D,0,#REF!,3,,1.9,,,,",
)


async def whole_leagues(bench: Bench) -> None:
    """Put a good file everywhere a backfill of 2023 looks."""
    for path, rows in {
        SCHEDULE_FILE: SCHEDULE,
        LINES_FILE: LINES,
        SEASON_FILE: DIVISION,
        FIXTURES_FILE: FIXTURES,
    }.items():
        bench.put(path, csv(*rows))


def is_accounted(report: ItemReport) -> bool:
    """Return whether every data row of the file ended somewhere."""
    return report.rows == report.games + report.unmatched + report.lost + report.blank + report.elsewhere


def changed(before: Rows, after: Rows) -> set[str]:
    return {table for table in after if before[table] != after[table]}
