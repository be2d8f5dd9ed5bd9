"""Recent form: what both sides did in their last games and so far this season.

Windows of the last games run across the summer; when a side's last known game is more than a season old (a club back
from another division), its form is unknown.
"""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row, sided
from ai_pro_sports.science.features.sources import LEAGUE_MEANS, TEAM_GAMES
from ai_pro_sports.science.features.windows import ema_last, if_recent, mean_last, season_total, with_season
from ai_pro_sports.science.ratings.ratio import ratio

__all__ = ["FORM"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)

GOALS_PRIOR_MATCHES = 5
_NOT_RECENT = "null without a known game in this season or the last"


def _last(
    name: str,
    column: str,
    games: int,
    definition: str,
    leagues: tuple[str, ...],
    *,
    exponential: bool = False,
    counted: bool = True,
) -> tuple[Feature, ...]:
    window = ema_last(column, games) if exponential else mean_last(column, games)
    return sided(
        f"{name}_last{games}",
        definition=f"{definition} in the last {games} games of the {{side}} side, fewer if there are fewer.",
        leagues=leagues,
        missing=_NOT_RECENT,
        readings={"window": Reading(TEAM_GAMES, with_season(window))},
        finish=lambda row: if_recent(row.only()),
        counted=counted,
    )


def _shrunk_goals(row: Row) -> pl.Expr:
    season, means = row["season"].struct.field, row["means"].struct.field
    league_mean = (0.5 * (means("home_mean") + means("away_mean"))).fill_null(row.league.scores.total / 2)
    this_season = season("season") == pl.col("season")
    goals, games = (pl.when(this_season).then(season(name)).otherwise(0.0) for name in ("goals", "games"))
    return ratio(goals + GOALS_PRIOR_MATCHES * league_mean, games + GOALS_PRIOR_MATCHES)


def _goals(which: str, column: str) -> tuple[Feature, ...]:
    so_far = pl.struct(
        season_total(column).alias("goals"), pl.col(column).cum_count().over("team", "season").alias("games"), "season"
    )
    return sided(
        f"form_{{side}}_goals_{which}_season",
        definition=f"Goals {which} per match of the {{side}} side this season, shrunk to the league's mean with "
        f"{GOALS_PRIOR_MATCHES} matches.",
        leagues=_SOCCER,
        missing="never: the league's mean before the first known result of the season",
        readings={
            "season": Reading(TEAM_GAMES, so_far),
            "means": Reading(LEAGUE_MEANS, pl.struct("home_mean", "away_mean")),
        },
        finish=_shrunk_goals,
    )


FORM: tuple[Feature, ...] = (
    *_last("form_{side}_win_pct", "won", 5, "Wins per game, ties as half,", _NFL),
    *_last("form_{side}_win_pct", "won", 5, "Wins per game, draws as half,", _SOCCER, counted=False),
    *_last("form_{side}_avg_margin", "margin", 5, "Mean own minus opponent score", _NFL),
    *_last("form_{side}_avg_margin", "margin", 10, "Mean own minus opponent score", _NFL),
    *_last("form_{side}_goal_diff", "margin", 10, "Mean goal difference", _SOCCER),
    *_last(
        "form_{side}_points_ema", "table_points", 5, "Exponential mean of points (3, 1, 0)", _SOCCER, exponential=True
    ),
    *_last(
        "form_{side}_points_ema", "table_points", 10, "Exponential mean of points (3, 1, 0)", _SOCCER, exponential=True
    ),
    *(
        feature
        for games in (5, 10)
        for which, column in (("for", "points_for"), ("against", "points_against"))
        for unit, leagues in (("points", _NFL), ("goals", _SOCCER))
        for feature in _last(
            f"form_{{side}}_{unit}_{which}", column, games, f"Mean {unit} {which}", leagues, counted=False
        )
    ),
    *_goals("for", "points_for"),
    *_goals("against", "points_against"),
)
