"""The forecaster a league gets by default, by the family of its scores."""

from __future__ import annotations

from collections.abc import Sequence

from ai_pro_sports.core.leagues import League, ScoreFamily
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.forecaster import Forecaster
from ai_pro_sports.science.models.goals import Goals

__all__ = ["score_model"]


def score_model(league: League, features: Sequence[str], *, no_tie_feature: str | None = None) -> Forecaster:
    """Return the score model of the league's family on these feature columns.

    `no_tie_feature` names the column that is 1 for games played until somebody wins, where the league has such.

    >>> from ai_pro_sports.core.leagues import league
    >>> type(score_model(league("EPL"), ["team_home_elo_now"])).__name__
    'Goals'
    """
    match league.score_family:
        case ScoreFamily.GOAL_GRID:
            return Goals(tuple(features))
        case ScoreFamily.KEY_NUMBER_MARGIN:
            return Football(tuple(features), no_tie_feature=no_tie_feature)
