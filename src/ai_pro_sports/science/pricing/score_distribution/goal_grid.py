"""Soccer: two Poisson counts with the low-score dependence of Dixon and Coles (1997)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, pdtrc

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution

__all__ = ["goal_grid", "low_score_factor", "rho_bounds"]

FloatArray = npt.NDArray[np.float64]

MAX_GOALS = 30
TAIL = 1e-6


def rho_bounds(home_rate: npt.ArrayLike, away_rate: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the least and greatest rho, elementwise, for which no score gets negative probability.

    >>> [bound.tolist() for bound in rho_bounds(2.0, 1.0)]
    [-0.5, 0.5]
    """
    home, away = np.asarray(home_rate, dtype=np.float64), np.asarray(away_rate, dtype=np.float64)
    return -1 / np.maximum(home, away), np.minimum(1 / (home * away), 1.0)


def low_score_factor(
    home_rate: npt.ArrayLike,
    away_rate: npt.ArrayLike,
    rho: npt.ArrayLike,
    home_score: npt.ArrayLike,
    away_score: npt.ArrayLike,
) -> FloatArray:
    """Return Dixon and Coles' tau, elementwise: what the probability of 0-0, 0-1, 1-0 and 1-1 is multiplied by.

    With rho < 0 there are more 0-0 and 1-1 draws than independent counts give; the marginal laws do not change.

    >>> low_score_factor(1.5, 1.0, -0.1, [0, 1, 2], [0, 1, 0]).round(3).tolist()
    [1.15, 1.1, 1.0]
    """
    h, a = np.asarray(home_score), np.asarray(away_score)
    home, away, r = (np.asarray(x, dtype=np.float64) for x in (home_rate, away_rate, rho))
    return np.select(
        [(h == 0) & (a == 0), (h == 0) & (a == 1), (h == 1) & (a == 0), (h == 1) & (a == 1)],
        [1 - home * away * r, 1 + home * r, 1 + away * r, 1 - r],
        default=1.0,
    )


def goal_grid(
    home_rate: npt.ArrayLike, away_rate: npt.ArrayLike, rho: npt.ArrayLike = 0.0, *, max_goals: int = MAX_GOALS
) -> ScoreDistribution:
    """Return the laws of games with these expected goals, (games,) each, on a grid of 0 to `max_goals` a side.

    Raises InvalidValue for rates that are not positive, so high that more than a millionth of the mass lies beyond the
    grid, or a rho outside `rho_bounds`.

    >>> law = goal_grid([1.5], [1.1], -0.05)
    >>> law.three_way().round(3).tolist()
    [[0.458, 0.27, 0.272]]
    """
    home, away, r = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64).ravel() for x in (home_rate, away_rate, rho)))
    if not ((home > 0) & (away > 0)).all():
        raise InvalidValue("an expected number of goals is not positive", hint="check the model's rates")
    if home.size and pdtrc(max_goals, max(home.max(), away.max())) > TAIL:
        raise InvalidValue(f"expected goals of {max(home.max(), away.max()):.1f}", hint="raise max_goals")
    least, most = rho_bounds(home, away)
    if not ((r >= least) & (r <= most)).all():
        raise InvalidValue("rho gives a score negative probability", hint="keep it inside rho_bounds")
    goals = np.arange(max_goals + 1)
    mass = _poisson(home, goals)[:, :, None] * _poisson(away, goals)[:, None, :]
    low = np.arange(2)
    at = (slice(None), None, None)
    mass[:, :2, :2] *= low_score_factor(home[at], away[at], r[at], low[None, :, None], low[None, None, :])
    return ScoreDistribution.normalised(mass)


def _poisson(rate: FloatArray, counts: npt.NDArray[np.int_]) -> FloatArray:
    """Return Poisson probabilities, (games, counts)."""
    mass: FloatArray = np.exp(np.log(rate)[:, None] * counts - rate[:, None] - gammaln(counts + 1))
    return mass
