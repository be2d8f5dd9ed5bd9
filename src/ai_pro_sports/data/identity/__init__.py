"""Who is who: team, game and quote resolution. An unknown team is a report, never a guess."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.data.identity.attachment import attach
    from ai_pro_sports.data.identity.directory import TEAMS, TeamDirectory
    from ai_pro_sports.data.identity.resolution import Resolution, resolve
    from ai_pro_sports.data.identity.tables import CLUB_TABLES, club_table

__all__ = ["CLUB_TABLES", "TEAMS", "Resolution", "TeamDirectory", "attach", "club_table", "resolve"]

_HOME = {
    "CLUB_TABLES": "tables",
    "Resolution": "resolution",
    "TEAMS": "directory",
    "TeamDirectory": "directory",
    "attach": "attachment",
    "club_table": "tables",
    "resolve": "resolution",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
