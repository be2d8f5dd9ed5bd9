import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.science.models.linear import ridge

seeds = st.integers(0, 10**6)


def world(seed, games=60, features=3):
    generator = np.random.default_rng(seed)
    design = generator.normal(size=(games, features))
    return (
        design,
        design @ np.arange(1.0, features + 1) + 7 + generator.normal(size=games),
        generator.random(games) + 0.1,
    )


@given(seeds, st.floats(0.0, 200))
def test_ridge_is_least_squares_with_the_penalty_written_as_further_rows(seed, penalty):
    design, target, weights = world(seed)
    root = np.sqrt(weights)[:, None]
    rows = np.vstack(
        [root * np.column_stack([np.ones(60), design]), np.column_stack([np.zeros(3), np.sqrt(penalty) * np.eye(3)])]
    )
    slow = np.linalg.lstsq(rows, np.concatenate([root[:, 0] * target, np.zeros(3)]))[0]
    line = ridge(design, target, weights, penalty)
    np.testing.assert_allclose([line.intercept, *line.slopes], slow, atol=1e-5)
    np.testing.assert_allclose(line.predict(design), slow[0] + design @ slow[1:], atol=1e-5)


def test_an_endless_penalty_leaves_the_mean():
    design, target, weights = world(1)
    line = ridge(design, target, weights, 1e12)
    np.testing.assert_allclose(line.predict(design), np.average(target, weights=weights), atol=1e-6)


def test_whole_weights_are_repeated_games():
    design, target, _ = world(2)
    times = np.random.default_rng(3).integers(1, 4, size=60)
    weighted = ridge(design, target, times.astype(float), 10.0)
    repeated = ridge(np.repeat(design, times, axis=0), np.repeat(target, times), np.ones(times.sum()), 10.0)
    np.testing.assert_allclose(weighted.slopes, repeated.slopes, atol=1e-9)


def test_the_deviation_is_not_flattered_by_the_number_of_features():
    found = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        found.append(ridge(generator.normal(size=(50, 20)), generator.normal(size=50), np.ones(50), 0.0).sd ** 2)
    assert np.mean(found) == pytest.approx(1.0, abs=0.06)


def test_a_duplicated_feature_is_shared_out_and_does_no_harm():
    design, target, weights = world(4)
    once, twice = ridge(design, target, weights, 5.0), ridge(np.hstack([design, design]), target, weights, 5.0)
    assert twice.slopes[:3] == pytest.approx(twice.slopes[3:])
    assert np.isfinite(twice.sd)
    assert twice.sd == pytest.approx(once.sd, rel=0.05)
