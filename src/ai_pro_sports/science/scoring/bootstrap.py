"""Block-bootstrap intervals: games of one week share weather, news and opponents, so whole weeks are drawn, not games.

One `BlockBootstrap` serves every measure of one comparison, so all of them see the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["BlockBootstrap", "Estimate", "paired_difference"]

FloatArray = npt.NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, its 95 % interval and the count of games it rests on; the bounds are NaN where there is no interval."""

    value: float
    low: float
    high: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Return whether zero lies outside the interval; False where there is no interval."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}], n={self.n:,}"


@dataclass(frozen=True)
class BlockBootstrap:
    """Resamples of whole blocks: `block_of` (games,) numbers each game's block, `draws` (resamples, blocks) counts how
    often each block was drawn.

    >>> weeks = np.repeat(np.arange(50), 10)
    >>> estimate = BlockBootstrap.over(weeks, seed=1).mean(np.tile([0.0, 1.0], 250))
    >>> estimate.value, estimate.low, estimate.high
    (0.5, 0.5, 0.5)
    """

    block_of: npt.NDArray[np.intp]
    draws: FloatArray

    @classmethod
    def over(cls, blocks: npt.ArrayLike, *, seed: int, resamples: int = 2000) -> BlockBootstrap:
        """Draw as many blocks as there are, with replacement, `resamples` times.

        `blocks` (games,) holds any labels: the ISO week, the date. Raises InvalidValue for no games at all.
        """
        labels = np.asarray(blocks)
        if labels.ndim != 1 or labels.size == 0:
            raise InvalidValue(f"blocks of shape {labels.shape}", hint="give one block label per game, at least one")
        _, block_of = np.unique(labels, return_inverse=True)
        count = int(block_of.max()) + 1
        drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
        return cls(block_of.astype(np.intp), drawn.astype(np.float64))

    @property
    def n(self) -> int:
        """Return the number of games."""
        return int(self.block_of.size)

    @cached_property
    def sizes(self) -> FloatArray:
        """Return the number of games in each draw, (resamples,)."""
        return self.sums(np.ones(self.n))

    def sums(self, values: npt.ArrayLike) -> FloatArray:
        """Return the sum over each draw: (resamples,) of values (games,), (resamples, columns) of (games, columns)."""
        each = np.asarray(values, dtype=np.float64)
        if each.shape[:1] != self.block_of.shape:
            raise InvalidValue(f"{each.shape[0]} values for {self.n} games", hint="score the same games")
        by_block = np.zeros((self.draws.shape[1], *each.shape[1:]))
        np.add.at(by_block, self.block_of, each)
        drawn: FloatArray = self.draws @ by_block
        return drawn

    def weights(self, resample: int) -> FloatArray:
        """Return how often each game is in one draw, (games,)."""
        times: FloatArray = self.draws[resample][self.block_of]
        return times

    def mean(self, values: npt.ArrayLike) -> Estimate:
        """Return the mean of values (games,) with its interval; raises InvalidValue for missing values."""
        each = np.asarray(values, dtype=np.float64)
        if not np.isfinite(each).all():
            raise InvalidValue("a value to average is missing or infinite", hint="score the same games")
        return self.estimate(float(each.mean()), self.sums(each) / self.sizes)

    def estimate(self, value: float, replicates: npt.ArrayLike) -> Estimate:
        """Return `value` with the percentile interval of its bootstrap replicates, (resamples,) or fewer.

        One block alone says nothing about the spread between blocks: the bounds are then NaN.
        """
        spread = np.asarray(replicates, dtype=np.float64)
        spread = spread[np.isfinite(spread)]
        if self.draws.shape[1] < 2 or spread.size == 0:
            return Estimate(value, float("nan"), float("nan"), self.n)
        low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Estimate(value, float(low), float(high), self.n)


def paired_difference(ours: npt.ArrayLike, theirs: npt.ArrayLike, bootstrap: BlockBootstrap) -> Estimate:
    """Return the mean of ours - theirs over identical games, both (games,), with its interval.

    >>> weeks = BlockBootstrap.over([1, 1, 2, 2], seed=1)
    >>> paired_difference([0.5, 0.7, 0.6, 0.6], [0.4, 0.6, 0.5, 0.5], weeks).value.__round__(6)
    0.1
    """
    first, second = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if first.shape != second.shape:
        raise InvalidValue(f"scores of {first.size} and {second.size} games", hint="compare identical games only")
    return bootstrap.mean(first - second)
