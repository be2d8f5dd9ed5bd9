"""Texts to typed values, as Polars expressions: whatever cannot be read becomes null and is judged by a rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.data.sources.csv_table import ROW
from ai_pro_sports.data.sources.source import REJECTS

__all__ = ["as_json", "day_month_year", "local_start", "number", "played_status", "set_aside", "shaped", "whole"]

LATE = timedelta(days=2)
"""How long after its start a game without a score is no longer taken to be coming."""

_DAY_MONTH_YEAR = r"^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$"


def number(column: str) -> pl.Expr:
    """Return the column as float64; what is no finite number becomes null."""
    value = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def whole(column: str) -> pl.Expr:
    """Return the column as int32, reading `3` and `3.0`; anything else becomes null."""
    value = number(column)
    return pl.when((value % 1 == 0) & (value.abs() < 2**31)).then(value).cast(pl.Int32)


def day_month_year(column: str) -> pl.Expr:
    """Return dd/mm/yy and dd/mm/yyyy texts as dates; two-digit years from 69 on are of the last century.

    >>> dates = pl.DataFrame({"d": ["14/08/93", "17/08/2002", "31/02/14", "2014-08-16"]})
    >>> [str(day) for (day,) in dates.select(day_month_year("d")).rows()]
    ['1993-08-14', '2002-08-17', 'None', 'None']
    """
    parts = pl.col(column).str.extract_groups(_DAY_MONTH_YEAR)
    year = parts.struct.field("3")
    century = pl.when(year.str.len_chars() == 4).then(pl.lit("")).when(year >= "69").then(pl.lit("19"))
    full_year = pl.concat_str(century.otherwise(pl.lit("20")), year)
    text = pl.concat_str(parts.struct.field("1"), parts.struct.field("2"), full_year, separator="/")
    return text.str.to_date("%d/%m/%Y", strict=False)


def local_start(day: str, clock_time: str | None, *, printed_in: str, league_zone: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the start in UTC and whether only its day is known.

    `day` is a date column, `clock_time` a column of HH:MM texts in the zone the source prints times in. Where the time
    is missing or unreadable the start is midnight of the league's own zone.
    """
    midnight = _localised(pl.col(day).cast(pl.Datetime("us")), league_zone)
    if clock_time is None:
        return midnight, pl.lit(value=True)
    time = pl.col(clock_time).str.to_time("%H:%M", strict=False)
    start = _localised(pl.col(day).dt.combine(time), printed_in)
    return pl.coalesce(start, midnight), start.is_null()


def _localised(naive: pl.Expr, zone: str) -> pl.Expr:
    """Return the local time in UTC; an hour that summer time skips becomes null, of a repeated one the first counts."""
    return naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def played_status(fetched_at: pl.Expr) -> pl.Expr:
    """Return `final` with a score; without one, `scheduled`, or `postponed` two days after the start has passed.

    Reads columns `home_score` and `starts_at`.
    """
    return (
        pl.when(pl.col("home_score").is_not_null())
        .then(pl.lit(str(GameStatus.FINAL)))
        .when(pl.col("starts_at") + LATE < fetched_at)
        .then(pl.lit(str(GameStatus.POSTPONED)))
        .otherwise(pl.lit(str(GameStatus.SCHEDULED)))
    )


def set_aside(frame: pl.DataFrame, rules: dict[str, pl.Expr], shown: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split `frame` into the rows that break no rule and a frame of rejects.

    `rules` maps a reason to the expression that is true where it applies; `shown` are the columns written into the
    reject's content.
    """
    broken = [pl.when(rule.fill_null(value=False)).then(pl.lit(reason)) for reason, rule in rules.items()]
    judged = frame.with_columns(pl.concat_str(broken, separator="; ", ignore_nulls=True).alias("__reason"))
    bad = judged.filter(pl.col("__reason") != "")
    rejects = bad.select(
        pl.col(ROW).alias("row"),
        pl.col("__reason").alias("reason"),
        pl.Series("content", as_json(bad.select(shown)), dtype=pl.String),
    )
    return judged.filter(pl.col("__reason") == "").drop("__reason"), shaped(rejects, REJECTS)


def shaped(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return exactly these columns of `frame`, in this order and of these types."""
    return frame.select(pl.col(name).cast(kind) for name, kind in columns.items())


def as_json(frame: pl.DataFrame) -> list[str]:
    """Return each row as a JSON object without its empty cells; for rejects, which are few."""
    return [
        json.dumps({column: value for column, value in row.items() if value is not None}, ensure_ascii=False)
        for row in frame.iter_rows(named=True)
    ]
