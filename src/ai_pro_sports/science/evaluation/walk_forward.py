"""Walk-forward: each season forecast by a model of earlier seasons, calibrated on its own earlier forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind
from ai_pro_sports.science.models.calibration import Calibrator, fit_calibrator
from ai_pro_sports.science.models.forecaster import UNDECIDED, Forecaster, Forecasts, outcomes
from ai_pro_sports.science.models.out_of_fold import Fold, out_of_fold

__all__ = ["WalkForward", "walk_forward"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WalkForward:
    """What was forecast and what happened, one row per game of the test seasons.

    `games` has `game_id`, `season`, `starts_at`, `outcome` (position among the sides of `result_market`, -1 undecided),
    `p_<side>` (calibrated), `raw_<side>` (before calibration), `base_<side>` (frequency in the training seasons),
    `margin_mean`, `margin_sd`, `total_mean`, `total_sd`, `home_score`, `away_score`. `training_games` counts the games
    of the first seasons, which were only learned from; `calibrators` has the one used in each test season.
    """

    result_market: MarketKind
    games: pl.DataFrame
    training_games: int
    calibrators: dict[int, Calibrator]

    @property
    def sides(self) -> tuple[str, ...]:
        """Return the sides of the result market, in the order of the columns."""
        return tuple(str(side) for side in EXHAUSTIVE_SIDES[self.result_market])


def walk_forward(
    forecaster: Forecaster, frame: pl.DataFrame, *, min_training: int = 3, calibration: str | None = None
) -> WalkForward:
    """Forecast every season after the first `min_training` as it would have been forecast then.

    `frame` holds finished games with `game_id`, `season`, `starts_at`, scores and features. The calibrator of a season
    is fitted on the forecasts of earlier test seasons; `calibration` names its method, None takes the default of
    `calibration.method_for`. Raises NothingToDo where no season is left to test.
    """
    market = forecaster.result_market
    classes = len(EXHAUSTIVE_SIDES[market])
    said, happened = np.empty((0, classes)), np.empty(0, dtype=np.intp)
    rows: list[pl.DataFrame] = []
    calibrators: dict[int, Calibrator] = {}
    training_games = 0
    for fold in out_of_fold(forecaster, frame, min_training=min_training):
        training_games = training_games or fold.trained_on.height
        calibrator = fit_calibrator(said, happened, method=calibration)
        calibrators[fold.season] = calibrator
        result = outcomes(fold.games, market)
        raw = fold.forecasts.result()
        calibrated = fold.forecasts.with_result(calibrator.apply(raw))
        rows.append(_rows(fold, market, raw, calibrated, result))
        decided = result != UNDECIDED
        said = np.concatenate([said, raw[decided]])
        happened = np.concatenate([happened, result[decided]])
    return WalkForward(market, pl.concat(rows), training_games, calibrators)


def _rows(
    fold: Fold, market: MarketKind, raw: FloatArray, calibrated: Forecasts, result: npt.NDArray[np.intp]
) -> pl.DataFrame:
    sides = EXHAUSTIVE_SIDES[market]
    before = outcomes(fold.trained_on, market)
    frequency = np.bincount(before[before != UNDECIDED], minlength=len(sides)) / (before != UNDECIDED).sum()
    return (
        fold.games.select("game_id", "season", "starts_at", "home_score", "away_score")
        .with_columns(
            pl.Series("outcome", result, dtype=pl.Int64),
            *(pl.Series(f"raw_{side}", raw[:, column]) for column, side in enumerate(sides)),
            *(pl.lit(float(frequency[column])).alias(f"base_{side}") for column, side in enumerate(sides)),
        )
        .hstack(calibrated.frame().drop("game_id"))
    )
