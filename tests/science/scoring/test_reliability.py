from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import binomtest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.scoring.bootstrap import BlockBootstrap
from ai_pro_sports.science.scoring.reliability import (
    calibration_error,
    calibration_line,
    error_if_calibrated,
    pooled,
    reliability,
)


def simulated(games, *, classes=2, seed=1):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(classes, 3.0), size=games)
    outcomes = (generator.random((games, 1)) >= probabilities.cumsum(axis=1)).sum(axis=1)
    return probabilities, np.minimum(outcomes, classes - 1)


@given(st.integers(0, 10**6), st.sampled_from([2, 3]), st.integers(20, 200))
def test_without_ties_the_bins_are_the_sorted_pairs_cut_into_ten_equal_parts(seed, classes, games):
    probabilities, outcomes = simulated(games, classes=classes, seed=seed)
    called, happened, _ = pooled(probabilities, outcomes)
    order = np.argsort(called)
    edges = [-(-i * called.size // 10) for i in range(11)]
    slow = 0.0
    for low, high in pairwise(edges):
        rows = order[low:high]
        slow += abs(called[rows].sum() - happened[rows].sum())
    curve = reliability(probabilities, outcomes)
    assert curve.error == pytest.approx(slow / called.size)
    assert curve.count.sum() == called.size
    assert (np.diff(curve.called) > 0).all()


def test_pairs_called_alike_are_never_split_between_bins():
    curve = reliability(np.tile([0.55, 0.45], (100, 1)), np.arange(100) % 2)
    assert curve.count.tolist() == [100]
    assert curve.error == pytest.approx(0.05)


def test_the_bins_carry_wilson_intervals():
    curve = reliability(np.tile([0.7, 0.3], (50, 1)), np.array([0] * 30 + [1] * 20))
    wanted = binomtest(30, 50).proportion_ci(method="wilson")
    assert (curve.low[0], curve.high[0]) == pytest.approx((wanted.low, wanted.high))


def test_a_calibrated_forecaster_stays_below_the_simulated_bound_and_an_overconfident_one_does_not():
    probabilities, outcomes = simulated(6000, seed=11)
    bound = error_if_calibrated(probabilities, seed=2, draws=200)
    sharpened = expit(1.6 * logit(probabilities[:, 0]))
    weeks = BlockBootstrap.over(np.arange(6000) // 16, seed=3, resamples=200)
    honest = calibration_error(probabilities, outcomes, weeks)
    loud = calibration_error(np.column_stack([sharpened, 1 - sharpened]), outcomes, weeks)
    assert honest.value < bound < loud.low


def test_the_calibration_error_of_the_bootstrap_is_the_one_of_the_curve():
    probabilities, outcomes = simulated(900, classes=3)
    weeks = BlockBootstrap.over(np.arange(900) // 10, seed=3, resamples=100)
    estimate = calibration_error(probabilities, outcomes, weeks)
    assert estimate.value == pytest.approx(reliability(probabilities, outcomes).error)
    assert estimate.low <= estimate.high
    assert estimate.n == 900


@given(st.integers(0, 10**6))
def test_the_calibration_line_is_the_maximum_likelihood_fit(seed):
    probabilities, outcomes = simulated(300, seed=seed)
    called, happened, _ = pooled(probabilities, outcomes)

    def loss(beta):
        p = np.clip(expit(beta[0] + beta[1] * logit(called)), 1e-12, 1 - 1e-12)
        return -(happened * np.log(p) + (1 - happened) * np.log(1 - p)).sum()

    line = calibration_line(called, happened)
    slow = minimize(loss, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9})
    assert loss([line.intercept, line.slope]) <= slow.fun + 1e-6


def test_the_line_finds_the_distortion_that_was_put_in():
    probabilities, outcomes = simulated(200_000, seed=4)
    called, happened, _ = pooled(probabilities, outcomes)
    line = calibration_line(expit(2 * logit(called) + 0.5), happened)
    assert line.slope == pytest.approx(0.5, abs=0.02)
    assert line.intercept == pytest.approx(-0.25, abs=0.02)


def test_weights_count_a_pair_as_often_as_they_say():
    probabilities, outcomes = simulated(200)
    called, happened, _ = pooled(probabilities, outcomes)
    times = np.random.default_rng(1).integers(0, 3, size=200)
    weighted = calibration_line(called, happened, weights=times)
    repeated = calibration_line(np.repeat(called, times), np.repeat(happened, times))
    assert weighted.slope == pytest.approx(repeated.slope)


def test_a_constant_forecast_and_separable_outcomes_have_no_line():
    assert np.isnan(calibration_line([0.5] * 4, [0, 1, 0, 1]).slope)
    assert np.isnan(calibration_line([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]).slope)


def test_no_games_are_refused():
    with pytest.raises(InvalidValue, match="no games"):
        reliability(np.empty((0, 2)), np.empty(0, dtype=int))
