import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson, skellam

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid, low_score_factor, rho_bounds

rates = st.floats(0.05, 6)


@st.composite
def dixon_coles(draw):
    home, away = draw(rates), draw(rates)
    least, most = rho_bounds(home, away)
    return home, away, float(np.clip(least + draw(st.floats(0, 1)) * (most - least), least, most))


def slow_cell(home_rate, away_rate, rho, home, away):
    """Dixon and Coles (1997), equation 4.2, with rho as they sign it."""
    tau = {
        (0, 0): 1 - home_rate * away_rate * rho,
        (0, 1): 1 + home_rate * rho,
        (1, 0): 1 + away_rate * rho,
        (1, 1): 1 - rho,
    }.get((home, away), 1.0)
    return tau * poisson.pmf(home, home_rate) * poisson.pmf(away, away_rate)


@given(dixon_coles(), st.integers(0, 8), st.integers(0, 8))
def test_every_score_has_the_probability_of_the_paper(parameters, home, away):
    law = goal_grid(*parameters)
    assert law.exact(home, away)[0] == pytest.approx(slow_cell(*parameters, home, away), rel=1e-6, abs=1e-12)


@given(rates, rates)
def test_without_dependence_the_margin_is_skellam_and_the_total_poisson(home, away):
    law = goal_grid(home, away)
    margins, mass = law.margins
    np.testing.assert_allclose(mass[0], skellam.pmf(margins, home, away), atol=1e-8)
    totals, mass = law.totals
    np.testing.assert_allclose(mass[0], poisson.pmf(totals, home + away), atol=1e-6)


@given(dixon_coles())
def test_the_dependence_leaves_each_sides_goals_as_they_were(parameters):
    home, away, _ = parameters
    law = goal_grid(*parameters)
    np.testing.assert_allclose(law.mass[0].sum(axis=1), goal_grid(home, away).mass[0].sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(law.mass[0].sum(axis=0), goal_grid(home, away).mass[0].sum(axis=0), atol=1e-12)


@given(st.floats(0.3, 2), st.floats(0.3, 2))
def test_a_negative_rho_makes_draws_likelier(home, away):
    assert goal_grid(home, away, -0.1).draw()[0] > goal_grid(home, away).draw()[0]


def test_a_batch_is_its_games_one_by_one():
    home, away, rho = [1.4, 2.2, 0.7], [1.1, 0.6, 1.9], [-0.1, 0.0, 0.1]
    law = goal_grid(home, away, rho)
    for game in range(3):
        np.testing.assert_array_equal(law.mass[game], goal_grid(home[game], away[game], rho[game]).mass[0])


def test_at_the_bounds_of_rho_the_rarest_score_vanishes():
    least, most = rho_bounds(2.0, 1.0)
    assert low_score_factor(2.0, 1.0, least, 0, 1) == pytest.approx(0)
    assert low_score_factor(2.0, 1.0, most, 0, 0) == pytest.approx(0)


@pytest.mark.parametrize(
    ("home", "away", "rho", "said"),
    [
        (0.0, 1.0, 0.0, "not positive"),
        (float("nan"), 1.0, 0.0, "not positive"),
        (25.0, 1.0, 0.0, "raise max_goals"),
        (2.0, 1.0, -0.6, "negative probability"),
        (2.0, 1.0, 0.6, "negative probability"),
    ],
)
def test_parameters_that_make_no_law_are_refused(home, away, rho, said):
    with pytest.raises(InvalidValue, match=said):
        goal_grid(home, away, rho)
