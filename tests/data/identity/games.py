"""Staged games, sources and known games for the tests of identity, with values one seldom has to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from ai_pro_sports.core.contracts import GAMES, STAGED_GAMES
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.data.identity import Resolution, TeamDirectory, resolve
from ai_pro_sports.data.sources.source import Parsed, RawItem

EPL = league("EPL")
NFL = league("NFL")
START = datetime(2024, 8, 17, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """A source that is only asked who it is."""

    key: str = "feed"
    leagues: tuple[str, ...] = ("EPL", "NFL")
    is_record: bool = False
    announces_for: str | None = None
    version: int = 1

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        return []

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        raise AssertionError("identity never reads bytes")


RECORD = Feed("record", is_record=True)
ANNOUNCER = Feed("announcer", announces_for="record")
OTHER = Feed("other")


def staged(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {
        "external_id": "g",
        "home_name": "Leeds",
        "away_name": "Hull",
        "season": 2024,
        "starts_at": START,
        "start_is_date_only": False,
        "status": "scheduled",
        "home_score": None,
        "away_score": None,
        "neutral": False,
        "round": None,
        "week": None,
    }
    return pl.DataFrame([{**usual, **row} for row in rows], schema=STAGED_GAMES.columns)


class World:
    """Teams and games as they grow from one resolution to the next."""

    def __init__(self, competition: League = EPL) -> None:
        self.league = competition
        self.directory = TeamDirectory.empty()
        self.games = GAMES.empty()

    def take(self, source: Feed, *rows: dict[str, Any]) -> Resolution:
        found = resolve(self.league, source, staged(*rows), self.directory, self.games)
        assert GAMES.check(found.games).rejected.is_empty()
        self.directory = self.directory.with_new(found.new_teams)
        self.games = pl.concat([self.games, found.games]).unique("game_id", keep="last", maintain_order=True)
        return found
