"""The market grammar: what can be bet on in a game, and which selections exhaust it.

A market is a kind, a period and, where the kind has one, a line; a selection adds the side. Lines are stored from the
home side: `spread -3.5` means the home team gives three and a half, whichever side is bet. Written form:
`spread:full:-3.5:home`, `three_way:full::draw`, `total:full:44.5:over`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ai_pro_sports.core.errors import InvalidValue, UnknownName

__all__ = ["EXHAUSTIVE_SIDES", "Market", "MarketKind", "Period", "Selection", "Side"]


class MarketKind(StrEnum):
    """What is decided."""

    MONEYLINE = "moneyline"
    THREE_WAY = "three_way"
    SPREAD = "spread"
    TOTAL = "total"
    HOME_TOTAL = "home_total"
    AWAY_TOTAL = "away_total"
    DRAW_NO_BET = "draw_no_bet"
    DOUBLE_CHANCE = "double_chance"
    BTTS = "btts"
    SET_SPREAD = "set_spread"
    TOTAL_SETS = "total_sets"


class Period(StrEnum):
    """Which part of the game counts; `full` is what the league calls a full game, overtime included or not."""

    FULL = "full"
    REGULATION = "regulation"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"
    FIRST_QUARTER = "first_quarter"
    FIRST_PERIOD = "first_period"
    FIRST_FIVE = "first_five"
    FIRST_SET = "first_set"


class Side(StrEnum):
    """The side of a market a price is offered on."""

    HOME = "home"
    AWAY = "away"
    DRAW = "draw"
    OVER = "over"
    UNDER = "under"
    YES = "yes"
    NO = "no"
    HOME_OR_DRAW = "home_or_draw"
    HOME_OR_AWAY = "home_or_away"
    DRAW_OR_AWAY = "draw_or_away"


_TWO_WAY = (Side.HOME, Side.AWAY)
_OVER_UNDER = (Side.OVER, Side.UNDER)

EXHAUSTIVE_SIDES: dict[MarketKind, tuple[Side, ...]] = {
    MarketKind.MONEYLINE: _TWO_WAY,
    MarketKind.THREE_WAY: (Side.HOME, Side.DRAW, Side.AWAY),
    MarketKind.SPREAD: _TWO_WAY,
    MarketKind.TOTAL: _OVER_UNDER,
    MarketKind.HOME_TOTAL: _OVER_UNDER,
    MarketKind.AWAY_TOTAL: _OVER_UNDER,
    MarketKind.DRAW_NO_BET: _TWO_WAY,
    MarketKind.DOUBLE_CHANCE: (Side.HOME_OR_DRAW, Side.HOME_OR_AWAY, Side.DRAW_OR_AWAY),
    MarketKind.BTTS: (Side.YES, Side.NO),
    MarketKind.SET_SPREAD: _TWO_WAY,
    MarketKind.TOTAL_SETS: _OVER_UNDER,
}
"""Every side of each kind. Each price of a book on all of them makes a whole book from which the vig can be removed;
double chance pays two of its three sides, so its fair probabilities sum to 2."""

_WITH_LINE = frozenset(
    {
        MarketKind.SPREAD,
        MarketKind.TOTAL,
        MarketKind.HOME_TOTAL,
        MarketKind.AWAY_TOTAL,
        MarketKind.SET_SPREAD,
        MarketKind.TOTAL_SETS,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Market:
    """A kind, a period and a home-side line in quarter points; raises InvalidValue for a line out of place.

    >>> str(Market(MarketKind.SPREAD, line=-3.5))
    'spread:full:-3.5'
    """

    kind: MarketKind
    period: Period = Period.FULL
    line: float | None = None

    def __post_init__(self) -> None:
        if (self.line is None) == (self.kind in _WITH_LINE):
            wanted = "needs a line" if self.line is None else "has no line"
            raise InvalidValue(f"a {self.kind} market {wanted}")
        if self.line is not None and (self.line * 4) % 1 != 0:
            raise InvalidValue(f"line {self.line} is not in quarter points", hint="use .0, .25, .5 or .75")
        if self.line == 0:
            object.__setattr__(self, "line", 0.0)  # -0.0 and 0.0 are one market

    @property
    def sides(self) -> tuple[Side, ...]:
        """Return every side of this market, in the field's order."""
        return EXHAUSTIVE_SIDES[self.kind]

    def select(self, side: Side) -> Selection:
        """Return the selection of `side`."""
        return Selection(self, side)

    def __str__(self) -> str:
        return f"{self.kind}:{self.period}:{'' if self.line is None else format(self.line, 'g')}"

    @classmethod
    def parse(cls, text: str) -> Market:
        """Read the written form; raises UnknownName for words outside the grammar.

        >>> Market.parse("total:full:44.5").line
        44.5
        """
        try:
            kind, period, line = text.split(":")
            return cls(MarketKind(kind), Period(period), float(line) if line else None)
        except InvalidValue:
            raise
        except ValueError:
            raise UnknownName(
                f"not a market: {text!r}", hint="write kind:period:line, as in spread:full:-3.5"
            ) from None


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """One side of one market; raises InvalidValue for a side the market does not have.

    >>> Selection.parse("three_way:full::draw").opposites
    (<Side.HOME: 'home'>, <Side.AWAY: 'away'>)
    """

    market: Market
    side: Side

    def __post_init__(self) -> None:
        if self.side not in self.market.sides:
            names = ", ".join(self.market.sides)
            raise InvalidValue(f"a {self.market.kind} market has no side {self.side}", hint=f"one of: {names}")

    @property
    def opposites(self) -> tuple[Side, ...]:
        """Return the other sides of the market."""
        return tuple(side for side in self.market.sides if side is not self.side)

    @property
    def handicap(self) -> float | None:
        """Return the line as the bettor of this side sees it: the away side of `spread -3.5` gets +3.5."""
        line = self.market.line
        if line is None:
            return None
        return -line if self.side is Side.AWAY and line else line

    def __str__(self) -> str:
        return f"{self.market}:{self.side}"

    @classmethod
    def parse(cls, text: str) -> Selection:
        """Read the written form, market and side separated by the last colon; raises UnknownName."""
        market, _, side = text.rpartition(":")
        if side not in set(Side):
            raise UnknownName(f"not a selection: {text!r}", hint="write kind:period:line:side")
        return cls(Market.parse(market), Side(side))
