import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.scoring.proper import accuracy, brier, log_loss, ranked_probability

RULES = [log_loss, brier, ranked_probability]


@st.composite
def forecasts(draw, classes=None):
    k = classes or draw(st.integers(2, 5))
    raw = draw(arrays(np.float64, st.tuples(st.integers(1, 20), st.just(k)), elements=st.floats(0.01, 1)))
    outcomes = draw(arrays(np.int64, raw.shape[0], elements=st.integers(0, k - 1)))
    return raw / raw.sum(axis=1, keepdims=True), outcomes


def slow_scores(probabilities, outcomes):
    """One game at a time, from the textbook definitions."""
    rows = []
    for p, y in zip(probabilities, outcomes, strict=True):
        k = len(p)
        squared = sum((p[j] - (j == y)) ** 2 for j in range(k))
        ranked = 0.0
        for upto in range(k - 1):
            ranked += (sum(p[: upto + 1]) - (y <= upto)) ** 2
        rows.append((-np.log(p[y]), squared / 2 if k == 2 else squared, ranked / (k - 1)))
    return np.array(rows).T


@given(forecasts())
def test_every_score_equals_its_definition_game_by_game(pair):
    probabilities, outcomes = pair
    expected = slow_scores(probabilities, outcomes)
    for rule, wanted in zip(RULES, expected, strict=True):
        np.testing.assert_allclose(rule(probabilities, outcomes), wanted, atol=1e-12)


@given(forecasts(classes=2))
def test_the_two_way_brier_score_is_the_two_way_ranked_probability_score(pair):
    np.testing.assert_allclose(brier(*pair), ranked_probability(*pair), atol=1e-12)


@given(forecasts(), st.integers(0, 10**6))
def test_no_forecast_expects_a_better_score_than_the_truth(pair, seed):
    truth = pair[0][:1]
    other = np.random.default_rng(seed).dirichlet(np.ones(truth.shape[1]), size=1)
    for rule in RULES:
        expected_true = sum(truth[0, y] * rule(truth, [y])[0] for y in range(truth.shape[1]))
        expected_other = sum(truth[0, y] * rule(other, [y])[0] for y in range(truth.shape[1]))
        assert expected_true <= expected_other + 1e-12


@given(forecasts())
def test_mirroring_the_classes_changes_no_score(pair):
    probabilities, outcomes = pair
    mirrored, flipped = probabilities[:, ::-1], probabilities.shape[1] - 1 - outcomes
    for rule in [*RULES, accuracy]:
        np.testing.assert_allclose(rule(probabilities, outcomes), rule(mirrored, flipped), atol=1e-12)


def test_an_event_called_impossible_costs_a_finite_loss():
    assert log_loss([[0.0, 1.0]], [0])[0] == pytest.approx(-np.log(1e-15))


def test_ranked_probability_forgives_a_near_miss_and_brier_does_not():
    near, far = [[0.1, 0.8, 0.1]], [[0.8, 0.1, 0.1]]
    assert ranked_probability(near, [2])[0] < ranked_probability(far, [2])[0]
    assert brier(near, [2])[0] == pytest.approx(brier(far, [2])[0])


def test_classes_tied_for_likeliest_share_the_credit():
    assert accuracy([[0.4, 0.4, 0.2], [1 / 3, 1 / 3, 1 / 3], [0.2, 0.2, 0.6]], [0, 2, 2]).tolist() == [0.5, 1 / 3, 1.0]


@pytest.mark.parametrize(
    ("probabilities", "outcomes", "said"),
    [
        ([0.5, 0.5], [0], "shape"),
        ([[1.0]], [0], "shape"),
        ([[0.5, 0.5]], [0, 1], "do not pair"),
        ([[0.5, 0.5]], [0.0], "do not pair"),
        ([[0.5, float("nan")]], [0], "missing or outside"),
        ([[1.2, -0.2]], [0], "missing or outside"),
        ([[0.5, 0.6]], [0], "do not sum to 1"),
        ([[0.5, 0.5]], [2], "names no class"),
        ([[0.5, 0.5]], [-1], "names no class"),
    ],
)
def test_what_is_not_a_forecast_of_an_outcome_is_refused_with_its_reason(probabilities, outcomes, said):
    with pytest.raises(InvalidValue, match=said):
        log_loss(probabilities, outcomes)
