"""Learning key numbers: how much more or less often games end k apart, or a side scores s, than a smooth law says."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ai_pro_sports.science.pricing.score_distribution.key_number_grid import KeyNumbers, key_number_grid, margin_law

__all__ = ["fit_key_numbers"]

FloatArray = npt.NDArray[np.float64]

WIDEST_MARGIN = 28
HIGHEST_SCORE = 60
ROUNDS = 8
LEAST_FACTOR = 1e-9
TIE_PRIOR = 0.05
"""The factor a tie is pulled to, not 1: overtime leaves few games level."""


def fit_key_numbers(
    home: FloatArray,
    away: FloatArray,
    margin: tuple[FloatArray, float],
    total: tuple[FloatArray, float],
    *,
    shrinkage: float,
) -> KeyNumbers:
    """Return the factors of margins and of sides' scores over finished games.

    `home` and `away` are scores (games,); `margin` and `total` are the smooth law's means (games,) and standard
    deviation. A factor is (seen + s) / (expected + s) with s = `shrinkage` games, solved by repeated rescaling so that
    it holds under the law with all factors in place: rare numbers stay near 1 (a tie near `TIE_PRIOR`), frequent ones
    follow the data.
    """
    by_margin = _margin_factors(home - away, *margin, shrinkage=shrinkage)
    by_score = _score_factors(home, away, margin, total, by_margin, shrinkage=shrinkage)
    return KeyNumbers(tuple(by_margin.tolist()), tuple(by_score.tolist()))


def _margin_factors(seen: FloatArray, mean: FloatArray, sd: float, *, shrinkage: float) -> FloatArray:
    count = np.bincount(np.abs(seen).astype(np.intp), minlength=WIDEST_MARGIN + 1)[: WIDEST_MARGIN + 1]
    prior = np.ones(WIDEST_MARGIN + 1)
    prior[0] = TIE_PRIOR
    factors = prior
    for _ in range(ROUNDS):
        law = margin_law(mean, sd, KeyNumbers(margin=tuple(factors.tolist()))).sum(axis=0)
        middle = law.size // 2
        expected = law[middle : middle + WIDEST_MARGIN + 1].copy()
        expected[1:] += law[middle - WIDEST_MARGIN : middle][::-1]
        # `expected / factors` is what the smooth law alone, normalised as it is now, would give.
        factors = np.maximum((count + shrinkage * prior) / (expected / factors + shrinkage), LEAST_FACTOR)
    return factors


def _score_factors(
    home: FloatArray,
    away: FloatArray,
    margin: tuple[FloatArray, float],
    total: tuple[FloatArray, float],
    by_margin: FloatArray,
    *,
    shrinkage: float,
) -> FloatArray:
    """Fit the scores of both sides to one pooled game, whose bells are as wide as all games together."""
    both = np.concatenate([home, away]).astype(np.intp)
    count = np.bincount(np.minimum(both, HIGHEST_SCORE + 1), minlength=HIGHEST_SCORE + 2)[: HIGHEST_SCORE + 1]
    (margin_mean, margin_sd), (total_mean, total_sd) = margin, total
    factors = np.ones(HIGHEST_SCORE + 1)
    for _ in range(ROUNDS):
        law = key_number_grid(
            margin_mean.mean(),
            np.hypot(margin_sd, margin_mean.std()),
            total_mean.mean(),
            np.hypot(total_sd, total_mean.std()),
            KeyNumbers(tuple(by_margin.tolist()), tuple(factors.tolist())),
        ).mass[0]
        expected = (law.sum(axis=1) + law.sum(axis=0))[: HIGHEST_SCORE + 1] * home.size
        factors = np.maximum((count + shrinkage) / (expected / factors + shrinkage), LEAST_FACTOR)
    return factors
