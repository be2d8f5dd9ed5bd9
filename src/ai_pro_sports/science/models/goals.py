"""The goals score model: expected goals of both sides from the features, low scores dependent as in Dixon and Coles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize_scalar

from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.models.design_matrix import DesignMatrix, recency_weights
from ai_pro_sports.science.models.forecaster import Forecasts, Payload, finished, scores
from ai_pro_sports.science.models.poisson import PoissonLine, poisson_ridge
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid, low_score_factor, rho_bounds

__all__ = ["FittedGoals", "Goals", "fit_rho"]

FloatArray = npt.NDArray[np.float64]

RATES = (0.05, 8.0)
"""Expected goals are held inside: nothing outside has been seen over a season."""

WIDEST_RHO = 0.25


@dataclass(frozen=True)
class Goals:
    """Ridge Poisson regressions of home and away goals on `features`, then rho by maximum likelihood.

    `penalty` is the strength of the ridge; `half_life_days` weighs recent games more (None: all alike). The defaults
    were chosen on out-of-fold forecasts of EPL seasons before 2012.
    """

    features: Sequence[str]
    penalty: float = 500.0
    half_life_days: float | None = 2500.0

    @property
    def result_market(self) -> MarketKind:
        """Return three-way: a draw is a result."""
        return MarketKind.THREE_WAY

    def fit(self, frame: pl.DataFrame) -> FittedGoals:
        """Learn from finished games; raises InvalidValue without any, or without a column that is needed."""
        games = finished(frame, ["starts_at"])
        design = DesignMatrix.fit(games, self.features)
        x, _ = design.matrix(games)
        weights = recency_weights(games, self.half_life_days)
        home, away = scores(games)
        lines = poisson_ridge(x, home, weights, self.penalty), poisson_ridge(x, away, weights, self.penalty)
        rho = fit_rho(_rates(lines[0], x), _rates(lines[1], x), home, away, weights)
        return FittedGoals(design, *lines, rho)


@dataclass(frozen=True)
class FittedGoals:
    """A goals model that has learned."""

    design: DesignMatrix
    home: PoissonLine
    away: PoissonLine
    rho: float

    @property
    def kind(self) -> str:
        """Return the name its stored form is found by."""
        return "goals"

    @property
    def features(self) -> tuple[str, ...]:
        """Return the feature columns it reads, in order."""
        return self.design.features

    def forecast(self, frame: pl.DataFrame) -> Forecasts:
        """Return the laws of the games in `frame`; raises InvalidValue for a missing column."""
        x, missing = self.design.matrix(frame)
        home, away = _rates(self.home, x), _rates(self.away, x)
        law = goal_grid(home, away, np.clip(self.rho, *rho_bounds(home, away)))
        return Forecasts(frame["game_id"].cast(pl.Int64).to_numpy(), law, MarketKind.THREE_WAY, missing)

    def payload(self) -> Payload:
        """Return everything it has learned as plain JSON values."""
        return {
            "design": self.design.payload(),
            "home": asdict(self.home),
            "away": asdict(self.away),
            "rho": self.rho,
        }

    @classmethod
    def of_payload(cls, payload: Payload) -> FittedGoals:
        """Return what `payload` was made from."""
        lines = [PoissonLine(payload[side]["intercept"], tuple(payload[side]["slopes"])) for side in ("home", "away")]
        return cls(DesignMatrix.of_payload(payload["design"]), lines[0], lines[1], payload["rho"])


def _rates(line: PoissonLine, x: FloatArray) -> FloatArray:
    return np.clip(line.predict(x), *RATES)


def fit_rho(
    home_rate: FloatArray, away_rate: FloatArray, home: FloatArray, away: FloatArray, weights: FloatArray
) -> float:
    """Return the rho under which the low scores seen, given the rates, are likeliest; all arrays (games,).

    Searched inside `WIDEST_RHO` and where every score of every game keeps positive probability.
    """
    low = (home <= 1) & (away <= 1)
    if not low.any():
        return 0.0
    least, most = rho_bounds(home_rate, away_rate)
    bounds = max(-WIDEST_RHO, 0.999 * float(least.max())), min(WIDEST_RHO, 0.999 * float(most.min()))

    def loss(rho: float) -> float:
        factor = low_score_factor(home_rate[low], away_rate[low], rho, home[low], away[low])
        return -float(weights[low] @ np.log(factor))

    return float(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-9}).x)
