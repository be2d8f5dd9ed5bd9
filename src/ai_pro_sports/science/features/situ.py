"""Situation: what kind of game it is, from the schedule."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row, Side
from ai_pro_sports.science.features.sources import SEASON_LENGTHS, TEAM_STARTS
from ai_pro_sports.science.ratings.ratio import ratio

__all__ = ["SITU"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)

_GAMES_BEFORE = pl.struct(pl.int_range(1, pl.len() + 1).over("team", "season").alias("games"), "season")


def _progress(row: Row) -> pl.Expr:
    counts = []
    for side in ("home", "away"):
        field = row[side].struct.field
        counts.append(pl.when(field("season") == pl.col("season")).then(field("games")).otherwise(0))
    lengths = row["lengths"].struct.field
    # A game put off until after all the others reads the length of its own season.
    is_own = lengths("season") == pl.col("season")
    last_season = pl.when(is_own).then(lengths("games_per_team_before")).otherwise(lengths("games_per_team"))
    return ratio(0.5 * (counts[0] + counts[1]), last_season).clip(0, 1)


def _season_progress(leagues: tuple[str, ...], *, counted: bool) -> Feature:
    return Feature(
        "situ_season_progress_game",
        definition="Games both sides have had this season over the games a side had last season, at most 1. Last "
        "season's number stands for this one's, which no file of results so far can tell.",
        leagues=leagues,
        missing="null in the first season at hand",
        readings={
            "home": Reading(TEAM_STARTS, _GAMES_BEFORE, Side.HOME),
            "away": Reading(TEAM_STARTS, _GAMES_BEFORE, Side.AWAY),
            "lengths": Reading(SEASON_LENGTHS, pl.struct("season", "games_per_team", "games_per_team_before")),
        },
        finish=_progress,
        counted=counted,
    )


SITU: tuple[Feature, ...] = (
    Feature(
        "situ_neutral_game",
        definition="1 on neutral ground, else 0.",
        leagues=_NFL,
        missing="never",
        finish=lambda _: pl.col("neutral"),
    ),
    Feature(
        "situ_playoff_game",
        definition="1 in a play-off round, else 0.",
        leagues=_NFL,
        missing="never: a game without a round is of the regular season",
        finish=lambda row: pl.col("round").is_in(row.league.playoff_rounds).fill_null(value=False),
    ),
    _season_progress(_NFL, counted=False),
    _season_progress(_SOCCER, counted=True),
)
