"""The books that appear in the feeds, by our key. A feed's own abbreviation is translated in that feed's file."""

from __future__ import annotations

from dataclasses import dataclass

from ai_pro_sports.core.quote import MARKET_AVERAGE, MARKET_BEST

__all__ = ["BOOKS", "BOUNDLESS", "Book"]


@dataclass(frozen=True, slots=True)
class Book:
    """A place a price comes from; `is_bettable` is false for averages and maxima over books, which nobody offers.

    `region` is where its customers are (`uk`, `eu`, `us`), or None.
    """

    key: str
    name: str
    region: str | None = None
    is_bettable: bool = True


BOOKS: tuple[Book, ...] = (
    Book("bet365", "bet365", "uk"),
    Book("betfair", "Betfair Sportsbook", "uk"),
    Book("betfair_exchange", "Betfair Exchange", "uk"),
    Book("betfred", "Betfred", "uk"),
    Book("betmgm", "BetMGM", "uk"),
    Book("betvictor", "BetVictor (Victor Chandler, VC Bet)", "uk"),
    Book("blue_square", "Blue Square", "uk"),
    Book("bwin", "bwin (Bet&Win)", "eu"),
    Book("coral", "Coral", "uk"),
    Book("gamebookers", "Gamebookers", "eu"),
    Book("interwetten", "Interwetten", "eu"),
    Book("ladbrokes", "Ladbrokes", "uk"),
    Book("onexbet", "1xBet", "eu"),
    Book("pinnacle", "Pinnacle", "eu"),
    Book("sporting_odds", "Sporting Odds", "uk"),
    Book("sportingbet", "Sportingbet", "uk"),
    Book("stan_james", "Stan James", "uk"),
    Book("stanleybet", "Stanleybet", "eu"),
    Book("william_hill", "William Hill", "uk"),
    Book(MARKET_AVERAGE, "Average over the books collected", is_bettable=False),
    Book(MARKET_BEST, "Best price over the books collected, stale ones included", is_bettable=False),
    # The only prices there are for most NFL games: a consensus that could be had at about that price somewhere.
    Book("nflverse", "Consensus line of the nflverse schedule", "us"),
    Book("nfelomarket", "Consensus line collected by nfelo", "us"),
)

BOUNDLESS = frozenset({MARKET_BEST, MARKET_AVERAGE, "betfair_exchange"})
"""Books whose prices need not add up to a bookmaker's margin: a best-of may lie below 100 %, an exchange at it."""
