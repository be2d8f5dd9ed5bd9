"""Teams and the names sources call them by."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.data.store.copying import Schema, copy_out, staged
from ai_pro_sports.data.store.repositories.written import Written, of_shape, refusals
from ai_pro_sports.data.store.tables.sports import team_aliases, teams

__all__ = ["ALIASES", "NEW_TEAMS", "TEAMS", "Directory", "Teams"]

NEW_TEAMS: Schema = {
    "team_id": pl.Int64,
    "pool": pl.String,
    "name": pl.String,
    "abbreviation": pl.String,
    "source": pl.String,
}
TEAMS: Schema = {**NEW_TEAMS, "active": pl.Boolean}
ALIASES: Schema = {"pool": pl.String, "source": pl.String, "alias": pl.String, "team_id": pl.Int64}

_OTHER_ID = """
    SELECT i.position, format('%s is kept under another id', i.name) AS reason
    FROM {incoming} AS i JOIN teams AS t ON t.pool = i.pool AND t.name = i.name
    WHERE t.id <> i.team_id ORDER BY i.position
"""
_ADD_TEAMS = """
    INSERT INTO teams (id, pool, name, abbreviation, source)
    SELECT team_id, pool, name, abbreviation, source FROM {incoming} ORDER BY position
    ON CONFLICT DO NOTHING
"""
_NO_TEAM = """
    SELECT i.position, format('%s names a team that is not kept', i.alias) AS reason
    FROM {incoming} AS i LEFT JOIN teams AS t ON t.id = i.team_id
    WHERE t.id IS NULL ORDER BY i.position
"""
_ADD_ALIASES = """
    INSERT INTO team_aliases (pool, source, alias, team_id)
    SELECT i.pool, i.source, i.alias, i.team_id FROM {incoming} AS i JOIN teams AS t ON t.id = i.team_id
    ORDER BY i.position ON CONFLICT DO NOTHING
"""
_OTHER_TEAM = """
    SELECT i.position, format('%s already names another team', i.alias) AS reason
    FROM {incoming} AS i
    JOIN team_aliases AS a ON a.pool = i.pool AND a.alias = i.alias AND a.source IS NOT DISTINCT FROM i.source
    WHERE a.team_id <> i.team_id ORDER BY i.position
"""


class Directory(NamedTuple):
    """What identity needs of a pool: its teams (`TEAMS`) and the other names they go by (`ALIASES`)."""

    teams: pl.DataFrame
    aliases: pl.DataFrame


class Teams:
    """Teams by pool: a club keeps its identity when it changes division."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, frame: pl.DataFrame) -> Written:
        """Keep new teams (`NEW_TEAMS`); known ones are left as they are.

        A name that its pool already has under another id is refused. Raises SchemaChanged for other columns.
        """
        async with staged(self._connection, of_shape(frame, NEW_TEAMS)) as incoming:
            refused = await self._rows(_OTHER_ID, incoming.name)
            added = await self._connection.execute(text(_ADD_TEAMS.format(incoming=incoming.name)))
            return _account(frame, added.rowcount, refused)

    async def add_aliases(self, frame: pl.DataFrame) -> Written:
        """Keep other names of teams (`ALIASES`); `source` null means every source of the pool uses the name.

        An alias of an unknown team, or one that already names another team, is refused.
        """
        async with staged(self._connection, of_shape(frame, ALIASES)) as incoming:
            refused = await self._rows(_NO_TEAM, incoming.name)
            added = await self._connection.execute(text(_ADD_ALIASES.format(incoming=incoming.name)))
            refused = pl.concat([refused, await self._rows(_OTHER_TEAM, incoming.name)]).unique("position")
            return _account(frame, added.rowcount, refused.sort("position"))

    async def frame(self, pool: str) -> pl.DataFrame:
        """Return the pool's teams (`TEAMS`) by name."""
        team = teams.c
        query = select(team.id.label("team_id"), team.pool, team.name, team.abbreviation, team.source, team.active)
        return await copy_out(self._connection, query.where(team.pool == pool).order_by(team.name), TEAMS)

    async def directory(self, pool: str) -> Directory:
        """Return the pool's teams and aliases, as identity reads them."""
        name = team_aliases.c
        query = select(name.pool, name.source, name.alias, name.team_id).where(name.pool == pool)
        aliases = await copy_out(self._connection, query.order_by(name.alias, name.source), ALIASES)
        return Directory(await self.frame(pool), aliases)

    async def _rows(self, query: str, incoming: str) -> pl.DataFrame:
        found = await self._connection.execute(text(query.format(incoming=incoming)))
        return refusals((row.position, row.reason) for row in found)


def _account(frame: pl.DataFrame, inserted: int, refused: pl.DataFrame) -> Written:
    return Written(inserted, 0, frame.height - inserted - refused.height, refused)
