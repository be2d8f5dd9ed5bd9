from __future__ import annotations

import polars as pl
import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.ratings.results import Arrival, arrivals, in_order, number_teams, team_rows
from tests.science.ratings.made_results import results


def test_ties_in_time_are_broken_by_start_and_then_by_id() -> None:
    games = results((2000, 1, 2, 0, 0), (2000, 3, 4, 0, 0), (2000, 5, 6, 0, 0))
    together = games.with_columns(pl.col("known_at").max(), pl.Series("starts_at", games["starts_at"].to_list()[::-1]))
    assert in_order(together.reverse())["game_id"].to_list() == [2, 1, 0]
    same = together.with_columns(pl.col("starts_at").max())
    assert in_order(same.reverse())["game_id"].to_list() == [0, 1, 2]


def test_results_must_be_whole() -> None:
    with pytest.raises(InvalidValue, match="known_at, home_score"):
        in_order(results((2000, 1, 2, 0, 0)).drop("known_at", "home_score"))


def test_teams_are_numbered_in_ascending_order_of_id() -> None:
    numbered = number_teams(results((2000, 30, 10, 0, 0), (2000, 20, 30, 0, 0)))
    assert numbered.teams.tolist() == [10, 20, 30]
    assert (numbered.home.tolist(), numbered.away.tolist()) == ([2, 1], [0, 2])


def test_each_game_becomes_two_rows_with_the_sides_own_values() -> None:
    rows = team_rows(results((2000, 1, 2, 7, 3)), {"made": pl.col("home_score")}, {"made": pl.col("away_score")})
    assert rows.select("team", "opponent", "made").rows() == [(1, 2, 7), (2, 1, 3)]


def test_a_side_founds_stays_returns_or_joins() -> None:
    games = results((2000, 1, 2, 0, 0), (2000, 1, 2, 0, 0), (2001, 1, 3, 0, 0), (2002, 2, 1, 0, 0), (2003, 3, 2, 0, 0))
    f, s, r, j = Arrival.FOUNDS, Arrival.STAYS, Arrival.RETURNS, Arrival.JOINS
    assert arrivals(games, 2000).tolist() == [[f, f], [s, s], [r, j], [j, r], [j, r]]
