"""Names in a payload to teams: matched, created, or reported with the nearest known name. Never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.data.identity.clubs import ClubTable, fold, nearest
from ai_pro_sports.data.identity.directory import TEAMS, TeamDirectory
from ai_pro_sports.data.identity.tables import club_table

__all__ = ["NamedTeams", "name_teams"]

TOO_LIKE = 0.9
"""A new name this like a known one (difflib ratio of folded forms) is taken for a misspelling and reported: in the
history of 22 divisions such pairs were nearly all the same club (Levadiakos, Levadeiakos)."""


@dataclass(slots=True)
class NamedTeams:
    """What became of each name: `ids` by name, `unknown` with its reason, and the teams to create."""

    ids: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    new: list[dict[str, object]] = field(default_factory=list)

    @property
    def new_teams(self) -> pl.DataFrame:
        """Return the teams to create."""
        return pl.DataFrame(self.new, schema=TEAMS)

    def frame(self, side: str) -> pl.DataFrame:
        """Return name, team and reason, ready to be joined to the games' `{side}_name` column."""
        names = [*self.ids, *self.unknown]
        return pl.DataFrame(
            {
                f"{side}_name": names,
                f"{side}_team": [self.ids.get(name) for name in names],
                f"{side}_unknown": [self.unknown.get(name) for name in names],
            },
            schema={f"{side}_name": pl.String, f"{side}_team": pl.Int64, f"{side}_unknown": pl.String},
        )


def name_teams(names: Iterable[str], pool: str, directory: TeamDirectory, *, source: str, creates: bool) -> NamedTeams:
    """Resolve `names` in `pool`.

    With `creates`, a club of the pool's table that does not exist yet is created, and so is a new name in an open pool
    unless it is too like a known one. Without, only existing teams match. `source` is written on the teams created.
    """
    table, known = club_table(pool), dict(directory.by_name(pool))
    existing = set(directory.ids(pool))
    named = NamedTeams()
    # The spelling used most comes first, so that a misspelling is told from the club and not the club from it.
    for name, _ in Counter(names).most_common():
        club = table.find(name)
        if club is not None:
            team_id, display, abbreviation = int(table.team_id(club)), club.name, club.abbreviation
        elif fold(name) in known:
            named.ids[name] = known[fold(name)][0]
            continue
        else:
            team_id, display, abbreviation = stable_id("team", pool, fold(name)), name, None
        refusal = _refusal(name, table, known, is_listed=club is not None, creates=creates)
        if team_id in existing:
            named.ids[name] = team_id
        elif refusal is not None:
            named.unknown[name] = refusal
        else:
            named.ids[name] = team_id
            existing.add(team_id)
            known[fold(name)] = (team_id, display)
            row = (team_id, pool, display, abbreviation, source)
            named.new.append(dict(zip(TEAMS, row, strict=True)))
    return named


def _refusal(
    name: str, table: ClubTable, known: dict[str, tuple[int, str]], *, is_listed: bool, creates: bool
) -> str | None:
    """Return why a team that does not exist yet is not created, or None when it is."""
    if is_listed:
        return None if creates else f"{name!r} is a known club, but no record source has created it yet"
    candidates = {**{folded: display for folded, (_, display) in known.items()}, **table.names}
    if creates and not table.closed and fold(name):
        like = nearest(name, candidates, TOO_LIKE)
        return (
            like and f"{name!r} is new but looks like {like}; add it to the aliases, or to the clubs if it is another"
        )
    like = nearest(name, candidates)
    suggestion = f"; nearest known: {like}" if like else ""
    return f"unknown team {name!r} in {table.pool}{suggestion}; add it to the aliases if it is one of ours"
