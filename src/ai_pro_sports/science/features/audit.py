"""The leak auditor: features recomputed from altered histories must not move, and none may know results too well.

The engine cannot read a log too early, but a log can be built wrongly: stamped before its facts were known, or made of
the whole table. So at cut times drawn from the games' own cuts the future is taken away, or scrambled, and every game
cut by then is built again. Three alterations of what lies after the cut:

* truncated: later results and quotes are gone (`History.known_at`);
* unscheduled: in addition, games cut later are not listed at all, as on the day itself;
* shuffled: later results change places among each other.

A difference in one cell is a leak of that feature. Beside that stands an alarm on single features that separate
outcomes better than anything honest does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
import polars as pl

from ai_pro_sports.core.contracts import UTC_TIME
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.science.features.board import board
from ai_pro_sports.science.features.declared import Feature, Quotes
from ai_pro_sports.science.features.engine import AsOfRule, build
from ai_pro_sports.science.features.history import History

__all__ = ["ALARM_AUC", "ALTERATIONS", "Audit", "audit", "differing_cells", "power"]

ALARM_AUC: Mapping[str, float] = MappingProxyType({"home_wins": 0.85, "home_covers": 0.65, "over": 0.65})
"""The area under the curve at which a single feature is suspicious. Against a closing line 0.55 would be a fortune."""

FEWEST_GAMES = 200
"""Outcomes needed before an area under the curve says anything: its standard error is then at most 0.04."""

_CELLS = pl.Schema({"game_id": pl.Int64(), "feature": pl.String(), "full": pl.Float64(), "altered": pl.Float64()})
_DIFFERENCES = pl.Schema({"alteration": pl.String(), "cut_at": UTC_TIME, **_CELLS})


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    `differences` has one row per moved cell: alteration, cut_at, game_id, feature, and the value `full` history gave
    beside the one the `altered` history gave. `alarms` has one row per suspicious feature and outcome: feature,
    outcome, auc, games. `cells` is how many cells were compared at `cuts`.
    """

    differences: pl.DataFrame
    alarms: pl.DataFrame
    cells: int
    cuts: tuple[datetime, ...]

    @property
    def leaking(self) -> tuple[str, ...]:
        """Return the names of features with a moved cell, in alphabetical order."""
        return tuple(sorted(set(self.differences["feature"])))

    @property
    def suspicious(self) -> tuple[str, ...]:
        """Return the names of features that separate an outcome too well, in alphabetical order."""
        return tuple(sorted(set(self.alarms["feature"])))

    @property
    def is_clean(self) -> bool:
        """Return whether nothing moved and no alarm went off."""
        return self.differences.is_empty() and self.alarms.is_empty()

    def __str__(self) -> str:
        if self.is_clean:
            return f"clean: {self.cells} cells at {len(self.cuts)} cuts"
        found = [f"{len(self.differences)} of {self.cells} cells moved: {', '.join(self.leaking) or 'none'}"]
        found += [f"{row['feature']}: AUC {row['auc']:.3f} on {row['outcome']}" for row in self.alarms.to_dicts()]
        return "; ".join(found)


def audit(
    history: History,
    rule: AsOfRule | None = None,
    features: Sequence[Feature] | None = None,
    *,
    seed: int,
    cuts: int = 6,
    alarm: Mapping[str, float] = ALARM_AUC,
) -> Audit:
    """Audit `features` (the catalogue's for the league by default) on every game of `history`.

    `cuts` times are drawn with `seed` from the games' own cuts, which is where a game's own result is nearest. Takes
    `1 + 3 * cuts` builds. Raises NothingToDo for a history without games.
    """
    if history.games.is_empty():
        raise NothingToDo("a history without games has nothing to audit", hint="import some first")
    rule = rule or AsOfRule()
    full = build(history, history.games, rule, features)
    moments = full["as_of"].unique().sort()
    random = np.random.default_rng(seed)
    drawn = sorted(random.choice(len(moments), size=min(cuts, len(moments)), replace=False).tolist())
    cut_times = tuple(moments[position] for position in drawn)
    found, cells = [pl.DataFrame(schema=_DIFFERENCES)], 0
    for cut in cut_times:
        before = full.filter(pl.col("as_of") <= cut)
        targets = before.select("game_id").join(history.games, on="game_id", how="left", maintain_order="left")
        for name, alter in ALTERATIONS.items():
            altered = build(alter(history, cut, targets, random), targets, rule, features)
            moved = differing_cells(before, altered)
            cells += before.height * (before.width - 2)
            found.append(
                moved.select(pl.lit(name).alias("alteration"), pl.lit(cut, UTC_TIME).alias("cut_at"), pl.all())
            )
    return Audit(pl.concat(found), power(full, history, alarm), cells, cut_times)


