"""Elo ratings with margin of victory, replayed over results in the order they became known.

The scheme is FiveThirtyEight's for football (Silver, "Introducing NFL Elo Ratings", 2014): the winner takes
`k * margin multiplier * (result - expected)` points from the loser, and between seasons a rating moves part of the way
back to the mean. In soccer the multiplier grows with the logarithm of the goal difference. Ratings are Elo points, 400
of them being odds of ten to one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.leagues import League, Sport
from ai_pro_sports.science.ratings.compiled import compiled
from ai_pro_sports.science.ratings.results import Arrival, arrivals, in_order, number_teams, team_rows

__all__ = ["EloParameters", "MarginRule", "expected_score", "margin_multiplier", "rate", "rating_log", "season_opening"]

FloatArray = npt.NDArray[np.float64]


class MarginRule(IntEnum):
    """How the size of a win scales the points that change hands."""

    NONE = 0
    FOOTBALL = 1
    GOALS = 2


_MARGIN_RULES = {Sport.FOOTBALL: MarginRule.FOOTBALL, Sport.SOCCER: MarginRule.GOALS}
_NEWCOMERS = {Sport.FOOTBALL: 1300.0, Sport.SOCCER: 1400.0}


@dataclass(frozen=True, slots=True)
class EloParameters:
    """What a league's Elo needs to know.

    `home_advantage` is in Elo points and not counted on neutral ground. `carry_over` is the share of a team's distance
    from `mean` it keeps from one season to the next. A team of the first season at hand starts at `mean`; one that
    joins later, or comes back after at least one season away (an expansion side, a promoted club), at `newcomer`:
    1300 in football, where FiveThirtyEight started expansion teams; 1400 in soccer, about what promoted clubs of the
    Premier League are rated after their first season, and a little above what relegated ones take with them.
    """

    k: float
    home_advantage: float
    carry_over: float
    margin_rule: MarginRule = MarginRule.NONE
    mean: float = 1500.0
    newcomer: float = 1400.0

    @classmethod
    def of(cls, league: League) -> EloParameters:
        """Return the declared priors of a league.

        >>> from ai_pro_sports.core.leagues import league
        >>> EloParameters.of(league("NFL")).home_advantage
        48
        """
        return cls(
            k=league.elo.k,
            home_advantage=league.elo.home_advantage,
            carry_over=league.elo.carry_over,
            margin_rule=_MARGIN_RULES.get(league.sport, MarginRule.NONE),
            newcomer=_NEWCOMERS.get(league.sport, 1400.0),
        )


@compiled
def expected_score(difference: float) -> float:
    """Return the share of a win expected of a side rated `difference` points higher (draws count half).

    >>> expected_score(0.0), round(expected_score(400.0), 4)
    (0.5, 0.9091)
    """
    return 1.0 / (1.0 + math.pow(10.0, -difference / 400.0))


@compiled
def margin_multiplier(rule: int, margin: float, difference: float) -> float:
    """Return the factor on `k` for a home margin, `difference` being home minus away rating with home advantage.

    FOOTBALL: ln(max(|margin|, 1) + 1) * 2.2 / (0.001 * d + 2.2), d from the winner's side, which keeps favourites'
    easy wins from inflating them; a tie divides by 1 instead. GOALS: ln(|margin| + 1), at least 1.

    >>> round(margin_multiplier(1, 48.0, 268.947), 3), margin_multiplier(2, 1.0, 90.0)
    (3.468, 1.0)
    """
    size = abs(margin)
    if rule == 1:
        if size == 0.0:
            return math.log(2.0) * 2.2
        winner = difference if margin > 0.0 else -difference
        return math.log(max(size, 1.0) + 1.0) * 2.2 / (0.001 * winner + 2.2)
    if rule == 2:
        return max(math.log(size + 1.0), 1.0)
    return 1.0


@compiled
def _replay(
    home: npt.NDArray[np.int64],
    away: npt.NDArray[np.int64],
    returns: npt.NDArray[np.bool_],
    joins: npt.NDArray[np.bool_],
    margins: FloatArray,
    advantages: FloatArray,
    teams: int,
    k: float,
    rule: int,
    mean: float,
    carry_over: float,
    newcomer: float,
) -> FloatArray:
    games = home.size
    rating = np.full(teams, mean)
    states = np.empty((4, games))
    for i in range(games):
        for side in range(2):
            team = home[i] if side == 0 else away[i]
            if returns[i, side]:
                rating[team] = mean + carry_over * (rating[team] - mean)
            elif joins[i, side]:
                rating[team] = newcomer
        states[0, i], states[1, i] = rating[home[i]], rating[away[i]]
        difference = rating[home[i]] - rating[away[i]] + advantages[i]
        result = 0.5 + 0.5 * np.sign(margins[i])
        shift = k * margin_multiplier(rule, margins[i], difference) * (result - expected_score(difference))
        rating[home[i]] += shift
        rating[away[i]] -= shift
        states[2, i], states[3, i] = rating[home[i]], rating[away[i]]
    return states


def rate(results: pl.DataFrame, parameters: EloParameters, first_season: int | None = None) -> pl.DataFrame:
    """Replay `results` (columns of RESULT_COLUMNS, any row order) and return them in order with four ratings each.

    Adds `home_elo`, `away_elo` (as the update found them, season opening applied) and `home_elo_after`,
    `away_elo_after`. `first_season` is the season whose teams start at the mean; by default the first among the
    results. Raises InvalidValue for missing columns, scores or times.
    """
    ordered = in_order(results)
    numbered = number_teams(ordered)
    if first_season is None:
        first_season = ordered.select(pl.col("season").min()).item() or 0
    kinds = arrivals(ordered, first_season)
    states = _replay(
        numbered.home,
        numbered.away,
        kinds == Arrival.RETURNS,
        kinds == Arrival.JOINS,
        (ordered["home_score"].cast(pl.Float64) - ordered["away_score"]).to_numpy(),
        np.where(ordered["neutral"].to_numpy(), 0.0, float(parameters.home_advantage)),
        numbered.teams.size,
        float(parameters.k),
        int(parameters.margin_rule),
        float(parameters.mean),
        float(parameters.carry_over),
        float(parameters.newcomer),
    )
    names = ("home_elo", "away_elo", "home_elo_after", "away_elo_after")
    return ordered.with_columns(pl.Series(name, row) for name, row in zip(names, states, strict=True))


def rating_log(rated: pl.DataFrame) -> pl.DataFrame:
    """Return the log of what `rate` returned: two rows per game, in order of effect.

    Columns game_id, season, known_at, team, opponent, `elo` (from known_at on), `elo_before` and `opponent_elo_before`.
    """
    sides = [
        {
            "elo": pl.col(f"{own}_elo_after"),
            "elo_before": pl.col(f"{own}_elo"),
            "opponent_elo_before": pl.col(f"{other}_elo"),
        }
        for own, other in (("home", "away"), ("away", "home"))
    ]
    return team_rows(rated, *sides)


def season_opening(
    rating: pl.Expr, last_season: pl.Expr, season: pl.Expr, parameters: EloParameters, first_season: int
) -> pl.Expr:
    """Return the rating a team takes into a game of `season`, given its last known one: the rule `rate` applies.

    A null rating is a team never seen: it opens at the mean in the first season, later as a newcomer.
    """
    gap = season - last_season
    return (
        pl.when(rating.is_null() & (season <= first_season))
        .then(float(parameters.mean))
        .when(rating.is_null() | (gap >= 2))
        .then(float(parameters.newcomer))
        .when(gap == 1)
        .then(parameters.mean + parameters.carry_over * (rating - parameters.mean))
        .otherwise(rating)
    )
