"""Ridge regression: least squares with the slopes, not the intercept, pulled towards zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["RidgeLine", "ridge"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RidgeLine:
    """An intercept, a slope per feature, and the standard deviation of what they leave unexplained."""

    intercept: float
    slopes: tuple[float, ...]
    sd: float

    def predict(self, design: FloatArray) -> FloatArray:
        """Return the expected value of each row of `design`, (games,)."""
        return np.asarray(self.intercept + design @ np.array(self.slopes))


def ridge(design: FloatArray, target: FloatArray, weights: FloatArray, penalty: float) -> RidgeLine:
    """Fit `target` (games,) on standardised features `design` (games, features), weighted.

    `penalty` counts as that many further games at the mean with all effects zero. The deviation is corrected for the
    effective number of parameters.

    >>> line = ridge(np.array([[-1.0], [1.0]]), np.array([0.0, 4.0]), np.ones(2), 0.0)
    >>> round(line.intercept, 6), round(line.slopes[0], 6)
    (2.0, 2.0)
    """
    total = weights.sum()
    centre = weights @ design / total
    middle = float(weights @ target / total)
    centred = design - centre
    gram = (centred * weights[:, None]).T @ centred
    # A hair of penalty keeps duplicated or constant features solvable.
    damped = gram + (penalty + 1e-8 * total) * np.eye(design.shape[1])
    slopes = np.linalg.solve(damped, centred.T @ (weights * (target - middle)))
    left = target - middle - centred @ slopes
    parameters = 1 + float(np.trace(np.linalg.solve(damped, gram)))
    effective = total**2 / np.square(weights).sum()
    shrink = max(1 - parameters / effective, 1 / effective)
    variance = float(weights @ np.square(left) / total) / shrink
    return RidgeLine(middle - float(centre @ slopes), tuple(slopes.tolist()), float(np.sqrt(variance)))
