"""Mirrors of invented files in the providers' formats, small enough to know every row by heart."""

# ruff: noqa: E501  rows stand as the feeds write them

from __future__ import annotations

import gzip
import re
from pathlib import Path

import polars as pl

from ai_pro_sports.app.usecases.backfill import plan
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.sources import RawItem

__all__ = [
    "ASTON_ARSENAL",
    "CHELSEA_ARSENAL",
    "DIVISION",
    "FIXTURES",
    "LINES",
    "SCHEDULE",
    "csv",
    "item_of",
    "put",
    "season_path",
    "thin",
]

KEPT = re.compile(r"Div|Date|Time|HomeTeam|AwayTeam|FTHG|FTAG|FTR|(B365|PS|P)C?(AH)?[HDA]|AHC?h|B365[<>]2.5")

SCHEDULE = (
    "game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,"
    "total,overtime,away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,under_odds,over_odds",
    "2023_01_KC_DET,2023,REG,1,2023-09-07,Thursday,20:20,KC,20,DET,21,Home,1,41,0,180,-215,4.5,-110,-110,50.5,-110,-110",
    "2023_01_SF_PIT,2023,REG,1,2023-09-10,Sunday,13:00,SF,30,PIT,7,Home,-23,37,0,-130,110,-2.5,-112,-108,41,-108,-112",
    "2023_18_PIT_BAL,2023,REG,18,2024-01-06,Saturday,16:30,PIT,17,BAL,10,Home,-7,27,0,-165,140,-3,-110,-110,34.5,-110,-110",
)
"""Three played games with a consensus price of every market: 18 quotes."""

LINES = (
    ",game_id,season,week,home_team,away_team,home_spread_open,home_spread_open_price,away_spread_open_price,"
    "home_spread_last,home_spread_last_price,away_spread_last_price,home_ml_open,away_ml_open,home_ml_last,away_ml_last,"
    "total_line_open,under_price_open,over_price_open,total_line_last,under_price_last,over_price_last",
    "0,2023_01_KC_DET,2023,1,DET,KC,-6.5,-110,-110,-4.5,-108,-112,,,-215,180,,,,50.5,-110,-110",
    "1,2023_01_SF_PIT,2023,1,PIT,SF,1.5,-110,-110,2.5,-110,-110,,,110,-130,,,,41.0,-108,-112",
)
"""Opening spread and last lines of two games: 16 quotes."""

DIVISION = (
    "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,AHh,B365AHH,B365AHA,PSCH,PSCD,PSCA",
    "E0,12/08/2023,12:30,Arsenal,Chelsea,2,1,H,1.5,4.4,7,-1,1.95,1.95,1.48,4.6,7.2",
    "E0,13/08/2023,16:30,Aston Villa,Everton,1,1,D,1.9,3.6,4.2,-0.5,1.9,2,1.92,3.6,4.1",
    "E0,20/04/2024,15:00,Chelsea,Aston Villa,0,3,A,2.3,3.4,3.1,-0.25,2.02,1.88,2.4,3.4,2.95",
)
"""Three played games, eight prices each: 24 quotes."""

CHELSEA_ARSENAL = "E0,25/05/2024,15:00,Chelsea,Arsenal,,3.6,3.6,2.05,0.5,1.9,2"
ASTON_ARSENAL = "E0,26/05/2024,16:00,Aston Villa,Arsenal,,3.1,3.5,2.3,0.25,1.95,1.95"
FIXTURES = (
    "Div,Date,Time,HomeTeam,AwayTeam,Referee,B365H,B365D,B365A,AHh,B365AHH,B365AHA",
    "SC0,25/05/2024,15:00,Celtic,Hibernian,,1.3,5.5,9,-1.5,1.9,2",
    CHELSEA_ARSENAL,
    ASTON_ARSENAL,
)
"""Two coming games of the league, one of another: 10 quotes."""


def csv(*rows: str) -> bytes:
    """Return rows as a file, header first."""
    return "\n".join((*rows, "")).encode()


def season_path(season: int) -> str:
    """Return where a mirror has a season of the English first division."""
    return f"soccer/football-data/E0_{season % 100:02d}{(season + 1) % 100:02d}.csv.gz"


def item_of(declared: League, source: str, season: int = 2023) -> RawItem:
    """Return the file of `source` that a backfill of `season` asks for."""
    [item] = [item for item in plan(declared, [season]) if item.source == source]
    return item


def put(root: Path, path: str, body: bytes) -> Path:
    """Write a file of the mirror, compressed where its name says so; `body` that is compressed already stays as it is."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = path.endswith(".gz") and not body.startswith(b"\x1f\x8b")
    target.write_bytes(gzip.compress(body, mtime=0) if packed else body)
    return target


def thin(root: Path, kept: re.Pattern[str] = KEPT) -> None:
    """Leave out most books of a simulated soccer league, so that importing it takes a quarter of the time."""
    for path in sorted(root.glob("soccer/football-data/*.csv*")):
        body = path.read_bytes()
        text = gzip.decompress(body) if path.suffix == ".gz" else body
        frame = pl.read_csv(text, infer_schema=False)
        chosen = [name for name in frame.columns if kept.fullmatch(name)]
        put(root, str(path.relative_to(root)), frame.select(chosen).write_csv().encode())
