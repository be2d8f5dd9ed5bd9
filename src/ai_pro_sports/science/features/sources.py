"""The logs features read, declared once and computed once per build however many features read them."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.leagues import League
from ai_pro_sports.science.features.declared import Entity, Record, ResultLog, Schedule, ScheduleLog
from ai_pro_sports.science.ratings import elo, strength
from ai_pro_sports.science.ratings.ratio import ratio
from ai_pro_sports.science.ratings.results import team_rows

__all__ = [
    "ELO",
    "LEAGUE_MEANS",
    "MEETINGS",
    "SEASON_LENGTHS",
    "STRENGTH",
    "TEAM_GAMES",
    "TEAM_STARTS",
    "local_day",
]


def local_day(starts_at: pl.Expr, league: League) -> pl.Expr:
    """Return the day of a start in the league's own time zone."""
    return starts_at.dt.convert_time_zone(league.timezone).dt.date()


def _team_games(record: Record) -> pl.DataFrame:
    def seen_from(own: str, other: str) -> dict[str, pl.Expr]:
        made, allowed = pl.col(f"{own}_score"), pl.col(f"{other}_score")
        return {
            "points_for": made,
            "points_against": allowed,
            "margin": made - allowed,
            "won": 0.5 + 0.5 * (made - allowed).sign(),
            "table_points": 3 * (made > allowed).cast(pl.Int32) + (made == allowed).cast(pl.Int32),
        }

    return team_rows(record.results, seen_from("home", "away"), seen_from("away", "home"))


def _elo(record: Record) -> pl.DataFrame:
    rated = elo.rate(record.results, elo.EloParameters.of(record.league), record.first_season)
    return elo.rating_log(rated)


def _strength(record: Record) -> pl.DataFrame:
    parameters = strength.StrengthParameters.of(record.league)
    return strength.strength_log(strength.track(record.results, parameters, record.first_season))


def _league_means(record: Record) -> pl.DataFrame:
    parameters = strength.StrengthParameters.of(record.league)
    return strength.means_log(strength.track(record.results, parameters, record.first_season))


def _meetings(record: Record) -> pl.DataFrame:
    low_is_home = pl.col("home_team") < pl.col("away_team")
    margin = pl.col("home_score") - pl.col("away_score")
    low_margin = pl.when(low_is_home).then(margin).otherwise(-margin)
    return record.results.select(
        pl.min_horizontal("home_team", "away_team").alias("pair_low"),
        pl.max_horizontal("home_team", "away_team").alias("pair_high"),
        "known_at",
        low_margin.alias("low_margin"),
        (0.5 + 0.5 * low_margin.sign()).alias("low_won"),
        pl.when(low_margin > 0).then(3).when(low_margin == 0).then(1).otherwise(0).alias("low_points"),
        pl.when(low_margin < 0).then(3).when(low_margin == 0).then(1).otherwise(0).alias("high_points"),
    )


def _team_starts(schedule: Schedule) -> pl.DataFrame:
    facts = schedule.games.with_columns(local_day(pl.col("starts_at"), schedule.league).alias("day"))
    return pl.concat(
        facts.select(pl.col(side).alias("team"), "starts_at", "season", "day") for side in ("home_team", "away_team")
    ).sort("starts_at", "team")


def _season_lengths(schedule: Schedule) -> pl.DataFrame:
    sides = pl.concat(
        schedule.games.select("season", "starts_at", pl.col(side).alias("team")) for side in ("home_team", "away_team")
    )
    per_team = ratio(pl.len(), pl.col("team").n_unique())
    lengths = sides.group_by("season").agg(pl.col("starts_at").max(), per_team.alias("games_per_team")).sort("season")
    return lengths.with_columns(pl.col("games_per_team").shift().alias("games_per_team_before"))


TEAM_GAMES = ResultLog("team games", Entity.TEAM, _team_games)
"""points_for, points_against, margin, won (1, 0.5, 0) and table_points (3, 1, 0) of every game of a team."""

ELO = ResultLog("elo", Entity.TEAM, _elo)
"""elo, elo_before and opponent_elo_before: see `ratings.elo.rating_log`."""

STRENGTH = ResultLog("strength", Entity.TEAM, _strength)
"""Attack and defence evidence: see `ratings.strength.strength_log`."""

LEAGUE_MEANS = ResultLog("league means", Entity.LEAGUE, _league_means)
"""home_mean and away_mean: what a home and an away side score in the league, recent years counting most."""

MEETINGS = ResultLog("meetings", Entity.PAIR, _meetings)
"""low_margin, low_won, low_points and high_points of every meeting, seen from the team with the smaller id."""

TEAM_STARTS = ScheduleLog("team starts", Entity.TEAM, _team_starts)
"""season and local day of every game of a team."""

SEASON_LENGTHS = ScheduleLog("season lengths", Entity.LEAGUE, _season_lengths)
"""games_per_team of every season, and of the one before it, stated at the start of its last game."""
