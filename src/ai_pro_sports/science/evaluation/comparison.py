"""The comparison: our forecasts beside the closing line and the base rate, on identical games, with intervals."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.evaluation.alarm import plausibility_alarm
from ai_pro_sports.science.evaluation.walk_forward import WalkForward
from ai_pro_sports.science.models.forecaster import UNDECIDED
from ai_pro_sports.science.scoring.bootstrap import BlockBootstrap, Estimate, paired_difference
from ai_pro_sports.science.scoring.proper import accuracy, brier, log_loss, ranked_probability
from ai_pro_sports.science.scoring.reliability import (
    Reliability,
    calibration_error,
    calibration_line,
    error_if_calibrated,
    pooled,
    reliability,
)

__all__ = ["FORECASTERS", "Comparison", "compare"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

FORECASTERS = {"model": "p_", "uncalibrated": "raw_", "close": "close_", "base_rate": "base_"}
"""Who is compared, and the prefix of its columns: our calibrated forecast, the same before calibration, the closing
line without its vig, the frequencies of the training seasons."""

SLOPE_RESAMPLES = 300


@dataclass(frozen=True)
class Comparison:
    """Scores of all forecasters on the same `n` games, their paired differences and the seasons one by one.

    `scores[forecaster][metric]` and `differences[pair][metric]` are estimates with 95 % block-bootstrap intervals (ISO
    weeks); a negative difference in a loss means the first of the pair is better. `excluded` counts games by why they
    are not among the `n`. `error_if_calibrated` is the 95th percentile of the calibration error a perfect forecaster
    with the model's probabilities would show. `alarm` is set where the model is too good to be believed.
    """

    result_market: MarketKind
    n: int
    excluded: dict[str, int]
    scores: dict[str, dict[str, Estimate]]
    differences: dict[str, dict[str, Estimate]]
    seasons: dict[int, dict[str, Estimate]]
    reliability: dict[str, Reliability]
    error_if_calibrated: float
    alarm: str | None

    def table(self) -> pl.DataFrame:
        """Return scores and differences, one row each: `forecaster`, `metric`, `value`, `low`, `high`, `n`."""
        named = {**self.scores, **self.differences}
        return _estimates(
            [{"forecaster": name, "metric": metric} for name, by in named.items() for metric in by],
            [estimate for by in named.values() for estimate in by.values()],
        )

    def season_table(self) -> pl.DataFrame:
        """Return the log loss by season: `season`, `forecaster` (or pair), `value`, `low`, `high`, `n`."""
        return _estimates(
            [{"season": season, "forecaster": name} for season, by in self.seasons.items() for name in by],
            [estimate for by in self.seasons.values() for estimate in by.values()],
        )

    def reliability_table(self) -> pl.DataFrame:
        """Return the bins of the reliability curves, for a plot: `forecaster`, `called`, `seen`, `low`, `high`,
        `count`.
        """
        frames = [
            pl.DataFrame(asdict(curve)).select(pl.lit(name).alias("forecaster"), pl.all())
            for name, curve in self.reliability.items()
        ]
        return pl.concat(frames)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values; a number that does not exist is None."""
        return {
            "result_market": str(self.result_market),
            "n": self.n,
            "excluded": dict(self.excluded),
            "scores": _plain(self.scores),
            "differences": _plain(self.differences),
            "seasons": {str(season): _plain(by) for season, by in self.seasons.items()},
            "reliability": {
                name: {field: values.tolist() for field, values in asdict(curve).items()}
                for name, curve in self.reliability.items()
            },
            "error_if_calibrated": self.error_if_calibrated,
            "alarm": self.alarm,
        }


def _estimates(keys: list[dict[str, Any]], estimates: list[Estimate]) -> pl.DataFrame:
    return pl.DataFrame([key | asdict(estimate) for key, estimate in zip(keys, estimates, strict=True)])


def _plain(tree: Any) -> Any:
    if isinstance(tree, Estimate):
        return {name: None if math.isnan(value) else value for name, value in asdict(tree).items()}
    return {name: _plain(branch) for name, branch in tree.items()}


