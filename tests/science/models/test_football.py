import numpy as np
import polars as pl
import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.models.football import Football
from tests.science.models.worlds import FEATURES, football_law, football_world

MODEL = Football(FEATURES, penalty=5.0, half_life_days=None)


@pytest.fixture(scope="module")
def world():
    return football_world(seasons=12, games=250)


@pytest.fixture(scope="module")
def fitted(world):
    return MODEL.fit(world)


def test_the_truth_of_an_invented_league_is_found(world, fitted):
    forecasts, truth = fitted.forecast(world[:200]), football_law(world[:200])
    assert np.abs(forecasts.law.win() - truth.win()).mean() < 0.02
    np.testing.assert_allclose(forecasts.law.moments()["margin_mean"], truth.moments()["margin_mean"], atol=1.5)
    assert fitted.margin.sd == pytest.approx(truth.moments()["margin_sd"].mean(), rel=0.05)
    assert forecasts.law.cover(-3.0).push.mean() == pytest.approx(truth.cover(-3.0).push.mean(), rel=0.15)


def test_the_totals_of_the_laws_are_right_on_average(world, fitted):
    forecasts = fitted.forecast(world[:1000])
    totals = (world["home_score"] + world["away_score"])[:1000].to_numpy()
    assert forecasts.law.moments()["total_mean"].mean() == pytest.approx(totals.mean(), abs=1.0)


def test_forecasts_are_of_the_games_handed_in_and_the_same_every_time(world, fitted):
    again = MODEL.fit(world).forecast(world[10:20])
    first = fitted.forecast(world[10:20])
    assert first.game_ids.tolist() == world["game_id"][10:20].to_list()
    np.testing.assert_array_equal(first.law.mass, again.law.mass)
    assert first.result_market is MODEL.result_market is MarketKind.MONEYLINE
    np.testing.assert_allclose(first.law.mass[3], fitted.forecast(world[13:14]).law.mass[0], atol=1e-15)


def test_scores_of_the_games_to_forecast_are_not_looked_at(world, fitted):
    unplayed = world[:5].drop("home_score", "away_score", "starts_at", "season")
    np.testing.assert_array_equal(fitted.forecast(unplayed).law.mass, fitted.forecast(world[:5]).law.mass)


def test_games_without_a_score_teach_nothing(world, fitted):
    unplayed = world.with_columns(home_score=pl.lit(None, dtype=pl.Int32), away_score=pl.lit(None, dtype=pl.Int32))
    assert MODEL.fit(pl.concat([world, unplayed])) == fitted


def test_a_missing_feature_is_forecast_from_the_others_and_counted(world, fitted):
    gap = world[:3].with_columns(strength_home=pl.lit(None, dtype=pl.Float64))
    forecasts = fitted.forecast(gap)
    assert forecasts.missing.tolist() == [1, 1, 1]
    average = world[:3].with_columns(strength_home=pl.lit(fitted.design.means[0]))
    np.testing.assert_allclose(forecasts.law.mass, fitted.forecast(average).law.mass, atol=1e-12)


def test_games_played_until_somebody_wins_have_no_tie(world):
    games = world.with_columns(playoff=pl.Series([1.0, 0.0, None] * (world.height // 3)))
    fitted = Football(FEATURES, no_tie_feature="playoff").fit(games)
    draws = fitted.forecast(games[:3]).law.draw()
    assert draws[0] == 0
    assert (draws[1:] > 0).all()


def test_no_expectation_leaves_what_was_seen(fitted):
    wild = pl.DataFrame(
        {"game_id": [1, 2], "strength_home": [1e4, -1e4], "strength_away": [-1e4, 1e4], "noise": [1e4, -1e4]}
    )
    moments = fitted.forecast(wild).law.moments()
    assert (np.abs(moments["margin_mean"]) < fitted.margin_seen + 10).all()
    assert (moments["total_mean"] < fitted.total_seen[1] + 15).all()


def test_recent_games_count_more(world):
    drifted = world.with_columns(
        home_score=pl.col("home_score") + pl.when(pl.col("season") > 2008).then(10).otherwise(0)
    )
    flat = Football(FEATURES, half_life_days=None).fit(drifted)
    recent = Football(FEATURES, half_life_days=300.0).fit(drifted)
    assert recent.margin.intercept > flat.margin.intercept + 3


def test_a_frame_without_what_is_needed_is_refused(world):
    with pytest.raises(InvalidValue, match="lacks starts_at"):
        MODEL.fit(world.drop("starts_at"))
    with pytest.raises(InvalidValue, match="lacks features noise"):
        MODEL.fit(world.drop("noise"))
    with pytest.raises(InvalidValue, match="no finished games"):
        MODEL.fit(world.clear())
