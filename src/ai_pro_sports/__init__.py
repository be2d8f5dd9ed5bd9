"""AI PRO SPORTS: sports forecasts that can be checked.

In a notebook:

    import ai_pro_sports
    home = ai_pro_sports.open()
    games = home.history("NFL", as_of="2023-12-01").games()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.surfaces.notebook import Home, LeagueHistory, open

__all__ = ["Home", "LeagueHistory", "open"]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    # Lazy, so that `import ai_pro_sports` and `aips --help` stay fast.
    if name in __all__:
        from ai_pro_sports.surfaces import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
