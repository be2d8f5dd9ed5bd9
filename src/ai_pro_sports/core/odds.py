"""Odds: one exact price, read and written in every notation of the field, and the same conversions over arrays.

A price is kept as a fraction, so -110 is 21/11 and nothing is lost on the way to a payout. Arrays are float64 decimal
odds; American odds exist only at the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = [
    "MAX_DECIMAL",
    "Odds",
    "Probability",
    "american_from_decimal",
    "decimal_from_american",
    "implied_from_decimal",
]

MAX_DECIMAL = 1001
"""The longest price taken at face value (American +100000); beyond it, it is a typing error."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, order=True)
class Probability:
    """A number between 0 and 1, both included; raises InvalidValue outside.

    >>> Probability(0.25).fair_odds.decimal
    Decimal('4')
    """

    value: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.value <= 1.0:
            raise InvalidValue(f"a probability lies between 0 and 1, not {self.value}")

    @property
    def complement(self) -> Probability:
        """Return the probability of the opposite."""
        return Probability(1.0 - self.value)

    @property
    def fair_odds(self) -> Odds:
        """Return the price with no margin; raises InvalidValue for 0 and 1, which have none."""
        if not 0.0 < self.value < 1.0:
            raise InvalidValue(f"no price is fair for a probability of {self.value}")
        return Odds(1 / Fraction(self.value).limit_denominator(10**9))


@dataclass(frozen=True, slots=True, order=True)
class Odds:
    """A price as exact decimal odds: what one unit staked returns if it wins, the unit included.

    Raises InvalidValue at or below 1 and above 1001.

    >>> Odds.from_american(-110).decimal.quantize(Decimal("0.001"))
    Decimal('1.909')
    >>> Odds.from_fractional("5/2").american
    250
    """

    exact: Fraction

    def __post_init__(self) -> None:
        if not 1 < self.exact <= MAX_DECIMAL:
            raise InvalidValue(f"decimal odds lie above 1 and not above {MAX_DECIMAL}, not {float(self.exact):g}")

    @classmethod
    def from_decimal(cls, price: Decimal | str | int) -> Odds:
        """Read decimal odds, exactly; floats are refused because 1.91 as a float is not 1.91."""
        if isinstance(price, float):
            raise InvalidValue("decimal odds as a float are not exact", hint=f'write "{price}" as text')
        try:
            return cls(Fraction(str(price)))
        except (ValueError, ZeroDivisionError):
            raise InvalidValue(f"not decimal odds: {price!r}", hint='write them as in "1.91"') from None

    @classmethod
    def from_american(cls, price: int) -> Odds:
        """Read American odds: +150 wins 150 on 100, -150 needs 150 to win 100; raises between -100 and 100."""
        if price >= 100:
            return cls(1 + Fraction(price, 100))
        if price <= -100:
            return cls(1 + Fraction(100, -price))
        raise InvalidValue(f"American odds between -100 and 100 do not exist: {price}")

    @classmethod
    def from_fractional(cls, price: str) -> Odds:
        """Read British odds such as 5/2 or evens."""
        if price.strip().lower() in {"evens", "evs"}:
            return cls(Fraction(2))
        try:
            return cls(1 + Fraction(price.strip().replace("-", "/")))
        except (ValueError, ZeroDivisionError):
            raise InvalidValue(f"not fractional odds: {price!r}", hint="write them as in 5/2") from None

    @property
    def decimal(self) -> Decimal:
        """Return decimal odds to the context's precision."""
        return Decimal(self.exact.numerator) / Decimal(self.exact.denominator)

    @property
    def american(self) -> int:
        """Return the nearest American odds; even money is +100."""
        profit = self.exact - 1
        return round(profit * 100) if profit >= 1 else -round(100 / profit)

    @property
    def fractional(self) -> Fraction:
        """Return profit per unit staked."""
        return self.exact - 1

    @property
    def implied(self) -> Probability:
        """Return the break-even probability, margin included."""
        return Probability(float(1 / self.exact))

    def __str__(self) -> str:
        return f"{float(self.exact):.3f}"


def decimal_from_american(price: npt.ArrayLike) -> FloatArray:
    """Return decimal odds of American ones, elementwise; values between -100 and 100 and NaN give NaN.

    >>> decimal_from_american([-110, 150, 50]).round(4).tolist()
    [1.9091, 2.5, nan]
    """
    american = np.asarray(price, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        decimal = np.where(american > 0, 1 + american / 100, 1 - 100 / american)
        return np.where(np.abs(american) >= 100, decimal, np.nan)


def american_from_decimal(price: npt.ArrayLike) -> FloatArray:
    """Return the nearest whole American odds of decimal ones, elementwise; values not above 1 give NaN.

    >>> american_from_decimal([1.9090909, 2.5]).tolist()
    [-110.0, 150.0]
    """
    profit = np.asarray(price, dtype=np.float64) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        american = np.where(profit >= 1, np.rint(profit * 100), -np.rint(100 / profit))
        return np.where(profit > 0, american, np.nan)


def implied_from_decimal(price: npt.ArrayLike) -> FloatArray:
    """Return break-even probabilities of decimal odds, elementwise, margin included; values not above 1 give NaN.

    >>> implied_from_decimal([2.0, 4.0, 1.0]).tolist()
    [0.5, 0.25, nan]
    """
    decimal = np.asarray(price, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(decimal > 1, 1 / decimal, np.nan)
