import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import rel_entr

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from ai_pro_sports.science.pricing.score_distribution.tilt import tilt_to_three_way, tilt_to_winner

results = st.integers(0, 10**6).map(lambda seed: np.random.default_rng(seed).dirichlet([2, 2, 2], size=1))
rates = st.floats(0.3, 3)


@given(rates, rates, results)
def test_the_tilted_law_has_exactly_the_wanted_result(home, away, result):
    tilted = tilt_to_three_way(goal_grid(home, away), result)
    np.testing.assert_allclose(tilted.three_way(), result, atol=1e-12)


@given(rates, rates, results, st.integers(0, 10**6))
def test_no_other_law_with_that_result_is_nearer(home, away, result, seed):
    law = goal_grid(home, away, max_goals=20)
    tilted = tilt_to_three_way(law, result)
    noise = np.exp(np.random.default_rng(seed).normal(scale=0.3, size=law.mass.shape))
    rival = tilt_to_three_way(ScoreDistribution.normalised(tilted.mass * noise), result)
    assert rel_entr(tilted.mass, law.mass).sum() <= rel_entr(rival.mass, law.mass).sum() + 1e-12


@given(rates, rates, results)
def test_inside_a_result_the_scores_keep_their_proportions(home, away, result):
    law = goal_grid(home, away)
    tilted = tilt_to_three_way(law, result)
    for scores in ([(1, 0), (2, 0), (3, 1)], [(0, 0), (2, 2)], [(0, 1), (1, 3)]):
        before = np.array([law.exact(*score)[0] for score in scores])
        after = np.array([tilted.exact(*score)[0] for score in scores])
        np.testing.assert_allclose(after / after.sum(), before / before.sum(), atol=1e-12)


@given(rates, rates)
def test_tilting_to_what_the_law_already_says_changes_nothing(home, away):
    law = goal_grid(home, away)
    np.testing.assert_allclose(tilt_to_three_way(law, law.three_way()).mass, law.mass, atol=1e-15)


@given(rates, rates, st.floats(0.01, 0.99))
def test_tilting_the_winner_keeps_the_tie_and_moves_the_spread_along(home, away, wins):
    law = goal_grid(home, away)
    tilted = tilt_to_winner(law, [wins])
    np.testing.assert_allclose(tilted.draw(), law.draw(), atol=1e-12)
    assert tilted.win()[0] / (1 - tilted.draw()[0]) == pytest.approx(wins)
    up = wins > law.win()[0] / (1 - law.draw()[0])
    moved = tilted.cover(-1.5).win[0] - law.cover(-1.5).win[0]
    assert moved >= -1e-12 if up else moved <= 1e-12


def test_a_result_the_law_rules_out_cannot_be_tilted_to():
    certain = ScoreDistribution(np.array([[[0.0, 0.4], [0.6, 0.0]]]))
    assert tilt_to_winner(certain, [0.5]).three_way().tolist() == [[0.5, 0.0, 0.5]]
    with pytest.raises(InvalidValue, match="rules out"):
        tilt_to_three_way(certain, [[0.5, 0.1, 0.4]])


def test_results_that_are_no_probabilities_are_refused():
    law = goal_grid([1.0], [1.0])
    for result in ([[0.5, 0.5, 0.5]], [[1.2, -0.1, -0.1]], [0.5, 0.3, 0.2]):
        with pytest.raises(InvalidValue, match="sum to 1"):
            tilt_to_three_way(law, result)
