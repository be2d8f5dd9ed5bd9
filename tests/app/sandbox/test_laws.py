from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ai_pro_sports.app.sandbox.football_law import DRIVES, ENDINGS, FootballLaw
from ai_pro_sports.app.sandbox.soccer_law import RHO, SoccerLaw

points = st.floats(8, 40)
rates = st.floats(0.25, 4)


@given(points, points)
def test_a_football_law_is_a_law_and_its_moments_agree_with_it(home: float, away: float) -> None:
    law = FootballLaw(np.array([home]), np.array([away]))
    assert law.margin.sum() == pytest.approx(1)
    assert law.total.sum() == pytest.approx(1)
    assert law.margin.min() >= -1e-12
    assert law.total.min() >= -1e-12
    assert law.outcomes().sum() == pytest.approx(1)
    assert law.expected_total()[0] >= home + away - 1e-6


@given(points, points)
def test_changing_ends_mirrors_a_football_law(home: float, away: float) -> None:
    law = FootballLaw(np.array([home, away]), np.array([away, home]))
    np.testing.assert_allclose(law.outcomes()[0], law.outcomes()[1][::-1], atol=1e-9)
    assert law.expected_margin()[0] == pytest.approx(-law.expected_margin()[1])


def test_every_ending_of_every_margin_adds_up_to_certainty() -> None:
    assert list(ENDINGS) == list(range(-7, 8))
    for endings in ENDINGS.values():
        assert sum(ending.chance for ending in endings) == pytest.approx(1)


def test_only_a_tied_game_goes_to_overtime() -> None:
    for margin, endings in ENDINGS.items():
        assert any(ending.overtime for ending in endings) == (abs(margin) in {0, 3, 7})


def test_games_played_follow_the_law_they_are_drawn_from() -> None:
    games = 20_000
    law = FootballLaw(np.full(games, 24.0), np.full(games, 20.0))
    home, away, overtime = law.draw(np.random.default_rng(3))
    margins = np.bincount(home - away + 128, minlength=256)
    totals = np.bincount(home + away, minlength=256)
    for counts, chances in ((margins, law.margin[0]), (totals, law.total[0])):
        error = np.sqrt(np.maximum(chances * (1 - chances) / games, 1e-9))
        assert (np.abs(counts / games - chances) < 5 * error + 1e-4).all()
    assert 0.02 < overtime.mean() < 0.08


def test_football_margins_have_the_key_numbers() -> None:
    law = FootballLaw(np.full(1, 23.0), np.full(1, 21.0))
    by_margin = Counter({size: law.margin[0, 128 + size] + law.margin[0, 128 - size] for size in range(1, 30)})
    first, second = (size for size, _ in by_margin.most_common(2))
    assert (first, second) == (3, 7)
    assert by_margin[3] > 0.09
    assert 0.0005 < law.outcomes()[0, 1] < 0.01


def test_the_drives_bring_the_points_they_are_meant_to() -> None:
    law = FootballLaw(np.array([30.0]), np.array([8.0]))
    late_and_overtime = law.expected_total()[0] - 38
    assert 0 < late_and_overtime < 0.8
    assert law.margin[0, 128 + 8 * DRIVES + 1 :].sum() == pytest.approx(0, abs=1e-9)


@given(rates, rates)
def test_a_soccer_law_is_a_law_with_poisson_margins_of_its_own(home: float, away: float) -> None:
    law = SoccerLaw(np.array([home]), np.array([away]))
    assert law.margin.sum() == pytest.approx(1)
    assert law.total.sum() == pytest.approx(1)
    assert law.outcomes().sum() == pytest.approx(1)
    assert law.joint.min() >= 0
    assert law.expected_margin()[0] == pytest.approx(home - away, abs=0.02)
    assert law.expected_total()[0] == pytest.approx(home + away, abs=0.02)


def test_the_low_scores_are_tilted_as_dixon_and_coles_have_it() -> None:
    home, away = 1.5, 1.1
    joint = SoccerLaw(np.array([home]), np.array([away])).joint[0]
    poisson = np.outer(stats.poisson.pmf(range(14), home), stats.poisson.pmf(range(14), away))
    tilt = joint / poisson
    tilt /= tilt[5, 5]
    np.testing.assert_allclose(
        [tilt[0, 0], tilt[0, 1], tilt[1, 0], tilt[1, 1], tilt[2, 2]],
        [1 - home * away * RHO, 1 + home * RHO, 1 + away * RHO, 1 - RHO, 1],
    )


def test_soccer_games_played_follow_the_law_they_are_drawn_from() -> None:
    games = 40_000
    law = SoccerLaw(np.full(games, 1.6), np.full(games, 1.1))
    home, away = law.draw(np.random.default_rng(4))
    counts = np.zeros((14, 14))
    np.add.at(counts, (home, away), 1)
    error = np.sqrt(law.joint[0] / games)
    assert (np.abs(counts / games - law.joint[0]) < 5 * error + 1e-4).all()
