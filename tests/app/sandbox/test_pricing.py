from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.app.sandbox.pricing import add_margin, chance_above, main_line, two_sided

laws = st.lists(st.floats(0.01, 1), min_size=4, max_size=9).map(lambda mass: np.array([mass]) / sum(mass))
quarter_lines = st.integers(2, 10).map(lambda quarters: quarters / 4)


def fair_by_hand(law: list[float], line: float) -> float:
    """Settle a bet of two half stakes on every outcome and return 1 / the price at which it is worth nothing."""
    halves = [line, line] if (line * 4) % 2 == 0 else [line - 0.25, line + 0.25]
    won = lost = 0.0
    for points, chance in enumerate(law):
        for half in halves:
            won += 0.5 * chance * (points > half)
            lost += 0.5 * chance * (points < half)
    return won / (won + lost)


@given(laws, quarter_lines)
def test_the_chance_above_a_line_is_what_settling_every_outcome_by_hand_gives(law: np.ndarray, line: float) -> None:
    found = chance_above(law, np.arange(law.shape[1]), np.array([line]))[0, 0]
    assert found == pytest.approx(fair_by_hand(law[0].tolist(), line))


@given(laws)
def test_a_higher_line_is_never_easier_to_beat(law: np.ndarray) -> None:
    chances = chance_above(law, np.arange(law.shape[1]), np.arange(0.25, 2.75, 0.25))[0]
    assert (np.diff(chances) <= 1e-12).all()


@given(laws)
def test_no_other_line_is_closer_to_even_than_the_main_line(law: np.ndarray) -> None:
    support, lines = np.arange(law.shape[1]), np.arange(0.5, 3.5, 0.5)
    line = main_line(law, support, lines)
    distance = abs(two_sided(law, support, line)[0, 0] - 0.5)
    assert (distance <= np.abs(chance_above(law, support, lines)[0] - 0.5) + 1e-12).all()


def test_two_sided_prices_each_game_on_its_own_line() -> None:
    law = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    sides = two_sided(law, np.arange(3), np.array([0.5, 1.5]))
    np.testing.assert_allclose(sides, [[0.5, 0.5], [0.5, 0.5]])


@given(st.lists(st.floats(0.02, 1), min_size=2, max_size=4), st.floats(0.0, 0.08))
def test_a_margin_adds_up_shortens_every_price_and_keeps_their_order(mass: list[float], overround: float) -> None:
    fair = np.array([mass]) / sum(mass)
    prices = add_margin(fair, overround)
    assert (1 / prices).sum() == pytest.approx(1 + overround, abs=1e-9)
    assert (prices <= 1 / fair + 1e-9).all()
    assert (prices > 1).all()
    assert (np.argsort(prices[0], kind="stable") == np.argsort(-fair[0], kind="stable")).all()


def test_a_long_shot_carries_more_of_the_margin_than_a_favourite() -> None:
    favourite, outsider = (1 / add_margin(np.array([[0.9, 0.1]]), 0.05))[0] / np.array([0.9, 0.1])
    assert outsider > favourite > 1
