"""The football score model: linear expectations of margin and total, key numbers learned from the games themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.models.design_matrix import DesignMatrix, recency_weights
from ai_pro_sports.science.models.forecaster import Forecasts, Payload, finished, scores
from ai_pro_sports.science.models.key_number_fit import fit_key_numbers
from ai_pro_sports.science.models.linear import RidgeLine, ridge
from ai_pro_sports.science.pricing.score_distribution.key_number_grid import KeyNumbers, key_number_grid

__all__ = ["FittedFootball", "Football"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Football:
    """Ridge regression of margin and total on `features`, laid out as a key-number law.

    `penalty` and `key_shrinkage` are in games (see `linear.ridge`, `key_number_fit`); `half_life_days` weighs recent
    games more (None: all alike); `no_tie_feature` names a column that is 1 for games played until somebody wins. The
    defaults were chosen on out-of-fold forecasts of NFL seasons before 2006.
    """

    features: Sequence[str]
    penalty: float = 500.0
    key_shrinkage: float = 5.0
    half_life_days: float | None = 2500.0
    no_tie_feature: str | None = None

    @property
    def result_market(self) -> MarketKind:
        """Return the two-way moneyline, in which a tie pushes."""
        return MarketKind.MONEYLINE

    def fit(self, frame: pl.DataFrame) -> FittedFootball:
        """Learn from finished games; raises InvalidValue without any, or without a column that is needed."""
        games = finished(frame, ["starts_at"])
        design = DesignMatrix.fit(games, self.features)
        x, _ = design.matrix(games)
        weights = recency_weights(games, self.half_life_days)
        home, away = scores(games)
        margin = ridge(x, home - away, weights, self.penalty)
        total = ridge(x, home + away, weights, self.penalty)
        keys = fit_key_numbers(
            home, away, (margin.predict(x), margin.sd), (total.predict(x), total.sd), shrinkage=self.key_shrinkage
        )
        widest, totals = float(np.abs(home - away).max()), (float((home + away).min()), float((home + away).max()))
        fitted = FittedFootball(design, margin, total, keys, widest, totals, self.no_tie_feature)
        return fitted.with_total_bias_removed(x)


@dataclass(frozen=True)
class FittedFootball:
    """A football model that has learned. Expectations are held inside what training saw: the widest margin, the least
    and greatest total.
    """

    design: DesignMatrix
    margin: RidgeLine
    total: RidgeLine
    keys: KeyNumbers
    margin_seen: float
    total_seen: tuple[float, float]
    no_tie_feature: str | None = None

    @property
    def kind(self) -> str:
        """Return the name its stored form is found by."""
        return "football"

    @property
    def features(self) -> tuple[str, ...]:
        """Return the feature columns it reads, in order."""
        return self.design.features

    def forecast(self, frame: pl.DataFrame) -> Forecasts:
        """Return the laws of the games in `frame`; raises InvalidValue for a missing column."""
        x, missing = self.design.matrix(frame)
        law = key_number_grid(
            np.clip(self.margin.predict(x), -self.margin_seen, self.margin_seen),
            self.margin.sd,
            np.clip(self.total.predict(x), *self.total_seen),
            self.total.sd,
            self.keys,
            tie_possible=self._tie_possible(frame),
        )
        return Forecasts(frame["game_id"].cast(pl.Int64).to_numpy(), law, MarketKind.MONEYLINE, missing)

    def with_total_bias_removed(self, x: FloatArray) -> FittedFootball:
        """Return the model whose laws, over training games `x`, have the totals on average that its line predicts.

        Totals a margin rules out and sides' favourite scores shift the mean of the law; a sample of games shows by how
        much.
        """
        sample = x[:: max(1, len(x) // 200)]
        expected = self.total.predict(sample)
        law = key_number_grid(self.margin.predict(sample), self.margin.sd, expected, self.total.sd, self.keys)
        shift = float((expected - law.moments()["total_mean"]).mean())
        total = RidgeLine(self.total.intercept + shift, self.total.slopes, self.total.sd)
        return replace(self, total=total)

    def _tie_possible(self, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        if self.no_tie_feature is None or self.no_tie_feature not in frame.columns:
            return np.ones(frame.height, dtype=np.bool_)
        return (frame[self.no_tie_feature].cast(pl.Float64).fill_null(0.0) != 1.0).to_numpy()

    def payload(self) -> Payload:
        """Return everything it has learned as plain JSON values."""
        return {
            "design": self.design.payload(),
            "margin": asdict(self.margin),
            "total": asdict(self.total),
            "keys": asdict(self.keys),
            "margin_seen": self.margin_seen,
            "total_seen": list(self.total_seen),
            "no_tie_feature": self.no_tie_feature,
        }

    @classmethod
    def of_payload(cls, payload: Payload) -> FittedFootball:
        """Return what `payload` was made from."""
        least, most = payload["total_seen"]
        keys = {name: tuple(factors) for name, factors in payload["keys"].items()}
        return cls(
            DesignMatrix.of_payload(payload["design"]),
            _line(payload["margin"]),
            _line(payload["total"]),
            KeyNumbers(**keys),
            payload["margin_seen"],
            (least, most),
            payload["no_tie_feature"],
        )


def _line(payload: Payload) -> RidgeLine:
    return RidgeLine(payload["intercept"], tuple(payload["slopes"]), payload["sd"])
