"""When the simulated leagues play: a usual calendar, and one moved so that there is always a season.

Every past season is played on its usual dates. When `now` falls outside the usual dates of the current season, that
season alone is moved, in steps of six weeks, inside the twelve months that carry its label: there is always a round
just played and a round to come, except in the first days of a league's year, which have only a round to come. Pairings
and results do not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.leagues import League

__all__ = ["EPL_CALENDAR", "NFL_CALENDAR", "Calendar", "current_season", "kick_off", "league_day"]

THURSDAY, SATURDAY = 3, 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The first day of a league's seasons: `weekday` (Monday 0) on or after `month`/`day`; then `weeks` weeks."""

    month: int
    day: int
    weekday: int
    weeks: int

    def usual_start(self, season: int) -> date:
        """Return the first day of `season` (labelled by its starting year).

        >>> NFL_CALENDAR.usual_start(2023).isoformat(), EPL_CALENDAR.usual_start(2023).isoformat()
        ('2023-09-07', '2023-08-19')
        """
        return _weekday_from(date(season, self.month, self.day), self.weekday)

    def start(self, league: League, season: int, now: datetime) -> date:
        """Return the first day of `season` as seen at `now` (UTC): the usual one unless it is the current season."""
        today = league_day(league, now)
        usual = self.usual_start(season)
        if season != current_season(league, now) or self._plays(usual, today):
            return usual
        moved = self._moved(league, season)
        return next((start for start in reversed(moved) if self._plays(start, today)), moved[0])

    def _plays(self, start: date, today: date) -> bool:
        """Return whether a season from `start` has had its first round at `today` and has games of its last ahead."""
        return start + timedelta(days=5) <= today <= start + timedelta(weeks=self.weeks - 1, days=1)

    def _moved(self, league: League, season: int) -> list[date]:
        """Return the first days a moved season may have; the last is the latest that ends within its year."""
        first = _weekday_from(date(season, league.season_starts_month, 1), self.weekday)
        length = timedelta(weeks=self.weeks - 1, days=4)
        latest = (date(season + 1, league.season_starts_month, 1) - timedelta(days=1) - length - first).days // 7
        return [first + timedelta(weeks=weeks) for weeks in sorted({*range(0, latest, 6), latest})]


NFL_CALENDAR = Calendar(month=9, day=4, weekday=THURSDAY, weeks=17)
EPL_CALENDAR = Calendar(month=8, day=15, weekday=SATURDAY, weeks=36)


def league_day(league: League, now: datetime) -> date:
    """Return the day it is at `now` (UTC) where the league plays."""
    return ensure_utc(now).astimezone(ZoneInfo(league.timezone)).date()


def current_season(league: League, now: datetime) -> int:
    """Return the season that is on at `now`; in the last nine days of a league's year, the one about to begin."""
    return league.season_of(league_day(league, now) + timedelta(days=9))


def kick_off(day: date, time: str, zone: str) -> datetime:
    """Return the UTC time of a local `day` and 24-hour `time` in `zone`.

    >>> kick_off(date(2023, 9, 7), "20:15", "America/New_York").isoformat()
    '2023-09-08T00:15:00+00:00'
    """
    hour, minute = map(int, time.split(":"))
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return ensure_utc(local)


def _weekday_from(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
