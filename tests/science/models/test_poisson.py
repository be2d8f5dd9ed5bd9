import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.models.poisson import poisson_ridge


def world(seed, games=80):
    generator = np.random.default_rng(seed)
    design = generator.normal(size=(games, 2))
    return design, generator.poisson(np.exp(0.3 + 0.4 * design[:, 0])).astype(float), generator.random(games) + 0.1


@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_the_fit_is_the_penalised_maximum_likelihood_of_a_general_optimiser(seed, penalty):
    design, counts, weights = world(seed)
    with_one = np.column_stack([np.ones(80), design])

    def loss(beta):
        eta = with_one @ beta
        return weights @ (np.exp(eta) - counts * eta) + penalty / 2 * (beta[1:] @ beta[1:])

    line = poisson_ridge(design, counts, weights, penalty)
    slow = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    assert loss(np.array([line.intercept, *line.slopes])) <= slow.fun + 1e-7
    np.testing.assert_allclose([line.intercept, *line.slopes], slow.x, atol=1e-4)


def test_the_rates_add_up_to_the_goals_that_were_scored():
    design, counts, weights = world(1)
    line = poisson_ridge(design, counts, weights, 30.0)
    assert weights @ line.predict(design) == pytest.approx(weights @ counts)


def test_whole_weights_are_repeated_games():
    design, counts, _ = world(2)
    times = np.random.default_rng(3).integers(1, 4, size=80)
    weighted = poisson_ridge(design, counts, times.astype(float), 10.0)
    repeated = poisson_ridge(np.repeat(design, times, axis=0), np.repeat(counts, times), np.ones(times.sum()), 10.0)
    np.testing.assert_allclose(weighted.slopes, repeated.slopes, atol=1e-8)


def test_wild_features_cannot_make_it_diverge():
    design = np.array([[0.0], [0.0], [0.0], [60.0]])
    line = poisson_ridge(design, np.array([1.0, 2.0, 0.0, 9.0]), np.ones(4), 1e-6)
    np.testing.assert_allclose(line.predict(design)[-1], 9.0, rtol=1e-3)
    assert np.isfinite(line.predict(np.array([[1e6]]))).all()


def test_games_without_a_goal_teach_nothing():
    with pytest.raises(InvalidValue, match="no goal"):
        poisson_ridge(np.zeros((3, 1)), np.zeros(3), np.ones(3), 1.0)