def compare(walk: WalkForward, close: pl.DataFrame, *, seed: int = 20, resamples: int = 2000) -> Comparison:
    """Score a walk-forward beside the close and the base rate on the games that all of them speak of.

    `close` has `game_id` and a fair `p_<side>` per side of the result market (`pricing.consensus.closing_probabilities`
    makes it). Ties of a two-way market and games without a close are left out and counted. Raises NothingToDo where no
    game is left.
    """
    games, excluded = _identical(walk, close)
    result = games["outcome"].to_numpy().astype(np.intp)
    said = {
        name: games.select(f"{prefix}{side}" for side in walk.sides).to_numpy() for name, prefix in FORECASTERS.items()
    }
    weeks = _weeks(games)
    bootstrap = BlockBootstrap.over(weeks, seed=seed, resamples=resamples)
    losses = {name: _losses(walk.result_market, forecast, result) for name, forecast in said.items()}
    scores = {
        name: {metric: bootstrap.mean(each) for metric, each in losses[name].items()}
        | _calibration(forecast, result, bootstrap)
        for name, forecast in said.items()
    }
    differences = {
        f"{first} - {second}": {
            metric: paired_difference(each, losses[second][metric], bootstrap) for metric, each in losses[first].items()
        }
        for first, second in (("model", "close"), ("model", "base_rate"), ("model", "uncalibrated"))
    }
    return Comparison(
        result_market=walk.result_market,
        n=games.height,
        excluded=excluded,
        scores=scores,
        differences=differences,
        seasons=_by_season(games["season"].to_numpy(), weeks, losses, seed=seed, resamples=resamples),
        reliability={name: reliability(forecast, result) for name, forecast in said.items()},
        error_if_calibrated=error_if_calibrated(said["model"], seed=seed),
        alarm=plausibility_alarm(differences["model - close"]["log_loss"]),
    )


def _identical(walk: WalkForward, close: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the games all forecasters speak of, and how many of the others there are by reason."""
    decided = walk.games.filter(pl.col("outcome") != UNDECIDED)
    columns = [pl.col(f"p_{side}").alias(f"close_{side}") for side in walk.sides]
    games = decided.join(close.select("game_id", *columns), on="game_id", how="inner").sort("starts_at", "game_id")
    excluded = {
        "in the first seasons, only learned from": walk.training_games,
        "tied, so the two-way market pushed": walk.games.height - decided.height,
        "without a valid closing price": decided.height - games.height,
    }
    if games.is_empty():
        raise NothingToDo("no test game has a closing price", hint="import closing prices for the test seasons")
    return games, excluded


def _weeks(games: pl.DataFrame) -> IntArray:
    weeks = games.select(pl.col("starts_at").dt.iso_year().cast(pl.Int64) * 100 + pl.col("starts_at").dt.week())
    return weeks.to_series().to_numpy()


def _losses(market: MarketKind, forecast: FloatArray, result: IntArray) -> dict[str, FloatArray]:
    """Return the scores of each game by name; the ranked score only where the classes are more than two."""
    found = {"log_loss": log_loss(forecast, result), "brier": brier(forecast, result)}
    if market is MarketKind.THREE_WAY:
        found["rps"] = ranked_probability(forecast, result)
    return found | {"accuracy": accuracy(forecast, result)}


def _calibration(forecast: FloatArray, result: IntArray, bootstrap: BlockBootstrap) -> dict[str, Estimate]:
    """Return calibration error, slope and intercept, refitted on a few hundred of the same draws."""
    called, happened, game = pooled(forecast, result)
    line = calibration_line(called, happened)
    draws = range(min(SLOPE_RESAMPLES, len(bootstrap.draws)) if math.isfinite(line.slope) else 0)
    lines = [calibration_line(called, happened, weights=bootstrap.weights(draw)[game]) for draw in draws]
    return {
        "ece": calibration_error(forecast, result, bootstrap),
        "slope": bootstrap.estimate(line.slope, [drawn.slope for drawn in lines]),
        "intercept": bootstrap.estimate(line.intercept, [drawn.intercept for drawn in lines]),
    }


def _by_season(
    season_of: npt.NDArray[np.int_],
    weeks: IntArray,
    losses: dict[str, dict[str, FloatArray]],
    *,
    seed: int,
    resamples: int,
) -> dict[int, dict[str, Estimate]]:
    """Return each season's log loss by forecaster, and model less close."""
    found: dict[int, dict[str, Estimate]] = {}
    for season in np.unique(season_of):
        inside = season_of == season
        bootstrap = BlockBootstrap.over(weeks[inside], seed=seed, resamples=resamples)
        own = {name: by["log_loss"][inside] for name, by in losses.items()}
        found[int(season)] = {name: bootstrap.mean(each) for name, each in own.items()} | {
            "model - close": paired_difference(own["model"], own["close"], bootstrap)
        }
    return found
