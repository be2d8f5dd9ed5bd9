"""Calibration: result probabilities stretched until they happen as often as they say, on games later than training.

All methods are one formula, the softmax of scale * log p + bias, with more or fewer free numbers: temperature has one
scale (Guo et al. 2017), Platt (1999) one scale and a bias for the home side, vector a scale per class and biases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.science.models.forecaster import Payload
from ai_pro_sports.science.scoring.proper import FLOOR, checked

__all__ = ["METHODS", "Calibrator", "fit_calibrator", "method_for"]

FloatArray = npt.NDArray[np.float64]

METHODS = ("none", "temperature", "platt", "vector")
ENOUGH_GAMES = 200
SHRINKAGE = 200.0


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A scale and a bias per class, and what they were learned by and from how many games.

    >>> Calibrator("temperature", (0.5, 0.5), (0.0, 0.0), 500).apply([[0.8, 0.2]]).round(4).tolist()
    [[0.6667, 0.3333]]
    """

    method: str
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    games: int

    def apply(self, probabilities: npt.ArrayLike) -> FloatArray:
        """Return calibrated probabilities, (games, classes), rows summing to 1.

        Raises InvalidValue for another number of classes.
        """
        forecast = np.asarray(probabilities, dtype=np.float64)
        if forecast.ndim != 2 or forecast.shape[1] != len(self.scale):
            raise InvalidValue(f"a calibrator of {len(self.scale)} classes got shape {forecast.shape}")
        if self.method == "none":
            return forecast
        logs = np.log(np.maximum(forecast, FLOOR)) * np.array(self.scale) + np.array(self.bias)
        calibrated = np.exp(log_softmax(logs, axis=1))
        # What was impossible stays so: a tie ruled out has no scores to give mass to.
        calibrated = np.where(forecast > 0, calibrated, 0.0)
        return np.asarray(calibrated / calibrated.sum(axis=1, keepdims=True))

    def payload(self) -> Payload:
        """Return it as plain JSON values."""
        return {"method": self.method, "scale": list(self.scale), "bias": list(self.bias), "games": self.games}

    @classmethod
    def of_payload(cls, payload: Payload) -> Calibrator:
        """Return what `payload` was made from."""
        return cls(payload["method"], tuple(payload["scale"]), tuple(payload["bias"]), payload["games"])


def method_for(games: int) -> str:
    """Return how much calibration so many games can pay for: none, or a temperature.

    Platt and vector scaling are there to be asked for: on out-of-fold forecasts of NFL and EPL seasons before 2012
    their biases followed the drift of home advantage and of draws too late and cost log loss.

    >>> method_for(100), method_for(500)
    ('none', 'temperature')
    """
    return "none" if games < ENOUGH_GAMES else "temperature"


def fit_calibrator(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, *, method: str | None = None, shrinkage: float = SHRINKAGE
) -> Calibrator:
    """Fit by least log loss, pulled towards no change as by `shrinkage` units of squared distance.

    The games must be later than those the forecasts were learned from, or the forecasts out of fold: else an
    overconfident model looks calibrated. `method` None takes `method_for`. Raises UnknownName for another method,
    InvalidValue for Platt scaling with more than two classes.
    """
    forecast, happened = checked(probabilities, outcomes)
    games, classes = forecast.shape
    chosen = method_for(games) if method is None else method
    if chosen not in METHODS:
        raise UnknownName(f"no calibration is called {chosen!r}", hint=f"use one of: {', '.join(METHODS)}")
    if chosen == "platt" and classes != 2:
        raise InvalidValue(f"Platt scaling is for two classes, not {classes}", hint="use vector")
    logs = np.log(np.maximum(forecast, FLOOR))
    hit = np.eye(classes)[happened]
    free = _free_numbers(chosen, classes)
    start = np.concatenate([np.ones(classes), np.zeros(classes)])

    def loss(moved: FloatArray) -> tuple[float, FloatArray]:
        scale, bias = np.split(start + free @ moved, 2)
        said = log_softmax(logs * scale + bias, axis=1)
        over = np.exp(said) - hit
        gradient = np.concatenate([(over * logs).sum(axis=0), over.sum(axis=0)])
        value = -float((hit * said).sum()) + shrinkage / 2 * float(moved @ moved)
        return value, free.T @ gradient + shrinkage * moved

    moved = np.zeros(free.shape[1])
    if free.shape[1] and games:
        moved = minimize(loss, moved, jac=True, method="L-BFGS-B", options={"gtol": 1e-10, "ftol": 1e-15}).x
    scale, bias = np.split(start + free @ moved, 2)
    return Calibrator(chosen, tuple(scale.tolist()), tuple(bias.tolist()), games)


def _free_numbers(method: str, classes: int) -> FloatArray:
    """Return which of the scales and biases move with which free number, (2 * classes, free)."""
    common_scale = np.concatenate([np.ones(classes), np.zeros(classes)])[:, None]
    scales = np.eye(2 * classes)[:, :classes]
    # The last bias stays 0: only differences count.
    biases = np.eye(2 * classes)[:, classes:-1]
    return {
        "none": np.empty((2 * classes, 0)),
        "temperature": common_scale,
        "platt": np.hstack([common_scale, biases]),
        "vector": np.hstack([scales, biases]),
    }[method]
