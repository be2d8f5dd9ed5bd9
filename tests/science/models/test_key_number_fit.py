import numpy as np
import pytest

from ai_pro_sports.science.models.key_number_fit import TIE_PRIOR, fit_key_numbers
from ai_pro_sports.science.pricing.score_distribution.key_number_grid import key_number_grid, margin_law
from tests.science.models.worlds import KEYS, drawn

MEANS = np.random.default_rng(9).normal(scale=5, size=6000)


@pytest.fixture(scope="module")
def games():
    generator = np.random.default_rng(4)
    scores = [
        drawn(generator, key_number_grid(MEANS[start : start + 500], 12.0, 44.0, 12.0, KEYS))
        for start in range(0, 6000, 500)
    ]
    return tuple(np.concatenate(side).astype(float) for side in zip(*scores, strict=True))


def fitted(games, shrinkage):
    return fit_key_numbers(*games, (MEANS, 12.0), (np.full(6000, 44.0), 12.0), shrinkage=shrinkage)


def test_planted_key_numbers_are_found(games):
    keys = fitted(games, 10.0)
    planted = np.array(KEYS.margin) / KEYS.margin[4]
    found = np.array(keys.margin[:8]) / keys.margin[4]
    np.testing.assert_allclose(found[1:], planted[1:], rtol=0.25)
    assert found[0] < 0.2
    assert np.array(keys.margin[9:16]).mean() / keys.margin[4] == pytest.approx(1 / KEYS.margin[4], rel=0.15)


def test_without_shrinkage_the_law_expects_what_was_seen(games):
    keys = fitted(games, 0.0)
    law = margin_law(MEANS, 12.0, keys).sum(axis=0)
    margin = np.abs(games[0] - games[1])
    for apart in (0, 1, 3, 7, 14):
        expected = law[80] if apart == 0 else law[80 - apart] + law[80 + apart]
        assert expected == pytest.approx((margin == apart).sum(), rel=0.02, abs=1)


def test_with_endless_shrinkage_nothing_is_learned_but_that_ties_are_rare(games):
    keys = fitted(games, 1e12)
    np.testing.assert_allclose(keys.margin, [TIE_PRIOR] + [1.0] * 28, rtol=1e-6)
    np.testing.assert_allclose(keys.score, 1.0, rtol=1e-6)


def test_a_score_that_sides_never_have_becomes_rare():
    generator = np.random.default_rng(2)
    home, away = (generator.choice([3.0, 10.0, 17.0, 20.0, 24.0, 27.0], size=6000) for _ in range(2))
    keys = fitted((home, away), 10.0)
    assert keys.score[1] < 0.5 < keys.score[20]
    assert keys.score[20] > 2 * keys.score[19]
