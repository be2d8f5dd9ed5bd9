"""What a source is: it says what to ask for, and turns the bytes that come back into rows. No sockets, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import polars as pl

from ai_pro_sports.core.leagues import League

__all__ = ["REJECTS", "Parsed", "RawItem", "Source"]

REJECTS: dict[str, pl.DataType] = {"row": pl.Int64(), "reason": pl.String(), "content": pl.String()}
"""The shape of what is set aside: 1-based data row, why, and the row (or the cells concerned) as JSON."""


@dataclass(frozen=True, slots=True)
class RawItem:
    """One file to ask for: where its publisher has it, and where a mirror (a folder or a URL) has it.

    `season` is the starting year, or None where one file holds every season. `mirror_path` is relative to the mirror's
    root and ends in `.gz` where the mirror compresses.
    """

    source: str
    league: str
    season: int | None
    kind: str
    url: str
    mirror_path: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the bytes of one item say: staged games and quotes, and everything that could not be used.

    Every data row ends as one of: a game, blank, elsewhere (a row of another competition in a shared file), or set
    aside, so `rows == games.height + blank + elsewhere + rejected_rows`. `rejects` also holds the quotes that were set
    aside while their game stayed, one line per game and offer. `game_rows` is the 1-based data row of each of `games`.
    `notes` counts what was left out or read differently on purpose, by reason.
    """

    games: pl.DataFrame
    quotes: pl.DataFrame
    rejects: pl.DataFrame
    game_rows: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))
    rows: int = 0
    blank: int = 0
    elsewhere: int = 0
    rejected_rows: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def rejected_quotes(self) -> int:
        """Return how many offers were set aside while their game stayed."""
        return self.rejects.height - self.rejected_rows


class Source(Protocol):
    """One feed. `is_record` feeds create teams and games; the others only match what is known.

    `announces_for` is the key of the record source whose game names this feed shares: it may announce coming games of
    teams that are known, and they get the ids the record source will give them. `version` grows whenever the same bytes
    would be read differently, so that an importer knows what to read again.
    """

    @property
    def key(self) -> str:
        """Return the name of the feed, unique among sources."""
        ...

    @property
    def leagues(self) -> tuple[str, ...]:
        """Return the codes of the leagues it carries."""
        ...

    @property
    def is_record(self) -> bool:
        """Return whether teams and games are created from it."""
        ...

    @property
    def announces_for(self) -> str | None:
        """Return the key of the record source whose coming games it may announce."""
        ...

    @property
    def version(self) -> int:
        """Return the version of the parser."""
        ...

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        """Return what to ask for to have those seasons; empty when there is nothing to ask."""
        ...

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        """Read the bytes of one item.

        Raises PayloadRejected when the whole payload cannot be used and SchemaChanged when a column that is read is
        missing; single rows and prices are set aside in `Parsed.rejects`.
        """
        ...
