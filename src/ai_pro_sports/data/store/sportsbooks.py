"""The books we know by name: where they take bets, which are sharp, and which are no book at all but a statistic.

A book nobody listed here is kept all the same, under its key; only keys that begin with `market_` are never bettable.
"""

from __future__ import annotations

from dataclasses import dataclass

from ai_pro_sports.core.ids import BookKey

__all__ = ["KNOWN_BOOKS", "Sportsbook", "sportsbook"]

_STATISTIC = "market_"


@dataclass(frozen=True, slots=True)
class Sportsbook:
    """A book: `is_sharp` when its prices lead the market, `is_bettable` unless it is an average or a maximum."""

    key: BookKey
    name: str
    region: str | None = None
    is_sharp: bool = False
    is_bettable: bool = True


def _books(region: str, **names: str) -> list[Sportsbook]:
    return [Sportsbook(BookKey(key), name, region) for key, name in names.items()]


KNOWN_BOOKS: tuple[Sportsbook, ...] = (
    Sportsbook(BookKey("pinnacle"), "Pinnacle", "eu", is_sharp=True),
    Sportsbook(BookKey("betfair_exchange"), "Betfair Exchange", "uk", is_sharp=True),
    Sportsbook(BookKey("market_average"), "Average of the market", None, is_bettable=False),
    Sportsbook(BookKey("market_best"), "Best of the market", None, is_bettable=False),
    Sportsbook(BookKey("market_consensus"), "Consensus of the market", None, is_bettable=False),
    *_books(
        "us",
        betmgm="BetMGM",
        betonlineag="BetOnline.ag",
        betrivers="BetRivers",
        betus="BetUS",
        bovada="Bovada",
        draftkings="DraftKings",
        fanatics="Fanatics",
        fanduel="FanDuel",
        lowvig="LowVig.ag",
        mybookieag="MyBookie.ag",
        williamhill_us="Caesars",
    ),
    *_books(
        "uk",
        bet365="bet365",
        betfair="Betfair Sportsbook",
        betvictor="BetVictor",
        bluesquare="Blue Square",
        coral="Coral",
        gamebookers="Gamebookers",
        ladbrokes="Ladbrokes",
        paddypower="Paddy Power",
        sporting_odds="Sporting Odds",
        stan_james="Stan James",
        stanleybet="Stanleybet",
        vc_bet="VC Bet",
        williamhill="William Hill",
    ),
    *_books(
        "eu",
        bwin="bwin",
        interwetten="Interwetten",
        onexbet="1xBet",
        sbobet="SBOBET",
        unibet="Unibet",
    ),
)

_BY_KEY = {book.key: book for book in KNOWN_BOOKS}


def sportsbook(key: str) -> Sportsbook:
    """Return what is known of a book; an unlisted one is named after its key.

    >>> sportsbook("pinnacle").is_sharp, sportsbook("corner_shop").name, sportsbook("market_low").is_bettable
    (True, 'Corner Shop', False)
    """
    book = BookKey(key)
    if book in _BY_KEY:
        return _BY_KEY[book]
    return Sportsbook(book, key.replace("_", " ").title(), is_bettable=not key.startswith(_STATISTIC))
