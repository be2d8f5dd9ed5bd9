"""The simulated football league: thirty-two invented clubs, seventeen weeks and a final on neutral ground."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.app.sandbox.calendars import NFL_CALENDAR, current_season, kick_off
from ai_pro_sports.app.sandbox.clubs import FOOTBALL_CLUBS
from ai_pro_sports.app.sandbox.football_law import FootballLaw
from ai_pro_sports.app.sandbox.market_maker import Book, MarketMaker
from ai_pro_sports.app.sandbox.schedules import EASTERN, Schedule, football_schedule
from ai_pro_sports.app.sandbox.season_games import SeasonGames, season_table
from ai_pro_sports.app.sandbox.streams import stream
from ai_pro_sports.app.sandbox.strengths import StrengthLaw, season_paths
from ai_pro_sports.core.leagues.nfl import NFL

__all__ = ["BOOKS", "MAKER", "football_games", "law_of"]

FloatArray = npt.NDArray[np.float64]

STRENGTHS = StrengthLaw(attack_sd=2.9, defence_sd=2.3, together=0.25, weekly=0.985, carry_over=0.65)
BASE_POINTS, HOME_EDGE = 21.6, 1.0
"""Points of an average side over the drives, and what playing at home adds to the one and takes from the other."""
FINAL_WEEK = NFL_CALENDAR.weeks + 1

MAKER = MarketMaker(closing_error=0.6, opening_error=1.5, opens_before=timedelta(days=6))
BOOKS = (Book("consensus", 0.042, 0.0, 0.0), Book("draftkings", 0.047, 0.15, 0.012))
"""Whose prices the two files hold: the consensus of one, the named book of the other."""
PRICES = 6


def law_of(points: FloatArray) -> FootballLaw:
    """Return the law of games whose sides expect `points` (n, 2) over the drives."""
    kept = np.clip(points, 7.0, 42.0)
    return FootballLaw(kept[:, 0], kept[:, 1])


def football_games(*, now: datetime, seed: int, seasons: int) -> SeasonGames:
    """Return the current season at `now` and the `seasons` before it, whole; finals only of seasons that are over."""
    current = current_season(NFL, now)
    levels = np.zeros((len(FOOTBALL_CLUBS), 2))
    parts = []
    paths = season_paths(
        STRENGTHS, levels, FINAL_WEEK, current, lambda season: stream(seed, "NFL", season, "strengths")
    )
    for season, path in paths:
        if season >= current - seasons:
            start = NFL_CALENDAR.start(NFL, season, now)
            schedule = football_schedule(start, stream(seed, "NFL", season, "schedule"))
            regular = _play(season, schedule, path, seed)
            parts.append(regular)
            if season < current:
                parts.append(_play(season, _final(regular.table, schedule), path, seed))
    return SeasonGames.stack(parts)


def _play(season: int, schedule: Schedule, path: FloatArray, seed: int) -> SeasonGames:
    is_final = int(schedule.week[0]) == FINAL_WEEK
    stage = "SB" if is_final else "REG"
    edge = 0.0 if is_final else HOME_EDGE
    home, away = path[schedule.week - 1, schedule.home], path[schedule.week - 1, schedule.away]
    points = np.stack(
        [BASE_POINTS + edge + home[:, 0] - away[:, 1], BASE_POINTS - edge + away[:, 0] - home[:, 1]], axis=1
    )
    law = law_of(points)
    home_score, away_score, overtime = law.draw(stream(seed, "NFL", season, stage, "scores"))
    table = season_table(
        season,
        schedule,
        law,
        (home_score, away_score),
        round=stage,
        neutral=is_final,
        overtime=pl.Series(overtime.astype(np.int64)),
    )
    market = stream(seed, "NFL", season, stage, "market")
    belief = MAKER.belief(points, market)
    return SeasonGames(table, belief, market.standard_normal((len(points), len(BOOKS), 2, PRICES)))


def _final(regular: pl.DataFrame, schedule: Schedule) -> Schedule:
    """Return the final: the two best records (then points margin), two weeks later, the better one at home."""
    sides = [
        regular.select(
            pl.col(side).alias("club"),
            ((pl.col("home_score") - pl.col("away_score")) * sign).alias("margin"),
        )
        for side, sign in (("home", 1), ("away", -1))
    ]
    best = (
        pl.concat(sides)
        .group_by("club")
        .agg(pl.col("margin").sign().sum().alias("record"), pl.col("margin").sum())
        .sort("record", "margin", "club", descending=[True, True, False])["club"]
        .to_numpy()
    )
    day = schedule.days[-1] + timedelta(days=13)
    return Schedule(
        week=np.array([FINAL_WEEK]),
        home=best[:1],
        away=best[1:2],
        starts_at=[kick_off(day, "18:30", EASTERN)],
        days=[day],
        times=["18:30"],
    )
