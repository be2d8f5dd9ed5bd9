"""Features the slow way: for one game, filter what was known by its cut and work it out in plain Python."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import League
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind
from ai_pro_sports.science.pricing.vig import devig_book
from ai_pro_sports.science.ratings.elo import EloParameters
from ai_pro_sports.science.ratings.strength import StrengthParameters
from tests.oracles.ratings import SlowElo, SlowStrength, in_order

Row = dict[str, Any]


def _when(quote: Row) -> tuple[datetime, int]:
    return quote["known_at"], ["open", "pre_close", "stamped", "close"].index(quote["moment"])


class SlowFeatures:
    """Everything about one game at one cut."""

    def __init__(self, league: League, games: Sequence[Row], quotes: Sequence[Row], game: Row, as_of: datetime) -> None:
        self.league = league
        self.game = game
        self.as_of = as_of
        self.schedule = [g for g in games if g["status"] not in {"postponed", "cancelled"}]
        self.first_season = min(g["season"] for g in games)
        finals = [g | {"known_at": g["result_known_at"]} for g in games if g["status"] == "final"]
        self.known = in_order([g for g in finals if g["known_at"] <= as_of])
        self.quotes = [q for q in quotes if q["game_id"] == game["game_id"] and q["known_at"] <= as_of]
        self.elo = SlowElo(EloParameters.of(league), self.first_season)
        self.faced: dict[int, list[tuple[int, float]]] = {}
        self.strength = SlowStrength(StrengthParameters.of(league), self.first_season)
        for result in self.known:
            home, away, _, _ = self.elo.play(result)
            self.faced.setdefault(result["home_team"], []).append((result["season"], away))
            self.faced.setdefault(result["away_team"], []).append((result["season"], home))
            self.strength.play(result)

    def value(self, name: str) -> float | None:
        """Return a catalogue feature by name; raises KeyError for one this reference does not know."""
        for pattern, method in _METHODS:
            if found := re.fullmatch(pattern, name):
                answer = getattr(self, method)(**found.groupdict())
                return None if answer is None else float(answer)
        raise KeyError(name)

    def own(self, side: str) -> list[Row]:
        """The known games of a side, seen from it."""
        team = self.game[f"{side}_team"]
        rows = []
        for g in self.known:
            for mine, other in (("home", "away"), ("away", "home")):
                if g[f"{mine}_team"] == team:
                    rows.append({"season": g["season"], "for": g[f"{mine}_score"], "against": g[f"{other}_score"]})
        return rows

    def elo_now(self, side: str) -> float:
        return self.elo.opening(self.game[f"{side}_team"], self.game["season"])

    def elo_win_prob(self) -> float:
        advantage = 0 if self.game["neutral"] else self.league.elo.home_advantage
        return 1 / (1 + 10 ** (-(self.elo_now("home") - self.elo_now("away") + advantage) / 400))

    def sos(self, side: str) -> float | None:
        met = [elo for season, elo in self.faced.get(self.game[f"{side}_team"], []) if season == self.game["season"]]
        return statistics.fmean(met) if met else None

    def league_mean(self) -> float:
        return sum(self.strength.means(self.as_of)) / 2

    def pythag(self, side: str) -> float:
        season = [g for g in self.own(side) if g["season"] == self.game["season"]]
        made = sum(g["for"] for g in season) + 4 * self.league_mean()
        allowed = sum(g["against"] for g in season) + 4 * self.league_mean()
        return made**2.37 / (made**2.37 + allowed**2.37)

    def strength_now(self, side: str, which: str) -> float:
        pair = self.strength.strengths(self.game[f"{side}_team"], self.game["season"], self.as_of)
        return pair[which == "defence"]

    def expected_score(self, side: str) -> float:
        home, away = self.strength.means(self.as_of)
        own = (home + away) / 2 if self.game["neutral"] else {"home": home, "away": away}[side]
        other = {"home": "away", "away": "home"}[side]
        return own * self.strength_now(side, "attack") * self.strength_now(other, "defence")

    def last(self, side: str, games: str) -> list[Row]:
        rows = self.own(side)
        if not rows or self.game["season"] - rows[-1]["season"] > 1:
            return []
        return rows[-int(games) :]

    def win_pct(self, side: str, games: str) -> float | None:
        won = [
            1.0 if g["for"] > g["against"] else 0.5 if g["for"] == g["against"] else 0.0 for g in self.last(side, games)
        ]
        return statistics.fmean(won) if won else None

    def margin(self, side: str, games: str) -> float | None:
        margins = [g["for"] - g["against"] for g in self.last(side, games)]
        return statistics.fmean(margins) if margins else None

    def scored(self, side: str, which: str, games: str) -> float | None:
        scores = [g[which] for g in self.last(side, games)]
        return statistics.fmean(scores) if scores else None

    def points_ema(self, side: str, games: str) -> float | None:
        rows = self.last(side, games)
        keep = 1 - 2 / (int(games) + 1)
        points = [3 if g["for"] > g["against"] else int(g["for"] == g["against"]) for g in reversed(rows)]
        weights = [keep**age for age in range(len(points))]
        return sum(w * p for w, p in zip(weights, points, strict=True)) / sum(weights) if points else None

    def goals_season(self, side: str, which: str) -> float:
        season = [g[which] for g in self.own(side) if g["season"] == self.game["season"]]
        return (sum(season) + 5 * self.league_mean()) / (len(season) + 5)

    def earlier(self, side: str) -> list[Row]:
        team = self.game[f"{side}_team"]
        return [
            g
            for g in self.schedule
            if team in {g["home_team"], g["away_team"]} and g["starts_at"] < self.game["starts_at"]
        ]

    def days_off(self, side: str) -> int | None:
        season = [g for g in self.earlier(side) if g["season"] == self.game["season"]]
        if not season:
            return None
        zone = ZoneInfo(self.league.timezone)
        last = max(g["starts_at"] for g in season)
        return (self.game["starts_at"].astimezone(zone).date() - last.astimezone(zone).date()).days

    def rest_days(self, side: str) -> int:
        days = self.days_off(side)
        return 14 if days is None else min(days, 14)

    def short_week(self, side: str) -> bool:
        days = self.days_off(side)
        return days is not None and days < 6

    def off_bye(self, side: str) -> bool:
        days = self.days_off(side)
        return days is not None and days >= 12

    def games_d14(self, side: str) -> int:
        since = self.game["starts_at"] - timedelta(days=14)
        return sum(g["starts_at"] >= since for g in self.earlier(side))

    def meetings(self) -> list[tuple[int, int]]:
        """Scores of the pair's games known in the last five years, this game's home side first."""
        since = self.as_of - 5 * timedelta(days=365, hours=6)
        home, away = self.game["home_team"], self.game["away_team"]
        found = []
        for g in self.known:
            if g["known_at"] > since and {g["home_team"], g["away_team"]} == {home, away}:
                scores = (g["home_score"], g["away_score"])
                found.append(scores if g["home_team"] == home else scores[::-1])
        return found

    def h2h_win_pct(self) -> float:
        met = self.meetings()
        return (sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in met) + 1) / (len(met) + 2)

    def h2h_margin(self) -> float | None:
        met = self.meetings()
        return statistics.fmean(a - b for a, b in met) if met else None

    def h2h_dominance(self) -> float:
        mine = sum(3 if a > b else int(a == b) for a, b in self.meetings())
        theirs = sum(3 if b > a else int(a == b) for a, b in self.meetings())
        return (mine + 1) / (mine + theirs + 2)

    def neutral(self) -> bool:
        return bool(self.game["neutral"])

    def playoff(self) -> bool:
        return self.game["round"] in self.league.playoff_rounds

    def progress(self) -> float | None:
        season = self.game["season"]
        finished = {g["season"] for g in self.schedule if g["season"] < season}
        if not finished:
            return None
        last = [g for g in self.schedule if g["season"] == max(finished)]
        per_team = 2 * len(last) / len({g[f"{side}_team"] for g in last for side in ("home", "away")})
        played = [sum(g["season"] == season for g in self.earlier(side)) for side in ("home", "away")]
        return min(1.0, sum(played) / 2 / per_team)

    def books(self, market: str) -> dict[str, list[Row]]:
        """A market's quotes by book in order of time; the average over books only where no book stands by itself."""
        full = [q for q in self.quotes if q["market"] == market and q["book"] != "market_best"]
        own = [q for q in full if q["book"] != "market_average"]
        by_book: dict[str, list[Row]] = {}
        for q in sorted(own or full, key=_when):
            by_book.setdefault(q["book"], []).append(q)
        return by_book

    def line(self, kind: str, moment: str) -> float | None:
        lines = []
        for rows in self.books(kind).values():
            when = _when(rows[0] if moment == "open" else rows[-1])
            shown = [q for q in rows if _when(q) == when]
            tilts = {}
            for line in {q["line"] for q in shown}:
                prices = [q["price"] for q in shown if q["line"] == line]
                tilts[line] = float("inf") if None in prices else abs(1 / prices[0] - 1 / prices[1])
            lines.append(min(tilts, key=lambda line: (tilts[line], line)))
        return statistics.median(lines) if lines else None

    def line_move(self, kind: str) -> float | None:
        now, then = self.line(kind, "now"), self.line(kind, "open")
        return None if now is None or then is None else now - then

    def fair(self, side: str) -> list[float]:
        market = self.league.result_market
        sides = [str(s) for s in EXHAUSTIVE_SIDES[MarketKind(market)]]
        found = []
        for rows in self.books(str(market)).values():
            last = {q["side"]: q["price"] for q in rows if _when(q) == _when(rows[-1])}
            with suppress(InvalidValue):
                book = devig_book([last[s] for s in sides], self.league.vig_method)
                found.append(book.probabilities[sides.index(side)])
        return found

    def line_prob(self, side: str) -> float | None:
        fair = self.fair(side)
        return statistics.median(fair) if fair else None

    def line_disp(self) -> float | None:
        fair = self.fair("home")
        return statistics.stdev(fair) if len(fair) > 1 else None


