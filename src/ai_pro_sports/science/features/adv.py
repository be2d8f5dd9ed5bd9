"""Advanced: what the ratings together expect of the game."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row, Side, sided
from ai_pro_sports.science.features.sources import LEAGUE_MEANS

__all__ = ["ADV"]


def _expected_score(row: Row) -> pl.Expr:
    scores, field = row.league.scores, row["means"].struct.field
    home = field("home_mean").fill_null((scores.total + scores.home_margin) / 2)
    away = field("away_mean").fill_null((scores.total - scores.home_margin) / 2)
    own = home if row.side is Side.HOME else away
    return pl.when(pl.col("neutral")).then(0.5 * (home + away)).otherwise(own) * row["attack"] * row["defence"]


ADV: tuple[Feature, ...] = sided(
    "adv_{side}_expected_score_game",
    definition="Score expected of the {side} side: the league's mean of {side} sides (of both on neutral ground) times "
    "its attack times the {other} side's defence.",
    leagues=("NFL", str(Sport.SOCCER)),
    missing="never",
    readings={"means": Reading(LEAGUE_MEANS, pl.struct("home_mean", "away_mean"))},
    of={"attack": "team_{side}_attack_now", "defence": "team_{other}_defence_now"},
    finish=_expected_score,
    counted=False,
)
