"""The games of one league over several seasons: schedule, truth, results and what the market believes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.app.sandbox.market_maker import Belief
from ai_pro_sports.app.sandbox.schedules import Schedule

__all__ = ["TRUTH_COLUMNS", "Law", "SeasonGames", "season_table"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TRUTH_COLUMNS = ("home_probability", "draw_probability", "away_probability", "expected_margin", "expected_total")


class Law(Protocol):
    """What both sports' laws can say about a batch of games."""

    def outcomes(self) -> FloatArray:
        """Return the probabilities of home win, draw and away win, shape (n, 3)."""
        ...

    def expected_margin(self) -> FloatArray:
        """Return the mean margin, shape (n,)."""
        ...

    def expected_total(self) -> FloatArray:
        """Return the mean total, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class SeasonGames:
    """Games in order of play, one row each in `table`, with the market's `belief` and the books' `own` errors.

    `table` has season, week, round, home and away (club numbers), neutral, starts_at (UTC), day and time (local, as the
    provider prints them), home_score, away_score, overtime and `TRUTH_COLUMNS`. Scores are there for games to come too:
    what may be told at a given time is `finished`. `own` (n, books, moments, prices) are standard normal draws.
    """

    table: pl.DataFrame
    belief: Belief
    own: FloatArray

    @classmethod
    def stack(cls, parts: Sequence[SeasonGames]) -> SeasonGames:
        """Return the games of all `parts`, in their order."""
        opening, close = (
            np.concatenate([getattr(part.belief, moment) for part in parts]) for moment in ("opening", "close")
        )
        return cls(
            pl.concat([part.table for part in parts]), Belief(opening, close), np.concatenate([p.own for p in parts])
        )

    def where(self, kept: npt.NDArray[np.bool_]) -> SeasonGames:
        """Return the games for which `kept` (n,) is true."""
        belief = Belief(self.belief.opening[kept], self.belief.close[kept])
        return SeasonGames(self.table.filter(pl.Series(kept)), belief, self.own[kept])

    @property
    def starts_at(self) -> list[datetime]:
        """Return the kick-off times (UTC)."""
        starts: list[datetime] = self.table["starts_at"].to_list()
        return starts

    def finished(self, now: datetime, lasts: timedelta) -> npt.NDArray[np.bool_]:
        """Return which games are over at `now`, shape (n,)."""
        return np.array([start + lasts <= now for start in self.starts_at], dtype=np.bool_)

    def to_come(self, now: datetime, within: timedelta) -> npt.NDArray[np.bool_]:
        """Return which games start after `now` and within `within`, or within four days of the first that does not."""
        starts = self.starts_at
        first = min((start for start in starts if start > now), default=now)
        until = max(now + within, first + timedelta(days=4))
        return np.array([now < start <= until for start in starts], dtype=np.bool_)


def season_table(
    season: int, schedule: Schedule, law: Law, scores: tuple[IntArray, IntArray], **facts: object
) -> pl.DataFrame:
    """Return the table of one season's games; `facts` are further columns or constants."""
    outcomes = law.outcomes()
    columns: dict[str, object] = {
        "week": schedule.week,
        "home": schedule.home,
        "away": schedule.away,
        "day": schedule.days,
        "time": schedule.times,
        "starts_at": pl.Series(schedule.starts_at, dtype=pl.Datetime("us", "UTC")),
        "home_score": scores[0],
        "away_score": scores[1],
        "home_probability": outcomes[:, 0],
        "draw_probability": outcomes[:, 1],
        "away_probability": outcomes[:, 2],
        "expected_margin": law.expected_margin(),
        "expected_total": law.expected_total(),
    }
    constants = {"season": season, **facts}
    return pl.DataFrame(columns).with_columns(
        **{name: value if isinstance(value, pl.Series) else pl.lit(value) for name, value in constants.items()}
    )
