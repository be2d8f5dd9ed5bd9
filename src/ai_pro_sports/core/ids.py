"""Identifiers: 63-bit integers computed from natural keys, the same on every machine and in every run.

A game, team or model gets its id from what names it at its source of record, not from a sequence, so imports are
idempotent, frames join without a lookup, and two installations agree (ADR 0003).
"""

from __future__ import annotations

import hashlib
from typing import NewType

__all__ = ["BookKey", "GameId", "LeagueCode", "ModelId", "TeamId", "stable_id"]

LeagueCode = NewType("LeagueCode", str)
BookKey = NewType("BookKey", str)
TeamId = NewType("TeamId", int)
GameId = NewType("GameId", int)
ModelId = NewType("ModelId", int)

_SEPARATOR = "\x1f"


def stable_id(kind: str, *parts: str | int) -> int:
    """Return the id of the thing that `kind` and `parts` name: positive, below 2**63 (a PostgreSQL BIGINT).

    Two million things of one kind collide with probability 2e-7 (birthday bound over 63 bits); a collision would
    surface as a unique-key violation, never as a silent merge.

    >>> stable_id("game", "nflverse", "2023_22_SF_KC") == stable_id("game", "nflverse", "2023_22_SF_KC")
    True
    >>> stable_id("game", "a", "bc") == stable_id("game", "ab", "c")
    False
    """
    name = _SEPARATOR.join((kind, *map(str, parts)))
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1
