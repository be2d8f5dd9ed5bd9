import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.models.goals import RATES, Goals, fit_rho
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from tests.science.models.worlds import FEATURES, RHO, drawn, soccer_law, soccer_rates, soccer_world

MODEL = Goals(FEATURES, penalty=5.0, half_life_days=None)


@pytest.fixture(scope="module")
def world():
    return soccer_world(seasons=10, games=380)


@pytest.fixture(scope="module")
def fitted(world):
    return MODEL.fit(world)


def test_the_truth_of_an_invented_league_is_found(world, fitted):
    forecasts, truth = fitted.forecast(world[:300]), soccer_law(world[:300])
    assert np.abs(forecasts.result() - truth.three_way()).mean() < 0.015
    assert fitted.rho == pytest.approx(RHO, abs=0.05)
    assert forecasts.result_market is MODEL.result_market is MarketKind.THREE_WAY
    assert forecasts.law.over(2.5).win.mean() == pytest.approx(truth.over(2.5).win.mean(), abs=0.02)


def test_rho_is_the_maximum_of_the_whole_likelihood():
    generator = np.random.default_rng(3)
    home_rate, away_rate = generator.uniform(0.8, 2.0, 400), generator.uniform(0.6, 1.6, 400)
    home, away = drawn(generator, goal_grid(home_rate, away_rate, -0.08))

    def loss(rho):
        law = goal_grid(home_rate, away_rate, rho, max_goals=20)
        return -np.log(law.mass[np.arange(400), home, away]).sum()

    slow = minimize_scalar(loss, bounds=(-0.25, 0.25), method="bounded", options={"xatol": 1e-8}).x
    rho = fit_rho(home_rate, away_rate, home.astype(float), away.astype(float), np.ones(400))
    assert rho == pytest.approx(slow, abs=1e-4)


def test_without_a_low_score_there_is_nothing_to_learn_about_them():
    rates, high = np.ones(3), np.full(3, 4.0)
    assert fit_rho(rates, rates, high, high, np.ones(3)) == 0.0


def test_forecasts_are_the_same_every_time_and_do_not_depend_on_the_batch(world, fitted):
    first, again = fitted.forecast(world[10:20]), MODEL.fit(world).forecast(world[10:20])
    np.testing.assert_array_equal(first.law.mass, again.law.mass)
    np.testing.assert_allclose(first.law.mass[3], fitted.forecast(world[13:14]).law.mass[0], rtol=1e-10, atol=1e-300)


def test_expected_goals_are_held_inside_what_has_been_seen(fitted):
    wild = pl.DataFrame(
        {"game_id": [1, 2], "strength_home": [99.0, -99.0], "strength_away": [0.0, 0.0], "noise": [0.0] * 2}
    )
    law = fitted.forecast(wild).law
    home_goals = law.mass.sum(axis=2) @ np.arange(31)
    assert home_goals == pytest.approx([RATES[1], RATES[0]], rel=0.01)


def test_a_missing_feature_is_counted_and_filled(world, fitted):
    gap = world[:2].with_columns(noise=pl.lit(float("nan")))
    assert fitted.forecast(gap).missing.tolist() == [1, 1]
    assert len(fitted.forecast(world.clear())) == 0


def test_the_marginal_goals_of_a_side_are_poisson(world, fitted):
    home_rate, _ = soccer_rates(world[:1])
    seen = fitted.forecast(world[:1]).law.mass[0].sum(axis=1)
    assert np.abs(seen - poisson.pmf(np.arange(31), home_rate)).max() < 0.03


def test_a_frame_without_what_is_needed_is_refused(world):
    with pytest.raises(InvalidValue, match="lacks home_score"):
        MODEL.fit(world.drop("home_score"))
    with pytest.raises(InvalidValue, match="lacks features noise"):
        MODEL.fit(world.drop("noise"))
