"""Proper scores of probability forecasts: one number per game, so that any mean, block or pair can be made of them.

Everywhere `probabilities` is (games, classes), each row summing to 1, and `outcomes` (games,) holds the index of the
class that happened. Classes stand in the field's order: home, away for two, home, draw, away for three. All functions
raise InvalidValue for shapes that do not fit, probabilities outside [0, 1], rows that do not sum to 1 within 1e-6, and
outcomes that name no class.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["FLOOR", "accuracy", "brier", "checked", "log_loss", "ranked_probability"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

FLOOR = 1e-15
"""The least probability log loss takes at face value: an event called impossible costs 34.5 nats, not infinity."""


def checked(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[FloatArray, IntArray]:
    """Return forecasts and outcomes as arrays of float and int; raises InvalidValue where they are not a pair.

    >>> checked([[0.5, 0.5]], [1])[1].tolist()
    [1]
    """
    forecast = np.asarray(probabilities, dtype=np.float64)
    happened = np.asarray(outcomes)
    if forecast.ndim != 2 or forecast.shape[1] < 2:
        raise InvalidValue(f"forecasts have shape {forecast.shape}", hint="give one row per game, one column per class")
    if happened.shape != (forecast.shape[0],) or not np.issubdtype(happened.dtype, np.integer):
        raise InvalidValue(
            f"{forecast.shape[0]} forecasts do not pair with outcomes of shape {happened.shape} and {happened.dtype}",
            hint="give one class index (int) per game",
        )
    if not ((forecast >= 0) & (forecast <= 1)).all():
        raise InvalidValue("a probability is missing or outside [0, 1]", hint="drop games without a forecast first")
    if (np.abs(forecast.sum(axis=1) - 1) > 1e-6).any():
        raise InvalidValue("the probabilities of a game do not sum to 1", hint="remove the vig, or normalise")
    if happened.size and not (happened.min() >= 0 and happened.max() < forecast.shape[1]):
        raise InvalidValue(f"an outcome names no class of {forecast.shape[1]}", hint="count classes from 0")
    return forecast, happened.astype(np.intp)


def log_loss(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> FloatArray:
    """Return minus the natural log of the probability given to what happened, per game.

    >>> log_loss([[0.8, 0.2], [0.5, 0.5]], [0, 1]).round(4).tolist()
    [0.2231, 0.6931]
    """
    forecast, happened = checked(probabilities, outcomes)
    given = np.take_along_axis(forecast, happened[:, None], axis=1)[:, 0]
    loss: FloatArray = -np.log(np.maximum(given, FLOOR))
    return loss


def brier(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> FloatArray:
    """Return the squared error: (p - y)^2 for two classes, summed over all classes for more, as the field has it.

    >>> brier([[0.8, 0.2]], [0]).round(3).tolist(), brier([[0.5, 0.3, 0.2]], [1]).round(3).tolist()
    ([0.04], [0.78])
    """
    forecast, happened = checked(probabilities, outcomes)
    error = forecast - np.eye(forecast.shape[1])[happened]
    each: FloatArray = np.square(error).sum(axis=1)
    return each / 2 if forecast.shape[1] == 2 else each


def ranked_probability(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> FloatArray:
    """Return the ranked probability score over ordered classes, divided by classes - 1 (Epstein 1969).

    For two classes it is the two-way Brier score.

    >>> ranked_probability([[0.5, 0.3, 0.2]], [0]).round(3).tolist()
    [0.145]
    """
    forecast, happened = checked(probabilities, outcomes)
    classes = forecast.shape[1]
    gap = np.cumsum(forecast - np.eye(classes)[happened], axis=1)[:, :-1]
    score: FloatArray = np.square(gap).sum(axis=1) / (classes - 1)
    return score


def accuracy(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> FloatArray:
    """Return 1 where the likeliest class happened, else 0; classes tied for likeliest share the credit.

    >>> accuracy([[0.6, 0.4], [0.5, 0.5]], [1, 0]).tolist()
    [0.0, 0.5]
    """
    forecast, happened = checked(probabilities, outcomes)
    likeliest = forecast == forecast.max(axis=1, keepdims=True)
    right = np.take_along_axis(likeliest, happened[:, None], axis=1)[:, 0]
    credit: FloatArray = right / likeliest.sum(axis=1)
    return credit
