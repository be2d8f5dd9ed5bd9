"""Attack and defence strengths: how much of a league's normal score a side makes and allows, recent games first.

Each side has two multipliers on the league's mean score: attack (above 1 scores more) and defence (above 1 concedes
more, so below 1 is good). A game expects `mean * attack * opponent's defence`; the score made, over the score expected
of an average side against that opponent, moves the attack; likewise the defence. Formally a discounted gamma-Poisson
filter (West and Harrison, "Bayesian Forecasting and Dynamic Models", 1997), sequential and opponent-adjusted: each
multiplier is (prior + made) / (prior + exposure), in units of games, and what was seen fades with a half-life in days.
League means of home and away sides fade the same way, slower.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.leagues import League, Sport
from ai_pro_sports.science.ratings.compiled import compiled
from ai_pro_sports.science.ratings.ratio import ratio
from ai_pro_sports.science.ratings.results import Arrival, arrivals, in_order, number_teams, team_rows

__all__ = ["StrengthParameters", "means_log", "strength", "strength_log", "track"]

FloatArray = npt.NDArray[np.float64]

_NEVER: Final = -(2**31)
_MICROSECONDS_PER_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class StrengthParameters:
    """What the filter needs to know.

    `half_life` and `mean_half_life` are days; `prior_games` and `mean_prior_games` say how many games the prior weighs.
    `home_mean` and `away_mean` are the league's prior scores. A side in the season it joins the league (promoted,
    expansion, or back after a season away) has prior multipliers `newcomer_attack` and `newcomer_defence` instead of 1.
    """

    half_life: float
    prior_games: float
    home_mean: float
    away_mean: float
    newcomer_attack: float = 1.0
    newcomer_defence: float = 1.0
    mean_half_life: float = 730.0
    mean_prior_games: float = 100.0

    @classmethod
    def of(cls, league: League) -> StrengthParameters:
        """Return the declared priors of a league.

        >>> from ai_pro_sports.core.leagues import league
        >>> StrengthParameters.of(league("EPL")).home_mean
        1.5
        """
        scores = league.scores
        half_life, prior_games, attack, defence = _PRIORS[league.sport]
        return cls(
            half_life=half_life,
            prior_games=prior_games,
            home_mean=(scores.total + scores.home_margin) / 2,
            away_mean=(scores.total - scores.home_margin) / 2,
            newcomer_attack=attack,
            newcomer_defence=defence,
        )


# Half-life, prior games, newcomer attack and defence: on a coarse grid, what fitted the NFL of 2002-2009 (squared error
# of scores) and the EPL of 1996-2003 (Poisson likelihood) best; the optimum is flat, and later seasons agree.
_PRIORS = {Sport.FOOTBALL: (200.0, 6.0, 0.85, 1.15), Sport.SOCCER: (400.0, 10.0, 0.85, 1.15)}


@compiled
def _filter(
    home: npt.NDArray[np.int64],
    away: npt.NDArray[np.int64],
    joins: npt.NDArray[np.bool_],
    seasons: npt.NDArray[np.int64],
    days: FloatArray,
    scores: FloatArray,
    neutral: npt.NDArray[np.bool_],
    teams: int,
    half_life: float,
    prior: float,
    newcomer: FloatArray,
    mean_half_life: float,
    mean_prior: float,
    prior_means: FloatArray,
) -> tuple[FloatArray, npt.NDArray[np.int64], FloatArray]:
    games = home.size
    seen = np.zeros((teams, 4))  # attack made, attack exposure, defence made, defence exposure
    joined = np.full(teams, _NEVER)
    last_day = np.zeros(teams)
    league = np.zeros(2)  # home scores, away scores
    games_seen, league_day = 0.0, 0.0
    states = np.empty((games, 2, 4))
    joined_then = np.empty((games, 2), np.int64)
    means = np.empty((games + 1, 2))
    means[0, 0], means[0, 1] = prior_means[0], prior_means[1]
    strengths = np.empty((2, 2))  # side; attack, defence
    for i in range(games):
        for side in range(2):
            team = home[i] if side == 0 else away[i]
            if joins[i, side]:
                joined[team] = seasons[i]
            faded = 0.5 ** ((days[i] - last_day[team]) / half_life)
            last_day[team] = days[i]
            for j in range(4):
                seen[team, j] *= faded
            for j in range(2):
                start = newcomer[j] if joined[team] == seasons[i] else 1.0
                strengths[side, j] = (prior * start + seen[team, 2 * j]) / (prior + seen[team, 2 * j + 1])
        middle = (means[i, 0] + means[i, 1]) / 2.0
        for side in range(2):
            team = home[i] if side == 0 else away[i]
            own = 1.0 if neutral[i] else means[i, side] / middle
            other = 1.0 if neutral[i] else means[i, 1 - side] / middle
            seen[team, 0] += scores[i, side] / middle
            seen[team, 1] += own * strengths[1 - side, 1]
            seen[team, 2] += scores[i, 1 - side] / middle
            seen[team, 3] += other * strengths[1 - side, 0]
            for j in range(4):
                states[i, side, j] = seen[team, j]
            joined_then[i, side] = joined[team]
        faded = 0.5 ** ((days[i] - league_day) / mean_half_life)
        league_day = days[i]
        counted = 0.0 if neutral[i] else 1.0
        games_seen = games_seen * faded + counted
        for side in range(2):
            league[side] = league[side] * faded + counted * scores[i, side]
            means[i + 1, side] = (mean_prior * prior_means[side] + league[side]) / (mean_prior + games_seen)
    return states, joined_then, means


_SEEN = ("attack_made", "attack_exposure", "defence_made", "defence_exposure")


def track(results: pl.DataFrame, parameters: StrengthParameters, first_season: int | None = None) -> pl.DataFrame:
    """Run the filter over `results` (RESULT_COLUMNS, any row order); return them in order with what stood after each.

    Adds, per side, `{home,away}_attack_made`, `_attack_exposure`, `_defence_made`, `_defence_exposure` (games, faded to
    the game's `known_at`) and `_joined` (the season the side joined the league, null for founders), and the league's
    `home_mean` and `away_mean`. Raises InvalidValue for missing columns, scores or times.
    """
    ordered = in_order(results)
    numbered = number_teams(ordered)
    if first_season is None:
        first_season = ordered.select(pl.col("season").min()).item() or 0
    states, joined, means = _filter(
        numbered.home,
        numbered.away,
        arrivals(ordered, first_season) == Arrival.JOINS,
        ordered["season"].cast(pl.Int64).to_numpy(),
        ordered["known_at"].dt.timestamp("us").to_numpy() / _MICROSECONDS_PER_DAY,
        ordered.select(pl.col("home_score", "away_score").cast(pl.Float64)).to_numpy(order="c"),
        ordered["neutral"].to_numpy(),
        numbered.teams.size,
        float(parameters.half_life),
        float(parameters.prior_games),
        np.array([parameters.newcomer_attack, parameters.newcomer_defence]),
        float(parameters.mean_half_life),
        float(parameters.mean_prior_games),
        np.array([parameters.home_mean, parameters.away_mean]),
    )
    columns = []
    for s, side in enumerate(("home", "away")):
        columns += [pl.Series(f"{side}_{name}", states[:, s, i]) for i, name in enumerate(_SEEN)]
        columns.append(pl.Series(f"{side}_joined", joined[:, s]).replace(_NEVER, None))
        columns.append(pl.Series(f"{side}_mean", means[1:, s]))
    return ordered.with_columns(columns)


def strength_log(tracked: pl.DataFrame) -> pl.DataFrame:
    """Return the team log of what `track` returned: two rows per game, in order of effect.

    Columns game_id, season, known_at, team, opponent, `attack_made`, `attack_exposure`, `defence_made`,
    `defence_exposure`, `joined`; read it with `strength`.
    """
    names = (*_SEEN, "joined")
    home, away = ({name: pl.col(f"{side}_{name}") for name in names} for side in ("home", "away"))
    return team_rows(tracked, home, away)


def means_log(tracked: pl.DataFrame) -> pl.DataFrame:
    """Return the league log of what `track` returned: known_at, `home_mean`, `away_mean`, in order of effect."""
    return tracked.select("known_at", "home_mean", "away_mean")


def strength(
    seen: pl.Expr, at: pl.Expr, season: pl.Expr, *, which: str, parameters: StrengthParameters, first_season: int
) -> pl.Expr:
    """Return a side's `which` ("attack" or "defence") multiplier at time `at` in a game of `season`.

    `seen` is a struct of the last log row's `season`, `known_at`, `joined`, `{which}_made` and `{which}_exposure`; a
    null struct is a side never seen. Evidence fades from the row's `known_at` to `at`.
    """
    field = seen.struct.field
    newcomer = parameters.newcomer_attack if which == "attack" else parameters.newcomer_defence
    unseen = field("season").is_null() & (season > first_season)
    is_new = unseen | (season - field("season") >= 2) | (field("joined") == season)
    start = pl.when(is_new.fill_null(value=False)).then(newcomer).otherwise(1.0)
    half_lives = ratio((at - field("known_at")).dt.total_microseconds(), _MICROSECONDS_PER_DAY * parameters.half_life)
    faded = pl.lit(0.5).pow(half_lives).fill_null(0.0)
    made, exposure = (field(f"{which}_{part}").fill_null(0.0) * faded for part in ("made", "exposure"))
    return ratio(parameters.prior_games * start + made, parameters.prior_games + exposure)
