"""Open exposure: how much of the bankroll may be at stake at once, and which bets still fit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money

__all__ = ["fitting_bets"]


def fitting_bets(stakes: Sequence[Money], worth: Sequence[float], bankroll: Money, share: Decimal) -> list[bool]:
    """Return which of the proposed stakes fit under `share` of the bankroll together, the most worthwhile first.

    `worth` orders the bets, ties in the order given; a bet that does not fit is left out whole, and a smaller one after
    it may still fit. Empty stakes always fit. Raises InvalidValue where the two lists do not pair.

    >>> stakes = [Money.of(100), Money.of(100), Money.of(50)]
    >>> fitting_bets(stakes, [0.1, 0.3, 0.2], Money.of(1000), Decimal("0.15"))
    [False, True, True]
    """
    if len(stakes) != len(worth):
        raise InvalidValue(f"{len(stakes)} stakes and {len(worth)} worths", hint="give one of each per bet")
    room = bankroll.share(share)
    fits = [True] * len(stakes)
    for place in sorted(range(len(stakes)), key=lambda at: -worth[at]):
        fits[place] = stakes[place] <= room
        if fits[place]:
            room -= stakes[place]
    return fits
