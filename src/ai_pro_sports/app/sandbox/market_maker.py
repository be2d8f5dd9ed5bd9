"""The market: what it believes from opening to close, and how each book turns the belief into its own prices.

The market believes expected scores, not prices. At the close its belief is the truth and a small error; before, it is
the close and an error that has not been traded away yet. So the close forecasts better than the opening, and both are
honest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from ai_pro_sports.app.sandbox.pricing import add_margin

__all__ = ["Belief", "Book", "MarketMaker"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Belief:
    """What the market expects both sides to score, at the opening and at the close: arrays (n, 2)."""

    opening: FloatArray
    close: FloatArray

    def at(self, progress: float | FloatArray) -> FloatArray:
        """Return the belief once `progress` (one number, or one per game) of the way from opening to close is gone."""
        gone = np.broadcast_to(np.asarray(progress, dtype=np.float64), len(self.close))[:, None]
        return self.opening + gone * (self.close - self.opening)


@dataclass(frozen=True, slots=True)
class MarketMaker:
    """How wrong a market is, in the unit of its beliefs, and for how long it trades a game."""

    closing_error: float
    opening_error: float
    opens_before: timedelta

    def belief(self, truth: FloatArray, generator: np.random.Generator) -> Belief:
        """Return a belief about `truth` (n, 2): the opening errs by `opening_error`, the close by `closing_error`."""
        close = truth + self.closing_error * generator.standard_normal(truth.shape)
        untraded = np.sqrt(self.opening_error**2 - self.closing_error**2)
        return Belief(close + untraded * generator.standard_normal(truth.shape), close)

    def progress(self, starts_at: list[datetime], now: datetime) -> FloatArray:
        """Return how far each market has come from opening (0) to close (1) at `now`."""
        left = np.array([(start - now) / self.opens_before for start in starts_at], dtype=np.float64)
        return np.clip(1 - left, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Book:
    """One book: the margin it lays on a market, how far it trails the market (0 to 1), its own error in log chances."""

    key: str
    overround: float
    lag: float
    error: float

    def prices(self, market: FloatArray, before: FloatArray, own: FloatArray) -> FloatArray:
        """Return this book's decimal prices, unrounded, shape (n, k).

        `market` and `before` (n, k) are the market's fair chances now and when the book last looked: it pools their
        logarithms. `own` are standard normal draws (n, k).
        """
        pooled = np.exp((1 - self.lag) * np.log(market) + self.lag * np.log(before) + self.error * own)
        return add_margin(pooled / pooled.sum(axis=1, keepdims=True), self.overround)
