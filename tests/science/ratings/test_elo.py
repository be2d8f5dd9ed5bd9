from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.science.ratings.elo import (
    EloParameters,
    MarginRule,
    expected_score,
    margin_multiplier,
    rate,
    rating_log,
    season_opening,
)
from tests.oracles.ratings import SlowElo, in_order
from tests.science.ratings.made_results import made_results, results

PLAIN = EloParameters(k=20, home_advantage=65, carry_over=2 / 3)
FIVETHIRTYEIGHT = replace(PLAIN, margin_rule=MarginRule.FOOTBALL, newcomer=1300)
FOUR = ["home_elo", "away_elo", "home_elo_after", "away_elo_after"]


def four(rated: pl.DataFrame, row: int) -> list[float]:
    return list(rated.select(FOUR).row(row))


def test_the_first_game_of_the_published_football_ratings_comes_out_as_published() -> None:
    """Rock Island 48, St Paul 0, 26 September 1920: 1503.947 and 1300 became 1516.108 and 1287.838."""
    gap = 1503.947 - 1300 + 65
    assert expected_score(gap) == pytest.approx(0.824651, abs=1e-6)
    moved = 20 * margin_multiplier(MarginRule.FOOTBALL, 48.0, gap) * (1 - expected_score(gap))
    assert 1503.947 + moved == pytest.approx(1516.108, abs=1e-3)
    assert 1300 - moved == pytest.approx(1287.838, abs=1e-3)


def test_the_update_reproduces_a_century_of_published_ratings(test_data: Path) -> None:
    """FiveThirtyEight's series, 1920 to 2023, but for two Super Bowls it plays with another home advantage."""
    published = pl.read_csv(
        test_data / "data/nfl/neilpaine_NFL-elo-ratings.csv.gz", infer_schema_length=None, null_values="NA"
    ).unique("Game ID", keep="first", maintain_order=True)
    wrong = 0
    for game in published.to_dicts():
        advantage = 0 if game["neutral"] else 65 if game["is_home"] else -65
        gap = game["elo1_pre"] - game["elo2_pre"] + advantage
        margin = float(game["score1"] - game["score2"])
        result = 0.5 + 0.5 * np.sign(margin)
        moved = 20 * margin_multiplier(MarginRule.FOOTBALL, margin, gap) * (result - expected_score(gap))
        wrong += abs(game["elo1_pre"] + moved - game["elo1_post"]) > 0.01
    assert published.height > 17_000
    assert wrong <= 2


