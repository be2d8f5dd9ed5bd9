"""Features that know the future, each in a way real feature code does. Nothing of the product imports them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ai_pro_sports.science.features.declared import Entity, Feature, Reading, Record, ResultLog, Side, sided
from ai_pro_sports.science.features.windows import mean_last
from ai_pro_sports.science.ratings.results import team_rows

LEAGUES = ("NFL", "soccer")


def _margins(record: Record, known_at: pl.Expr) -> pl.DataFrame:
    margin = pl.col("home_score") - pl.col("away_score")
    results = record.results.with_columns(known_at.alias("known_at"))
    return team_rows(results, {"margin": margin}, {"margin": -margin})


def _same_day(record: Record) -> pl.DataFrame:
    """The day's results count from the morning of the day: a join on the date."""
    return _margins(record, pl.col("starts_at").dt.truncate("1d"))


def _stamped_early(record: Record) -> pl.DataFrame:
    """A box score stamped two hours before the start: the start read in the wrong time zone."""
    return _margins(record, pl.col("starts_at") - timedelta(hours=2))


def _season_means(record: Record) -> pl.DataFrame:
    """The mean of the whole season, stated from its first day: a group-by joined back."""
    rows = _margins(record, pl.col("known_at"))
    opening = record.games.group_by("season").agg(pl.col("starts_at").min().alias("opening"))
    means = rows.group_by("team", "season").agg(pl.col("margin").mean()).join(opening, on="season")
    return means.select("team", (pl.col("opening") - timedelta(days=1)).alias("known_at"), "margin").sort("known_at")


def _whole_table(record: Record) -> pl.DataFrame:
    """Margins standardised by the deviation of all results, later ones included; stamped in good order."""
    rows = _margins(record, pl.col("known_at"))
    return rows.with_columns(pl.col("margin") / pl.col("margin").std())


def _closing_lines(record: Record) -> pl.DataFrame:
    """The closing line taken for the current one, two hours before the start when nobody can know it."""
    close = record.quotes.filter((pl.col("market") == "spread") & (pl.col("moment") == "close"))
    lines = close.group_by("game_id").agg(pl.col("line").median())
    games = record.games.join(lines, on="game_id")
    stamp = (pl.col("starts_at") - timedelta(hours=2)).alias("known_at")
    return games.select(pl.col("home_team").alias("team"), stamp, "line").sort("known_at")


def _fixtures_to_come(record: Record) -> pl.DataFrame:
    """How many games a side has left this season, play-offs included: the schedule as it stands at the end."""
    sides = [record.games.select(pl.col(f"{side}_team").alias("team"), "season", "starts_at") for side in Side]
    games = pl.concat(sides).sort("starts_at", "team")
    left = pl.len().over("team", "season") - pl.int_range(1, pl.len() + 1).over("team", "season")
    stamp = (pl.col("starts_at") - timedelta(hours=3)).alias("known_at")
    return games.select("team", stamp, left.cast(pl.Float64).alias("left"))


def _leak(name: str, log: ResultLog, value: pl.Expr) -> tuple[Feature, ...]:
    return sided(
        name,
        definition="A leak, for the auditor to find on the {side} side.",
        leagues=LEAGUES,
        missing="null before the first game",
        readings={"value": Reading(log, value)},
    )


LAST = pl.col("margin").last().over("team")  # not a running value: every row says what the last one says

SAME_DAY_RESULT = _leak(
    "form_{side}_same_day_result_last1", ResultLog("same day", Entity.TEAM, _same_day), pl.col("margin")
)
STAMPED_EARLY = _leak(
    "form_{side}_stamped_early_last5", ResultLog("stamped early", Entity.TEAM, _stamped_early), mean_last("margin", 5)
)
SEASON_WITH_ITS_FUTURE = _leak(
    "form_{side}_whole_margin_season", ResultLog("season means", Entity.TEAM, _season_means), pl.col("margin")
)
WHOLE_TABLE_SCALE = _leak(
    "form_{side}_scaled_margin_last1", ResultLog("whole table", Entity.TEAM, _whole_table), pl.col("margin")
)
CLOSING_AS_CURRENT = _leak(
    "line_{side}_closing_spread_now", ResultLog("closing lines", Entity.TEAM, _closing_lines), pl.col("line")
)[:1]
GAMES_LEFT = _leak(
    "situ_{side}_games_left_season", ResultLog("fixtures to come", Entity.TEAM, _fixtures_to_come), pl.col("left")
)
LAST_OF_ALL = _leak(
    "form_{side}_last_of_all_last1",
    ResultLog("margins", Entity.TEAM, lambda record: _margins(record, pl.col("known_at"))),
    LAST,
)

LEAKS = (
    SAME_DAY_RESULT,
    STAMPED_EARLY,
    SEASON_WITH_ITS_FUTURE,
    WHOLE_TABLE_SCALE,
    CLOSING_AS_CURRENT,
    GAMES_LEFT,
    LAST_OF_ALL,
)
