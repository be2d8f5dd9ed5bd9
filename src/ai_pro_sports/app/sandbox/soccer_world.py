"""The simulated soccer league: twenty of twenty-eight invented clubs, each pair home and away, three up, three down."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.app.sandbox.calendars import EPL_CALENDAR, current_season
from ai_pro_sports.app.sandbox.clubs import SOCCER_CLUBS
from ai_pro_sports.app.sandbox.market_maker import Book, MarketMaker
from ai_pro_sports.app.sandbox.schedules import soccer_schedule
from ai_pro_sports.app.sandbox.season_games import SeasonGames, season_table
from ai_pro_sports.app.sandbox.soccer_law import SoccerLaw
from ai_pro_sports.app.sandbox.streams import stream
from ai_pro_sports.app.sandbox.strengths import StrengthLaw, season_paths
from ai_pro_sports.core.leagues.epl import EPL

__all__ = ["BOOKS", "MAKER", "PRICES", "law_of", "soccer_games"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STRENGTHS = StrengthLaw(attack_sd=0.15, defence_sd=0.13, together=0.3, weekly=0.985, carry_over=0.7)
STRONGEST, WEAKEST = 0.5, -0.32
"""Long-run attack (log goals) of the strongest and the weakest club; defence is as much."""
BASE_LOG_RATE, HOME_EDGE = 0.23, 0.12
DIVISION_SIZE, MOVERS = 20, 3

MAKER = MarketMaker(closing_error=0.05, opening_error=0.14, opens_before=timedelta(days=7))
BOOKS = (
    Book("PS", 0.022, 0.0, 0.004),
    Book("B365", 0.052, 0.1, 0.012),
    Book("BW", 0.056, 0.2, 0.015),
    Book("IW", 0.06, 0.3, 0.018),
    Book("WH", 0.055, 0.15, 0.015),
    Book("VC", 0.05, 0.2, 0.015),
    Book("not listed 1", 0.045, 0.35, 0.02),
    Book("not listed 2", 0.035, 0.25, 0.02),
)
"""The books of the file under its own keys; the last two are seen only in the maximum and the average."""
PRICES = 7


def law_of(log_rates: FloatArray) -> SoccerLaw:
    """Return the law of games whose sides score at `log_rates` (n, 2)."""
    rates = np.exp(np.clip(log_rates, -1.5, 1.4))
    return SoccerLaw(rates[:, 0], rates[:, 1])


def soccer_games(*, now: datetime, seed: int, seasons: int) -> SeasonGames:
    """Return the current season at `now` and the `seasons` before it.

    Promotion and relegation are played out from the first season of all, so that the clubs of a season do not depend
    on how many seasons are asked for.
    """
    current = current_season(EPL, now)
    ladder = np.linspace(STRONGEST, WEAKEST, len(SOCCER_CLUBS))
    levels = np.repeat(stream(seed, "EPL", "levels").permutation(ladder)[:, None], 2, axis=1)
    division = np.sort(np.argsort(-levels[:, 0], kind="stable")[:DIVISION_SIZE])
    parts = []
    rounds = 2 * (DIVISION_SIZE - 1)
    for season, path in season_paths(
        STRENGTHS, levels, rounds, current, lambda season: stream(seed, "EPL", season, "strengths")
    ):
        games = _play(season, division, path, now, seed)
        if season >= current - seasons:
            parts.append(games)
        division = _next_division(games.table, division, path)
    return SeasonGames.stack(parts)


def _play(season: int, division: IntArray, path: FloatArray, now: datetime, seed: int) -> SeasonGames:
    start = EPL_CALENDAR.start(EPL, season, now)
    schedule = soccer_schedule(start, division, stream(seed, "EPL", season, "schedule"))
    home, away = path[schedule.week - 1, schedule.home], path[schedule.week - 1, schedule.away]
    log_rates = BASE_LOG_RATE + np.stack(
        [HOME_EDGE + home[:, 0] - away[:, 1], away[:, 0] - home[:, 1] - HOME_EDGE], axis=1
    )
    law = law_of(log_rates)
    scores = law.draw(stream(seed, "EPL", season, "scores"))
    table = season_table(season, schedule, law, scores, round="league", neutral=False, overtime=0)
    market = stream(seed, "EPL", season, "market")
    belief = MAKER.belief(log_rates, market)
    return SeasonGames(table, belief, market.standard_normal((len(log_rates), len(BOOKS), 2, PRICES)))


def _next_division(table: pl.DataFrame, division: IntArray, path: FloatArray) -> IntArray:
    """Return next season's clubs: the last three of the table go, the three strongest of those outside come."""
    sides = [
        table.select(
            pl.col(side).alias("club"),
            pl.col(f"{side}_score").alias("scored"),
            (pl.col(f"{side}_score") - pl.col(f"{other}_score")).alias("margin"),
        )
        for side, other in (("home", "away"), ("away", "home"))
    ]
    ranked = (
        pl.concat(sides)
        .with_columns(points=pl.when(pl.col("margin") > 0).then(3).when(pl.col("margin") == 0).then(1).otherwise(0))
        .group_by("club")
        .agg(pl.col("points").sum(), pl.col("margin").sum(), pl.col("scored").sum())
        .sort("points", "margin", "scored", "club", descending=[True, True, True, False])["club"]
        .to_numpy()
    )
    outside = np.setdiff1d(np.arange(path.shape[1]), division)
    strength = path[-1, outside].sum(axis=1)
    promoted = outside[np.argsort(-strength, kind="stable")[:MOVERS]]
    return np.sort(np.concatenate([ranked[:-MOVERS], promoted]))
