"""Texts to typed values: what cannot be read is null, times land in UTC, and rules name what they set aside."""

import json
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.data.sources.cells import (
    as_json,
    day_month_year,
    local_start,
    number,
    played_status,
    set_aside,
    shaped,
    whole,
)
from ai_pro_sports.data.sources.csv_table import ROW


def one(text: str | None, expression: pl.Expr) -> object:
    return pl.DataFrame({"x": [text]}, schema={"x": pl.String}).select(expression.alias("y"))["y"][0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("-110", -110.0),
        ("inf", None),
        ("nan", None),
        ("1e999", None),
        ("", None),
        ("1,5", None),
        (None, None),
    ],
)
def test_a_number_is_finite_or_null(text: str, value: float | None) -> None:
    assert one(text, number("x")) == value


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("3.0", 3), ("3.5", None), ("-2", -2), ("9e99", None), ("#REF!", None)]
)
def test_a_whole_number_is_one_or_null(text: str | None, value: int | None) -> None:
    assert one(text, whole("x")) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14/08/93", date(1993, 8, 14)),
        ("01/01/00", date(2000, 1, 1)),
        ("05/08/2022", date(2022, 8, 5)),
        ("5/8/22", date(2022, 8, 5)),
        ("08/14/2022", None),
        ("30/02/2022", None),
        ("2022-08-05", None),
        ("05/08/202", None),
        ("", None),
    ],
)
def test_dates_of_both_eras_are_read_day_first(text: str, day: date | None) -> None:
    assert one(text, day_month_year("x")) == day


@given(st.dates(date(1993, 1, 1), date(2068, 12, 31)), st.booleans())
def test_every_date_survives_both_ways_of_writing_it(day: date, short: bool) -> None:
    assert one(day.strftime("%d/%m/%y" if short else "%d/%m/%Y"), day_month_year("x")) == day


def start_of(day: date, time: str | None, printed_in: str, league_zone: str) -> tuple[datetime, bool]:
    frame = pl.DataFrame({"d": [day], "t": [time]}, schema={"d": pl.Date, "t": pl.String})
    start, date_only = local_start("d", "t", printed_in=printed_in, league_zone=league_zone)
    [(at, only)] = frame.select(start.alias("at"), date_only.alias("only")).rows()
    return at, only


def test_a_printed_time_is_local_to_where_it_is_printed() -> None:
    at, only = start_of(date(2019, 8, 17), "14:30", "Europe/London", "Europe/Berlin")
    assert (at, only) == (datetime(2019, 8, 17, 13, 30, tzinfo=UTC), False)


@pytest.mark.parametrize("time", [None, "", "25:99", "soon"])
def test_without_a_readable_time_the_day_starts_at_the_leagues_midnight(time: str | None) -> None:
    at, only = start_of(date(2019, 8, 17), time, "Europe/London", "Europe/Berlin")
    assert (at, only) == (datetime(2019, 8, 16, 22, tzinfo=UTC), True)


def test_an_evening_game_in_the_east_is_the_next_day_in_utc() -> None:
    at, _ = start_of(date(2023, 2, 12), "18:30", "America/New_York", "America/New_York")
    assert at == datetime(2023, 2, 12, 23, 30, tzinfo=UTC)


def test_a_time_that_summer_time_skips_falls_back_to_the_day() -> None:
    at, only = start_of(date(2023, 3, 26), "01:30", "Europe/London", "Europe/London")
    assert (at, only) == (datetime(2023, 3, 26, tzinfo=UTC), True)


def test_a_time_that_comes_twice_is_its_first() -> None:
    at, only = start_of(date(2023, 10, 29), "01:30", "Europe/London", "Europe/London")
    assert (at, only) == (datetime(2023, 10, 29, 0, 30, tzinfo=UTC), False)


@pytest.mark.parametrize(
    ("score", "now", "status"),
    [
        (2, datetime(2020, 1, 1, tzinfo=UTC), "final"),
        (None, datetime(2020, 1, 1, tzinfo=UTC), "scheduled"),
        (None, datetime(2020, 1, 11, 20, tzinfo=UTC), "scheduled"),
        (None, datetime(2020, 1, 13, tzinfo=UTC), "postponed"),
    ],
)
def test_a_game_without_a_score_is_coming_until_two_days_after_its_start(
    score: int | None, now: datetime, status: str
) -> None:
    frame = pl.DataFrame({"home_score": [score], "starts_at": [datetime(2020, 1, 10, 20, tzinfo=UTC)]})
    assert frame.select(played_status(pl.lit(now)))[0, 0] == status


def test_rules_set_rows_aside_with_every_reason_and_the_row_as_json() -> None:
    frame = pl.DataFrame({ROW: [1, 2, 3], "a": ["x", None, 'q"'], "b": [None, "1", "2"]})
    good, rejects = set_aside(frame, {"no a": pl.col("a").is_null(), "b is odd": pl.col("b") == "1"}, ["a", "b"])
    assert good[ROW].to_list() == [1, 3]
    assert rejects.rows() == [(2, "no a; b is odd", '{"b": "1"}')]


def test_a_rule_that_cannot_be_judged_does_not_reject() -> None:
    frame = pl.DataFrame({ROW: [1], "a": pl.Series([None], dtype=pl.Int32)})
    good, rejects = set_aside(frame, {"too big": pl.col("a") > 3}, ["a"])
    assert good.height == 1
    assert rejects.is_empty()


def test_rejects_hold_json_whatever_the_cells_hold() -> None:
    cells = ['say "no"', "ü, \\ ’", "\u2028"]
    written = as_json(pl.DataFrame({"a": cells}))
    assert [json.loads(text)["a"] for text in written] == cells


def test_shaped_frames_have_exactly_the_columns_asked_for() -> None:
    frame = pl.DataFrame({"b": [1], "a": [2], "c": [3]})
    assert shaped(frame, {"a": pl.Int32(), "b": pl.String()}).rows() == [(2, "1")]
