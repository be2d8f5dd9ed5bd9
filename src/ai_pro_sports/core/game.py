"""A game and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import GameId, LeagueCode, TeamId

__all__ = ["Game", "GameStatus"]


class GameStatus(StrEnum):
    """Where a game stands. `final` games count; the others settle by the league's void rules."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    SUSPENDED = "suspended"
    FINAL = "final"
    POSTPONED = "postponed"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    WALKOVER = "walkover"

    def may_become(self, later: GameStatus) -> bool:
        """Return whether `later` can follow: a final score may be corrected (final to final), never un-played.

        >>> GameStatus.POSTPONED.may_become(GameStatus.SCHEDULED)
        True
        >>> GameStatus.FINAL.may_become(GameStatus.SCHEDULED)
        False
        """
        return later is self or later in _NEXT[self]

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will be played under this entry."""
        return self in {GameStatus.FINAL, GameStatus.ABANDONED, GameStatus.CANCELLED, GameStatus.WALKOVER}


_NEXT: dict[GameStatus, frozenset[GameStatus]] = {
    GameStatus.SCHEDULED: frozenset(set(GameStatus) - {GameStatus.SCHEDULED}),
    GameStatus.LIVE: frozenset({GameStatus.SUSPENDED, GameStatus.FINAL, GameStatus.ABANDONED}),
    GameStatus.SUSPENDED: frozenset(
        {GameStatus.LIVE, GameStatus.FINAL, GameStatus.ABANDONED, GameStatus.POSTPONED, GameStatus.CANCELLED}
    ),
    GameStatus.POSTPONED: frozenset(
        {GameStatus.SCHEDULED, GameStatus.LIVE, GameStatus.FINAL, GameStatus.CANCELLED, GameStatus.WALKOVER}
    ),
    # An abandoned game may be awarded or counted later by the league.
    GameStatus.ABANDONED: frozenset({GameStatus.FINAL, GameStatus.SCHEDULED, GameStatus.CANCELLED}),
    GameStatus.CANCELLED: frozenset({GameStatus.SCHEDULED}),
    GameStatus.WALKOVER: frozenset({GameStatus.FINAL}),
    GameStatus.FINAL: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Game:
    """One match. `starts_at` is UTC; where a source gives only a date it is the league's local midnight.

    Raises InvalidValue for a team against itself, a negative score, one score without the other, or a final
    game without scores.
    """

    id: GameId
    league: LeagueCode
    season: int
    home: TeamId
    away: TeamId
    starts_at: datetime
    status: GameStatus = GameStatus.SCHEDULED
    home_score: int | None = None
    away_score: int | None = None
    neutral: bool = False
    start_is_date_only: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", ensure_utc(self.starts_at))
        scores = (self.home_score, self.away_score)
        if self.home == self.away:
            raise InvalidValue(f"team {self.home} cannot play itself")
        if (self.home_score is None) != (self.away_score is None):
            raise InvalidValue(f"game {self.id} has one score only")
        if any(score is not None and score < 0 for score in scores):
            raise InvalidValue(f"game {self.id} has a negative score")
        if self.status is GameStatus.FINAL and self.home_score is None:
            raise InvalidValue(f"game {self.id} is final without a score")

    @property
    def margin(self) -> int | None:
        """Return home minus away points, or None before there is a score."""
        if self.home_score is None or self.away_score is None:
            return None
        return self.home_score - self.away_score

    def moved_to(self, status: GameStatus, *, home_score: int | None = None, away_score: int | None = None) -> Game:
        """Return this game in its next state; raises InvalidValue for a step the status machine forbids."""
        if not self.status.may_become(status):
            raise InvalidValue(f"a {self.status} game cannot become {status}")
        keep = home_score is None and away_score is None
        return replace(
            self,
            status=status,
            home_score=self.home_score if keep else home_score,
            away_score=self.away_score if keep else away_score,
        )
