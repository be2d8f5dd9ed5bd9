"""The catalogue on real seasons: clean, filled, and as fast as serving needs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.core.contracts import GAMES, QUOTES, UTC_TIME
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.science.features import History, build
from ai_pro_sports.science.features.audit import audit


def _id(kind: str, name: pl.Expr) -> pl.Expr:
    return name.map_elements(lambda text: stable_id(kind, text), return_dtype=pl.Int64)


@pytest.fixture(scope="module")
def nfl(test_data: Path) -> History:
    """Every NFL game of the nflverse schedule, with its spread as an opening and as a closing line."""
    table = pl.read_csv(test_data / "data/nfl/nflverse_games.csv.gz", infer_schema_length=None)
    local = pl.concat_str("gameday", pl.col("gametime").fill_null("13:00"), separator=" ").str.to_datetime(
        "%Y-%m-%d %H:%M"
    )
    starts_at = local.dt.replace_time_zone("America/New_York").dt.convert_time_zone("UTC").cast(UTC_TIME)
    moved = pl.col("home_team", "away_team").replace({"OAK": "LV", "SD": "LAC", "STL": "LA"})
    games = table.with_columns(moved).select(
        _id("game", pl.col("game_id")).alias("game_id"),
        pl.lit("NFL").alias("league"),
        pl.lit("nflverse").alias("source"),
        pl.col("game_id").alias("external_id"),
        _id("team", pl.col("home_team")).alias("home_team"),
        _id("team", pl.col("away_team")).alias("away_team"),
        pl.col("season").cast(pl.Int32),
        starts_at.alias("starts_at"),
        pl.lit(value=False).alias("start_is_date_only"),
        pl.lit("final").alias("status"),
        pl.col("home_score", "away_score").cast(pl.Int32),
        (pl.col("location") == "Neutral").alias("neutral"),
        pl.col("game_type").alias("round"),
        pl.col("week").cast(pl.Int32),
        (starts_at + timedelta(hours=4)).alias("result_known_at"),
    )
    about = games.select("game_id", "starts_at").hstack(table.select(-pl.col("spread_line").cast(pl.Float64)))
    quotes = [
        about.select(
            "game_id",
            pl.lit("nflverse").alias("book"),
            pl.lit("spread").alias("market"),
            pl.lit("full").alias("period"),
            pl.col("spread_line").alias("line"),
            pl.lit(side).alias("side"),
            pl.lit(None, pl.Float64).alias("price"),
            pl.lit(None, pl.Int32).alias("price_american"),
            pl.lit(moment).alias("moment"),
            (pl.col("starts_at") - timedelta(hours=lead)).alias("known_at"),
        )
        for side in ("home", "away")
        for moment, lead in (("open", 24), ("close", 0))
    ]
    return History(games.select(GAMES.columns.keys()), pl.concat(quotes).select(QUOTES.columns.keys()))


def test_the_catalogue_is_clean_on_every_nfl_game(nfl: History) -> None:
    found = audit(nfl, seed=2024, cuts=4)
    assert found.is_clean, str(found)
    assert found.cells > 1_000_000


def test_rest_days_agree_with_the_schedules_own(nfl: History, test_data: Path) -> None:
    """Its season openers say 7 where ours say 14; its other values are capped at nothing."""
    table = pl.read_csv(test_data / "data/nfl/nflverse_games.csv.gz", infer_schema_length=None)
    theirs = table.select(_id("game", pl.col("game_id")).alias("game_id"), "home_rest", "away_rest", "week")
    both = build(nfl, nfl.games).join(theirs, on="game_id").filter(pl.col("week") > 1)
    for side in ("home", "away"):
        ours, published = pl.col(f"rest_{side}_days_now"), pl.col(f"{side}_rest").clip(upper_bound=14)
        assert both.select((ours == published).mean()).item() > 0.98


def test_ratings_and_lines_point_the_right_way(nfl: History) -> None:
    built = build(nfl, nfl.games).join(nfl.games, on="game_id")
    margin = pl.col("home_score") - pl.col("away_score")
    found = built.select(
        elo=pl.corr(pl.col("team_elo_win_prob_now"), margin),
        expected=pl.corr(pl.col("adv_home_expected_score_game") - pl.col("adv_away_expected_score_game"), margin),
        spread=pl.corr(-pl.col("line_spread_now"), margin),
        total=pl.corr(
            pl.col("adv_home_expected_score_game") + pl.col("adv_away_expected_score_game"),
            pl.col("home_score") + pl.col("away_score"),
        ),
        level=pl.col("adv_home_expected_score_game").mean() / pl.col("home_score").mean(),
    ).to_dicts()[0]
    assert 0.30 < found["elo"] < found["spread"] < 0.50
    assert 0.30 < found["expected"] < found["spread"]
    assert found["total"] > 0.15
    assert found["level"] == pytest.approx(1.0, abs=0.02)


def test_nearly_every_row_is_filled(nfl: History) -> None:
    built = (
        build(nfl, nfl.games).join(nfl.games.select("game_id", "season"), on="game_id").filter(pl.col("season") > 1999)
    )
    empty_for_want_of_prices = {"line_home_prob_now", "line_total_open", "line_total_now", "line_total_move_open"}
    for name in built.columns:
        if name not in empty_for_want_of_prices:
            assert built[name].null_count() < 0.09 * built.height, name
