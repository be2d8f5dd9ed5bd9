"""How a book writes a fair chance as a price: the line that splits a law in two, and the margin laid on top."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["add_margin", "chance_above", "main_line", "two_sided"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def chance_above(law: FloatArray, support: IntArray, lines: FloatArray) -> FloatArray:
    """Return the fair chance of more than each line, stakes back left out: shape (n, lines).

    `law` (n, support) are probabilities. A whole line returns the stake when hit; a quarter line is half a bet on each
    neighbour. The chance is win / (win + loss), so that 1 / chance is the price at which the bet is fair.

    >>> chance_above(np.array([[0.25, 0.25, 0.5]]), np.array([0, 1, 2]), np.array([1.0, 0.5, 1.25])).round(4).tolist()
    [[0.6667, 0.75, 0.5714]]
    """
    quarter = np.where((lines * 4) % 2 == 0, 0.0, 0.25)
    points = support[:, None]
    win = law @ (((points > lines - quarter) * 0.5) + ((points > lines + quarter) * 0.5))
    loss = law @ (((points < lines - quarter) * 0.5) + ((points < lines + quarter) * 0.5))
    return win / (win + loss)


def main_line(law: FloatArray, support: IntArray, lines: FloatArray) -> FloatArray:
    """Return, for each game, the one of `lines` whose two sides are closest to even: shape (n,)."""
    best: FloatArray = lines[np.argmin(np.abs(chance_above(law, support, lines) - 0.5), axis=1)]
    return best


def two_sided(law: FloatArray, support: IntArray, line: FloatArray) -> FloatArray:
    """Return the fair chances above and below each game's own `line` (n,): shape (n, 2), rows sum to one."""
    known, place = np.unique(line, return_inverse=True)
    above = chance_above(law, support, known)[np.arange(len(line)), place]
    return np.stack([above, 1 - above], axis=1)


def add_margin(fair: FloatArray, overround: float) -> FloatArray:
    """Return decimal prices of fair probabilities (n, k) whose implied chances sum to 1 + `overround`.

    Every chance is raised to one power below 1, so long shots carry more of the margin than favourites and no price
    falls to 1. The power is found by Newton's method, which converges from below on this convex falling sum.

    >>> float((1 / add_margin(np.array([[0.5, 0.3, 0.2]]), 0.05)).sum().round(9))
    1.05
    """
    chances = np.clip(fair, 1e-4, 1 - 1e-4)
    logs = np.log(chances)
    power = np.ones((len(chances), 1))
    for _ in range(8):
        raised = np.exp(power * logs)
        gap = raised.sum(axis=1, keepdims=True) - 1 - overround
        power = power - gap / (raised * logs).sum(axis=1, keepdims=True)
    return 1 / np.exp(power * logs)
