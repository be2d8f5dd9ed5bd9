import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit, softmax

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.science.models.calibration import Calibrator, fit_calibrator, method_for
from ai_pro_sports.science.scoring.proper import log_loss
from ai_pro_sports.science.scoring.reliability import calibration_line


def truth(games, classes, seed=1):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(classes, 4.0), size=games)
    outcomes = (generator.random((games, 1)) >= probabilities.cumsum(axis=1)).sum(axis=1)
    return probabilities, np.minimum(outcomes, classes - 1)


def sharpened(probabilities, by):
    return softmax(by * np.log(probabilities), axis=1)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_planted_overconfidence_is_taken_back(classes):
    probabilities, outcomes = truth(40_000, classes)
    loud = sharpened(probabilities, 2.0)
    calibrator = fit_calibrator(loud, outcomes, method="temperature", shrinkage=1.0)
    assert calibrator.scale == pytest.approx((0.5,) * classes, abs=0.03)
    assert np.abs(calibrator.apply(loud) - probabilities).mean() < 0.01


def test_vector_scaling_takes_back_a_bias_for_one_class():
    probabilities, outcomes = truth(40_000, 3)
    biased = softmax(np.log(probabilities) + np.array([0.0, 0.5, 0.0]), axis=1)
    calibrated = fit_calibrator(biased, outcomes, method="vector", shrinkage=1.0).apply(biased)
    assert np.abs(calibrated - probabilities).mean() < 0.01


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_platt_without_shrinkage_is_logistic_regression(seed):
    probabilities, outcomes = truth(400, 2, seed)
    calibrator = fit_calibrator(probabilities, outcomes, method="platt", shrinkage=0.0)
    line = calibration_line(probabilities[:, 0], (outcomes == 0).astype(float))
    wanted = expit(line.intercept + line.slope * logit(probabilities[:, 0]))
    np.testing.assert_allclose(calibrator.apply(probabilities)[:, 0], wanted, atol=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from(["temperature", "vector"]))
def test_the_fit_is_the_least_penalised_loss_of_a_general_optimiser(seed, method):
    probabilities, outcomes = truth(200, 3, seed)

    def loss(moved):
        scale, bias = np.ones(3), np.zeros(3)
        if method == "temperature":
            scale = scale + moved[0]
        else:
            scale, bias = scale + moved[:3], np.append(moved[3:], 0.0)
        p = softmax(scale * np.log(probabilities) + bias, axis=1)
        return log_loss(p, outcomes).sum() + 10.0 * (moved @ moved)

    slow = minimize(loss, np.zeros(1 if method == "temperature" else 5), method="BFGS")
    found = fit_calibrator(probabilities, outcomes, method=method, shrinkage=20.0)
    moved = [found.scale[0] - 1] if method == "temperature" else [*(np.array(found.scale) - 1), *found.bias[:2]]
    assert loss(np.array(moved)) <= slow.fun + 1e-6


@given(st.integers(0, 10**6), st.sampled_from([2, 3]))
def test_calibration_never_loses_on_the_games_it_was_fitted_to(seed, classes):
    probabilities, outcomes = truth(60, classes, seed)
    for method in ("temperature", "vector"):
        calibrated = fit_calibrator(probabilities, outcomes, method=method).apply(probabilities)
        np.testing.assert_allclose(calibrated.sum(axis=1), 1.0, atol=1e-12)
        assert log_loss(calibrated, outcomes).mean() <= log_loss(probabilities, outcomes).mean() + 1e-9


@given(st.integers(0, 10**6))
def test_a_temperature_keeps_the_order_of_the_classes(seed):
    probabilities, outcomes = truth(50, 3, seed)
    calibrated = fit_calibrator(probabilities, outcomes, method="temperature").apply(probabilities)
    np.testing.assert_array_equal(calibrated.argsort(axis=1), probabilities.argsort(axis=1))


def test_with_few_games_nothing_changes():
    probabilities, outcomes = truth(199, 2)
    calibrator = fit_calibrator(probabilities, outcomes)
    assert calibrator.method == "none"
    np.testing.assert_array_equal(calibrator.apply(probabilities), probabilities)
    assert fit_calibrator(np.empty((0, 2)), np.empty(0, dtype=int), method="temperature").scale == (1.0, 1.0)
    assert method_for(200) == "temperature"


def test_what_was_impossible_stays_impossible():
    calibrator = Calibrator("vector", (0.5, 1.0, 0.5), (0.0, 3.0, 0.0), 500)
    assert calibrator.apply([[0.6, 0.0, 0.4]])[0, 1] == 0.0


def test_strong_shrinkage_holds_the_forecast_where_it_was():
    probabilities, outcomes = truth(300, 2)
    held = fit_calibrator(sharpened(probabilities, 3.0), outcomes, method="temperature", shrinkage=1e9)
    assert held.scale == pytest.approx((1.0, 1.0), abs=1e-5)


def test_what_does_not_fit_is_refused():
    probabilities, outcomes = truth(300, 3)
    with pytest.raises(UnknownName, match="none, temperature, platt, vector"):
        fit_calibrator(probabilities, outcomes, method="isotonic")
    with pytest.raises(InvalidValue, match="two classes"):
        fit_calibrator(probabilities, outcomes, method="platt")
    with pytest.raises(InvalidValue, match="2 classes got shape"):
        Calibrator("none", (1.0, 1.0), (0.0, 0.0), 0).apply(probabilities)
