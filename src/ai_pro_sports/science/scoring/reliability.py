"""Calibration: do events called with probability p happen with frequency p?

Three-way forecasts are pooled one class against the rest, so a game gives three pairs (probability, happened). Two-way
forecasts use the home side only, the other being its mirror.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.scoring.bootstrap import BlockBootstrap, Estimate
from ai_pro_sports.science.scoring.proper import checked

__all__ = [
    "CalibrationLine",
    "Reliability",
    "calibration_error",
    "calibration_line",
    "error_if_calibrated",
    "pooled",
    "reliability",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

BINS = 10
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability curve: per bin the mean probability called, the frequency seen with its 95 % Wilson interval,
    and the count of pairs. All arrays are (bins,), lowest probability first.
    """

    called: FloatArray
    seen: FloatArray
    low: FloatArray
    high: FloatArray
    count: IntArray

    @property
    def error(self) -> float:
        """Return the expected calibration error: the count-weighted mean distance of `seen` from `called`."""
        return float(np.average(np.abs(self.seen - self.called), weights=self.count))


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Cox's calibration line logit P(happened) = intercept + slope * logit(called): (0, 1) is perfect, a slope below 1
    is overconfident. Both are NaN where all probabilities called are the same.
    """

    intercept: float
    slope: float


def pooled(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return (called, happened 0/1, game) over all pairs of the pool, (pairs,) each.

    >>> pooled([[0.5, 0.3, 0.2]], [1])[1].tolist()
    [0.0, 1.0, 0.0]
    """
    forecast, happened = checked(probabilities, outcomes)
    games, classes = forecast.shape
    hit = np.eye(classes)[happened]
    if classes == 2:
        return forecast[:, 0], hit[:, 0], np.arange(games)
    return forecast.ravel(), hit.ravel(), np.repeat(np.arange(games), classes)


def _bin_of(called: FloatArray, bins: int) -> IntArray:
    """Return the equal-count bin of each pair; pairs called alike share a bin, so there can be fewer bins."""
    order = np.argsort(called, kind="stable")
    ranked = called[order]
    first_of_run = np.searchsorted(ranked, ranked, side="left")
    rank_bin = first_of_run * bins // max(ranked.size, 1)
    bin_of = np.empty(ranked.size, dtype=np.intp)
    bin_of[order] = np.unique(rank_bin, return_inverse=True)[1]
    return bin_of


def reliability(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, *, bins: int = BINS) -> Reliability:
    """Return the reliability curve over equal-count bins of the pooled pairs; raises InvalidValue without games.

    >>> curve = reliability([[0.2, 0.8]] * 5 + [[0.6, 0.4]] * 5, [1, 1, 1, 1, 0, 0, 0, 0, 1, 1], bins=2)
    >>> curve.called.tolist(), curve.seen.tolist(), curve.error
    ([0.2, 0.6], [0.2, 0.6], 0.0)
    """
    called, happened, _ = pooled(probabilities, outcomes)
    if called.size == 0:
        raise InvalidValue("no games to judge", hint="score at least one game")
    bin_of = _bin_of(called, bins)
    count = np.bincount(bin_of)
    seen = np.bincount(bin_of, weights=happened) / count
    centre = (seen + Z95**2 / (2 * count)) / (1 + Z95**2 / count)
    half = Z95 * np.sqrt(seen * (1 - seen) / count + Z95**2 / (4 * count**2)) / (1 + Z95**2 / count)
    return Reliability(
        called=np.bincount(bin_of, weights=called) / count,
        seen=seen,
        low=np.clip(centre - half, 0, 1),
        high=np.clip(centre + half, 0, 1),
        count=count.astype(np.intp),
    )


def calibration_error(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, bootstrap: BlockBootstrap, *, bins: int = BINS
) -> Estimate:
    """Return the expected calibration error with its interval, the bins of the whole sample kept in every draw.

    The error cannot be negative, so its interval leans upwards; judge it beside `error_if_calibrated`.
    """
    called, happened, game = pooled(probabilities, outcomes)
    bin_of = _bin_of(called, bins)
    width = int(bin_of.max()) + 1
    gap = np.zeros((bootstrap.n, width))
    np.add.at(gap, (game, bin_of), happened - called)
    pairs = bootstrap.sizes * (called.size / bootstrap.n)
    replicates = np.abs(bootstrap.sums(gap)).sum(axis=1) / pairs
    return bootstrap.estimate(float(np.abs(gap.sum(axis=0)).sum() / called.size), replicates)


def error_if_calibrated(
    probabilities: npt.ArrayLike, *, seed: int, bins: int = BINS, draws: int = 1000, quantile: float = 0.95
) -> float:
    """Return the quantile of the calibration error of a perfect forecaster with these probabilities, by simulation.

    A measured error below it is no evidence of miscalibration.
    """
    forecast = np.asarray(probabilities, dtype=np.float64)
    checked(forecast, np.zeros(len(forecast), dtype=np.intp))
    called, _, _ = pooled(forecast, np.zeros(len(forecast), dtype=np.intp))
    bin_of = _bin_of(called, bins)
    edges = np.cumsum(forecast, axis=1)
    edges[:, -1] = 1.0
    generator = np.random.default_rng(seed)
    errors = np.empty(draws)
    for draw in range(draws):
        happened = (generator.random((len(forecast), 1)) >= edges).sum(axis=1)
        hit = pooled(forecast, happened)[1]
        errors[draw] = np.abs(np.bincount(bin_of, weights=hit - called)).sum() / called.size
    return float(np.quantile(errors, quantile))


def calibration_line(
    called: npt.ArrayLike, happened: npt.ArrayLike, *, weights: npt.ArrayLike | None = None
) -> CalibrationLine:
    """Fit Cox's calibration line to pairs (pairs,) by Newton's method; `weights` count each pair so often.

    >>> line = calibration_line([0.2] * 10 + [0.8] * 10, [1] * 2 + [0] * 8 + [1] * 8 + [0] * 2)
    >>> round(line.slope, 6)
    1.0
    """
    given = np.clip(np.asarray(called, dtype=np.float64), 1e-12, 1 - 1e-12)
    seen = np.asarray(happened, dtype=np.float64)
    weight = np.ones_like(given) if weights is None else np.asarray(weights, dtype=np.float64)
    x = logit(given)
    inside = weight > 0
    if not inside.any() or np.ptp(x[inside]) < 1e-9:
        return CalibrationLine(float("nan"), float("nan"))
    design = np.column_stack([np.ones_like(x), x])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = expit(design @ beta)
        gradient = design.T @ (weight * (seen - fitted))
        hessian = (design * (weight * fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(hessian) > 1e12:
            return CalibrationLine(float("nan"), float("nan"))
        step = np.linalg.solve(hessian, gradient)
        # A capped step keeps Newton's method inside where the likelihood is far from quadratic.
        beta = beta + step * min(1.0, 2.0 / float(np.abs(step).max() or 1.0))
        if np.abs(step).max() < 1e-10:
            break
    return CalibrationLine(float(beta[0]), float(beta[1]))
