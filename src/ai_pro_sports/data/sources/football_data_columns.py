"""The price columns of football-data.co.uk, read by their grammar, so that a new book needs no new code.

    <book>[C]H|D|A        1X2; C = closing                 B365H, PSCD, MaxA
    <book>[C]>2.5 <2.5    goals over and under 2.5         B365>2.5, PC<2.5
    <book>[C]AHH|AHA      Asian handicap                   PAHH, AvgCAHA

The handicap is the home side's: `AHh` and at the close `AHCh` for every book, `BbAHh` for the Betbrain figures of
2005/06-2018/19, `<book>AH` (GBAH, LBAH, B365AH) before. `Bb1X2`, `BbOU`, `BbAH` count bookmakers and are no prices.

Eras: 1993/94 results only | 2000/01 1X2 | 2002/03 over/under | 2003/04 handicap | 2005/06 Betbrain | 2012/13 PSC (the
first closing prices) | 2019/20 Max and Avg, Time, closing prices of all | 2024/25 BFE, 1XB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.core.market import MarketKind, Side
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.csv_table import require_columns
from ai_pro_sports.data.sources.offers import Offer

__all__ = ["BOOK_OF", "offers_in"]

BOOK_OF: dict[str, str] = {
    "1XB": "onexbet",
    "Avg": "market_average",
    "B365": "bet365",
    "BF": "betfair",
    "BFD": "betfred",
    "BFE": "betfair_exchange",
    "BMGM": "betmgm",
    "BS": "blue_square",
    "BV": "betvictor",
    "BW": "bwin",
    "BbAv": "market_average",
    "BbMx": "market_best",
    "CL": "coral",
    "GB": "gamebookers",
    "IW": "interwetten",
    "LB": "ladbrokes",
    "Max": "market_best",
    "P": "pinnacle",
    "PS": "pinnacle",
    "SB": "sportingbet",
    "SJ": "stan_james",
    "SO": "sporting_odds",
    "SY": "stanleybet",
    "VC": "betvictor",
    "WH": "william_hill",
}
"""Column prefix to book. A prefix that is not here is taken as its own book, in lower case."""

GOALS_LINE = 2.5


@dataclass(frozen=True, slots=True)
class _Family:
    """One market's way of naming columns: a prefix and the suffix of each side."""

    market: MarketKind
    suffixes: tuple[tuple[Side, str], ...]

    def prefixes(self, columns: Sequence[str]) -> list[str]:
        """Return every prefix that has a column of some side, in the header's order."""
        side = "|".join(re.escape(suffix) for _, suffix in self.suffixes)
        matches = (re.fullmatch(rf"(\w+?)(?:{side})", column) for column in columns)
        return list(dict.fromkeys(match[1] for match in matches if match))

    def columns(self, prefix: str) -> list[str]:
        """Return the column of each side."""
        return [prefix + suffix for _, suffix in self.suffixes]


_FAMILIES = (
    _Family(MarketKind.TOTAL, ((Side.OVER, ">2.5"), (Side.UNDER, "<2.5"))),
    _Family(MarketKind.SPREAD, ((Side.HOME, "AHH"), (Side.AWAY, "AHA"))),
    _Family(MarketKind.THREE_WAY, ((Side.HOME, "H"), (Side.DRAW, "D"), (Side.AWAY, "A"))),
)


def offers_in(columns: Sequence[str], name: str) -> list[Offer]:
    """Return the offers the header of `name` holds, in its order.

    Two prefixes of one book (VC and BV are both BetVictor) make one offer, the first. Raises SchemaChanged, naming the
    nearest column, where a known book lacks one of its sides or a handicap price lacks its line.

    >>> [str(offer.moment) for offer in offers_in(["PSH", "PSD", "PSA", "PSCH", "PSCD", "PSCA"], "E0_1213")]
    ['pre_close', 'close']
    """
    have = set(columns)
    seen: dict[tuple[str, MarketKind, Moment], Offer] = {}
    for family in _FAMILIES:
        for prefix in _prefixes(family, columns, have, name):
            offer = _offer(family, prefix, have, name)
            seen.setdefault((offer.book, offer.market, offer.moment), offer)
    return list(seen.values())


def _prefixes(family: _Family, columns: Sequence[str], have: set[str], name: str) -> Iterator[str]:
    """Yield the prefixes whose every side has a column; a known book with some sides only is a changed schema."""
    for prefix in family.prefixes(columns):
        wanted = family.columns(prefix)
        if have.issuperset(wanted):
            yield prefix
        elif _split(prefix, have)[0] in BOOK_OF:
            require_columns([*_unused(columns, have), *have.intersection(wanted)], wanted, name)


def _unused(columns: Sequence[str], have: set[str]) -> list[str]:
    """Return the columns that are no part of a whole set of prices: among them is the one that was renamed."""
    used = {
        column
        for family in _FAMILIES
        for prefix in family.prefixes(columns)
        if have.issuperset(family.columns(prefix))
        for column in family.columns(prefix)
    }
    return [column for column in columns if column not in used]


def _offer(family: _Family, prefix: str, have: set[str], name: str) -> Offer:
    book_prefix, moment = _split(prefix, have)
    line_column = _line_column(book_prefix, moment, have, name) if family.market is MarketKind.SPREAD else None
    return Offer(
        book=BOOK_OF.get(book_prefix, book_prefix.lower()),
        market=family.market,
        moment=moment,
        prices=tuple((side, prefix + suffix) for side, suffix in family.suffixes),
        line_column=line_column,
        fixed_line=GOALS_LINE if family.market is MarketKind.TOTAL else None,
    )


def _split(prefix: str, have: set[str]) -> tuple[str, Moment]:
    """Return the book's prefix and the moment: VC is a book, VCC its close; so is a new book's C if the rest exists."""
    if prefix in BOOK_OF or not prefix.endswith("C"):
        return prefix, Moment.PRE_CLOSE
    shorter = prefix[:-1]
    if shorter in BOOK_OF or any(f"{shorter}{suffix}" in have for suffix in ("H", ">2.5", "AHH")):
        return shorter, Moment.CLOSE
    return prefix, Moment.PRE_CLOSE


def _line_column(book_prefix: str, moment: Moment, have: set[str], name: str) -> str:
    if moment is Moment.CLOSE:
        wanted = ["AHCh"]
    elif book_prefix in {"BbMx", "BbAv"}:
        wanted = ["BbAHh"]
    else:
        wanted = [f"{book_prefix}AH", "AHh", "BbAHh"]
    for column in wanted:
        if column in have:
            return column
    raise SchemaChanged(
        f"{name} has handicap prices of {book_prefix} but no line column {' or '.join(wanted)}",
        hint="if the publisher renamed it, teach the source the new name and raise its version",
    )
