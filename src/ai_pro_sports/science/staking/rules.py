"""What a bettor has settled beforehand: how bold, how much at most, and what a bet must offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.core.money import Money

__all__ = ["StakingRules", "tier_counts"]


@dataclass(frozen=True, slots=True)
class StakingRules:
    """A quarter of Kelly, at most 2 % of the bankroll, at least $10, an edge of 3 % or more.

    `kelly_multiple` scales the growth-optimal share, `cap` bounds it, `minimum` is the least stake worth placing,
    `max_price_age` how old a price may be (None: any). Raises InvalidValue for shares outside (0, 1] or a negative
    minimum.
    """

    kelly_multiple: Decimal = Decimal("0.25")
    cap: Decimal = Decimal("0.02")
    minimum: Money = field(default_factory=lambda: Money.of(10))
    min_edge: float = 0.03
    max_price_age: timedelta | None = timedelta(hours=24)

    def __post_init__(self) -> None:
        if not (0 < self.kelly_multiple <= 1 and 0 < self.cap <= 1):
            raise InvalidValue("a share of Kelly or of the bankroll lies above 0 and not above 1")
        if self.minimum.amount < 0:
            raise InvalidValue(f"a minimum stake cannot be negative: {self.minimum}")


def tier_counts(sport: Sport, kind: MarketKind) -> bool:
    """Return whether tier D forbids a bet, or only informs.

    Three-way favourites seldom reach 55 %, so on soccer and three-way markets the tier is shown and does not decide.

    >>> tier_counts(Sport.FOOTBALL, MarketKind.SPREAD), tier_counts(Sport.SOCCER, MarketKind.THREE_WAY)
    (True, False)
    """
    return sport is not Sport.SOCCER and kind is not MarketKind.THREE_WAY
