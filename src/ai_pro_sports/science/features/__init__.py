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

from ai_pro_sports.core.lazy import lazy_exports

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

__getattr__ = lazy_exports(
    __name__,
    {
        "CATALOGUE": "catalogue",
        "catalogue_version": "catalogue",
        "features_of": "catalogue",
        "market_free": "catalogue",
        "AsOfRule": "engine",
        "build": "engine",
        "Audit": "audit",
        "Feature": "declared",
        "History": "history",
    },
)
