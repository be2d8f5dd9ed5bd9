"""Who is who: team, game and quote resolution. An unknown team is a report, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.identity.attachment import attach
    from ai_pro_sports.data.identity.directory import TEAMS, TeamDirectory
    from ai_pro_sports.data.identity.resolution import Resolution, resolve
    from ai_pro_sports.data.identity.tables import CLUB_TABLES, club_table

__all__ = ["CLUB_TABLES", "TEAMS", "Resolution", "TeamDirectory", "attach", "club_table", "resolve"]

__getattr__ = lazy_exports(
    __name__,
    {
        "CLUB_TABLES": "tables",
        "Resolution": "resolution",
        "TEAMS": "directory",
        "TeamDirectory": "directory",
        "attach": "attachment",
        "club_table": "tables",
        "resolve": "resolution",
    },
)
