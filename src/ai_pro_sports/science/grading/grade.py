"""The six grades of a settled bet and what each pays back, exact in money and as multiples in arrays."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds

__all__ = ["GRADES", "Grade", "returned_per_unit"]


class Grade(StrEnum):
    """What became of a bet. Half grades settle half the stake and return the other half (quarter lines)."""

    WIN = "win"
    HALF_WIN = "half_win"
    PUSH = "push"
    HALF_LOSS = "half_loss"
    LOSS = "loss"
    VOID = "void"

    @property
    def won_share(self) -> Fraction:
        """Return the share of the stake that won at the price."""
        return _WON[self]

    @property
    def lost_share(self) -> Fraction:
        """Return the share of the stake that was lost; what neither won nor lost comes back."""
        return _LOST[self]

    @property
    def opposite(self) -> Grade:
        """Return the grade of the other side of a two-way market.

        >>> Grade.HALF_WIN.opposite
        <Grade.HALF_LOSS: 'half_loss'>
        """
        return _OPPOSITE[self]

    def payout(self, stake: Money, odds: Odds) -> Money:
        """Return what is paid back, stake included, in whole cents, rounded down once at the end.

        Raises InvalidValue for a negative stake.

        >>> Grade.HALF_WIN.payout(Money.of("100"), Odds.from_decimal("1.90")).amount
        Decimal('145.00')
        """
        if stake.amount < 0:
            raise InvalidValue(f"a stake cannot be negative: {stake}")
        share = self.won_share * odds.exact + (1 - self.won_share - self.lost_share)
        cents = Fraction(stake.amount) * share * 100
        return Money.of(f"{cents.numerator // cents.denominator}e-2", stake.currency)

    def profit(self, stake: Money, odds: Odds) -> Money:
        """Return payout minus stake: negative when money was lost.

        >>> Grade.HALF_LOSS.profit(Money.of("100"), Odds.from_decimal("1.90")).amount
        Decimal('-50.00')
        """
        return self.payout(stake, odds) - stake


_HALF = Fraction(1, 2)
_WON = {grade: Fraction(0) for grade in Grade} | {Grade.WIN: Fraction(1), Grade.HALF_WIN: _HALF}
_LOST = {grade: Fraction(0) for grade in Grade} | {Grade.LOSS: Fraction(1), Grade.HALF_LOSS: _HALF}
_OPPOSITE = {
    Grade.WIN: Grade.LOSS,
    Grade.HALF_WIN: Grade.HALF_LOSS,
    Grade.PUSH: Grade.PUSH,
    Grade.HALF_LOSS: Grade.HALF_WIN,
    Grade.LOSS: Grade.WIN,
    Grade.VOID: Grade.VOID,
}

GRADES: tuple[Grade, ...] = tuple(Grade)
"""Grades by their code in arrays: `GRADES[code]`, best first, void last."""

_WON_BY_CODE = np.array([float(grade.won_share) for grade in GRADES])
_LOST_BY_CODE = np.array([float(grade.lost_share) for grade in GRADES])


def returned_per_unit(codes: npt.ArrayLike, prices: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return what one unit staked pays back, unit included, of grade codes and decimal prices, elementwise.

    For simulation and statistics; money that is owed is `Grade.payout`.

    >>> returned_per_unit([0, 1, 2, 3, 4, 5], 1.9).tolist()
    [1.9, 1.45, 1.0, 0.5, 0.0, 1.0]
    """
    code = np.asarray(codes, dtype=np.intp)
    won, lost = _WON_BY_CODE[code], _LOST_BY_CODE[code]
    returned: npt.NDArray[np.float64] = won * np.asarray(prices, dtype=np.float64) + (1 - won - lost)
    return returned
