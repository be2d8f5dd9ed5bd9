"""What a feature is: readings of logs as they stood at a game's cut, finished into one number on the game's row.

Three kinds of source can be read, and none can be read too early, because the engine hands each only what it may see:

* a `ResultLog` states values of a team, a pair or the league from `known_at` on; read at the game's `as_of`;
* a `ScheduleLog` is made of schedule facts alone, without scores; read strictly before the game's start;
* a `Board` is made of the quotes known at the game's `as_of`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

import polars as pl

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import League

__all__ = [
    "Board",
    "Category",
    "Entity",
    "Feature",
    "Quotes",
    "Reading",
    "Record",
    "ResultLog",
    "Row",
    "Schedule",
    "ScheduleLog",
    "Side",
    "Source",
    "sided",
]


class Category(StrEnum):
    """The first word of a feature's name."""

    TEAM = "team"
    FORM = "form"
    REST = "rest"
    H2H = "h2h"
    LINE = "line"
    SITU = "situ"
    ADV = "adv"


_NAME = re.compile(rf"({'|'.join(Category)})_[a-z0-9_]+_(now|open|game|last\d+|season|prevseason|career|[hdy]\d+)")


class Entity(StrEnum):
    """Whose values a log states."""

    TEAM = "team"
    PAIR = "pair"
    LEAGUE = "league"

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key columns of such a log; a pair is its two team ids, the smaller first."""
        return {Entity.TEAM: ("team",), Entity.PAIR: ("pair_low", "pair_high"), Entity.LEAGUE: ()}[self]


class Side(StrEnum):
    """Whose log a reading of a team log takes."""

    HOME = "home"
    AWAY = "away"

    @property
    def other(self) -> Side:
        """Return the opponent's side."""
        return Side.AWAY if self is Side.HOME else Side.HOME


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a schedule log is made of: SCHEDULE_COLUMNS of every game that is on, targets included; no scores."""

    league: League
    games: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Record:
    """What a result log is made of: `results` (schedule facts, `known_at`, scores) in order, quotes, and the schedule.

    `first_season` is the first season of any game listed, in which every team is a founder.
    """

    league: League
    games: pl.DataFrame
    results: pl.DataFrame
    quotes: pl.DataFrame
    first_season: int


@dataclass(frozen=True, slots=True)
class Quotes:
    """What a board is made of: the quotes of the targets known at their own cut."""

    league: League
    visible: pl.DataFrame


@dataclass(frozen=True, eq=False)
class ResultLog:
    """A log from results: `rows` returns its key columns, `known_at` and values, in order of effect."""

    name: str
    entity: Entity
    rows: Callable[[Record], pl.DataFrame]
    known_at: str = "when the result of the game is known"
    reads_market: bool = False


@dataclass(frozen=True, eq=False)
class ScheduleLog:
    """A log from the schedule: `rows` returns its key columns, `starts_at` and values, in order of effect."""

    name: str
    entity: Entity
    rows: Callable[[Schedule], pl.DataFrame]
    known_at: str = "with the schedule; games before this one only"
    reads_market: bool = False


@dataclass(frozen=True, eq=False)
class Board:
    """The visible quotes of each game reduced to one row: `rows` returns `game_id` and values."""

    name: str
    rows: Callable[[Quotes], pl.DataFrame]
    known_at: str = "when the quote is known"
    reads_market: bool = True


Source = ResultLog | ScheduleLog | Board


@dataclass(frozen=True, eq=False)
class Reading:
    """A value of a source as it stood at the cut, or `before` that.

    `value` is an expression over the source's rows: for a log it runs in order of effect and says, on each row, what
    holds from that row on. `side` says whose log a team log is; `sided` fills it in.
    """

    source: Source
    value: pl.Expr
    side: Side | None = None
    before: timedelta = timedelta(0)

    @property
    def of_team(self) -> bool:
        """Return whether the reading needs a side."""
        return not isinstance(self.source, Board) and self.source.entity is Entity.TEAM


class Row:
    """A game's row while its features are finished: readings and features by name, and schedule facts by `pl.col`.

    `row["elo"]` is the expression of the reading (or the other feature) the feature calls `elo`. Beside them stand
    SCHEDULE_COLUMNS and `as_of`; scores are not there. `first_season` is the first at hand.
    """

    def __init__(self, league: League, first_season: int, side: Side | None, columns: Mapping[str, str]) -> None:
        self.league = league
        self.first_season = first_season
        self.side = side
        self._columns = columns

    def __getitem__(self, name: str) -> pl.Expr:
        return pl.col(self._columns[name])

    def only(self) -> pl.Expr:
        """Return the single reading or feature there is."""
        (column,) = self._columns.values()
        return pl.col(column)


@dataclass(frozen=True, eq=False)
class Feature:
    """One number per game, declared.

    `leagues` are league codes or sports (every league of the sport). `readings` and `of` (names of other features) are
    what `finish` turns into the value; null means unknown, and `missing` says when that happens. `revision` goes up
    when the computation changes and the definition does not. `counted` is false for a feature beyond the catalogue of
    the product's specification. `finish` divides with `ratings.ratio`, so that a row has the same value alone and among
    others. Raises InvalidValue for a name outside the grammar `{category}_{metric}_{window}` and for readings that do
    not fit.
    """

    name: str
    definition: str
    leagues: tuple[str, ...]
    missing: str
    readings: Mapping[str, Reading] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    finish: Callable[[Row], pl.Expr] = Row.only
    side: Side | None = None
    revision: int = 1
    counted: bool = True

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidValue(f"not a feature name: {self.name}", hint="write {category}_{metric}_{window}")
        if not self.definition.strip() or not self.missing.strip() or not self.leagues:
            raise InvalidValue(f"{self.name} is not declared", hint="say definition, missing rule and leagues")
        if clash := set(self.readings) & set(self.of):
            raise InvalidValue(f"{self.name} uses a name twice: {', '.join(sorted(clash))}")
        for name, reading in self.readings.items():
            if reading.of_team != (reading.side is not None):
                raise InvalidValue(f"{self.name}: reading {name} needs a side exactly if it reads a team log")

    @property
    def category(self) -> Category:
        """Return the category, from the name."""
        return Category(self.name.split("_", 1)[0])

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of the sources it reads itself, in alphabetical order."""
        return tuple(sorted({reading.source.name for reading in self.readings.values()}))

    @property
    def known_at(self) -> str:
        """Return the rule by which its inputs become known."""
        rules = dict.fromkeys(reading.source.known_at for reading in self.readings.values())
        return "; ".join(rules) or ("as the features it is made of" if self.of else "with the schedule")

    @property
    def reads_market(self) -> bool:
        """Return whether it reads quotes itself."""
        return any(reading.source.reads_market for reading in self.readings.values())

    def applies_to(self, league: League) -> bool:
        """Return whether the feature is computed for `league`."""
        return league.code in self.leagues or str(league.sport) in self.leagues


def sided(
    name: str,
    *,
    definition: str,
    leagues: tuple[str, ...],
    missing: str,
    readings: Mapping[str, Reading] | None = None,
    of: Mapping[str, str] | None = None,
    finish: Callable[[Row], pl.Expr] = Row.only,
    sides: Sequence[Side] = tuple(Side),
    revision: int = 1,
    counted: bool = True,
) -> tuple[Feature, ...]:
    """Declare the same feature for the home and the away side.

    `{side}` and `{other}` in `name`, `definition` and the names in `of` become home and away; readings of team logs
    without a side take the feature's own.
    """

    def bound(reading: Reading, side: Side) -> Reading:
        return replace(reading, side=side) if reading.of_team and reading.side is None else reading

    return tuple(
        Feature(
            name=name.format(side=side, other=side.other),
            definition=definition.format(side=side, other=side.other),
            leagues=leagues,
            missing=missing,
            readings={alias: bound(reading, side) for alias, reading in (readings or {}).items()},
            of={alias: feature.format(side=side, other=side.other) for alias, feature in (of or {}).items()},
            finish=finish,
            side=side,
            revision=revision,
            counted=counted,
        )
        for side in sides
    )
