"""Football: a bell-shaped margin and total, pulled to the scores that touchdowns and field goals make.

A game ends 3 or 7 apart far more often than 4 or 5, and almost never level, because overtime follows a tie. The law is
P(margin) times P(total | margin):

* P(margin) is a normal (or Student t) law about the expected margin, cut into whole points and multiplied by a key
  number factor of the absolute margin (14 % of games end three apart, one in five hundred level).
* P(total | margin) is a normal law about the expected total, given the margin, over the totals that the margin allows
  (same parity, at least as large), multiplied by a factor of each side's own score (20 is common, 1 is not seen).

Both are laid out on the grid of scores, so margin, total, team totals and exact scores are views of one law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution, cell_margins

__all__ = ["KeyNumbers", "key_number_grid", "margin_law"]

FloatArray = npt.NDArray[np.float64]

MAX_SCORE = 80


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """Factors on a smooth law: `margin[k]` for games k apart (k = 0 is a tie), `score[s]` for a side that scores s.

    Beyond the arrays the factor is 1. Raises InvalidValue for negative or missing factors.
    """

    margin: tuple[float, ...] = ()
    score: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not all(np.isfinite(factor) and factor >= 0 for factor in (*self.margin, *self.score)):
            raise InvalidValue("a key number factor is negative or missing", hint="factors multiply probabilities")

    def of_margin(self, margin: npt.ArrayLike) -> FloatArray:
        """Return the factor of each home margin, whoever won.

        >>> KeyNumbers(margin=(0.1, 0.5, 0.6, 2.5)).of_margin([-3, 0, 9]).tolist()
        [2.5, 0.1, 1.0]
        """
        return _looked_up(self.margin, np.abs(np.asarray(margin)))

    def of_score(self, score: npt.ArrayLike) -> FloatArray:
        """Return the factor of each side's score."""
        return _looked_up(self.score, np.asarray(score))


def _looked_up(factors: tuple[float, ...], at: npt.NDArray[np.int_]) -> FloatArray:
    table = np.array([*factors, 1.0])
    found: FloatArray = table[np.minimum(at, len(factors))]
    return found


def margin_law(
    mean: npt.ArrayLike,
    sd: npt.ArrayLike,
    keys: KeyNumbers,
    *,
    tie_possible: npt.ArrayLike = True,
    degrees: float | None = None,
    max_score: int = MAX_SCORE,
) -> FloatArray:
    """Return the probabilities of margins from -max_score to max_score, (games, margins).

    `degrees` of freedom make the bell a Student t with the same standard deviation `sd`; raises InvalidValue at or
    below 2, where it has none.
    """
    centre, spread = (np.atleast_1d(np.asarray(x, dtype=np.float64))[:, None] for x in (mean, sd))
    if degrees is not None and degrees <= 2:
        raise InvalidValue(f"{degrees} degrees of freedom have no standard deviation", hint="use more than 2, or None")
    margins = np.arange(-max_score, max_score + 1)
    edges = (np.append(margins - 0.5, max_score + 0.5) - centre) / spread
    below = ndtr(edges) if degrees is None else stdtr(degrees, edges * np.sqrt(degrees / (degrees - 2)))
    weight = np.diff(below, axis=1) * keys.of_margin(margins)
    possible = np.broadcast_to(np.asarray(tie_possible, dtype=np.bool_), len(weight))
    weight[~possible, max_score] = 0.0
    law: FloatArray = weight / weight.sum(axis=1, keepdims=True)
    return law


def key_number_grid(
    margin_mean: npt.ArrayLike,
    margin_sd: npt.ArrayLike,
    total_mean: npt.ArrayLike,
    total_sd: npt.ArrayLike,
    keys: KeyNumbers,
    *,
    correlation: float = 0.0,
    tie_possible: npt.ArrayLike = True,
    degrees: float | None = None,
    max_score: int = MAX_SCORE,
) -> ScoreDistribution:
    """Return the laws of games with these expected margins (home minus away) and totals, one or (games,) each.

    `tie_possible` False, one or (games,), is a game played on until somebody wins. Totals that margin and sides' scores
    make impossible push the mean of the total a little off `total_mean`; a fit allows for it. Raises InvalidValue for
    spreads that are not positive, a mean margin or total off the grid, or a correlation not between -1 and 1.

    >>> law = key_number_grid([3.0], 13.0, [44.0], 13.0, KeyNumbers(margin=(0.05, 0.6, 0.6, 2.4)))
    >>> law.cover(-3.0).push.round(3).tolist(), law.draw().round(4).tolist()
    ([0.073], [0.0015])
    """
    columns = (np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (margin_mean, margin_sd, total_mean, total_sd))
    centre, spread, total_centre, total_spread = np.broadcast_arrays(*columns)
    on_grid = (np.abs(centre) < max_score) & (total_centre > 0) & (total_centre < 2 * max_score)
    if not (on_grid & (spread > 0) & (total_spread > 0)).all():
        raise InvalidValue("a margin or total has no plausible mean or spread", hint="check the model's forecasts")
    if not -1 < correlation < 1:
        raise InvalidValue(f"a correlation of {correlation}", hint="keep it between -1 and 1")
    margin = margin_law(centre, spread, keys, tie_possible=tie_possible, degrees=degrees, max_score=max_score)
    home, away = np.indices((max_score + 1, max_score + 1))
    at = (slice(None), None, None)
    slope = (correlation * total_spread / spread)[at]
    given_margin = total_centre[at] + slope * (home - away - centre[at])
    narrowed = (total_spread * np.sqrt(1 - correlation**2))[at]
    weight = np.exp(-0.5 * np.square((home + away - given_margin) / narrowed))
    weight *= keys.of_score(home) * keys.of_score(away)
    return ScoreDistribution.normalised(_with_margins(weight, margin))


def _with_margins(weight: FloatArray, margin: FloatArray) -> FloatArray:
    """Return `weight` rescaled along each diagonal so that the margins have the law `margin`, (games, margins)."""
    games, size, _ = weight.shape
    along = weight.reshape(games, size * size) @ cell_margins(size, size)
    factor = np.divide(margin, along, out=np.zeros_like(margin), where=along > 0)
    home, away = np.indices((size, size))
    rescaled: FloatArray = weight * factor[:, home - away + size - 1]
    return rescaled
