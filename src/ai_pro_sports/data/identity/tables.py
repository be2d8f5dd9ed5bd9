"""The club tables, one per team pool; a pool without one starts open and empty."""

from __future__ import annotations

from ai_pro_sports.data.identity.aliases_nfl import NFL_CLUBS
from ai_pro_sports.data.identity.aliases_soccer_eng import SOCCER_ENG_CLUBS
from ai_pro_sports.data.identity.clubs import ClubTable

__all__ = ["CLUB_TABLES", "club_table"]

CLUB_TABLES: tuple[ClubTable, ...] = (NFL_CLUBS, SOCCER_ENG_CLUBS)


def club_table(pool: str) -> ClubTable:
    """Return the clubs of a pool.

    >>> club_table("football/NFL").find("St. Louis Rams").abbreviation
    'LA'
    """
    for table in CLUB_TABLES:
        if table.pool == pool:
            return table
    return ClubTable(pool)
