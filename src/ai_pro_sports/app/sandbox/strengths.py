"""What is hidden: every club's attack and defence, drifting from week to week and regressing between seasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["EPOCH", "StrengthLaw", "season_paths"]

FloatArray = npt.NDArray[np.float64]

EPOCH = 2000
"""The season in which every simulated league begins its hidden history."""


@dataclass(frozen=True, slots=True)
class StrengthLaw:
    """How strengths move, in the sport's own unit (points, or log goals).

    `attack_sd` and `defence_sd` are the stationary deviations about a club's long-run level, `together` their
    correlation; `weekly` and `carry_over` are the autocorrelations from one week and from one season to the next.
    """

    attack_sd: float
    defence_sd: float
    together: float
    weekly: float
    carry_over: float


def season_paths(
    law: StrengthLaw, levels: FloatArray, weeks: int, until: int, draw: Callable[[int], np.random.Generator]
) -> Iterator[tuple[int, FloatArray]]:
    """Yield each season from `EPOCH` to `until` with its strengths, shape (weeks, clubs, 2): attack, defence.

    A first-order autoregression about `levels` (clubs, 2), stationary from the first week on; `draw(season)` gives the
    season's own generator, so that a season does not depend on which seasons are asked for after it.
    """
    rest = np.sqrt(1 - law.together**2)
    mixed = np.array([[law.attack_sd, law.together * law.defence_sd], [0.0, rest * law.defence_sd]])
    deviation = np.zeros_like(levels)
    for season in range(EPOCH, until + 1):
        generator = draw(season)
        shocks = generator.standard_normal((weeks, *levels.shape)) @ mixed
        path = np.empty_like(shocks)
        for week in range(weeks):
            kept = law.weekly if week else (0.0 if season == EPOCH else law.carry_over)
            deviation = kept * deviation + np.sqrt(1 - kept**2) * shocks[week]
            path[week] = levels + deviation
        yield season, path
