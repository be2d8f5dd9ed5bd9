import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.staking.kelly import expected_growth, kelly_fraction


@st.composite
def bets(draw, halves=True):
    """Probabilities of win, half win, push, half loss, loss, and a price."""
    seed = draw(st.integers(0, 10**6))
    chances = np.random.default_rng(seed).dirichlet([1, 0.5, 0.5, 0.5, 1])
    if not halves:
        chances = np.array([chances[0], 0, 1 - chances[0] - chances[4], 0, chances[4]])
    return chances, draw(st.floats(1.05, 20))


def growth_of(chances, price):
    win, half_win, _, half_loss, loss = chances

    def growth(share):
        return expected_growth(share, win, loss, price, half_win=half_win, half_loss=half_loss)

    return growth


@settings(max_examples=500)
@given(bets())
def test_no_share_grows_faster_than_the_kelly_share(bet):
    chances, price = bet
    win, half_win, _, half_loss, loss = chances
    share = kelly_fraction(win, loss, price, half_win=half_win, half_loss=half_loss)
    growth = growth_of(chances, price)
    searched = minimize_scalar(lambda f: -growth(f), bounds=(0, 1 - 1e-9), method="bounded", options={"xatol": 1e-12})
    assert growth(share) >= -searched.fun - 1e-12
    assert 0 <= share <= 1


@given(bets(halves=False))
def test_pushes_only_scale_the_stake_as_if_they_did_not_happen(bet):
    chances, price = bet
    win, _, _, _, loss = chances
    decided = win + loss
    p, b = win / decided, price - 1
    assert kelly_fraction(win, loss, price) == pytest.approx(max(0.0, (p * b - (1 - p)) / b), abs=1e-12)


@given(bets(), st.floats(1.0, 3.0))
def test_a_better_price_never_asks_for_a_smaller_stake(bet, better):
    (win, half_win, _, half_loss, loss), price = bet
    lower, higher = kelly_fraction(win, loss, np.array([price, price * better]), half_win=half_win, half_loss=half_loss)
    assert higher >= lower - 1e-9


@given(bets())
def test_there_is_a_stake_exactly_where_there_is_value(bet):
    (win, half_win, _, half_loss, loss), price = bet
    value = (win + half_win / 2) * (price - 1) - (loss + half_loss / 2)
    share = kelly_fraction(win, loss, price, half_win=half_win, half_loss=half_loss)
    if abs(value) > 1e-9:
        assert (share > 0) == (value > 0)


@given(st.lists(bets(), min_size=1, max_size=10))
def test_arrays_are_bets_one_by_one(many):
    chances, prices = np.array([chances for chances, _ in many]), np.array([price for _, price in many])
    win, half_win, _, half_loss, loss = chances.T
    together = kelly_fraction(win, loss, prices, half_win=half_win, half_loss=half_loss)
    for row, (chance, price) in enumerate(many):
        alone = kelly_fraction(chance[0], chance[4], price, half_win=chance[1], half_loss=chance[3])
        assert together[row] == pytest.approx(alone, abs=1e-12)


def test_known_bets_have_known_stakes():
    assert kelly_fraction(0.6, 0.4, 2.0) == pytest.approx(0.2)
    assert kelly_fraction(0.5, 0.5, 2.0) == 0
    assert kelly_fraction(0.0, 0.0, 2.0) == 0
    assert kelly_fraction(0.3, 0.0, 2.0) == 1
    # Half the stake at most is ever lost, so the whole bankroll can be right.
    assert kelly_fraction(0.9, 0.0, 3.0, half_loss=0.1) == pytest.approx(1)


def test_the_growth_of_staking_everything_on_what_can_be_lost_is_ruin():
    assert expected_growth(1.0, 0.9, 0.1, 3.0) == -np.inf
    assert np.isfinite(expected_growth(1.0, 0.9, 0.0, 3.0, half_loss=0.1))


@pytest.mark.parametrize(("win", "loss", "price"), [(1.1, 0.0, 2.0), (-0.1, 0.5, 2.0), (float("nan"), 0.5, 2.0)])
def test_what_is_no_probability_is_refused(win, loss, price):
    with pytest.raises(InvalidValue, match="no probabilities"):
        kelly_fraction(win, loss, price)


@pytest.mark.parametrize("price", [1.0, 0.5, float("nan")])
def test_what_is_no_price_is_refused(price):
    with pytest.raises(InvalidValue, match="not above 1"):
        kelly_fraction(0.5, 0.5, price)
