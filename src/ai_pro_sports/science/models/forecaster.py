"""The shape of every forecaster, and what a forecast is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, Market, MarketKind, Side
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution
from ai_pro_sports.science.pricing.score_distribution.grades import WinPushLoss
from ai_pro_sports.science.pricing.score_distribution.price import price
from ai_pro_sports.science.pricing.score_distribution.tilt import tilt_to_three_way, tilt_to_winner

__all__ = ["UNDECIDED", "Fitted", "Forecaster", "Forecasts", "Payload", "outcomes"]

FloatArray = npt.NDArray[np.float64]
Payload: TypeAlias = Mapping[str, Any]

UNDECIDED = -1
"""The outcome of a game that its result market does not decide: a tie where only two sides are offered."""


class Fitted(Protocol):
    """A forecaster that has learned: it forecasts, and can be written down."""

    @property
    def kind(self) -> str:
        """Return the name its stored form is found by."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """Return the feature columns it reads, in order."""
        ...

    def forecast(self, frame: pl.DataFrame) -> Forecasts:
        """Return the laws of the games in `frame` (`game_id` and the feature columns; null is unknown)."""
        ...

    def payload(self) -> Payload:
        """Return everything it has learned as plain JSON values."""
        ...


class Forecaster(Protocol):
    """What can be fitted to finished games."""

    @property
    def result_market(self) -> MarketKind:
        """Return the market of the result: moneyline, or three-way where a draw is a result."""
        ...

    def fit(self, frame: pl.DataFrame) -> Fitted:
        """Learn from games with `game_id`, `starts_at`, `home_score`, `away_score` and the feature columns.

        Every feature must stand as it was known before its game; games without a score are left out.
        """
        ...


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of a batch of games: ids (games,), one law each, and how many features were missing, (games,)."""

    game_ids: npt.NDArray[np.int64]
    law: ScoreDistribution
    result_market: MarketKind
    missing: npt.NDArray[np.int_]

    def __post_init__(self) -> None:
        if not self.game_ids.shape == self.missing.shape == (len(self.law),):
            raise InvalidValue("ids, laws and missing counts do not pair", hint="give one of each per game")
        if self.result_market not in {MarketKind.MONEYLINE, MarketKind.THREE_WAY}:
            raise InvalidValue(f"{self.result_market} is not the market of a result", hint="moneyline or three_way")

    def __len__(self) -> int:
        return len(self.law)

    def result(self) -> FloatArray:
        """Return the probabilities of the result market's sides, (games, sides), rows summing to 1.

        For a moneyline they are those given that somebody wins.
        """
        three_way = self.law.three_way()
        if self.result_market is MarketKind.THREE_WAY:
            return three_way
        sides = three_way[:, [0, 2]]
        decided: FloatArray = sides / sides.sum(axis=1, keepdims=True)
        return decided

    def with_result(self, result: npt.ArrayLike) -> Forecasts:
        """Return these forecasts with other result probabilities, (games, sides), the laws tilted to agree."""
        wanted = np.asarray(result, dtype=np.float64)
        if self.result_market is MarketKind.THREE_WAY:
            return replace(self, law=tilt_to_three_way(self.law, wanted))
        return replace(self, law=tilt_to_winner(self.law, wanted[:, 0]))

    def price(self, market: Market, side: Side) -> WinPushLoss:
        """Return the shares of the stake that win, come back and are lost on `side` of `market`, (games,) each."""
        return price(self.law, market, side)

    def take(self, games: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Forecasts:
        """Return the forecasts of some of the games, by mask or position."""
        return replace(self, game_ids=self.game_ids[games], law=self.law.take(games), missing=self.missing[games])

    def frame(self) -> pl.DataFrame:
        """Return one row per game: `game_id`, `p_<side>` of the result market, margin and total mean and standard
        deviation, and the count of missing features.
        """
        sides = EXHAUSTIVE_SIDES[self.result_market]
        result = self.result()
        return pl.DataFrame(
            {
                "game_id": self.game_ids,
                **{f"p_{side}": result[:, column] for column, side in enumerate(sides)},
                **self.law.moments(),
                "features_missing": self.missing.astype(np.int64),
            }
        )


def outcomes(frame: pl.DataFrame, result_market: MarketKind) -> npt.NDArray[np.intp]:
    """Return which side of the result market won each game, as a position in `EXHAUSTIVE_SIDES`, (games,).

    A tie in a moneyline is `UNDECIDED`. Raises InvalidValue for a game without a score.

    >>> games = pl.DataFrame({"home_score": [2, 1, 0], "away_score": [0, 1, 3]})
    >>> outcomes(games, MarketKind.THREE_WAY).tolist(), outcomes(games, MarketKind.MONEYLINE).tolist()
    ([0, 1, 2], [0, -1, 1])
    """
    home, away = scores(frame)
    sign = np.sign(home - away).astype(np.intp)
    if result_market is MarketKind.THREE_WAY:
        return np.asarray(1 - sign)
    return np.where(sign == 0, UNDECIDED, (1 - sign) // 2)


def scores(frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return home and away scores as floats, (games,) each; raises InvalidValue where one is missing."""
    columns = [frame[name].cast(pl.Float64).to_numpy() for name in ("home_score", "away_score")]
    if any(np.isnan(column).any() for column in columns):
        raise InvalidValue("a game without a score has no outcome", hint="leave out games that are not final")
    return columns[0], columns[1]


def finished(frame: pl.DataFrame, needed: Sequence[str] = ()) -> pl.DataFrame:
    """Return the games that have a score; raises InvalidValue where a column is missing or no game is left."""
    absent = [name for name in ("game_id", "home_score", "away_score", *needed) if name not in frame.columns]
    if absent:
        raise InvalidValue(f"the frame to learn from lacks {', '.join(absent)}", hint="join games and features")
    played = frame.drop_nulls(["home_score", "away_score"])
    if played.is_empty():
        raise InvalidValue("no finished games to learn from", hint="import results first: aips data backfill")
    return played
