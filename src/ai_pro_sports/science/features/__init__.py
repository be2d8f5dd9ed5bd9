"""Features: declared objects computed as of each game's own cut, by one engine, for training and serving alike.

    history   what is known: games and quotes, each fact with its `known_at`; `History.known_at` cuts it off
    declared  what a feature is: a `Reading` of a log, and how it is finished on the game's own row
    sources   the logs features read: results, ratings, meetings, the schedule, the board of quotes
    engine    `build`: every game's `as_of` against the logs, backward in time
    audit     recompute on cut or shuffled history; compare cell by cell
    catalogue every declared feature, one file per category: team, form, rest, h2h, line, situ, adv

Heavy parts load when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "CATALOGUE",
    "AsOfRule",
    "Audit",
    "Feature",
    "History",
    "build",
    "catalogue_version",
    "features_of",
    "market_free",
]

_HOMES = {
    "CATALOGUE": "catalogue",
    "catalogue_version": "catalogue",
    "features_of": "catalogue",
    "market_free": "catalogue",
    "AsOfRule": "engine",
    "build": "engine",
    "Audit": "audit",
    "Feature": "declared",
    "History": "history",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
