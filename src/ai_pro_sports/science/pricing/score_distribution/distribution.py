"""The batch object: one joint law of both final scores per game, and every market that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import MarketKind, Side
from ai_pro_sports.science.grading.grade import GRADES, Grade
from ai_pro_sports.science.grading.settle import settle_array
from ai_pro_sports.science.pricing.score_distribution.grades import GradeProbabilities, WinPushLoss

__all__ = ["ScoreDistribution", "cell_margins"]

FloatArray = npt.NDArray[np.float64]

# A law gives no mass to void, whose code is the last.
_DECIDABLE = GRADES.index(Grade.VOID)


@lru_cache(maxsize=16)
def cell_margins(home_scores: int, away_scores: int) -> sparse.csr_array:
    """Return the 0/1 matrix (cells, margins) that sums a flattened grid by margin, lowest margin first."""
    home, away = np.indices((home_scores, away_scores))
    return _indicator((home - away + away_scores - 1).ravel(), home_scores + away_scores - 1)


@lru_cache(maxsize=16)
def _cell_totals(home_scores: int, away_scores: int) -> sparse.csr_array:
    home, away = np.indices((home_scores, away_scores))
    return _indicator((home + away).ravel(), home_scores + away_scores - 1)


def _indicator(column: npt.NDArray[np.intp], columns: int) -> sparse.csr_array:
    rows = np.arange(column.size)
    return sparse.csr_array((np.ones(column.size), (rows, column)), shape=(column.size, columns))


@dataclass(frozen=True)
class ScoreDistribution:
    """The laws of a batch of games: `mass[g, h, a]` is the probability that game g ends h to a.

    Every market is a sum over cells, each cell graded by `grading.settle`, so win + push + loss is 1, markets agree
    with each other, and a price settles as it was priced. Raises InvalidValue for negative mass or a game whose mass
    is not 1 within 1e-9. A grid of 81 by 81 takes 52 kB per game: hand large histories over in batches.

    >>> coin = ScoreDistribution(np.array([[[0.0, 0.5], [0.5, 0.0]]]))
    >>> coin.win().tolist(), coin.over(0.5).win.tolist()
    ([0.5], [1.0])
    """

    mass: FloatArray

    def __post_init__(self) -> None:
        if self.mass.ndim != 3:
            raise InvalidValue(f"mass of shape {self.mass.shape}", hint="give (games, home scores, away scores)")
        if not (self.mass >= 0).all():
            raise InvalidValue("a score has negative or missing probability", hint="check the law's parameters")
        if (np.abs(self.mass.sum(axis=(1, 2)) - 1) > 1e-9).any():
            raise InvalidValue("the scores of a game do not exhaust it", hint="normalise the mass of each game")

    @classmethod
    def normalised(cls, weight: FloatArray) -> ScoreDistribution:
        """Return the laws whose mass is proportional to `weight`, (games, home scores, away scores)."""
        return cls(weight / weight.sum(axis=(1, 2), keepdims=True))

    def __len__(self) -> int:
        return len(self.mass)

    def take(self, games: npt.ArrayLike) -> ScoreDistribution:
        """Return the laws of some of the games, by position or mask."""
        return ScoreDistribution(self.mass[np.asarray(games)])

    @cached_property
    def margins(self) -> tuple[npt.NDArray[np.int_], FloatArray]:
        """Return the home margins that are possible, (margins,), and their probabilities, (games, margins)."""
        _, home, away = self.mass.shape
        return np.arange(1 - away, home), self._cells @ cell_margins(home, away)

    @cached_property
    def totals(self) -> tuple[npt.NDArray[np.int_], FloatArray]:
        """Return the totals that are possible, (totals,), and their probabilities, (games, totals)."""
        _, home, away = self.mass.shape
        return np.arange(home + away - 1), self._cells @ _cell_totals(home, away)

    @property
    def _cells(self) -> FloatArray:
        games, home, away = self.mass.shape
        return self.mass.reshape(games, home * away)

    def win(self) -> FloatArray:
        """Return the probability that the home side scores more, (games,)."""
        return self.three_way()[:, 0]

    def draw(self) -> FloatArray:
        """Return the probability of equal scores, (games,)."""
        return self.three_way()[:, 1]

    def lose(self) -> FloatArray:
        """Return the probability that the away side scores more, (games,)."""
        return self.three_way()[:, 2]

    def three_way(self) -> FloatArray:
        """Return the probabilities of home win, draw and away win, (games, 3)."""
        margin, mass = self.margins
        classes = np.column_stack([margin > 0, margin == 0, margin < 0]).astype(np.float64)
        return mass @ classes

    def cover(self, line: npt.ArrayLike) -> WinPushLoss:
        """Return what a home-side spread bet at `line` (home-side handicap, one or (games,)) does."""
        return self.grades(MarketKind.SPREAD, Side.HOME, line).shares()

    def over(self, line: npt.ArrayLike) -> WinPushLoss:
        """Return what an over bet on the total at `line`, one or (games,), does."""
        return self.grades(MarketKind.TOTAL, Side.OVER, line).shares()

    def exact(self, home_score: int, away_score: int) -> FloatArray:
        """Return the probability of one final score, (games,); scores beyond the grid have none."""
        _, home, away = self.mass.shape
        if 0 <= home_score < home and 0 <= away_score < away:
            return self.mass[:, home_score, away_score]
        return np.zeros(len(self))

    def grades(self, kind: MarketKind, side: Side, line: npt.ArrayLike = np.nan) -> GradeProbabilities:
        """Return the probability of each grade of a bet on the final score, at one line or one per game.

        Raises InvalidValue for a side or line the market does not have, and for set markets, which scores cannot tell.
        """
        if kind in {MarketKind.SET_SPREAD, MarketKind.TOTAL_SETS}:
            raise InvalidValue(f"a law of final scores does not price {kind}", hint="use a law of sets")
        lines = np.broadcast_to(np.asarray(line, dtype=np.float64), len(self))
        shares = np.zeros((len(self), _DECIDABLE))
        for one, games in _games_by_line(lines):
            shares[games] = self._cells[games] @ self._graded(kind, side, one)
        return GradeProbabilities(*shares.T)

    def _graded(self, kind: MarketKind, side: Side, line: float) -> FloatArray:
        """Return the grade of every cell as 0/1 columns, (cells, grades)."""
        home, away = np.indices(self.mass.shape[1:])
        return np.eye(_DECIDABLE)[settle_array(kind, side, line, home.ravel(), away.ravel())]

    def moments(self) -> dict[str, FloatArray]:
        """Return mean and standard deviation of the margin and of the total, (games,) each."""
        found: dict[str, FloatArray] = {}
        for name, (values, mass) in (("margin", self.margins), ("total", self.totals)):
            mean = mass @ values
            found[f"{name}_mean"] = mean
            found[f"{name}_sd"] = np.sqrt(np.maximum(mass @ np.square(values) - np.square(mean), 0.0))
        return found


def _games_by_line(lines: FloatArray) -> list[tuple[float, npt.NDArray[np.intp] | slice]]:
    """Return each distinct line with the games that have it; a slice where all have the same."""
    distinct, which = np.unique(lines, return_inverse=True)
    if distinct.size == 1:
        return [(float(distinct[0]), slice(None))]
    return [(float(line), np.flatnonzero(which == position)) for position, line in enumerate(distinct)]
