"""The books as rows: those the feeds name, whether they are sharp, and whether anybody can bet with them.

A book nobody listed is kept all the same, under its key; keys that begin with `market_` are statistics over books and
never bettable.
"""

from __future__ import annotations

from dataclasses import dataclass

from ai_pro_sports.core.ids import BookKey
from ai_pro_sports.data.sources.books import BOOKS

__all__ = ["KNOWN_BOOKS", "Sportsbook", "sportsbook"]

_SHARP = {"pinnacle", "betfair_exchange"}
_STATISTIC = "market_"


@dataclass(frozen=True, slots=True)
class Sportsbook:
    """A book: `is_sharp` when its prices lead the market, `is_bettable` unless it is an average or a maximum."""

    key: BookKey
    name: str
    region: str | None = None
    is_sharp: bool = False
    is_bettable: bool = True


KNOWN_BOOKS: tuple[Sportsbook, ...] = tuple(
    Sportsbook(BookKey(book.key), book.name, book.region, book.key in _SHARP, book.is_bettable) for book in BOOKS
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
