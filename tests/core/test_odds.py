"""Odds keep their exact value through every notation; arrays agree with the value type."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.odds import (
    MAX_DECIMAL,
    Odds,
    Probability,
    american_from_decimal,
    decimal_from_american,
    implied_from_decimal,
)

american_prices = st.one_of(st.integers(100, 100_000), st.integers(-100_000, -100))
cent_prices = st.integers(101, MAX_DECIMAL * 100).map(lambda cents: Decimal(cents) / 100)


@given(american_prices)
def test_american_odds_survive_the_round_trip(price: int) -> None:
    back = Odds.from_american(price).american
    assert back == (100 if price == -100 else price)


@given(cent_prices)
def test_decimal_odds_survive_the_round_trip_exactly(price: Decimal) -> None:
    assert Odds.from_decimal(price).decimal == price


@given(st.integers(1, 500), st.integers(1, 100))
def test_fractional_odds_survive_the_round_trip_exactly(profit: int, stake: int) -> None:
    if Fraction(profit, stake) <= MAX_DECIMAL - 1:
        assert Odds.from_fractional(f"{profit}/{stake}").fractional == Fraction(profit, stake)


@given(american_prices)
def test_the_array_form_agrees_with_the_exact_one(price: int) -> None:
    exact = Odds.from_american(price)
    assert decimal_from_american([price])[0] == pytest.approx(float(exact.exact), rel=1e-12)
    assert implied_from_decimal([float(exact.exact)])[0] == pytest.approx(exact.implied.value, rel=1e-12)
    assert american_from_decimal([float(exact.exact)])[0] == exact.american


@given(american_prices, american_prices)
def test_longer_american_odds_imply_less(first: int, second: int) -> None:
    a, b = Odds.from_american(first), Odds.from_american(second)
    assert (a < b) == (a.implied > b.implied)


@pytest.mark.parametrize("price", [-99, -1, 0, 1, 99])
def test_american_odds_inside_a_hundred_do_not_exist(price: int) -> None:
    with pytest.raises(InvalidValue, match="do not exist"):
        Odds.from_american(price)
    assert np.isnan(decimal_from_american([price])[0])


@pytest.mark.parametrize("price", ["1", "0", "-2", "1001.01", "nan", "price"])
def test_impossible_decimal_odds_are_refused(price: str) -> None:
    with pytest.raises(InvalidValue):
        Odds.from_decimal(price)


def test_a_float_price_is_refused_because_it_is_not_exact() -> None:
    with pytest.raises(InvalidValue, match="not exact"):
        Odds.from_decimal(1.91)  # type: ignore[arg-type]


def test_evens_is_read() -> None:
    assert Odds.from_fractional("Evens").decimal == 2


@pytest.mark.parametrize("price", ["5/0", "five to two", ""])
def test_broken_fractions_are_refused(price: str) -> None:
    with pytest.raises(InvalidValue, match="fractional"):
        Odds.from_fractional(price)


def test_arrays_mark_what_is_no_price() -> None:
    assert np.isnan(decimal_from_american([np.nan, 0, 50])).all()
    assert np.isnan(implied_from_decimal([1.0, 0.5, np.nan])).all()
    assert np.isnan(american_from_decimal([1.0, np.nan])).all()


@given(st.floats(0, 1))
def test_a_probability_and_its_complement_make_one(value: float) -> None:
    p = Probability(value)
    assert p.value + p.complement.value == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan")])
def test_a_probability_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(InvalidValue):
        Probability(value)


@given(st.floats(0.002, 0.99))
def test_fair_odds_imply_their_probability(value: float) -> None:
    assert Probability(value).fair_odds.implied.value == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_certainty_has_no_fair_price(value: float) -> None:
    with pytest.raises(InvalidValue, match="no price is fair"):
        _ = Probability(value).fair_odds
