"""Time: the only room that reads the wall clock. Everything else is handed a `Clock`.

Live runs use `SystemClock`; tests and history use `FixedClock`; replay uses `ReplayClock`, which runs a recorded day at
any pace. All times are timezone-aware UTC.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from ai_pro_sports.core.errors import InvalidValue

__all__ = [
    "Clock",
    "FixedClock",
    "ReplayClock",
    "SystemClock",
    "ensure_utc",
    "local_midnight",
    "parse_time",
]


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """Return the current time, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's current time in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until told to move.

    >>> clock = FixedClock(datetime(2023, 9, 7, tzinfo=UTC))
    >>> clock.advance(timedelta(hours=1))
    >>> clock.now().isoformat()
    '2023-09-07T01:00:00+00:00'
    """

    at: datetime

    def __post_init__(self) -> None:
        self.at = ensure_utc(self.at)

    def now(self) -> datetime:
        """Return the time the clock was set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward; raises InvalidValue when asked to go back."""
        if by < timedelta(0):
            raise InvalidValue("a clock cannot run backwards", hint="advance by a positive duration")
        self.at += by


@dataclass(frozen=True, slots=True)
class ReplayClock:
    """A clock that starts at `starts_at` and runs `pace` times as fast as the machine's monotonic clock."""

    starts_at: datetime
    pace: float = 1.0
    _origin: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Return the replayed time in UTC."""
        return ensure_utc(self.starts_at) + timedelta(seconds=(time.monotonic() - self._origin) * self.pace)


def ensure_utc(at: datetime) -> datetime:
    """Return `at` in UTC; raises InvalidValue for a naive time, whose zone nobody can know.

    >>> ensure_utc(datetime(2023, 9, 7, 20, 20, tzinfo=ZoneInfo("America/New_York"))).isoformat()
    '2023-09-08T00:20:00+00:00'
    """
    if at.tzinfo is None:
        raise InvalidValue(f"time without a zone: {at.isoformat()}", hint="append +00:00 or Z for UTC")
    return at.astimezone(UTC)


def local_midnight(day: date, zone: str) -> datetime:
    """Return the UTC instant at which `day` begins in `zone`.

    >>> local_midnight(date(2024, 7, 1), "Europe/London").isoformat()
    '2024-06-30T23:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 date or time; a bare date is 00:00 UTC of that day, a time must carry its zone.

    Raises InvalidValue for anything else.

    >>> parse_time("2023-12-01").isoformat()
    '2023-12-01T00:00:00+00:00'
    >>> parse_time("2023-12-01T18:00:00Z").isoformat()
    '2023-12-01T18:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(f"not a date or time: {text!r}", hint="write 2023-12-01 or 2023-12-01T18:00:00Z") from None
    if at.tzinfo is None and len(text.strip()) <= 10:
        return at.replace(tzinfo=UTC)
    return ensure_utc(at)
