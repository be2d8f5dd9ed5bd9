"""Out-of-fold forecasts: every season forecast by a model that has seen earlier seasons only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.science.models.forecaster import Fitted, Forecaster, Forecasts, finished
from ai_pro_sports.science.scoring.splits import expanding_seasons

__all__ = ["Fold", "out_of_fold"]


@dataclass(frozen=True)
class Fold:
    """One season: its games (rows of the frame handed in), the model that had not seen them, and its forecasts."""

    season: int
    games: pl.DataFrame
    trained_on: pl.DataFrame
    fitted: Fitted
    forecasts: Forecasts


def out_of_fold(forecaster: Forecaster, frame: pl.DataFrame, *, min_training: int) -> Iterator[Fold]:
    """Yield one fold per season after the first `min_training`, in order, each fitted on all earlier seasons.

    `frame` has `season` besides what `fit` needs; games without a score are left out. Raises NothingToDo where no
    season is left to test.
    """
    played = finished(frame, ["season", "starts_at"])
    seasons = played["season"].to_numpy()
    splits = list(expanding_seasons(seasons, min_training=min_training))
    if not splits:
        found = np.unique(seasons).size
        raise NothingToDo(
            f"{found} seasons leave none to test after {min_training} of training",
            hint="import more history, or ask for fewer training seasons",
        )
    for split in splits:
        train, test = played.filter(split.train), played.filter(split.test)
        fitted = forecaster.fit(train)
        yield Fold(split.season, test, train, fitted, fitted.forecast(test))
