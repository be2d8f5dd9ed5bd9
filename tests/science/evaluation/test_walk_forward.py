import numpy as np
import polars as pl
import pytest

from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.evaluation.walk_forward import walk_forward
from ai_pro_sports.science.models.calibration import fit_calibrator
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.forecaster import outcomes
from ai_pro_sports.science.models.goals import Goals
from tests.science.models.worlds import FEATURES, football_world, soccer_world

MODEL = Goals(FEATURES)
RESULT = ["p_home", "p_draw", "p_away"]


@pytest.fixture(scope="module")
def world():
    return soccer_world(seasons=6, games=150)


@pytest.fixture(scope="module")
def walk(world):
    return walk_forward(MODEL, world, min_training=2)


def test_every_game_after_the_training_seasons_is_forecast_once(world, walk):
    tested = world.filter(pl.col("season") >= 2002)
    assert walk.games["game_id"].to_list() == tested["game_id"].to_list()
    assert walk.training_games == 300
    assert walk.sides == ("home", "draw", "away")
    assert walk.games["outcome"].to_list() == outcomes(tested, MarketKind.THREE_WAY).tolist()


def test_the_base_rate_of_a_season_is_the_frequency_of_the_seasons_before_it(world, walk):
    for season in (2002, 2005):
        before = outcomes(world.filter(pl.col("season") < season), MarketKind.THREE_WAY)
        wanted = np.bincount(before, minlength=3) / before.size
        said = walk.games.filter(pl.col("season") == season).select("base_home", "base_draw", "base_away")
        np.testing.assert_allclose(said.to_numpy(), np.tile(wanted, (150, 1)))


def test_the_calibrator_of_a_season_has_seen_earlier_forecasts_only(walk):
    assert [c.games for c in walk.calibrators.values()] == [0, 150, 300, 450]
    assert [c.method for c in walk.calibrators.values()] == ["none", "none", "temperature", "temperature"]
    early = walk.games.filter(pl.col("season") < 2004)
    raw = early.select("raw_home", "raw_draw", "raw_away").to_numpy()
    assert walk.calibrators[2004] == fit_calibrator(raw, early["outcome"].to_numpy())


def test_calibrated_probabilities_are_the_raw_ones_through_the_seasons_calibrator(walk):
    for season, calibrator in walk.calibrators.items():
        games = walk.games.filter(pl.col("season") == season)
        raw = games.select("raw_home", "raw_draw", "raw_away").to_numpy()
        np.testing.assert_allclose(games.select(RESULT).to_numpy(), calibrator.apply(raw), atol=1e-12)


def test_results_of_a_season_cannot_change_its_own_forecast_or_an_earlier_one(world, walk):
    swapped = pl.col("season") >= 2004
    changed = world.with_columns(
        home_score=pl.when(swapped).then("away_score").otherwise("home_score"),
        away_score=pl.when(swapped).then("home_score").otherwise("away_score"),
    )
    again = walk_forward(MODEL, changed, min_training=2)
    untouched = pl.col("season") <= 2004
    columns = ["game_id", *RESULT, "base_home", "margin_mean", "total_sd"]
    assert walk.games.filter(untouched).select(columns).equals(again.games.filter(untouched).select(columns))
    assert not walk.games.select(columns).equals(again.games.select(columns))


def test_a_two_way_market_leaves_ties_undecided_and_out_of_rates_and_calibration():
    world = football_world(seasons=4, games=100)
    tied = world.with_columns(
        home_score=pl.when(pl.col("game_id") % 10 == 0).then("away_score").otherwise("home_score")
    )
    walk = walk_forward(Football(FEATURES), tied, min_training=2)
    games = walk.games
    assert (games["outcome"] == -1).sum() >= 20
    assert walk.calibrators[2003].games == (games.filter(pl.col("season") == 2002)["outcome"] != -1).sum()
    assert (games["base_home"] + games["base_away"]).to_list() == pytest.approx([1] * games.height)
    assert (games["p_home"] + games["p_away"]).to_list() == pytest.approx([1] * games.height)


def test_the_method_of_calibration_can_be_named(world):
    walk = walk_forward(MODEL, world, min_training=4, calibration="vector")
    assert {c.method for c in walk.calibrators.values()} == {"vector"}


def test_too_little_history_is_said(world):
    with pytest.raises(NothingToDo, match="none to test"):
        walk_forward(MODEL, world, min_training=6)
