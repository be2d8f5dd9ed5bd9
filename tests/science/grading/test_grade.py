from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds
from ai_pro_sports.science.grading.grade import GRADES, Grade, returned_per_unit

stakes = st.integers(0, 10**8).map(lambda cents: Money.of(Decimal(cents) / 100))
odds = st.fractions(Fraction(101, 100), 1000, max_denominator=1000).filter(lambda x: x > 1).map(Odds)
grades = st.sampled_from(GRADES)


@given(grades, stakes, odds)
def test_stake_and_profit_make_the_payout_to_the_cent(grade, stake, price):
    assert stake + grade.profit(stake, price) == grade.payout(stake, price)


@given(grades, stakes, odds)
def test_a_payout_is_the_exact_amount_with_less_than_one_cent_dropped(grade, stake, price):
    won, lost = grade.won_share, grade.lost_share
    exact = Fraction(stake.amount) * (won * price.exact + (1 - won - lost))
    dropped = exact - Fraction(grade.payout(stake, price).amount)
    assert 0 <= dropped < Fraction(1, 100)


@given(grades, stakes)
def test_at_even_money_what_one_side_wins_the_other_loses(grade, stake):
    even = Odds(Fraction(2))
    together = grade.payout(stake, even) + grade.opposite.payout(stake, even)
    assert Decimal(0) <= (stake + stake - together).amount <= Decimal("0.02")


@given(grades)
def test_the_opposite_swaps_what_is_won_and_lost(grade):
    assert (grade.opposite.won_share, grade.opposite.lost_share) == (grade.lost_share, grade.won_share)
    assert grade.opposite.opposite is grade


@given(grades, odds)
def test_the_multiple_in_arrays_is_the_payout_of_a_large_stake(grade, price):
    paid = grade.payout(Money.of("1000000"), price)
    multiple = returned_per_unit([GRADES.index(grade)], float(price.exact))[0]
    assert multiple == pytest.approx(float(paid.amount) / 1e6, abs=1e-7)


@pytest.mark.parametrize(
    ("grade", "american", "stake", "paid"),
    [
        (Grade.WIN, -110, "110.00", "210.00"),
        (Grade.WIN, 150, "33.33", "83.32"),
        (Grade.HALF_WIN, -110, "110.00", "160.00"),
        (Grade.PUSH, -110, "110.00", "110.00"),
        (Grade.HALF_LOSS, 200, "0.05", "0.02"),
        (Grade.LOSS, 200, "0.05", "0.00"),
        (Grade.VOID, 200, "0.05", "0.05"),
    ],
)
def test_known_bets_pay_what_a_book_pays(grade, american, stake, paid):
    assert grade.payout(Money.of(stake), Odds.from_american(american)) == Money.of(paid)


def test_a_payout_keeps_its_currency_and_a_negative_stake_is_refused():
    assert Grade.WIN.payout(Money.of("10", "EUR"), Odds.from_decimal("2.5")) == Money.of("25", "EUR")
    with pytest.raises(InvalidValue, match="negative"):
        Grade.WIN.payout(Money.of("-1"), Odds.from_decimal("2"))


def test_arrays_of_grades_pay_elementwise():
    assert returned_per_unit(np.arange(6), np.full(6, 3.0)).tolist() == [3.0, 2.0, 1.0, 0.5, 0.0, 1.0]
