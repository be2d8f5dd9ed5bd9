"""From a frame of features to a standardised matrix, the missing filled with what training saw on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.models.forecaster import Payload

__all__ = ["DesignMatrix", "recency_weights"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DesignMatrix:
    """Names, training means and training standard deviations of the features, in column order."""

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    @classmethod
    def fit(cls, frame: pl.DataFrame, features: Sequence[str]) -> DesignMatrix:
        """Measure the features over the games of `frame`; raises InvalidValue for none, or ones it does not have.

        A feature that training never saw, or saw constant, keeps the scale 1.

        >>> DesignMatrix.fit(pl.DataFrame({"x": [1.0, 3.0, None]}), ["x"]).means
        (2.0,)
        """
        if not features or len(set(features)) != len(features):
            raise InvalidValue("a model needs features, each once", hint="name the feature columns to learn from")
        values = _columns(frame, features)
        seen = np.isfinite(values)
        count = np.maximum(seen.sum(axis=0), 1)
        filled = np.where(seen, values, 0.0)
        means = filled.sum(axis=0) / count
        variance = np.where(seen, np.square(values - means), 0.0).sum(axis=0) / count
        scales = np.where(variance > 1e-24, np.sqrt(variance), 1.0)
        return cls(tuple(features), tuple(means.tolist()), tuple(scales.tolist()))

    def matrix(self, frame: pl.DataFrame) -> tuple[FloatArray, npt.NDArray[np.int_]]:
        """Return the standardised features (games, features), missing ones 0, and how many were missing (games,).

        Null, NaN and infinite values are missing. Raises InvalidValue for a frame without one of the columns.
        """
        values = _columns(frame, self.features)
        seen = np.isfinite(values)
        standard = (np.where(seen, values, 0.0) - np.array(self.means)) / np.array(self.scales)
        return np.where(seen, standard, 0.0), (~seen).sum(axis=1)

    def payload(self) -> Payload:
        """Return the measures as plain JSON values."""
        return {"features": list(self.features), "means": list(self.means), "scales": list(self.scales)}

    @classmethod
    def of_payload(cls, payload: Payload) -> DesignMatrix:
        """Return what `payload` was made from."""
        return cls(tuple(payload["features"]), tuple(payload["means"]), tuple(payload["scales"]))


def _columns(frame: pl.DataFrame, features: Sequence[str]) -> FloatArray:
    absent = [name for name in features if name not in frame.columns]
    if absent:
        raise InvalidValue(f"the frame lacks features {', '.join(absent)}", hint="build features for these games")
    return frame.select(pl.col(name).cast(pl.Float64) for name in features).to_numpy().reshape(-1, len(features))


def recency_weights(frame: pl.DataFrame, half_life_days: float | None) -> FloatArray:
    """Return the weight of each game, (games,): halved for every half-life that it lies before the last one.

    None weighs all games alike.

    >>> from datetime import UTC, datetime
    >>> games = pl.DataFrame({"starts_at": [datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 1, 11, tzinfo=UTC)]})
    >>> recency_weights(games, 10).tolist()
    [0.5, 1.0]
    """
    if half_life_days is None:
        return np.ones(frame.height)
    if half_life_days <= 0:
        raise InvalidValue(f"a half-life of {half_life_days} days", hint="use a positive number of days, or None")
    starts = frame["starts_at"]
    age = (starts.max() - starts).dt.total_seconds().to_numpy() / 86_400  # type: ignore[union-attr]
    return np.asarray(np.exp2(-age / half_life_days))
