"""Time-ordered splits: what is tested is always later than what was learned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue

__all__ = ["SeasonSplit", "expanding_seasons"]

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SeasonSplit:
    """One test season and the masks (games,) of what to learn from and what to forecast."""

    season: int
    train: BoolArray
    test: BoolArray


def expanding_seasons(seasons: npt.ArrayLike, *, min_training: int) -> Iterator[SeasonSplit]:
    """Yield one split per season from the `min_training`-th on: train on every earlier season, test on this one.

    `seasons` (games,) holds each game's season label. Raises InvalidValue for a training size below one.

    >>> [(s.season, s.train.tolist()) for s in expanding_seasons([2020, 2021, 2022], min_training=2)]
    [(2022, [True, True, False])]
    """
    if min_training < 1:
        raise InvalidValue(f"{min_training} training seasons", hint="learn from at least one season")
    of_game = np.asarray(seasons)
    for season in np.unique(of_game)[min_training:]:
        yield SeasonSplit(int(season), of_game < season, of_game == season)
