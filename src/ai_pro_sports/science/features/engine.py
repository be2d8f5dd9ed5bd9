"""The as-of engine: every game's own cut against the logs, backward in time, for a whole league at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.science.features.catalogue import features_of
from ai_pro_sports.science.features.declared import (
    Board,
    Entity,
    Feature,
    Quotes,
    Reading,
    Record,
    ResultLog,
    Row,
    Schedule,
    ScheduleLog,
    Side,
    Source,
)
from ai_pro_sports.science.features.history import SCHEDULE_COLUMNS, History, schedule_of

__all__ = ["AsOfRule", "build"]

Looking = Callable[[Side | None, timedelta], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class AsOfRule:
    """When a game's features are cut: `lead` before its start, and never after `not_after` if that is given.

    A slate predicted at one moment gives that moment as `not_after`; training uses the lead alone. Raises InvalidValue
    for a negative lead or a time without a zone.
    """

    lead: timedelta = timedelta(minutes=60)
    not_after: datetime | None = None

    def __post_init__(self) -> None:
        if self.lead < timedelta(0):
            raise InvalidValue("features cut after the start would know the game", hint="give a lead of 0 or more")
        if self.not_after is not None:
            object.__setattr__(self, "not_after", ensure_utc(self.not_after))

    def as_of(self, starts_at: pl.Expr) -> pl.Expr:
        """Return the cut of games starting at `starts_at`."""
        cut = starts_at - self.lead
        return cut if self.not_after is None else pl.min_horizontal(cut, pl.lit(self.not_after))


def build(
    history: History,
    targets: pl.DataFrame,
    rule: AsOfRule | None = None,
    features: Sequence[Feature] | None = None,
) -> pl.DataFrame:
    """Return the features of the games `targets`, one row each in the order given.

    Columns: game_id, `as_of` (UTC) and one Float64 per feature; null is unknown. `targets` needs the schedule columns
    of GAMES; scores, if any, are not looked at, so an upcoming game is a row like any other and need not be in the
    history. `features` defaults to the catalogue's for the league; those they are made of are computed as needed. The
    value of a row depends on its own cut and on what was known then, not on which other rows are asked for. Raises
    InvalidValue for targets of another league, listed twice or without a column, NothingToDo for an empty history
    without targets, and UnknownName for a feature made of one that does not exist.
    """
    of_league = _league_of(history, targets)
    chosen = tuple(features_of(of_league) if features is None else features)
    levels = _levels(chosen, of_league)
    rows = targets.select(
        pl.int_range(pl.len()).alias("_row"),
        *SCHEDULE_COLUMNS,
        (rule or AsOfRule()).as_of(pl.col("starts_at")).alias("as_of"),
        pl.min_horizontal("home_team", "away_team").alias("pair_low"),
        pl.max_horizontal("home_team", "away_team").alias("pair_high"),
    )
    work = _Build(of_league, history, targets, rows)
    for source, readings in _by_source(levels).items():
        work.read(source, readings)
    for level in levels:
        work.finish(level)
    values = (pl.col(feature.name).cast(pl.Float64).fill_nan(None) for feature in chosen)
    return work.rows.select("game_id", "as_of", *values)


class _Build:
    """One build: the targets' rows, gaining a column per reading and then one per feature."""

    def __init__(self, of_league: League, history: History, targets: pl.DataFrame, rows: pl.DataFrame) -> None:
        self.league = of_league
        self.history = history
        self.schedule = schedule_of(history.games, targets)
        seasons = pl.concat([history.games["season"], targets["season"]])
        self.first_season = seasons.item(seasons.arg_min()) if len(seasons) else 0
        self.rows = rows
        self._columns: dict[int, str] = {}

    def read(self, source: Source, readings: Sequence[Reading]) -> None:
        """Add the columns that `readings` of `source` need; the source and equal expressions are computed once."""
        values = {id(reading.value): reading.value for reading in readings}
        names = {key: f"_value{number}" for number, key in enumerate(values)}
        look = self._open(source, [value.alias(names[key]) for key, value in values.items()])
        moments: dict[tuple[Side | None, timedelta], list[Reading]] = {}
        for reading in readings:
            moments.setdefault((reading.side, reading.before), []).append(reading)
        for (side, before), group in moments.items():
            found = look(side, before)
            columns = {names[id(reading.value)]: f"_reading{id(reading)}" for reading in group}
            self.rows = self.rows.with_columns(found[name].alias(column) for name, column in columns.items())
            self._columns |= {id(reading): columns[names[id(reading.value)]] for reading in group}

    def finish(self, features: Iterable[Feature]) -> None:
        """Add the columns of `features`, made of readings and features that are there already."""
        finished = []
        for feature in features:
            columns = {name: self._columns[id(reading)] for name, reading in feature.readings.items()}
            row = Row(self.league, self.first_season, feature.side, columns | dict(feature.of))
            finished.append(feature.finish(row).alias(feature.name))
        self.rows = self.rows.with_columns(finished)

    def _open(self, source: Source, values: Sequence[pl.Expr]) -> Looking:
        if isinstance(source, Board):
            return lambda _, before: self._board(source, values, before)
        if isinstance(source, ScheduleLog):
            rows = source.rows(Schedule(self.league, self.schedule))
            log = _in_effect(rows, source, "starts_at", values)
            # Games starting together do not precede one another: read strictly before the start.
            return lambda side, before: self._as_of(source, log, side, pl.col("starts_at") - before, exact=False)
        history = self.history
        rows = source.rows(Record(self.league, self.schedule, history.results, history.quotes, self.first_season))
        log = _in_effect(rows, source, "known_at", values)
        return lambda side, before: self._as_of(source, log, side, pl.col("as_of") - before, exact=True)

    def _as_of(
        self, source: ResultLog | ScheduleLog, log: pl.DataFrame, side: Side | None, cut: pl.Expr, *, exact: bool
    ) -> pl.DataFrame:
        keys = [f"{side}_team"] if source.entity is Entity.TEAM else list(source.entity.keys)
        joined = (
            self.rows.select("_row", *keys, cut.alias("_cut"))
            .sort("_cut")
            .join_asof(
                log,
                left_on="_cut",
                right_on="_from",
                by_left=keys or None,
                by_right=[f"_{key}" for key in source.entity.keys] or None,
                strategy="backward",
                allow_exact_matches=exact,
                check_sortedness=False,
            )
        )
        return joined.sort("_row")

    def _board(self, source: Board, values: Sequence[pl.Expr], before: timedelta) -> pl.DataFrame:
        cuts = self.rows.select("game_id", (pl.col("as_of") - before).alias("_cut"))
        visible = self.history.quotes.join(cuts, on="game_id").filter(pl.col("known_at") <= pl.col("_cut"))
        board = source.rows(Quotes(self.league, visible.drop("_cut"))).select("game_id", *values)
        return self.rows.select("_row", "game_id").join(board, on="game_id", how="left", validate="m:1").sort("_row")


