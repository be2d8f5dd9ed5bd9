"""Small leagues made up for tests: games and quotes that keep the contracts, with the awkward cases real ones have.

Clubs come, go and come back; games are played on neutral ground, postponed, cancelled and still to come; results of a
day-only league are known from the next midnight; books quote at different times, some without a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ai_pro_sports.core.clock import local_midnight
from ai_pro_sports.core.contracts import GAMES, QUOTES
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.features.history import History

FIRST_SEASON = 2001
BOOKS = ("alpha", "beta", "gamma", "market_average", "market_best")


@dataclass(frozen=True)
class MadeLeague:
    """A made league: its games and quotes keep the contracts."""

    league: League
    games: pl.DataFrame
    quotes: pl.DataFrame

    @property
    def history(self) -> History:
        return History(self.games, self.quotes)


def made_league(
    code: str = "NFL",
    *,
    seed: int = 0,
    seasons: int = 3,
    teams: int = 8,
    weeks: int = 8,
    day_only: bool = False,
    quoted: bool = True,
) -> MadeLeague:
    """Make a league of that many seasons, weekly rounds in which everybody plays, and quotes on each game."""
    of = league(code)
    random = np.random.default_rng(seed)
    pool = [stable_id("team", code, f"side {number}") for number in range(teams + 4)]
    attack = dict(zip(pool, random.normal(0, 0.25, len(pool)), strict=True))
    sides = pool[:teams]
    rows: list[dict[str, Any]] = []
    for season in range(FIRST_SEASON, FIRST_SEASON + seasons):
        rows += _season(of, season, sides, attack, weeks, random=random, day_only=day_only)
        away = [team for team in pool if team not in sides]
        sides = [*sides[2:], *random.choice(away, size=2, replace=False).tolist()]
    for row in rows[-teams // 2 :]:
        row |= {"status": "scheduled", "home_score": None, "away_score": None, "result_known_at": None}
    quotes = [quote for row in rows if quoted for quote in _quotes(of, row, random)]
    games = pl.DataFrame(rows, schema=GAMES.columns)
    return MadeLeague(of, games, pl.DataFrame(quotes, schema=QUOTES.columns))


def _season(
    of: League,
    season: int,
    sides: list[int],
    attack: dict[int, float],
    weeks: int,
    *,
    random: np.random.Generator,
    day_only: bool,
) -> list[dict[str, Any]]:
    opening = date(season, of.season_starts_month, 1) + timedelta(days=40)
    rows = []
    for week in range(1, weeks + 1):
        drawn = random.permutation(sides).tolist()
        for home, away in zip(drawn[::2], drawn[1::2], strict=True):
            day = opening + timedelta(days=7 * week + int(random.choice([-3, -1, 0, 0, 0, 1])))
            starts_at = (
                local_midnight(day, of.timezone)
                if day_only
                else datetime(day.year, day.month, day.day, tzinfo=UTC)
                + timedelta(hours=int(random.choice([14, 17, 20])))
            )
            known_at = (
                local_midnight(day + timedelta(days=1), of.timezone) if day_only else starts_at + of.game_duration
            )
            scores = [_score(of, attack[own] - attack[other], random) for own, other in ((home, away), (away, home))]
            state = str(random.choice(["final"] * 20 + ["postponed", "cancelled"]))
            final = state == "final"
            rows.append(
                {
                    "game_id": stable_id("game", of.code, season, week, home),
                    "league": of.code,
                    "source": "made",
                    "external_id": f"{season}-{week}-{home}",
                    "home_team": home,
                    "away_team": away,
                    "season": season,
                    "starts_at": starts_at,
                    "start_is_date_only": day_only,
                    "status": state,
                    "home_score": scores[0] if final else None,
                    "away_score": scores[1] if final else None,
                    "neutral": bool(random.random() < 0.1),
                    "round": "WC" if week == weeks else "REG",
                    "week": week,
                    "result_known_at": known_at if final else None,
                }
            )
    return rows


def _score(of: League, strength: float, random: np.random.Generator) -> int:
    if of.result_market is MarketKind.THREE_WAY:
        return int(random.poisson(1.3 * np.exp(strength)))
    return int(7 * random.poisson(2.4 * np.exp(strength)) + 3 * random.poisson(1.6))


def _quotes(of: League, game: dict[str, Any], random: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    starts_at: datetime = game["starts_at"]
    for book in BOOKS:
        if random.random() < 0.4:
            continue
        moments = [("open", starts_at - timedelta(hours=24)), ("close", starts_at)]
        moments += [("stamped", starts_at - timedelta(minutes=int(m))) for m in random.choice(900, 2, replace=False)]
        for moment, known_at in moments:
            about = {"game_id": game["game_id"], "book": book, "period": "full", "moment": moment, "known_at": known_at}
            lines = (
                ("spread", ("home", "away"), float(random.integers(-14, 15)) / 2),
                ("total", ("over", "under"), float(random.integers(70, 110)) / 2),
            )
            for market, sides, line in lines:
                price = None if random.random() < 0.2 else 1.91
                rows += [about | {"market": market, "side": side, "line": line, "price": price} for side in sides]
                if random.random() < 0.2:
                    other = about | {"market": market, "line": line + 3.0}
                    rows += [other | {"side": side, "price": p} for side, p in zip(sides, (1.5, 2.6), strict=True)]
            sides = ("home", "draw", "away") if of.result_market is MarketKind.THREE_WAY else ("home", "away")
            swapped = 4.0 if random.random() < 0.05 else 1.0
            fair = random.dirichlet([6.0] * len(sides)) * swapped
            rows += [
                about
                | {
                    "market": str(of.result_market),
                    "side": side,
                    "line": None,
                    "price": max(1.01, float(1 / (p * 1.05))),
                }
                for side, p in zip(sides, fair, strict=True)
            ]
    return [row | {"price_american": None} for row in rows]
