"""The true law of a soccer game: two Poisson counts with the low scores tilted towards draws.

The tilt is Dixon and Coles (1997), "Modelling association football scores and inefficiencies in the football betting
market", equation 4.2, with a dependence of `RHO`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["RHO", "SoccerLaw"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

RHO = -0.08
GOALS = 14
"""Scores run from 0 to 13; what lies beyond (below 1e-5 at four expected goals) is shared out."""


class SoccerLaw:
    """The joint law of both scores for a batch of games with goal rates `home_rate` and `away_rate` (n,).

    `margin` and `total` are probabilities over `margins` and `totals`.

    >>> law = SoccerLaw(np.array([1.6]), np.array([1.1]))
    >>> [round(float(p), 3) for p in law.outcomes()[0]]
    [0.48, 0.268, 0.252]
    """

    margins: IntArray = np.arange(2 * GOALS - 1) - (GOALS - 1)
    totals: IntArray = np.arange(2 * GOALS - 1)

    def __init__(self, home_rate: FloatArray, away_rate: FloatArray) -> None:
        joint = _poisson(home_rate)[:, :, None] * _poisson(away_rate)[:, None, :]
        joint[:, 0, 0] *= 1 - home_rate * away_rate * RHO
        joint[:, 0, 1] *= 1 + home_rate * RHO
        joint[:, 1, 0] *= 1 + away_rate * RHO
        joint[:, 1, 1] *= 1 - RHO
        self.joint: FloatArray = joint / joint.sum(axis=(1, 2), keepdims=True)
        flat = self.joint.reshape(len(joint), -1)
        home, away = (axis.ravel() for axis in np.indices((GOALS, GOALS)))
        self.margin: FloatArray = flat @ (self.margins == (home - away)[:, None]).astype(np.float64)
        self.total: FloatArray = flat @ (self.totals == (home + away)[:, None]).astype(np.float64)

    def outcomes(self) -> FloatArray:
        """Return the probabilities of home win, draw and away win, shape (n, 3)."""
        level = GOALS - 1
        margin = self.margin
        home, away = margin[:, level + 1 :].sum(axis=1), margin[:, :level].sum(axis=1)
        return np.stack([home, margin[:, level], away], axis=1)

    def expected_margin(self) -> FloatArray:
        """Return the mean of home minus away goals, shape (n,)."""
        return self.margin @ self.margins.astype(np.float64)

    def expected_total(self) -> FloatArray:
        """Return the mean of all goals scored, shape (n,)."""
        return self.total @ self.totals.astype(np.float64)

    def draw(self, generator: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Play the games once: home and away goals, each of shape (n,)."""
        steps = np.cumsum(self.joint.reshape(len(self.joint), -1), axis=1)[:, :-1]
        cell: IntArray = (steps < generator.random(len(steps))[:, None]).sum(axis=1)
        home: IntArray = cell // GOALS
        return home, cell - GOALS * home


def _poisson(rate: FloatArray) -> FloatArray:
    goals = np.arange(GOALS)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(goals[1:]))])
    chances: FloatArray = np.exp(goals * np.log(rate)[:, None] - rate[:, None] - log_factorial)
    return chances
