"""A forecaster with its calibration: fitted on everything, calibrated on forecasts of games it had not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind
from ai_pro_sports.science.models.calibration import Calibrator, fit_calibrator
from ai_pro_sports.science.models.forecaster import UNDECIDED, Fitted, Forecaster, Forecasts, Payload, outcomes
from ai_pro_sports.science.models.out_of_fold import out_of_fold

__all__ = ["Calibrated", "CalibratedFitted"]


@dataclass(frozen=True)
class Calibrated:
    """`base`, calibrated on its own out-of-fold forecasts of the seasons after the first `min_training`.

    With too little history to test on, the calibration changes nothing and says so by its method.
    """

    base: Forecaster
    min_training: int = 3
    method: str | None = None

    @property
    def result_market(self) -> MarketKind:
        """Return the result market of the base."""
        return self.base.result_market

    def fit(self, frame: pl.DataFrame) -> CalibratedFitted:
        """Learn from finished games that also have `season`; raises InvalidValue as the base does."""
        return CalibratedFitted(self.base.fit(frame), self._calibrator(frame))

    def _calibrator(self, frame: pl.DataFrame) -> Calibrator:
        classes = len(EXHAUSTIVE_SIDES[self.result_market])
        said, happened = [np.empty((0, classes))], [np.empty(0, dtype=np.intp)]
        try:
            for fold in out_of_fold(self.base, frame, min_training=self.min_training):
                result = outcomes(fold.games, self.result_market)
                decided = result != UNDECIDED
                said.append(fold.forecasts.result()[decided])
                happened.append(result[decided])
        except NothingToDo:
            return fit_calibrator(said[0], happened[0], method="none")
        return fit_calibrator(np.concatenate(said), np.concatenate(happened), method=self.method)


@dataclass(frozen=True)
class CalibratedFitted:
    """A fitted base whose result probabilities pass through a calibrator; the laws are tilted to agree."""

    base: Fitted
    calibrator: Calibrator

    @property
    def kind(self) -> str:
        """Return the name its stored form is found by."""
        return "calibrated"

    @property
    def features(self) -> tuple[str, ...]:
        """Return the feature columns the base reads, in order."""
        return self.base.features

    def forecast(self, frame: pl.DataFrame) -> Forecasts:
        """Return the calibrated laws of the games in `frame`."""
        raw = self.base.forecast(frame)
        return raw.with_result(self.calibrator.apply(raw.result()))

    def payload(self) -> Payload:
        """Return everything it has learned as plain JSON values."""
        return {
            "base": {"kind": self.base.kind, "learned": self.base.payload()},
            "calibrator": self.calibrator.payload(),
        }
