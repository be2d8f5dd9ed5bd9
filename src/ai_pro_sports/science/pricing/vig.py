"""Taking the vig out: from the prices of one whole book to fair probabilities.

The inverse prices of a book sum to more than 1; the methods differ in whom they take the excess from. With q the
inverse prices and B their sum:

* multiplicative: q / B; parameter B.
* additive: q - (B - 1) / n, the same from each outcome; parameter that amount.
* power: q^k with the k that makes them sum to 1 (k > 1 takes more from longshots); parameter k.
* shin: the insider model of Shin (1992, 1993) in the form of Jullien and Salanié (1994); parameter z, the share of
  insiders. For two outcomes it equals additive. A book below 1 has z < 0, a formal continuation.

Which one fits which sport is measured, not a matter of taste: a league file names its method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue, UnknownName

__all__ = ["METHODS", "FairBook", "FairBooks", "Refusal", "book_sum_bounds", "devig", "devig_book"]

FloatArray = npt.NDArray[np.float64]

NEWTON_STEPS = 60


class Refusal(IntEnum):
    """Why a book was not used."""

    NONE = 0
    PRICE_MISSING = 1
    PRICE_NOT_ABOVE_ONE = 2
    BOOK_SUM_BELOW_BOUNDS = 3
    BOOK_SUM_ABOVE_BOUNDS = 4
    NO_PROBABILITY_LEFT = 5


_SAID = {
    Refusal.PRICE_MISSING: "a price is missing",
    Refusal.PRICE_NOT_ABOVE_ONE: "a decimal price is not above 1",
    Refusal.BOOK_SUM_BELOW_BOUNDS: "the inverse prices sum to too little: a stale or swapped price",
    Refusal.BOOK_SUM_ABOVE_BOUNDS: "the inverse prices sum to too much: a typing error or the prices of two markets",
    Refusal.NO_PROBABILITY_LEFT: "the method leaves an outcome without probability",
}


@dataclass(frozen=True, slots=True)
class FairBook:
    """One book without its vig: `hold` is the share of turnover it would keep, 1 - 1 / B."""

    probabilities: tuple[float, ...]
    hold: float
    method: str
    parameter: float


@dataclass(frozen=True, slots=True)
class FairBooks:
    """Many books without their vig: `probabilities` (books, outcomes); `hold`, `parameter` and `refusal` (books,).

    Rows of refused books are NaN; `refusal` holds `Refusal` codes.
    """

    probabilities: FloatArray
    hold: FloatArray
    method: str
    parameter: FloatArray
    refusal: npt.NDArray[np.int8]

    @property
    def accepted(self) -> npt.NDArray[np.bool_]:
        """Return which books were used, (books,)."""
        used: npt.NDArray[np.bool_] = self.refusal == Refusal.NONE
        return used

    def reason(self, book: int) -> str | None:
        """Return why a book was refused, None where it was not."""
        return _SAID.get(Refusal(int(self.refusal[book])))


def _multiplicative(inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    total = inverse.sum(axis=1)
    return inverse / total[:, None], total


def _additive(inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    taken = (inverse.sum(axis=1) - 1) / inverse.shape[1]
    return inverse - taken[:, None], taken


def _power(inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    # log of the sum of q^k falls in k and is convex: from a point left of the root Newton's method climbs to it
    # without overshooting. n times the least q^k is 1 at such a point.
    logs = np.log(inverse)
    exponent = np.log(inverse.shape[1]) / -logs.min(axis=1)
    powered = np.exp(exponent[:, None] * logs)
    for _ in range(NEWTON_STEPS):
        total = powered.sum(axis=1)
        step = -np.log(total) * total / (powered * logs).sum(axis=1)
        moving = np.abs(step) >= 1e-14
        if not moving.any():
            break
        # A book that has arrived stays, so its last bits do not depend on which other books are in the batch.
        exponent = np.where(moving, exponent + step, exponent)
        powered = np.exp(exponent[:, None] * logs)
    return powered / powered.sum(axis=1, keepdims=True), exponent


def _shin(inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    squared = np.square(inverse) / inverse.sum(axis=1, keepdims=True)

    def excess(z: FloatArray) -> FloatArray:
        insiders = z[:, None]
        root = np.sqrt(np.square(insiders) + 4 * (1 - insiders) * squared)
        over: FloatArray = ((root - insiders) / (2 * (1 - insiders))).sum(axis=1) - 1
        return over

    # The excess falls in z, is positive at -1 and negative towards 1.
    low, high = np.full(len(inverse), -1.0), np.full(len(inverse), 1 - 1e-9)
    for _ in range(NEWTON_STEPS):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    insiders = (low + high)[:, None] / 2
    root = np.sqrt(np.square(insiders) + 4 * (1 - insiders) * squared)
    fair = (root - insiders) / (2 * (1 - insiders))
    return fair / fair.sum(axis=1, keepdims=True), insiders[:, 0]


METHODS: dict[str, Callable[[FloatArray], tuple[FloatArray, FloatArray]]] = {
    "multiplicative": _multiplicative,
    "additive": _additive,
    "power": _power,
    "shin": _shin,
}
"""The methods by name: each takes inverse prices (books, outcomes) to fair probabilities and its parameter (books,)."""


def book_sum_bounds(outcomes: int) -> tuple[float, float]:
    """Return the plausible range of the sum of inverse prices: 0.98 to 1.25 for two outcomes, 1.35 for three, a tenth
    more for each further one.

    A little below 1 happens where the prices of two moments or two books meet.
    """
    return 0.98, 1.25 + 0.1 * (outcomes - 2)


def devig(prices: npt.ArrayLike, method: str, *, bounds: tuple[float, float] | None = None) -> FairBooks:
    """Take the vig out of many books of the same market at once.

    `prices` are decimal, (books, outcomes), two outcomes or more; `bounds` on the sum of inverse prices default to
    `book_sum_bounds`. Impossible books are refused with their reason, never fixed. Raises UnknownName for a method
    nobody here knows, InvalidValue for another shape.

    >>> books = devig([[1.909, 1.909], [1.5, 0.9]], "power")
    >>> books.probabilities[0].tolist(), books.reason(1)
    ([0.5, 0.5], 'a decimal price is not above 1')
    """
    if method not in METHODS:
        raise UnknownName(f"no vig method is called {method!r}", hint=f"use one of: {', '.join(METHODS)}")
    decimal = np.asarray(prices, dtype=np.float64)
    if decimal.ndim != 2 or decimal.shape[1] < 2:
        raise InvalidValue(f"prices of shape {decimal.shape}", hint="give one row per book, one column per outcome")
    refusal = _refusals(decimal, bounds or book_sum_bounds(decimal.shape[1]))
    fair = np.full(decimal.shape, np.nan)
    parameter, hold = np.full(len(decimal), np.nan), np.full(len(decimal), np.nan)
    good = refusal == Refusal.NONE
    inverse = 1 / decimal[good]
    fair[good], parameter[good] = METHODS[method](inverse)
    hold[good] = 1 - 1 / inverse.sum(axis=1)
    lost = good & ~(np.nan_to_num(fair) > 0).all(axis=1)
    refusal[lost] = Refusal.NO_PROBABILITY_LEFT
    fair[lost], parameter[lost] = np.nan, np.nan
    return FairBooks(fair, hold, method, parameter, refusal)


def _refusals(decimal: FloatArray, bounds: tuple[float, float]) -> npt.NDArray[np.int8]:
    with np.errstate(divide="ignore", invalid="ignore"):
        total = (1 / decimal).sum(axis=1)
    refusal = np.zeros(len(decimal), dtype=np.int8)
    # A sum of exactly the bound, as twenty-five hundredths over, must not fall to rounding.
    refusal[total > bounds[1] + 1e-12] = Refusal.BOOK_SUM_ABOVE_BOUNDS
    refusal[total < bounds[0] - 1e-12] = Refusal.BOOK_SUM_BELOW_BOUNDS
    refusal[(decimal <= 1).any(axis=1)] = Refusal.PRICE_NOT_ABOVE_ONE
    refusal[~np.isfinite(decimal).all(axis=1)] = Refusal.PRICE_MISSING
    return refusal


def devig_book(prices: Sequence[float], method: str, *, bounds: tuple[float, float] | None = None) -> FairBook:
    """Take the vig out of one book, decimal prices in the order of the outcomes; raises InvalidValue if impossible.

    >>> book = devig_book([2.0, 3.6, 4.0], "multiplicative")
    >>> [round(p, 4) for p in book.probabilities], round(book.hold, 4)
    ([0.4865, 0.2703, 0.2432], 0.027)
    """
    books = devig([list(prices)], method, bounds=bounds)
    if (reason := books.reason(0)) is not None:
        listed = ", ".join(format(price, "g") for price in prices)
        raise InvalidValue(f"not a book: {listed} ({reason})", hint="check the prices at the source")
    fair = tuple(float(p) for p in books.probabilities[0])
    return FairBook(fair, float(books.hold[0]), method, float(books.parameter[0]))
