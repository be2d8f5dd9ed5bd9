"""The value of a price: edge, expected value, tier."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

__all__ = ["TIER_FLOORS", "Tier", "edge", "expected_value", "tier", "tiers"]

FloatArray = npt.NDArray[np.float64]


class Tier(StrEnum):
    """How confident a forecast is in its side, A the most. A statement about calibration, not about profit."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


TIER_FLOORS: tuple[tuple[Tier, float], ...] = ((Tier.A, 0.65), (Tier.B, 0.60), (Tier.C, 0.55))
"""The least probability of each tier, the bound included; below the last it is D."""


def tiers(probability: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Return the tier of each probability of the bet winning, given that it is decided.

    >>> tiers([0.65, 0.6499, 0.55, 0.2]).tolist()
    ['A', 'B', 'C', 'D']
    """
    p = np.asarray(probability, dtype=np.float64)
    return np.select([p >= floor for _, floor in TIER_FLOORS], [name for name, _ in TIER_FLOORS], default=Tier.D)


def tier(probability: float) -> Tier:
    """Return the tier of one probability.

    >>> tier(0.61)
    <Tier.B: 'B'>
    """
    return Tier(str(tiers([probability])[0]))


def edge(probability: npt.ArrayLike, price: npt.ArrayLike) -> FloatArray:
    """Return our probability less the one the decimal price breaks even at, elementwise.

    Where a push is possible, `probability` is that of winning given a decision (`WinPushLoss.decided`); the edge then
    has the sign of the expected value.

    >>> edge(0.55, 2.0).round(3).tolist()
    0.05
    """
    return np.asarray(np.asarray(probability, dtype=np.float64) - 1 / np.asarray(price, dtype=np.float64))


def expected_value(win: npt.ArrayLike, loss: npt.ArrayLike, price: npt.ArrayLike) -> FloatArray:
    """Return the profit expected of one unit staked, elementwise: win * (price - 1) - loss, a push paying nothing.

    Without pushes it is p * price - 1.

    >>> expected_value(0.55, 0.45, 2.0).round(3).tolist()
    0.1
    """
    profit = np.asarray(price, dtype=np.float64) - 1
    return np.asarray(np.asarray(win, dtype=np.float64) * profit - np.asarray(loss, dtype=np.float64))
