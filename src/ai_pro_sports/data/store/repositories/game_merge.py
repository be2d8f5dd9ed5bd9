"""The merge of staged games into the table: what is refused, what is new, what changed, which games moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.data.store.repositories.written import refusals

__all__ = ["Merged", "merge_games"]

_STEPS = [f"{now}>{later}" for now in GameStatus for later in GameStatus if now.may_become(later)]
_FIXED = {"game_id", "league", "source", "external_id", "home_team", "away_team"}
_MUTABLE = [name for name in GAMES.columns if name not in _FIXED]
_ALL = [name for name in GAMES.columns if name != "game_id"]


def _columns(alias: str, names: list[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


_SAME_OUTCOME = "(g.status, g.home_score, g.away_score) IS NOT DISTINCT FROM (i.status, i.home_score, i.away_score)"

_REFUSED = """
    SELECT position, reason FROM (
        SELECT i.position, CASE
            WHEN g.league <> i.league THEN format('it is kept as a game of %s', g.league)
            WHEN (g.source, g.external_id) <> (i.source, i.external_id) OR other.id IS NOT NULL
                THEN 'its id and its external id belong to different games'
            WHEN (g.home_team, g.away_team) <> (i.home_team, i.away_team) THEN 'the teams of a known game changed'
            WHEN home.id IS NULL OR away.id IS NULL THEN 'a team of it is not kept'
            WHEN g.status || '>' || i.status <> ALL (CAST(:steps AS text[]))
                THEN format('a %s game cannot become %s', g.status, i.status)
        END AS reason
        FROM {incoming} AS i
        LEFT JOIN games AS g ON g.id = i.game_id
        LEFT JOIN games AS other
            ON other.source = i.source AND other.external_id = i.external_id AND other.id <> i.game_id
        LEFT JOIN teams AS home ON home.id = i.home_team
        LEFT JOIN teams AS away ON away.id = i.away_team
    ) AS judged
    WHERE reason IS NOT NULL ORDER BY position
"""

_KEEP_KNOWN_TIME = f"""
    UPDATE {{incoming}} AS i SET result_known_at = g.result_known_at FROM games AS g
    WHERE g.id = i.game_id AND i.result_known_at IS NULL AND g.result_known_at IS NOT NULL AND {_SAME_OUTCOME}
"""
_KNOWN_WHEN_RECORDED = """
    UPDATE {incoming} SET result_known_at = :recorded_at WHERE status = 'final' AND result_known_at IS NULL
"""
_MOVED = "SELECT i.game_id FROM {incoming} AS i JOIN games AS g ON g.id = i.game_id WHERE g.starts_at <> i.starts_at"

_UPDATE = f"""
    UPDATE games AS g SET
        {", ".join(f"{name} = i.{name}" for name in _MUTABLE)},
        status_known_at = coalesce(
            i.result_known_at, CASE WHEN {_SAME_OUTCOME} THEN g.status_known_at ELSE :recorded_at END
        ),
        updated_at = now()
    FROM {{incoming}} AS i
    WHERE g.id = i.game_id AND ({_columns("g", _MUTABLE)}) IS DISTINCT FROM ({_columns("i", _MUTABLE)})
"""

_ADD = f"""
    INSERT INTO games (id, {", ".join(_ALL)}, status_known_at)
    SELECT i.game_id, {_columns("i", _ALL)}, coalesce(i.result_known_at, :recorded_at)
    FROM {{incoming}} AS i
    WHERE NOT EXISTS (SELECT 1 FROM games AS g WHERE g.id = i.game_id)
    ORDER BY i.position
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What the merge did; `moved` are the ids of games whose start changed."""

    inserted: int
    updated: int
    refused: pl.DataFrame
    moved: list[int]


async def merge_games(connection: AsyncConnection, incoming: str, recorded_at: datetime) -> Merged:
    """Merge the staged table named `incoming` (GAMES columns and `position`) into `games`.

    A status step the status machine forbids, changed teams, and a team not kept refuse the whole row. A final score
    without a known time counts as known from `recorded_at`, and so does any other change of status.
    """
    at = {"recorded_at": recorded_at}

    async def run(statement: str, parameters: Mapping[str, object]) -> int:
        return (await connection.execute(text(statement.format(incoming=incoming)), parameters)).rowcount

    judged = await connection.execute(text(_REFUSED.format(incoming=incoming)), {"steps": _STEPS})
    refused = refusals((row.position, row.reason) for row in judged)
    await run(
        "DELETE FROM {incoming} WHERE position = ANY(CAST(:refused AS bigint[]))",
        {"refused": refused["position"].to_list()},
    )
    await run(_KEEP_KNOWN_TIME, {})
    await run(_KNOWN_WHEN_RECORDED, at)
    moved = (await connection.execute(text(_MOVED.format(incoming=incoming)))).scalars().all()
    updated = await run(_UPDATE, at)
    inserted = await run(_ADD, at)
    return Merged(inserted, updated, refused, list(moved))
