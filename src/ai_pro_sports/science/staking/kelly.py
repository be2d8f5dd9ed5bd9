"""Kelly (1956): the share of the bankroll whose expected logarithm grows fastest, pushes and half results included."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["expected_growth", "kelly_fraction"]

FloatArray = npt.NDArray[np.float64]

BISECTIONS = 60


def kelly_fraction(
    win: npt.ArrayLike,
    loss: npt.ArrayLike,
    price: npt.ArrayLike,
    *,
    half_win: npt.ArrayLike = 0.0,
    half_loss: npt.ArrayLike = 0.0,
) -> FloatArray:
    """Return the growth-optimal share of the bankroll, elementwise, 0 where there is no value and never above 1.

    `win` ... `half_loss` are probabilities of the grades; what they leave over comes back as a push. With b = price - 1
    and no half results it is (win b - loss) / (b (win + loss)); with them the maximum is found by bisection of the
    derivative, which falls throughout. Raises InvalidValue for probabilities that are missing, negative or sum above 1
    and for prices not above 1.

    >>> kelly_fraction([0.55, 0.5], [0.45, 0.4], [2.0, 2.0]).round(4).tolist()
    [0.1, 0.1111]
    """
    w, lost, decimal, hw, hl = _checked(win, loss, price, half_win, half_loss)
    b = decimal - 1
    decided = w + lost
    closed = np.divide(w * b - lost, b * decided, out=np.zeros_like(b), where=decided > 0)
    halves = (hw > 0) | (hl > 0)
    if not halves.any():
        return np.clip(closed, 0.0, 1.0)
    return np.where(halves, _bisected(w, lost, b, hw, hl), np.clip(closed, 0.0, 1.0))


def expected_growth(
    share: npt.ArrayLike,
    win: npt.ArrayLike,
    loss: npt.ArrayLike,
    price: npt.ArrayLike,
    *,
    half_win: npt.ArrayLike = 0.0,
    half_loss: npt.ArrayLike = 0.0,
) -> FloatArray:
    """Return the expected logarithmic growth of the bankroll when `share` of it is staked, elementwise.

    >>> expected_growth(0.1, 0.55, 0.45, 2.0).round(6).tolist()
    0.005008
    """
    w, lost, decimal, hw, hl = _checked(win, loss, price, half_win, half_loss)
    f, b = np.asarray(share, dtype=np.float64), decimal - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        ruin = np.where(lost > 0, lost * np.log1p(-f), 0.0)
    return np.asarray(w * np.log1p(b * f) + hw * np.log1p(b * f / 2) + hl * np.log1p(-f / 2) + ruin)


def _bisected(w: FloatArray, lost: FloatArray, b: FloatArray, hw: FloatArray, hl: FloatArray) -> FloatArray:
    """Return where the derivative of expected growth crosses zero in [0, 1]; an end where it does not."""

    def slope(f: FloatArray) -> FloatArray:
        gained = w * b / (1 + b * f) + hw * b / (2 + b * f)
        return np.asarray(gained - hl / (2 - f) - lost / (1 - f))

    low, high = np.zeros_like(b), np.full_like(b, np.nextafter(1.0, 0.0))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        rising = slope(middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    # Without value the bisection runs into 0; without a whole loss it may run into 1.
    return np.where(high < 1e-15, 0.0, (low + high) / 2)


def _checked(*numbers: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    w, lost, decimal, hw, hl = np.broadcast_arrays(*(np.asarray(number, dtype=np.float64) for number in numbers))
    chances = np.stack([w, lost, hw, hl])
    if not ((chances >= 0).all() and (chances.sum(axis=0) <= 1 + 1e-9).all()):
        raise InvalidValue(
            "the probabilities of a bet are no probabilities", hint="they lie in [0, 1], at most 1 in all"
        )
    if not (decimal > 1).all():
        raise InvalidValue("a decimal price is not above 1", hint="leave out bets without a price")
    return w, lost, decimal, hw, hl
