"""When a game of a knock-out round could first be listed: its pairing is itself a result of the round before."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.leagues import League

__all__ = ["listed_games"]

_SETTLED = (str(GameStatus.FINAL), str(GameStatus.CANCELLED), str(GameStatus.WALKOVER))


def listed_games(games: pl.DataFrame, league: League) -> pl.DataFrame:
    """Return the games whose pairing was known, of a GAMES frame as it could be known at one time, order kept.

    Games outside `league.playoff_rounds` are on the schedule from the start. A play-off game is listed once every game
    of the rounds before it in its season is over as far as the frame knows. A season of which only a later round is at
    hand lists it.
    """
    order = {name: place for place, name in enumerate(league.playoff_rounds, start=1)}
    if not order:
        return games
    stage = pl.col("round").replace_strict(order, default=0, return_dtype=pl.Int32)
    staged = games.with_columns(stage.fill_null(0).alias("_stage"))
    still_open = (
        staged.filter(~pl.col("status").is_in(_SETTLED)).group_by("season").agg(pl.col("_stage").min().alias("_open"))
    )
    return (
        staged.join(still_open, on="season", how="left", maintain_order="left")
        .filter((pl.col("_stage") == 0) | pl.col("_open").is_null() | (pl.col("_stage") <= pl.col("_open")))
        .drop("_stage", "_open")
    )
