import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.scoring.bootstrap import BlockBootstrap, Estimate, paired_difference


def slow_replicates(values, block_of, draws):
    """Concatenate the games of the drawn blocks and average them, one draw at a time."""
    out = []
    for draw in draws:
        games = [values[block_of == block] for block, times in enumerate(draw) for _ in range(int(times))]
        out.append(np.concatenate(games).mean())
    return np.array(out)


@given(st.lists(st.tuples(st.integers(0, 6), st.floats(-5, 5)), min_size=2, max_size=40), st.integers(0, 9))
def test_replicates_equal_the_means_of_the_drawn_games(rows, seed):
    labels, values = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    bootstrap = BlockBootstrap.over(labels, seed=seed, resamples=20)
    expected = slow_replicates(values, bootstrap.block_of, bootstrap.draws)
    np.testing.assert_allclose(bootstrap.sums(values) / bootstrap.sizes, expected, atol=1e-9)


def test_every_draw_holds_as_many_blocks_as_there_are():
    bootstrap = BlockBootstrap.over(["a", "b", "b", "c"], seed=3, resamples=50)
    assert (bootstrap.draws.sum(axis=1) == 3).all()
    assert bootstrap.weights(0).shape == (4,)


def test_independent_games_get_the_interval_of_the_normal_theory():
    values = np.random.default_rng(5).normal(size=4000)
    estimate = BlockBootstrap.over(np.arange(4000), seed=6, resamples=1000).mean(values)
    half = stats.norm.ppf(0.975) * values.std() / np.sqrt(4000)
    assert estimate.high - estimate.value == pytest.approx(half, rel=0.1)
    assert estimate.value - estimate.low == pytest.approx(half, rel=0.1)
    assert estimate.n == 4000


def test_games_that_repeat_inside_a_block_do_not_narrow_the_interval():
    values = np.random.default_rng(5).normal(size=200)
    once = BlockBootstrap.over(np.arange(200), seed=6).mean(values)
    copied = BlockBootstrap.over(np.repeat(np.arange(200), 10), seed=6).mean(np.repeat(values, 10))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high))
    assert copied.n == 2000


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    values, weeks = np.random.default_rng(1).normal(size=90), np.arange(90) // 3
    first, again, other = (BlockBootstrap.over(weeks, seed=seed).mean(values) for seed in (1, 1, 2))
    assert first == again
    assert first.low != other.low


def test_a_paired_difference_is_narrower_than_the_two_scores_apart():
    generator = np.random.default_rng(3)
    hardness, weeks = generator.normal(size=600), np.arange(600) // 10
    ours, theirs = hardness + 0.05, hardness + generator.normal(scale=0.01, size=600)
    bootstrap = BlockBootstrap.over(weeks, seed=4)
    difference = paired_difference(ours, theirs, bootstrap)
    assert difference.excludes_zero
    assert difference.high - difference.low < 0.1 * (bootstrap.mean(ours).high - bootstrap.mean(ours).low)


def test_one_block_alone_has_no_interval():
    estimate = BlockBootstrap.over([7, 7, 7], seed=1).mean([1.0, 2.0, 3.0])
    assert estimate.value == 2.0
    assert np.isnan(estimate.low)
    assert not estimate.excludes_zero


def test_an_estimate_reads_as_a_number_with_its_interval_and_count():
    assert str(Estimate(0.6108, 0.6, 0.62, 4711)) == "0.6108 [0.6000, 0.6200], n=4,711"


def test_scores_of_other_games_missing_scores_and_no_games_are_refused():
    bootstrap = BlockBootstrap.over([1, 2], seed=1)
    with pytest.raises(InvalidValue, match="score the same games"):
        bootstrap.mean([1.0, 2.0, 3.0])
    with pytest.raises(InvalidValue, match="missing or infinite"):
        bootstrap.mean([1.0, float("nan")])
    with pytest.raises(InvalidValue, match="identical games"):
        paired_difference([1.0, 2.0], [1.0], bootstrap)
    with pytest.raises(InvalidValue, match="at least one"):
        BlockBootstrap.over([], seed=1)
