"""Ridge Poisson regression: expected counts, logarithm linear in the features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["PoissonLine", "poisson_ridge"]

FloatArray = npt.NDArray[np.float64]

STEPS = 100
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class PoissonLine:
    """The logarithm of an expected count: an intercept and a slope per feature."""

    intercept: float
    slopes: tuple[float, ...]

    def predict(self, design: FloatArray) -> FloatArray:
        """Return the expected count of each row of `design`, (games,)."""
        return np.asarray(np.exp(np.clip(self.intercept + design @ np.array(self.slopes), -20, 20)))


def poisson_ridge(design: FloatArray, counts: FloatArray, weights: FloatArray, penalty: float) -> PoissonLine:
    """Fit `counts` (games,) on standardised features `design` (games, features), weighted, by Newton's method.

    Minimises the weighted Poisson deviance / 2 plus penalty / 2 times the squared slopes; the intercept is free. Steps
    that do not improve are halved, so the method cannot diverge. Raises InvalidValue where nothing was ever scored.

    >>> line = poisson_ridge(np.zeros((2, 1)), np.array([1.0, 2.0]), np.ones(2), 1.0)
    >>> round(float(np.exp(line.intercept)), 9)
    1.5
    """
    if not weights @ counts > 0:
        raise InvalidValue("no goal in any training game", hint="check the scores, or learn from more games")
    with_one = np.column_stack([np.ones(len(design)), design])
    damping = np.full(with_one.shape[1], penalty + 1e-8 * weights.sum())
    damping[0] = 0.0

    def loss(beta: FloatArray) -> float:
        eta = np.clip(with_one @ beta, -20, 20)
        return float(weights @ (np.exp(eta) - counts * eta) + damping @ np.square(beta) / 2)

    beta = np.zeros(with_one.shape[1])
    beta[0] = np.log(weights @ counts / weights.sum())
    now = loss(beta)
    for _ in range(STEPS):
        rate = np.exp(np.clip(with_one @ beta, -20, 20))
        gradient = with_one.T @ (weights * (rate - counts)) + damping * beta
        curvature = (with_one * (weights * rate)[:, None]).T @ with_one + np.diag(damping)
        step = np.linalg.solve(curvature, gradient)
        scale = 1.0
        while loss(beta - scale * step) > now and scale > 1e-6:
            scale /= 2
        beta = beta - scale * step
        now = loss(beta)
        if np.abs(step).max() < TOLERANCE:
            break
    return PoissonLine(float(beta[0]), tuple(beta[1:].tolist()))
