from __future__ import annotations

import polars as pl
import pytest

from ai_pro_sports.science.features.windows import ema_last, if_recent, mean_last, season_total, with_season

LOG = pl.DataFrame(
    {
        "team": [1, 2, 1, 1, 2, 1],
        "season": [2000, 2000, 2000, 2000, 2001, 2001],
        "margin": [3, 10, -1, 4, 20, 6],
    }
)


def test_a_mean_of_the_last_games_takes_what_there_is_until_there_are_enough() -> None:
    assert LOG.select(mean_last("margin", 2)).to_series().to_list() == [3.0, 10.0, 1.0, 1.5, 15.0, 5.0]


def test_an_exponential_mean_weighs_the_last_game_most_and_sums_to_one() -> None:
    found = LOG.select(ema_last("margin", 2)).to_series().to_list()
    assert found[0] == 3.0
    assert found[2] == pytest.approx((-1 + 3 / 3) / (1 + 1 / 3))
    assert found[5] == pytest.approx((6 + 4 / 3) / (1 + 1 / 3))
    same = LOG.with_columns(margin=pl.lit(2.5)).select(ema_last("margin", 4)).to_series()
    assert same.to_list() == pytest.approx([2.5] * LOG.height)


def test_a_season_total_starts_anew_each_season() -> None:
    assert LOG.select(season_total("margin")).to_series().to_list() == [3.0, 10.0, 2.0, 6.0, 20.0, 6.0]


def test_no_window_sees_a_later_row() -> None:
    for window in (mean_last("margin", 3), ema_last("margin", 3), season_total("margin")):
        whole = LOG.select(window).to_series()
        for height in range(1, LOG.height):
            assert LOG.head(height).select(window).to_series().equals(whole.head(height))


def test_a_value_is_recent_by_seasons() -> None:
    row = LOG.select(with_season(pl.col("margin")).alias("reading")).with_columns(season=pl.lit(2001))
    assert row.select(if_recent(pl.col("reading"))).to_series().null_count() == 0
    assert row.select(if_recent(pl.col("reading"), seasons_ago=0)).to_series().null_count() == 4
    later = row.with_columns(season=pl.lit(2003))
    assert later.select(if_recent(pl.col("reading"))).to_series().null_count() == LOG.height
