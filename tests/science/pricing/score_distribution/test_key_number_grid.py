import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.key_number_grid import KeyNumbers, key_number_grid, margin_law

PLAIN = KeyNumbers()
NFL_LIKE = KeyNumbers(
    margin=(0.07, 0.6, 0.6, 2.3, 0.8, 0.6, 1.2, 1.7, 0.7, 0.3, 1.2), score=(0.6, 0.01, 0.3, 1.4, 0.2, 0.1, 1.2, 1.4)
)
means = st.floats(-20, 20)
totals = st.floats(30, 60)


def slow_mass(margin_bell, total_bell, keys, home, away):
    """One score at a time: the margin's probability, then the total's among the scores with that margin."""

    def bell(margin):
        cdf = stats.norm(*margin_bell).cdf
        return (cdf(margin + 0.5) - cdf(margin - 0.5)) * keys.of_margin(margin)

    def given_margin(h, a):
        return stats.norm.pdf(h + a, *total_bell) * keys.of_score(h) * keys.of_score(a)

    size, margin = 81, home - away
    p_margin = bell(margin) / sum(bell(m) for m in range(1 - size, size))
    along = [(h, h - margin) for h in range(size) if 0 <= h - margin < size]
    return p_margin * given_margin(home, away) / sum(given_margin(h, a) for h, a in along)


@pytest.mark.parametrize(("home", "away"), [(27, 24), (20, 17), (0, 3), (20, 20), (45, 10), (1, 0)])
def test_every_score_has_the_probability_of_the_definition(home, away):
    law = key_number_grid(2.5, 13.1, 44.0, 13.4, NFL_LIKE)
    slow = slow_mass((2.5, 13.1), (44.0, 13.4), NFL_LIKE, home, away)
    assert law.exact(home, away)[0] == pytest.approx(slow, rel=1e-9)


@settings(max_examples=25)
@given(means, totals)
def test_the_margins_of_the_grid_are_the_margin_law_whatever_the_total(margin, total):
    law = key_number_grid(margin, 13.0, total, 13.0, NFL_LIKE)
    margins, mass = law.margins
    np.testing.assert_allclose(mass, margin_law(margin, 13.0, NFL_LIKE), atol=1e-12)
    assert margins[0] == -80


@settings(max_examples=25)
@given(means, totals)
def test_margin_and_total_always_have_the_same_parity(margin, total):
    law = key_number_grid(margin, 13.0, total, 13.0, NFL_LIKE)
    odd_margin = law.margins[1][0][law.margins[0] % 2 == 1].sum()
    odd_total = law.totals[1][0][law.totals[0] % 2 == 1].sum()
    assert odd_margin == pytest.approx(odd_total, abs=1e-12)


@settings(max_examples=25)
@given(st.floats(-15, 15), totals)
def test_swapping_the_teams_mirrors_the_law(margin, total):
    law = key_number_grid(margin, 12.0, total, 13.0, NFL_LIKE)
    mirrored = key_number_grid(-margin, 12.0, total, 13.0, NFL_LIKE)
    np.testing.assert_allclose(law.mass[0], mirrored.mass[0].T, atol=1e-14)


def test_without_key_numbers_the_margin_is_the_discretised_normal():
    law = key_number_grid(3.0, 13.0, 44.0, 13.0, PLAIN)
    assert law.cover(-3.5).win[0] == pytest.approx(stats.norm(3, 13).sf(3.5), abs=1e-6)
    assert law.moments()["margin_mean"][0] == pytest.approx(3.0, abs=1e-3)
    assert law.moments()["total_mean"][0] == pytest.approx(44.0, abs=1.0)


def test_heavier_tails_keep_the_standard_deviation():
    tails = key_number_grid(0.0, 13.0, 44.0, 13.0, PLAIN, degrees=8.0)
    bell = key_number_grid(0.0, 13.0, 44.0, 13.0, PLAIN)
    assert tails.moments()["margin_sd"][0] == pytest.approx(bell.moments()["margin_sd"][0], rel=0.01)
    assert tails.cover(-40.5).win[0] > 1.5 * bell.cover(-40.5).win[0]


def test_a_key_number_is_pushed_more_often_and_a_tie_almost_never():
    plain, keyed = (key_number_grid(3.0, 13.0, 44.0, 13.0, keys) for keys in (PLAIN, NFL_LIKE))
    assert keyed.cover(-3.0).push[0] > 2 * plain.cover(-3.0).push[0]
    assert keyed.draw()[0] < 0.1 * plain.draw()[0]


def test_a_game_played_until_somebody_wins_has_no_tie():
    law = key_number_grid([0.0, 0.0], 13.0, 44.0, 13.0, NFL_LIKE, tie_possible=[True, False])
    assert law.draw()[0] > 0
    assert law.draw()[1] == 0
    assert law.win()[1] + law.lose()[1] == pytest.approx(1)


def test_a_positive_correlation_lets_home_blowouts_come_with_high_totals():
    for correlation in (-0.4, 0.0, 0.4):
        law = key_number_grid(0.0, 10.0, 60.0, 8.0, PLAIN, correlation=correlation)
        home, away = np.indices(law.mass.shape[1:])
        margin, total = home - away, home + away - law.moments()["total_mean"][0]
        found = (law.mass[0] * margin * total).sum() / (law.moments()["margin_sd"] * law.moments()["total_sd"])[0]
        assert found == pytest.approx(correlation, abs=0.02)


def test_a_batch_is_its_games_one_by_one():
    law = key_number_grid([3.0, -7.0], [13.0, 12.0], [44.0, 50.0], [13.0, 14.0], NFL_LIKE)
    alone = key_number_grid(-7.0, 12.0, 50.0, 14.0, NFL_LIKE)
    np.testing.assert_allclose(law.mass[1], alone.mass[0], atol=1e-16)


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        ((3.0, 0.0, 44.0, 13.0), {}, "plausible"),
        ((3.0, 13.0, 200.0, 13.0), {}, "plausible"),
        ((90.0, 13.0, 44.0, 13.0), {}, "plausible"),
        ((3.0, 13.0, float("nan"), 13.0), {}, "plausible"),
        ((3.0, 13.0, 44.0, 13.0), {"correlation": 1.0}, "between -1 and 1"),
        ((3.0, 13.0, 44.0, 13.0), {"degrees": 2.0}, "degrees of freedom"),
    ],
)
def test_parameters_that_make_no_law_are_refused(arguments, options, said):
    with pytest.raises(InvalidValue, match=said):
        key_number_grid(*arguments, PLAIN, **options)


def test_factors_multiply_probabilities_so_they_cannot_be_negative():
    with pytest.raises(InvalidValue, match="negative or missing"):
        KeyNumbers(margin=(-0.1,))
