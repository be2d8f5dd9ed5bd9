"""The leagues: one declarative file each, and this registry of them."""

from ai_pro_sports.core.errors import UnknownName
from ai_pro_sports.core.leagues.epl import EPL
from ai_pro_sports.core.leagues.league import Bounds, EloPriors, League, ScoreFamily, ScorePriors, Sport
from ai_pro_sports.core.leagues.nfl import NFL

__all__ = ["LEAGUES", "Bounds", "EloPriors", "League", "ScoreFamily", "ScorePriors", "Sport", "league"]

LEAGUES: tuple[League, ...] = (NFL, EPL)


def league(code: str) -> League:
    """Return the league of that code, in any case; raises UnknownName and lists what exists.

    >>> league("nfl").name
    'National Football League'
    """
    for known in LEAGUES:
        if known.code == code.strip().upper():
            return known
    codes = ", ".join(known.code for known in LEAGUES)
    raise UnknownName(f"no league is called {code!r}", hint=f"use one of: {codes}")
