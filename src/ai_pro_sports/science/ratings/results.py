"""The results a rating is replayed from: which columns it reads, in which order they take effect, and who is new."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["RESULT_COLUMNS", "Arrival", "NumberedTeams", "arrivals", "in_order", "number_teams", "team_rows"]

RESULT_COLUMNS = (
    "game_id",
    "season",
    "starts_at",
    "known_at",
    "home_team",
    "away_team",
    "home_score",
    "away_score",
    "neutral",
)
"""What a frame of results must have: one row per final game, `known_at` being when its score could first be known."""


class Arrival(IntEnum):
    """How a team comes to a game: from another of this season, from last season, or new to the league.

    FOUNDS: its first game at all, in the first season at hand. JOINS: its first game later than that, or its first
    after at least one season away (an expansion side, a promoted club).
    """

    STAYS = 0
    RETURNS = 1
    JOINS = 2
    FOUNDS = 3


class NumberedTeams(NamedTuple):
    """Team ids in ascending order, and each row's home and away team as a position among them."""

    teams: npt.NDArray[np.int64]
    home: npt.NDArray[np.int64]
    away: npt.NDArray[np.int64]


def in_order(results: pl.DataFrame) -> pl.DataFrame:
    """Return the results in the order they became known; ties by start, then by id, so row order never matters.

    Raises InvalidValue when a column is missing or a row has no `known_at` or score.
    """
    if missing := [name for name in RESULT_COLUMNS if name not in results.columns]:
        raise InvalidValue(f"results lack {', '.join(missing)}", hint="give one row per final game")
    chosen = results.select(RESULT_COLUMNS)
    if chosen.select("known_at", "home_score", "away_score").null_count().sum_horizontal().item():
        raise InvalidValue("results without a score or a time", hint="leave out games that are not final")
    return chosen.sort("known_at", "starts_at", "game_id")


def number_teams(ordered: pl.DataFrame) -> NumberedTeams:
    """Return positions for the teams of `ordered`, so that compiled code can index arrays by team."""
    home, away = ordered["home_team"].to_numpy(), ordered["away_team"].to_numpy()
    teams = np.unique(np.concatenate([home, away]))
    return NumberedTeams(teams, np.searchsorted(teams, home), np.searchsorted(teams, away))


def team_rows(ordered: pl.DataFrame, home: dict[str, pl.Expr], away: dict[str, pl.Expr]) -> pl.DataFrame:
    """Return two rows per game, home's first: game_id, season, known_at, team, opponent and the named expressions."""
    sides = [
        ordered.select(
            pl.int_range(pl.len()).alias("_game"),
            "game_id",
            "season",
            "known_at",
            pl.col(team).alias("team"),
            pl.col(opponent).alias("opponent"),
            **values,
        )
        for team, opponent, values in (("home_team", "away_team", home), ("away_team", "home_team", away))
    ]
    return pl.concat(sides).sort("_game", maintain_order=True).drop("_game")


def arrivals(ordered: pl.DataFrame, first_season: int) -> npt.NDArray[np.int64]:
    """Return the `Arrival` of both sides of every game: shape (games, 2), home first."""
    gap = pl.col("season") - pl.col("season").cum_max().shift().over("team")
    kind = (
        pl.when(gap.is_null() & (pl.col("season") <= first_season))
        .then(Arrival.FOUNDS)
        .when(gap.is_null() | (gap >= 2))
        .then(Arrival.JOINS)
        .when(gap == 1)
        .then(Arrival.RETURNS)
        .otherwise(Arrival.STAYS)
    )
    kinds = team_rows(ordered, {}, {}).select(kind.cast(pl.Int64)).to_series().to_numpy()
    return kinds.reshape(-1, 2)