_SIDE = "(?P<side>home|away)"
_WHICH = "(?P<which>for|against)"
_GAMES = r"last(?P<games>\d+)"
_METHODS = (
    (rf"team_{_SIDE}_elo_now", "elo_now"),
    ("team_elo_win_prob_now", "elo_win_prob"),
    (rf"team_{_SIDE}_sos_season", "sos"),
    (rf"team_{_SIDE}_pythag_season", "pythag"),
    (rf"team_{_SIDE}_(?P<which>attack|defence)_now", "strength_now"),
    (rf"adv_{_SIDE}_expected_score_game", "expected_score"),
    (rf"form_{_SIDE}_win_pct_{_GAMES}", "win_pct"),
    (rf"form_{_SIDE}_(?:avg_margin|goal_diff)_{_GAMES}", "margin"),
    (rf"form_{_SIDE}_(?:points|goals)_{_WHICH}_{_GAMES}", "scored"),
    (rf"form_{_SIDE}_points_ema_{_GAMES}", "points_ema"),
    (rf"form_{_SIDE}_goals_{_WHICH}_season", "goals_season"),
    (rf"rest_{_SIDE}_days_now", "rest_days"),
    (rf"rest_{_SIDE}_short_week_game", "short_week"),
    (rf"rest_{_SIDE}_off_bye_game", "off_bye"),
    (rf"rest_{_SIDE}_games_d14", "games_d14"),
    ("h2h_home_win_pct_y5", "h2h_win_pct"),
    ("h2h_home_avg_margin_y5", "h2h_margin"),
    ("h2h_home_dominance_y5", "h2h_dominance"),
    ("situ_neutral_game", "neutral"),
    ("situ_playoff_game", "playoff"),
    ("situ_season_progress_game", "progress"),
    (r"line_(?P<kind>spread|total)_(?P<moment>open|now)", "line"),
    (r"line_(?P<kind>spread|total)_move_open", "line_move"),
    (r"line_(?P<side>home|draw|away)_prob_now", "line_prob"),
    ("line_home_prob_disp_now", "line_disp"),
)
