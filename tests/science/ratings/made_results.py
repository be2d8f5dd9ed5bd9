"""Results of made leagues, in the columns ratings read, and single ones for arithmetic by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from ai_pro_sports.core.contracts import UTC_TIME
from tests.science.leagues_made import made_league

SCHEMA = {
    "game_id": pl.Int64,
    "season": pl.Int32,
    "starts_at": UTC_TIME,
    "known_at": UTC_TIME,
    "home_team": pl.Int64,
    "away_team": pl.Int64,
    "home_score": pl.Int32,
    "away_score": pl.Int32,
    "neutral": pl.Boolean,
}


def made_results(code: str, seed: int, **shape: Any) -> pl.DataFrame:
    """The results of a made league."""
    return made_league(code, seed=seed, quoted=False, **shape).history.results.select(SCHEMA.keys())


def results(*rows: tuple[int, int, int, int, int], neutral: bool = False) -> pl.DataFrame:
    """Results from (season, home team, away team, home score, away score), a week apart, a season a year apart."""
    opening = datetime(2000, 9, 1, 18, tzinfo=UTC)
    made = []
    for number, (season, home, away, home_score, away_score) in enumerate(rows):
        starts_at = opening + timedelta(days=365 * (season - 2000) + 7 * number)
        known_at = starts_at + timedelta(hours=3)
        made.append((number, season, starts_at, known_at, home, away, home_score, away_score, neutral))
    return pl.DataFrame(made, schema=SCHEMA, orient="row")
