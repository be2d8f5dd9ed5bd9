"""What a league file declares: everything the rest of the product needs to know about a competition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import BookKey, LeagueCode
from ai_pro_sports.core.market import MarketKind

__all__ = ["Bounds", "EloPriors", "League", "ScoreFamily", "ScorePriors", "Sport"]


class Sport(StrEnum):
    """The game that is played."""

    FOOTBALL = "football"
    BASKETBALL = "basketball"
    HOCKEY = "hockey"
    BASEBALL = "baseball"
    TENNIS = "tennis"
    SOCCER = "soccer"


class ScoreFamily(StrEnum):
    """Which joint law of both scores fits the sport."""

    GOAL_GRID = "goal_grid"
    KEY_NUMBER_MARGIN = "key_number_margin"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is plausible: the widest spread (absolute, points or goals) and the range of totals, both included."""

    spread: float
    total: tuple[float, float]


@dataclass(frozen=True, slots=True)
class EloPriors:
    """Where ratings start: gain per game, home advantage in Elo points, and how much carries to the next season."""

    k: float
    home_advantage: float
    carry_over: float


@dataclass(frozen=True, slots=True)
class ScorePriors:
    """Typical scores: home margin mean and standard deviation about a good line, total mean and deviation."""

    home_margin: float
    margin_sd: float
    total: float
    total_sd: float


@dataclass(frozen=True, slots=True)
class League:
    """One competition, declared. Adding a league is one file with one of these and one line in the registry.

    `team_pool` names the set its teams belong to, so that a club keeps its identity when it changes division.
    `season_starts_month` is the month in which a season, labelled by its starting year, begins. `timezone` is the
    league's own: date-only games start at its midnight.
    """

    code: LeagueCode
    name: str
    sport: Sport
    team_pool: str
    timezone: str
    first_season: int
    season_starts_month: int
    season_spans_years: bool
    score_family: ScoreFamily
    markets: tuple[MarketKind, ...]
    bounds: Bounds
    elo: EloPriors
    scores: ScorePriors
    game_duration: timedelta
    full_game_includes_overtime: bool
    result_market: MarketKind
    vig_method: str
    sharp_books: tuple[BookKey, ...]
    provider_keys: Mapping[str, str] = field(default_factory=dict)
    playoff_rounds: tuple[str, ...] = ()
    covid_seasons: tuple[int, ...] = ()

    def season_of(self, day: date) -> int:
        """Return the season, by starting year, that `day` belongs to.

        >>> from ai_pro_sports.core.leagues import league
        >>> league("NFL").season_of(date(2024, 2, 11)), league("EPL").season_of(date(2024, 8, 16))
        (2023, 2024)
        """
        return day.year if day.month >= self.season_starts_month else day.year - 1

    def season_label(self, season: int) -> str:
        """Return the season as the field writes it.

        >>> from ai_pro_sports.core.leagues import league
        >>> league("NFL").season_label(2023), league("EPL").season_label(1999)
        ('2023', '1999/00')
        """
        return f"{season}/{(season + 1) % 100:02d}" if self.season_spans_years else str(season)

    def seasons(self, until: date) -> range:
        """Return every season from the first to the one `until` falls in; empty before the first."""
        return range(self.first_season, self.season_of(until) + 1)

    def provider_key(self, provider: str) -> str:
        """Return this league's name at a provider; raises InvalidValue where the provider does not have it."""
        try:
            return self.provider_keys[provider]
        except KeyError:
            known = ", ".join(sorted(self.provider_keys))
            raise InvalidValue(f"{provider} does not carry {self.code}", hint=f"it is carried by: {known}") from None
