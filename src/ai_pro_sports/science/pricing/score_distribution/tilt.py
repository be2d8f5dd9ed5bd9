"""Tilting: the least change of a law after which its result has given probabilities.

Among all laws with the wanted probabilities of home win, draw and away win, the one nearest in relative entropy
multiplies each of the three classes of scores by one factor. Spread and total follow from the tilted law, so they stay
in agreement with the calibrated result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution

__all__ = ["tilt_to_three_way", "tilt_to_winner"]


def tilt_to_three_way(law: ScoreDistribution, result: npt.ArrayLike) -> ScoreDistribution:
    """Return the law with these probabilities of home win, draw and away win, (games, 3), rows summing to 1.

    Raises InvalidValue where a class without mass is given some: no reweighting can do that.

    >>> from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
    >>> tilt_to_three_way(goal_grid([1.5], [1.1]), [[0.5, 0.26, 0.24]]).three_way().round(6).tolist()
    [[0.5, 0.26, 0.24]]
    """
    wanted = np.asarray(result, dtype=np.float64)
    if wanted.shape != (len(law), 3) or not (np.abs(wanted.sum(axis=1) - 1) < 1e-6).all() or (wanted < 0).any():
        raise InvalidValue(f"results of shape {wanted.shape} for {len(law)} games", hint="give rows that sum to 1")
    has = law.three_way()
    if ((has <= 0) & (wanted > 0)).any():
        raise InvalidValue("a result the law rules out was given probability", hint="tilt by the decided result only")
    factor = np.divide(wanted, has, out=np.ones_like(wanted), where=has > 0)
    home, away = np.indices(law.mass.shape[1:])
    class_of = np.where(home > away, 0, np.where(home == away, 1, 2))
    return ScoreDistribution.normalised(law.mass * factor[:, class_of])


def tilt_to_winner(law: ScoreDistribution, home: npt.ArrayLike) -> ScoreDistribution:
    """Return the law with this probability of a home win given that somebody wins, (games,); the tie keeps its mass.

    >>> from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
    >>> before = goal_grid([1.5], [1.1])
    >>> after = tilt_to_winner(before, [0.7])
    >>> (after.win() / (after.win() + after.lose())).round(6).tolist(), bool(np.isclose(after.draw(), before.draw())[0])
    ([0.7], True)
    """
    wins = np.asarray(home, dtype=np.float64)
    decided = 1 - law.draw()
    return tilt_to_three_way(law, np.column_stack([wins * decided, law.draw(), (1 - wins) * decided]))
