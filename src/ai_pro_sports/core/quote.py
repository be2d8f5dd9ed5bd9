"""A quote: one price of one selection of one game, from one book, known at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.ids import BookKey, GameId
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.odds import Odds

__all__ = ["MARKET_AVERAGE", "MARKET_BEST", "NOMINAL_LEAD", "Moment", "Quote"]


MARKET_BEST = BookKey("market_best")
"""The best price over the books a source collected, stale ones included: nobody's market, and not to be had."""

MARKET_AVERAGE = BookKey("market_average")
"""The average over the books a source collected: a summary of the market, not to be had."""


class Moment(StrEnum):
    """What a source says about when a price stood, where it gives no clock time."""

    OPEN = "open"
    PRE_CLOSE = "pre_close"
    CLOSE = "close"
    STAMPED = "stamped"


NOMINAL_LEAD: dict[Moment, timedelta] = {
    Moment.OPEN: timedelta(hours=24),
    Moment.PRE_CLOSE: timedelta(hours=2),
    Moment.CLOSE: timedelta(0),
}
"""How long before the start an unstamped price counts as known. A close is known at the start only, so no forecast
made before the start can use it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A price and when it could first be known (UTC).

    `moment` is `stamped` when `known_at` is a recorded time; otherwise `known_at` is nominal (start minus
    `NOMINAL_LEAD`) and `time_is_nominal` says so. Raises InvalidValue for a naive time.
    """

    game_id: GameId
    book: BookKey
    selection: Selection
    odds: Odds
    known_at: datetime
    moment: Moment = Moment.STAMPED

    def __post_init__(self) -> None:
        object.__setattr__(self, "known_at", ensure_utc(self.known_at))

    @property
    def time_is_nominal(self) -> bool:
        """Return whether `known_at` was declared by us rather than recorded by the source."""
        return self.moment is not Moment.STAMPED

    def age(self, at: datetime) -> timedelta:
        """Return how old the quote is at `at`; negative before it was known."""
        return ensure_utc(at) - self.known_at
