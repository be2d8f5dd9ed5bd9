"""Team performance: how strong both sides are, from the results known at the cut."""

from __future__ import annotations

from functools import partial

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row, sided
from ai_pro_sports.science.features.sources import ELO, LEAGUE_MEANS, STRENGTH, TEAM_GAMES
from ai_pro_sports.science.features.windows import TEAM_SEASON, if_recent, season_total, with_season
from ai_pro_sports.science.ratings import elo, strength
from ai_pro_sports.science.ratings.ratio import ratio

__all__ = ["TEAM"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)
_EVERYWHERE = (*_NFL, *_SOCCER)

PYTHAGOREAN_EXPONENT = 2.37
PYTHAGOREAN_PRIOR_GAMES = 4


def _elo_now(row: Row) -> pl.Expr:
    field = row["elo"].struct.field
    parameters = elo.EloParameters.of(row.league)
    return elo.season_opening(field("elo"), field("season"), pl.col("season"), parameters, row.first_season)


def _elo_win_prob(row: Row) -> pl.Expr:
    advantage = pl.when(pl.col("neutral")).then(0.0).otherwise(float(row.league.elo.home_advantage))
    difference = row["home"] - row["away"] + advantage
    return 1 / (1 + pl.lit(10.0).pow(ratio(-difference, 400)))


def _league_mean(row: Row) -> pl.Expr:
    """Return what a side scores on average, as known at the cut; the league's prior before any result."""
    field = row["means"].struct.field
    return (0.5 * (field("home_mean") + field("away_mean"))).fill_null(row.league.scores.total / 2)


def _pythagorean(row: Row) -> pl.Expr:
    field = row["season"].struct.field
    average = PYTHAGOREAN_PRIOR_GAMES * _league_mean(row)
    this_season = field("season") == pl.col("season")
    made, allowed = (
        average + pl.when(this_season).then(field(name)).otherwise(0.0) for name in ("points_for", "points_against")
    )
    return ratio(made**PYTHAGOREAN_EXPONENT, made**PYTHAGOREAN_EXPONENT + allowed**PYTHAGOREAN_EXPONENT)


def _strength_now(row: Row, which: str) -> pl.Expr:
    parameters = strength.StrengthParameters.of(row.league)
    return strength.strength(
        row["seen"],
        pl.col("as_of"),
        pl.col("season"),
        which=which,
        parameters=parameters,
        first_season=row.first_season,
    )


_ELO_NOW = {"elo": Reading(ELO, pl.struct("elo", "season"))}
_MEANS = Reading(LEAGUE_MEANS, pl.struct("home_mean", "away_mean"))
_SEASON_SCORES = Reading(
    TEAM_GAMES,
    pl.struct(
        season_total("points_for").alias("points_for"), season_total("points_against").alias("points_against"), "season"
    ),
)
_FACED = ratio(pl.col("opponent_elo_before").cum_sum(), pl.col("opponent_elo_before").cum_count())

TEAM: tuple[Feature, ...] = (
    *sided(
        "team_{side}_elo_now",
        definition="Elo of the {side} side going into the game: margin of victory, home advantage and between-season "
        "carry-over as the league declares them.",
        leagues=_EVERYWHERE,
        missing="never: a side without a game starts at the league's opening rating",
        readings=_ELO_NOW,
        finish=_elo_now,
    ),
    Feature(
        "team_elo_win_prob_now",
        definition="1 / (1 + 10^(-(Elo home - Elo away + home advantage) / 400)), no home advantage on neutral ground.",
        leagues=_NFL,
        missing="never",
        of={"home": "team_home_elo_now", "away": "team_away_elo_now"},
        finish=_elo_win_prob,
    ),
    Feature(
        "team_elo_win_prob_now",
        definition="1 / (1 + 10^(-(Elo home - Elo away + home advantage) / 400)): wins plus half of the draws.",
        leagues=_SOCCER,
        missing="never",
        of={"home": "team_home_elo_now", "away": "team_away_elo_now"},
        finish=_elo_win_prob,
        counted=False,
    ),
    *sided(
        "team_{side}_sos_season",
        definition="Mean Elo, before each game, of the opponents the {side} side has met this season.",
        leagues=_NFL,
        missing="null before the side's first known result of the season",
        readings={"faced": Reading(ELO, with_season(_FACED.over(TEAM_SEASON)))},
        finish=lambda row: if_recent(row.only(), seasons_ago=0),
    ),
    *sided(
        "team_{side}_pythag_season",
        definition="Pythagorean win share of the {side} side this season, PF^2.37 / (PF^2.37 + PA^2.37), after adding "
        "four games of league-average scores for and against.",
        leagues=_NFL,
        missing="never: 0.5 before the first known result of the season",
        readings={"season": _SEASON_SCORES, "means": _MEANS},
        finish=_pythagorean,
    ),
    *(
        feature
        for which, meaning in (("attack", "scores"), ("defence", "concedes"))
        for feature in sided(
            f"team_{{side}}_{which}_now",
            definition=f"How many times the league's normal score the {{side}} side {meaning} against an average "
            "opponent: opponent-adjusted, exponentially time-decayed, shrunk to 1.",
            leagues=_EVERYWHERE,
            missing="never: the league's prior for a side without a game",
            readings={
                "seen": Reading(
                    STRENGTH, pl.struct("season", "known_at", "joined", f"{which}_made", f"{which}_exposure")
                )
            },
            finish=partial(_strength_now, which=which),
            counted=False,
        )
    ),
)
