"""Money is exact: nothing is created, nothing is lost, nothing is mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds

cents = st.integers(-10_000_000, 10_000_000)
amounts = cents.map(lambda n: Money(Decimal(n) / 100))


@given(amounts, amounts)
def test_adding_and_taking_away_gives_back_the_start(a: Money, b: Money) -> None:
    assert a + b - b == a
    assert a - b == -(b - a)
    assert (a < b) == (b - a > Money.of(0))


@given(st.integers(0, 10_000_000), st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any))
def test_splitting_keeps_every_cent(total: int, weights: list[int]) -> None:
    whole = Money(Decimal(total) / 100)
    parts = whole.split(weights)
    assert sum((part.amount for part in parts), Decimal(0)) == whole.amount
    for part, weight in zip(parts, weights, strict=True):
        fair = whole.amount * weight / sum(weights)
        assert abs(part.amount - fair) < Decimal("0.01")


@given(st.integers(1, 1_000_000), st.integers(101, 50_000))
def test_a_payout_is_never_more_than_exact_and_within_a_cent(stake: int, price: int) -> None:
    bet = Money(Decimal(stake) / 100)
    odds = Odds.from_decimal(Decimal(price) / 100)
    exact = bet.amount * odds.decimal
    assert exact - Decimal("0.01") < bet.payout(odds).amount <= exact


@given(st.integers(1, 100_000))
def test_minus_110_pays_21_for_11_with_no_drift(units: int) -> None:
    assert Money.of(11 * units).payout(Odds.from_american(-110)) == Money.of(21 * units)


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "ten"])
def test_what_is_not_whole_cents_is_refused(amount: str) -> None:
    with pytest.raises(InvalidValue):
        Money.of(amount)


def test_floats_are_refused() -> None:
    with pytest.raises(InvalidValue, match="not exact"):
        Money.of(0.1)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="float"):
        Money(0.1)  # type: ignore[arg-type]


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InvalidValue, match="cannot mix"):
        _ = Money.of("1") + Money.of("1", "EUR")
    with pytest.raises(InvalidValue, match="currency code"):
        Money.of("1", "dollars")


def test_weights_that_divide_nothing_are_refused() -> None:
    with pytest.raises(InvalidValue):
        Money.of("1").split([0, 0])
    with pytest.raises(InvalidValue):
        Money.of("1").split([2, -1])


def test_money_reads_well() -> None:
    assert str(Money.of("12345.6")) == "12,345.60 USD"
    assert Money.of("1") <= Money.of("1.00")
