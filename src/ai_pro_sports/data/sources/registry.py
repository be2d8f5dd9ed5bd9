"""Every source, in the order of import: what creates teams and games comes before what matches them."""

from __future__ import annotations

from ai_pro_sports.core.errors import UnknownName
from ai_pro_sports.data.sources.football_data_divisions import FootballDataDivisions
from ai_pro_sports.data.sources.football_data_fixtures import FootballDataFixtures
from ai_pro_sports.data.sources.nfelomarket_lines import NfelomarketLines
from ai_pro_sports.data.sources.nflverse_games import NflverseGames
from ai_pro_sports.data.sources.source import Source

__all__ = ["SOURCES", "source_named", "sources_for"]

SOURCES: tuple[Source, ...] = (
    NflverseGames(),
    NfelomarketLines(),
    FootballDataDivisions(),
    FootballDataFixtures(),
)


def sources_for(league_code: str) -> list[Source]:
    """Return the sources that carry a league, the record source first; empty where none does.

    >>> [source.key for source in sources_for("EPL")]
    ['football_data', 'football_data_fixtures']
    """
    return sorted(
        (source for source in SOURCES if league_code in source.leagues), key=lambda source: not source.is_record
    )


def source_named(key: str) -> Source:
    """Return the source of that key; raises UnknownName and lists what exists."""
    for known in SOURCES:
        if known.key == key:
            return known
    keys = ", ".join(known.key for known in SOURCES)
    raise UnknownName(f"no source is called {key!r}", hint=f"use one of: {keys}")