def differing_cells(full: pl.DataFrame, altered: pl.DataFrame) -> pl.DataFrame:
    """Return every feature cell in which two builds of the same games differ: game_id, feature, full, altered.

    Equality is exact; two nulls are equal.
    """
    names = [name for name in full.columns if name not in {"game_id", "as_of"}]
    both = full.drop("as_of").join(altered.drop("as_of"), on="game_id", suffix="/altered", maintain_order="left")
    moved = [
        both.filter(pl.col(name).ne_missing(pl.col(f"{name}/altered"))).select(
            "game_id",
            pl.lit(name).alias("feature"),
            pl.col(name).alias("full"),
            pl.col(f"{name}/altered").alias("altered"),
        )
        for name in names
    ]
    return pl.concat(moved) if moved else pl.DataFrame(schema=_CELLS)


def _truncate(history: History, cut: datetime, _: pl.DataFrame, __: np.random.Generator) -> History:
    return history.known_at(cut)


def _unschedule(history: History, cut: datetime, targets: pl.DataFrame, _: np.random.Generator) -> History:
    known = history.known_at(cut)
    return History(known.games.join(targets.select("game_id"), on="game_id", how="semi"), known.quotes)


def _shuffle(history: History, cut: datetime, _: pl.DataFrame, random: np.random.Generator) -> History:
    is_later = (pl.col("result_known_at") > cut) & (pl.col("status") == str(GameStatus.FINAL))
    later = history.games.filter(is_later).sort("game_id")
    order = random.permutation(later.height)
    scores = later.select(pl.col("home_score", "away_score").gather(order))
    shuffled = later.with_columns(scores.get_columns())
    rest = history.games.filter(~is_later.fill_null(value=False))
    return History(pl.concat([rest, shuffled]), history.quotes)


ALTERATIONS: Mapping[str, Callable[[History, datetime, pl.DataFrame, np.random.Generator], History]] = MappingProxyType(
    {"truncated": _truncate, "unscheduled": _unschedule, "shuffled": _shuffle}
)
"""What is done to the future, by name."""


def power(built: pl.DataFrame, history: History, alarm: Mapping[str, float] = ALARM_AUC) -> pl.DataFrame:
    """Return the features whose area under the curve on an outcome reaches its alarm: feature, outcome, auc, games.

    Outcomes: `home_wins` (draws left out), `home_covers` and `over` (against the last known consensus line, pushes
    left out). Both directions count. Outcomes of fewer than FEWEST_GAMES games are not judged.
    """
    names = [name for name in built.columns if name not in {"game_id", "as_of"}]
    judged = built.join(_outcomes(history), on="game_id")
    rows: list[dict[str, object]] = []
    for outcome, limit in alarm.items():
        decided = judged.filter(pl.col(outcome).is_not_null())
        if decided.is_empty():
            continue
        measured = decided.select(_area(name, outcome).alias(name) for name in names).to_dicts()[0]
        games = decided.select(pl.col(names).count()).to_dicts()[0]
        rows += [
            {"feature": name, "outcome": outcome, "auc": auc, "games": games[name]}
            for name, auc in measured.items()
            if auc is not None and games[name] >= FEWEST_GAMES and auc >= limit
        ]
    schema = {"feature": pl.String, "outcome": pl.String, "auc": pl.Float64, "games": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def _area(name: str, outcome: str) -> pl.Expr:
    """Return the Mann-Whitney area under the curve of a column on a boolean outcome, whichever way round is larger."""
    known = pl.col(name).is_not_null()
    positive = (known & pl.col(outcome)).sum().cast(pl.Float64)
    negative = (known & ~pl.col(outcome)).sum().cast(pl.Float64)
    ranks = pl.col(name).rank("average").filter(known & pl.col(outcome)).sum()
    area = (ranks - positive * (positive + 1) / 2) / (positive * negative)
    return pl.max_horizontal(area, 1 - area).fill_nan(None)


def _outcomes(history: History) -> pl.DataFrame:
    lines = board(Quotes(history.league, history.quotes)).select("game_id", "spread_now", "total_now")
    margin, total = pl.col("home_score") - pl.col("away_score"), pl.col("home_score") + pl.col("away_score")

    def decided(value: pl.Expr) -> pl.Expr:
        return pl.when(value != 0).then(value > 0)

    return history.results.join(lines, on="game_id", how="left").select(
        "game_id",
        decided(margin).alias("home_wins"),
        decided(margin + pl.col("spread_now")).alias("home_covers"),
        decided(total - pl.col("total_now")).alias("over"),
    )
