"""Staged games to games: teams by name, games by the record source's name or by who met whom when.

The league's record source creates teams and games. A source that announces for it may add coming games of known teams,
under the names the record source will give them. Every other source only matches games that are known; what does not
match is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from ai_pro_sports.core.contracts import GAMES, UTC_TIME
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.identity.directory import TeamDirectory
from ai_pro_sports.data.identity.team_names import name_teams
from ai_pro_sports.data.sources.cells import as_json, shaped
from ai_pro_sports.data.sources.source import REJECTS, Source

__all__ = ["GAME_IDS", "RESULT_DELAY", "Resolution", "resolve", "result_known_at"]

GAME_IDS: dict[str, pl.DataType] = {"external_id": pl.String(), "game_id": pl.Int64()}
"""The shape of the frame that leads from a source's name of a game to its id."""

RESULT_DELAY = timedelta(minutes=15)
"""How long after the usual end of a game its score counts as known."""

SAME_GAME = timedelta(days=3)
"""A dated game matches a known one of the same teams and season that starts at most this far from it."""

MOVED_GAME = timedelta(days=10)
"""An announced game this near to a known one of the same pairing is that one, played or not."""

_POSITION = "__position"
_REPORT = ["external_id", "season", "week", "starts_at", "home_name", "away_name"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the staged games of one payload became.

    `games` are the games to write (none, where the source only matches); `game_ids` leads from the source's names to
    ids, for its quotes; `unmatched` has the shape of rejects, `row` being the 1-based position among the staged games.
    """

    games: pl.DataFrame
    game_ids: pl.DataFrame
    new_teams: pl.DataFrame
    unmatched: pl.DataFrame


def resolve(
    league: League,
    source: Source,
    staged_games: pl.DataFrame,
    directory: TeamDirectory,
    known_games: pl.DataFrame,
) -> Resolution:
    """Resolve the staged games of one payload of `source`.

    `known_games` (GAMES) are the league's games so far; the record source does not need them.
    """
    named = name_teams(
        [*staged_games["home_name"], *staged_games["away_name"]],
        league.team_pool,
        directory,
        source=source.key,
        creates=source.is_record,
    )
    staged = (
        staged_games.with_row_index(_POSITION, offset=1)
        .join(named.frame("home"), on="home_name", how="left", maintain_order="left")
        .join(named.frame("away"), on="away_name", how="left", maintain_order="left")
    )
    reason = pl.concat_str("home_unknown", "away_unknown", separator="; ", ignore_nulls=True)
    nameless = staged.with_columns(reason.alias("reason")).filter(pl.col("reason") != "")
    teamed = staged.filter(pl.col("home_team").is_not_null() & pl.col("away_team").is_not_null())
    if source.is_record:
        games, ids, missed = _recorded(teamed, source.key)
    elif source.announces_for is not None:
        games, ids, missed = _announced(teamed, source.announces_for, known_games)
    else:
        games, ids, missed = _matched(teamed, known_games)
    return Resolution(
        games=_as_games(games, league),
        game_ids=shaped(ids, GAME_IDS),
        new_teams=named.new_teams,
        unmatched=pl.concat([_report(nameless), _report(missed)]).sort("row"),
    )


def result_known_at(league: League) -> pl.Expr:
    """Return when a final score could first be known, UTC; null for games that are not final.

    It is the start plus the league's usual duration and a quarter of an hour; where only the day is known, the next
    local midnight, so that no game of a day feeds another of that day.
    """
    local = pl.col("starts_at").dt.convert_time_zone(league.timezone)
    next_midnight = (
        (local.dt.date() + timedelta(days=1)).cast(pl.Datetime("us")).dt.replace_time_zone(league.timezone)
    ).dt.convert_time_zone("UTC")
    at = (
        pl.when("start_is_date_only")
        .then(next_midnight)
        .otherwise(pl.col("starts_at") + league.game_duration + RESULT_DELAY)
    )
    return pl.when(pl.col("status") == str(GameStatus.FINAL)).then(at).cast(UTC_TIME)


def _recorded(teamed: pl.DataFrame, key: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return every game under its source's own name; a game without a start cannot be created."""
    dated = _with_ids(teamed.filter(pl.col("starts_at").is_not_null()), key)
    missed = teamed.filter(pl.col("starts_at").is_null()).with_columns(
        pl.lit("a new game without a start").alias("reason")
    )
    return dated, dated, missed


def _announced(
    teamed: pl.DataFrame, key: str, known_games: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return coming games under the names the record source will use, and those known already under the one they have.

    A pairing that meets again in a season gets the next meeting's name, as the record source counts them. A game that
    is final already is matched for its quotes but not written again.
    """
    pairing = ["season", "home_team", "away_team"]
    known = known_games.filter(pl.col("source") == key).select(
        *pairing,
        "external_id",
        "game_id",
        pl.col("starts_at").alias("known_start"),
        pl.col("status").alias("known_status"),
    )
    joined = teamed.join(known, on=pairing, how="left", suffix="_known", maintain_order="left")
    apart = (pl.col("starts_at") - pl.col("known_start")).abs()
    is_over = pl.col("known_status") == str(GameStatus.FINAL)
    same = pl.col("known_status").is_not_null() & (~is_over | (apart <= MOVED_GAME))
    meetings = pl.col("known_start").count().over(_POSITION)
    best = (
        joined.with_columns(same.fill_null(value=False).alias("same"), is_over.fill_null(value=False).alias("over"))
        .with_columns(meetings.alias("meetings"), apart.alias("apart"))
        .sort(_POSITION, pl.col("same").not_(), "apart", nulls_last=True)
        .unique(_POSITION, keep="first", maintain_order=True)
    )
    again = pl.when(pl.col("meetings") > 0).then(pl.format(":{}", pl.col("meetings") + 1)).otherwise(pl.lit(""))
    name = pl.when("same").then("external_id_known").otherwise(pl.concat_str("external_id", again))
    found = _with_ids(best.with_columns(pl.col("external_id").alias("said"), name.alias("external_id")), key)
    writable = found.filter(~(pl.col("same") & pl.col("over")))
    ids = found.select(pl.col("said").alias("external_id"), "game_id")
    return writable, ids, teamed.clear().with_columns(pl.lit("").alias("reason"))


def _matched(teamed: pl.DataFrame, known_games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the ids of known games of the same season and teams, in the same week or at about the same time."""
    pairing = ["season", "home_team", "away_team"]
    known = known_games.select(
        *pairing, "game_id", pl.col("week").alias("known_week"), pl.col("starts_at").alias("known_start")
    )
    joined = teamed.join(known, on=pairing, how="left", maintain_order="left")
    apart = (pl.col("starts_at") - pl.col("known_start")).abs()
    same_week = pl.col("week").is_null() | pl.col("known_week").is_null() | (pl.col("week") == pl.col("known_week"))
    same_time = pl.col("starts_at").is_null() | (apart <= SAME_GAME).fill_null(value=False)
    fits = pl.col("game_id").is_not_null() & same_week & same_time
    judged = joined.with_columns(fits.alias("fits")).with_columns(pl.col("fits").sum().over(_POSITION).alias("fitting"))
    ids = judged.filter(pl.col("fits") & (pl.col("fitting") == 1))
    rest = judged.filter(pl.col("fitting") != 1).unique(_POSITION, keep="first", maintain_order=True)
    reason = (
        pl.when(pl.col("fitting") > 1)
        .then(pl.lit("more than one known game of these teams fits"))
        .when(pl.col("game_id").is_null())
        .then(pl.lit("no known game of these teams in this season"))
        .otherwise(pl.lit("these teams met in this season, but not in that week or near that time"))
    )
    return teamed.clear(), ids, rest.with_columns(reason.alias("reason"))


def _with_ids(games: pl.DataFrame, key: str) -> pl.DataFrame:
    """Add `source` and `game_id`, computed from the game's name at its source of record."""
    ids = [stable_id("game", key, name) for name in games["external_id"]]
    return games.with_columns(pl.lit(key).alias("source"), pl.Series("game_id", ids, dtype=pl.Int64))


def _as_games(games: pl.DataFrame, league: League) -> pl.DataFrame:
    if games.is_empty():
        return GAMES.empty()
    facts = games.with_columns(
        pl.lit(str(league.code)).alias("league"), result_known_at(league).alias("result_known_at")
    )
    return shaped(facts, GAMES.columns)


def _report(missed: pl.DataFrame) -> pl.DataFrame:
    said = missed.select(pl.col(column).cast(pl.String) for column in _REPORT)
    return pl.DataFrame(
        {"row": missed[_POSITION], "reason": missed["reason"], "content": as_json(said)}, schema_overrides=REJECTS
    )