@settings(max_examples=25)
@given(
    st.sampled_from([NFL, EPL]),
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.sampled_from(list(MarginRule)),
    st.floats(0, 1),
)
def test_ratings_equal_a_dictionary_reference_on_random_leagues(
    league: object, seed: int, seasons: int, rule: MarginRule, carry_over: float
) -> None:
    code = "NFL" if league is NFL else "EPL"
    parameters = replace(EloParameters.of(NFL if league is NFL else EPL), margin_rule=rule, carry_over=carry_over)
    games = made_results(code, seed, seasons=seasons, teams=6, weeks=5)
    slow = SlowElo(parameters, first_season=games["season"].min())
    reference = [slow.play(game) for game in in_order(games.to_dicts())]
    np.testing.assert_allclose(rate(games, parameters).select(FOUR).to_numpy(), reference, rtol=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_nothing_not_even_the_last_bit(seed: int) -> None:
    games = made_results("NFL", 5)
    assert rate(games, PLAIN).equals(rate(games.sample(fraction=1, shuffle=True, seed=seed), PLAIN))


@given(st.integers(0, 2**32 - 1))
def test_what_one_side_gains_the_other_loses(seed: int) -> None:
    rated = rate(made_results("EPL", seed, seasons=2), EloParameters.of(EPL))
    before = rated["home_elo"] + rated["away_elo"]
    after = rated["home_elo_after"] + rated["away_elo_after"]
    np.testing.assert_allclose(before, after, rtol=1e-14)


def test_an_even_game_on_neutral_ground_moves_half_of_k() -> None:
    rated = rate(results((2000, 1, 2, 10, 3), neutral=True), PLAIN)
    assert four(rated, 0) == [1500, 1500, 1510, 1490]


def test_at_home_a_win_is_worth_less_than_half_of_k() -> None:
    rated = rate(results((2000, 1, 2, 10, 3)), PLAIN)
    assert rated["home_elo_after"][0] == pytest.approx(1500 + 20 * (1 - expected_score(65)))
    assert rated["home_elo_after"][0] < 1510


def test_a_draw_takes_points_from_the_favourite() -> None:
    rated = rate(results((2000, 1, 2, 1, 1)), EloParameters.of(EPL))
    assert rated["home_elo_after"][0] == pytest.approx(1500 + 20 * (0.5 - expected_score(65)))


def test_a_bigger_win_moves_more_and_a_favourites_win_less() -> None:
    assert margin_multiplier(MarginRule.FOOTBALL, 21.0, 0.0) > margin_multiplier(MarginRule.FOOTBALL, 3.0, 0.0)
    assert margin_multiplier(MarginRule.FOOTBALL, 7.0, 200.0) < margin_multiplier(MarginRule.FOOTBALL, -7.0, 200.0)
    assert margin_multiplier(MarginRule.GOALS, 3.0, 0.0) == pytest.approx(np.log(4))
    assert margin_multiplier(MarginRule.GOALS, 0.0, 0.0) == 1.0
    assert margin_multiplier(MarginRule.NONE, 40.0, 0.0) == 1.0


def test_between_seasons_a_rating_moves_part_of_the_way_to_the_mean() -> None:
    rated = rate(results((2000, 1, 2, 9, 0), (2001, 1, 2, 0, 0), neutral=True), PLAIN)
    assert four(rated, 1)[:2] == pytest.approx([1500 + 2 / 3 * 10, 1500 - 2 / 3 * 10])


def test_founders_start_at_the_mean_and_those_who_join_later_as_newcomers() -> None:
    rated = rate(results((2000, 1, 2, 1, 0), (2001, 1, 3, 1, 0)), FIVETHIRTYEIGHT)
    assert four(rated, 0)[:2] == [1500, 1500]
    assert four(rated, 1)[1] == 1300


def test_a_side_back_after_a_season_away_is_a_newcomer_again() -> None:
    rated = rate(results((2000, 1, 2, 30, 0), (2001, 2, 3, 1, 0), (2002, 1, 2, 1, 0)), PLAIN)
    assert four(rated, 2)[0] == PLAIN.newcomer
    assert four(rated, 2)[1] != PLAIN.newcomer


def test_the_first_season_may_be_told_when_its_results_are_not_all_there() -> None:
    late = results((2001, 1, 2, 1, 0))
    assert four(rate(late, PLAIN), 0)[:2] == [1500, 1500]
    assert four(rate(late, PLAIN, first_season=2000), 0)[:2] == [1400, 1400]


def test_results_take_effect_in_the_order_they_become_known() -> None:
    games = results((2000, 1, 2, 9, 0), (2000, 1, 3, 9, 0), neutral=True)
    late = games.with_columns(
        pl.when(pl.col("game_id") == 0).then(pl.col("known_at") + timedelta(days=30)).otherwise("known_at")
    )
    assert rate(games, PLAIN)["game_id"].to_list() == [0, 1]
    assert rate(late, PLAIN)["game_id"].to_list() == [1, 0]
    assert four(rate(late, PLAIN), 0) == [1500, 1500, 1510, 1490]


def test_the_log_states_both_sides_of_each_game_home_first() -> None:
    log = rating_log(rate(results((2000, 7, 8, 3, 0), (2000, 8, 9, 1, 2), neutral=True), PLAIN))
    assert log["team"].to_list() == [7, 8, 8, 9]
    assert log["opponent"].to_list() == [8, 7, 9, 8]
    assert log["elo"].to_list()[:2] == [1510, 1490]
    assert log["elo_before"].to_list()[2] == 1490
    assert log["opponent_elo_before"].to_list()[3] == 1490


def test_opening_a_season_follows_the_rule_the_replay_applies() -> None:
    rows = pl.DataFrame(
        {
            "elo": [1600.0, 1600.0, 1600.0, None, None],
            "last": [2003, 2002, 2001, None, None],
            "season": [2003, 2003, 2003, 2003, 2000],
        }
    )
    opening = season_opening(pl.col("elo"), pl.col("last"), pl.col("season"), PLAIN, first_season=2000)
    assert rows.select(opening).to_series().to_list() == pytest.approx([1600, 1500 + 2 / 3 * 100, 1400, 1400, 1500])


def test_no_results_make_no_ratings() -> None:
    nothing = results().clear()
    assert rate(nothing, PLAIN).is_empty()
    assert rating_log(rate(nothing, PLAIN)).is_empty()


def test_results_without_a_column_or_a_score_are_refused() -> None:
    games = results((2000, 1, 2, 1, 0))
    with pytest.raises(InvalidValue, match="lack neutral"):
        rate(games.drop("neutral"), PLAIN)
    with pytest.raises(InvalidValue, match="without a score"):
        rate(games.with_columns(pl.lit(None, pl.Int32).alias("home_score")), PLAIN)


def test_a_leagues_parameters_come_from_its_declaration() -> None:
    parameters = EloParameters.of(EPL)
    assert (parameters.k, parameters.home_advantage, parameters.carry_over) == (20, 65, 0.8)
    assert parameters.margin_rule is MarginRule.GOALS
    assert EloParameters.of(NFL).newcomer == 1300
