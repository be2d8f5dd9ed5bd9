"""The teams that exist already: what the store knows, as resolution needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ai_pro_sports.data.identity.clubs import fold

__all__ = ["TEAMS", "TeamDirectory"]

TEAMS: dict[str, pl.DataType] = {
    "team_id": pl.Int64(),
    "pool": pl.String(),
    "name": pl.String(),
    "abbreviation": pl.String(),
    "source": pl.String(),
}
"""The shape of a frame of teams: `name` is unique in its pool, `source` is the feed that created the team."""


@dataclass(frozen=True, slots=True)
class TeamDirectory:
    """Known teams, by pool; `teams` has the shape of `TEAMS` (more columns do no harm)."""

    teams: pl.DataFrame

    @classmethod
    def empty(cls) -> TeamDirectory:
        """Return a directory that knows nobody."""
        return cls(pl.DataFrame(schema=TEAMS))

    def ids(self, pool: str) -> frozenset[int]:
        """Return the ids of a pool's teams."""
        return frozenset(self.teams.filter(pl.col("pool") == pool)["team_id"])

    def by_name(self, pool: str) -> Mapping[str, tuple[int, str]]:
        """Return id and name of a pool's teams, by folded name and abbreviation; where they clash, the name counts."""
        known = self.teams.filter(pl.col("pool") == pool).select("name", "abbreviation", "team_id").rows()
        short = {fold(abbreviation): (team_id, name) for name, abbreviation, team_id in known if abbreviation}
        return short | {fold(name): (team_id, name) for name, _, team_id in known}

    def with_new(self, new_teams: pl.DataFrame) -> TeamDirectory:
        """Return this directory with teams added that it does not know yet."""
        added = new_teams.select(list(TEAMS)).filter(~pl.col("team_id").is_in(self.teams["team_id"].implode()))
        return TeamDirectory(pl.concat([self.teams.select(list(TEAMS)), added]))
