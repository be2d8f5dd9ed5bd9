"""Ratings the slow way: dictionaries, one game at a time, nothing compiled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ai_pro_sports.science.ratings.elo import EloParameters, MarginRule
from ai_pro_sports.science.ratings.strength import StrengthParameters

Row = dict[str, Any]


def in_order(results: Sequence[Row]) -> list[Row]:
    return sorted(results, key=lambda row: (row["known_at"], row["starts_at"], row["game_id"]))


class SlowElo:
    """Elo by the book."""

    def __init__(self, parameters: EloParameters, first_season: int) -> None:
        self.parameters = parameters
        self.first_season = first_season
        self.rating: dict[int, float] = {}
        self.season: dict[int, int] = {}

    def opening(self, team: int, season: int) -> float:
        p = self.parameters
        if team not in self.rating:
            return p.mean if season <= self.first_season else p.newcomer
        seasons_on = season - self.season[team]
        if seasons_on >= 2:
            return p.newcomer
        if seasons_on == 1:
            return p.mean + p.carry_over * (self.rating[team] - p.mean)
        return self.rating[team]

    def play(self, game: Row) -> tuple[float, float, float, float]:
        p = self.parameters
        home, away = (self.opening(game[side], game["season"]) for side in ("home_team", "away_team"))
        gap = home - away + (0 if game["neutral"] else p.home_advantage)
        expected = 1 / (1 + 10 ** (-gap / 400))
        margin = game["home_score"] - game["away_score"]
        if margin > 0:
            result, winner_gap = 1.0, gap
        elif margin < 0:
            result, winner_gap = 0.0, -gap
        else:
            result, winner_gap = 0.5, 0.0
        factor = 1.0
        if p.margin_rule is MarginRule.FOOTBALL:
            factor = math.log(max(abs(margin), 1) + 1) * 2.2 / (1.0 if margin == 0 else 0.001 * winner_gap + 2.2)
        if p.margin_rule is MarginRule.GOALS:
            factor = max(1.0, math.log(abs(margin) + 1))
        moved = p.k * factor * (result - expected)
        for team, rating in ((game["home_team"], home + moved), (game["away_team"], away - moved)):
            self.rating[team] = rating
            self.season[team] = max(game["season"], self.season.get(team, game["season"]))
        return home, away, home + moved, away - moved


class SlowStrength:
    """The discounted attack and defence filter by the book: every past game weighed anew each time."""

    def __init__(self, parameters: StrengthParameters, first_season: int) -> None:
        self.parameters = parameters
        self.first_season = first_season
        self.past: dict[int, list[Row]] = {}
        self.league: list[Row] = []

    def _fade(self, then: Any, at: Any, half_life: float) -> float:
        return 0.5 ** ((at - then).total_seconds() / 86400 / half_life)

    def means(self, at: Any) -> tuple[float, float]:
        """League means move at games only: they fade to the last one, as the log says, not to `at`."""
        p = self.parameters
        if not self.league:
            return p.home_mean, p.away_mean
        last = self.league[-1]["known_at"]
        weights = [
            (self._fade(game["known_at"], last, p.mean_half_life), game) for game in self.league if not game["neutral"]
        ]
        games = p.mean_prior_games + sum(weight for weight, _ in weights)
        home = p.mean_prior_games * p.home_mean + sum(weight * game["home_score"] for weight, game in weights)
        away = p.mean_prior_games * p.away_mean + sum(weight * game["away_score"] for weight, game in weights)
        return home / games, away / games

    def is_new(self, team: int, season: int) -> bool:
        """A side is new in a season it plays without having played in the one before, unless it is a founder."""
        seasons = sorted({game["season"] for game in self.past.get(team, [])} | {season})
        joined = [s for s, before in zip(seasons[1:], seasons, strict=False) if s - before >= 2]
        if seasons[0] > self.first_season:
            joined.append(seasons[0])
        return season in joined

    def strengths(self, team: int, season: int, at: Any) -> tuple[float, float]:
        p = self.parameters
        new = self.is_new(team, season)
        found = []
        for kind, newcomer in (("attack", p.newcomer_attack), ("defence", p.newcomer_defence)):
            made = p.prior_games * (newcomer if new else 1.0)
            exposure = p.prior_games
            for game in self.past.get(team, []):
                weight = self._fade(game["at"], at, p.half_life)
                made += weight * game[f"{kind}_made"]
                exposure += weight * game[f"{kind}_exposure"]
            found.append(made / exposure)
        return found[0], found[1]

    def play(self, game: Row) -> None:
        at, season = game["known_at"], game["season"]
        home_mean, away_mean = self.means(at)
        middle = (home_mean + away_mean) / 2
        if game["neutral"]:
            home_mean = away_mean = middle
        home, away = game["home_team"], game["away_team"]
        home_attack, home_defence = self.strengths(home, season, at)
        away_attack, away_defence = self.strengths(away, season, at)
        self.past.setdefault(home, []).append(
            {
                "season": season,
                "at": at,
                "attack_made": game["home_score"] / middle,
                "attack_exposure": home_mean / middle * away_defence,
                "defence_made": game["away_score"] / middle,
                "defence_exposure": away_mean / middle * away_attack,
            }
        )
        self.past.setdefault(away, []).append(
            {
                "season": season,
                "at": at,
                "attack_made": game["away_score"] / middle,
                "attack_exposure": away_mean / middle * home_defence,
                "defence_made": game["home_score"] / middle,
                "defence_exposure": home_mean / middle * home_attack,
            }
        )
        self.league.append(game)