def _in_effect(
    rows: pl.DataFrame, source: ResultLog | ScheduleLog, clock: str, values: Sequence[pl.Expr]
) -> pl.DataFrame:
    keys = [pl.col(key).alias(f"_{key}") for key in source.entity.keys]
    return rows.sort(clock, maintain_order=True).select(*keys, pl.col(clock).alias("_from"), *values)


def _by_source(levels: Sequence[Sequence[Feature]]) -> dict[Source, list[Reading]]:
    found: dict[Source, list[Reading]] = {}
    for level in levels:
        for feature in level:
            for reading in feature.readings.values():
                found.setdefault(reading.source, []).append(reading)
    return found


def _levels(chosen: Sequence[Feature], of_league: League) -> list[list[Feature]]:
    """Return the chosen features and those they are made of, in levels: each is made of earlier levels only."""
    known = {feature.name: feature for feature in (*features_of(of_league), *chosen)}
    if len({feature.name for feature in chosen}) < len(chosen):
        raise InvalidValue("a feature is asked for twice", hint="give each name once")
    depth: dict[str, int] = {}

    def settle(name: str, above: tuple[str, ...]) -> int:
        if name not in known:
            raise UnknownName(f"{above[-1]} is made of {name}, which {of_league.code} does not have")
        if name in above:
            raise InvalidValue(f"features made of each other: {' -> '.join((*above, name))}")
        if name not in depth:
            needed = [settle(part, (*above, name)) for part in known[name].of.values()]
            depth[name] = max(needed, default=-1) + 1
        return depth[name]

    for feature in chosen:
        settle(feature.name, ())
    return [
        [known[name] for name in depth if depth[name] == level] for level in range(max(depth.values(), default=-1) + 1)
    ]


def _league_of(history: History, targets: pl.DataFrame) -> League:
    if missing := [name for name in SCHEDULE_COLUMNS if name not in targets.columns]:
        raise InvalidValue(f"targets lack {', '.join(missing)}", hint="give rows shaped like the games contract")
    if targets["game_id"].is_duplicated().any():
        raise InvalidValue("a game is asked for twice", hint="one row per game_id")
    if targets.is_empty():
        return history.league
    of_league = league(targets["league"][0]) if history.games.is_empty() else history.league
    if strange := set(targets["league"].unique()) - {of_league.code}:
        raise InvalidValue(f"a history of {of_league.code} knows nothing of {', '.join(sorted(strange))}")
    return of_league
