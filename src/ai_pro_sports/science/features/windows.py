"""Windows over a log: expressions that say, on each row, what the rows of the same entity up to it amount to.

They run in the order of effect the engine gives the rows, so a window never holds a later row. Divide with `ratio`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from ai_pro_sports.science.ratings.ratio import ratio

__all__ = ["TEAM", "TEAM_SEASON", "YEAR", "ema_last", "if_recent", "mean_last", "season_total", "with_season"]

TEAM = ("team",)
TEAM_SEASON = ("team", "season")
YEAR = timedelta(days=365, hours=6)


def mean_last(column: str, games: int, by: Sequence[str] = TEAM) -> pl.Expr:
    """Return the mean of the last `games` values, of as many as there are before that."""
    return pl.col(column).cast(pl.Float64).rolling_mean(games, min_samples=1).over(by)


def ema_last(column: str, games: int, by: Sequence[str] = TEAM) -> pl.Expr:
    """Return the exponential mean (alpha 2 / (games + 1)) of the last `games` values, weights summing to one."""
    alpha = 2 / (games + 1)
    value = pl.col(column).cast(pl.Float64)
    total, weight = pl.lit(0.0), pl.lit(0.0)
    for age in range(games):
        share, aged = (1 - alpha) ** age, value.shift(age)
        total += aged.fill_null(0.0) * share
        weight += aged.is_not_null() * share
    return ratio(total, weight).over(by)


def season_total(column: str) -> pl.Expr:
    """Return the sum of the season so far."""
    return pl.col(column).cast(pl.Float64).cum_sum().over(TEAM_SEASON)


def with_season(value: pl.Expr) -> pl.Expr:
    """Return `value` with the season it stands for, so that `if_recent` can tell its age."""
    return pl.struct(value.alias("value"), pl.col("season"))


def if_recent(reading: pl.Expr, seasons_ago: int = 1) -> pl.Expr:
    """Return the value of a `with_season` reading, null when it is more than `seasons_ago` seasons old."""
    is_recent = pl.col("season") - reading.struct.field("season") <= seasons_ago
    return pl.when(is_recent).then(reading.struct.field("value"))
