"""History: games and quotes as far as they are known, and the same history cut off at an earlier time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import polars as pl

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.contracts import GAMES, QUOTES, Contract
from ai_pro_sports.core.errors import InvalidValue, NothingToDo
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.leagues import League, league

__all__ = ["OFF", "SCHEDULE_COLUMNS", "History", "schedule_of"]

SCHEDULE_COLUMNS = (
    "game_id",
    "league",
    "home_team",
    "away_team",
    "season",
    "starts_at",
    "start_is_date_only",
    "neutral",
    "round",
    "week",
)
"""What is known of a game before it is played; nothing here depends on how it ends."""

OFF = (str(GameStatus.POSTPONED), str(GameStatus.CANCELLED))
"""The states of an entry that is not going to be played as listed."""

_OUTCOMES = ("home_score", "away_score", "result_known_at")


@dataclass(frozen=True)
class History:
    """The games and quotes of one league (frames of the contracts GAMES and QUOTES), in any row order.

    A result counts from its `result_known_at` on, but never by its own game's start; a quote from its `known_at` on.
    The schedule (who meets whom, when and where, and whether an entry is off) is taken as known, since sources do not
    date its changes. Quotes may lack a price. Raises InvalidValue for missing columns, games of two leagues and a game
    listed twice.
    """

    games: pl.DataFrame
    quotes: pl.DataFrame

    def __post_init__(self) -> None:
        _require(self.games, GAMES)
        _require(self.quotes, QUOTES)
        if self.games["game_id"].is_duplicated().any():
            raise InvalidValue("a game is listed twice in the history", hint="one row per game_id")
        if self.games["league"].n_unique() > 1:
            codes = ", ".join(sorted(self.games["league"].unique()))
            raise InvalidValue(f"a history of several leagues: {codes}", hint="build league by league")

    @cached_property
    def league(self) -> League:
        """Return the league of the games; raises NothingToDo where there is none, UnknownName for a strange code."""
        if self.games.is_empty():
            raise NothingToDo("a history without games", hint="import some first")
        return league(self.games["league"][0])

    @cached_property
    def results(self) -> pl.DataFrame:
        """Return the final games whose result time is known, in the order they became known.

        Columns of the schedule, `known_at` and both scores.
        """
        # A start can be wrong, or moved after the game: even then no cut at or before it may see the result.
        known_at = pl.max_horizontal("result_known_at", pl.col("starts_at") + timedelta(microseconds=1))
        return (
            self.games.filter(
                (pl.col("status") == str(GameStatus.FINAL))
                & pl.col("result_known_at").is_not_null()
                & pl.col("home_score").is_not_null()
            )
            .select(*SCHEDULE_COLUMNS, "home_score", "away_score", known_at.alias("known_at"))
            .sort("known_at", "starts_at", "game_id")
        )

    def known_at(self, as_of: datetime) -> History:
        """Return this history as it stood at `as_of`: later results are games still to play, later quotes are gone.

        Raises InvalidValue for a time without a zone.
        """
        cut = pl.lit(ensure_utc(as_of))
        known = (pl.col("result_known_at") <= cut).fill_null(value=False)
        off = pl.col("status").is_in(OFF) & pl.col("result_known_at").is_null()
        games = self.games.with_columns(
            pl.when(known | off).then(pl.col("status")).otherwise(pl.lit(str(GameStatus.SCHEDULED))).alias("status"),
            *(pl.when(known).then(pl.col(name)).alias(name) for name in _OUTCOMES),
        )
        return History(games, self.quotes.filter(pl.col("known_at") <= cut))


def schedule_of(games: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Return the schedule facts of `games` that are on and of `targets` not among the games; by start and id."""
    listed = games.filter(~pl.col("status").is_in(OFF)).select(SCHEDULE_COLUMNS)
    unlisted = targets.join(games, on="game_id", how="anti").select(SCHEDULE_COLUMNS)
    return pl.concat([listed, unlisted]).sort("starts_at", "game_id")


def _require(frame: pl.DataFrame, contract: Contract) -> None:
    wanted = contract.columns
    odd = [name for name, kind in wanted.items() if frame.schema.get(name) != kind]
    if odd:
        raise InvalidValue(
            f"{contract.name} frame: missing or of another type: {', '.join(odd)}",
            hint=f"see core.contracts for the columns of {contract.name}",
        )
