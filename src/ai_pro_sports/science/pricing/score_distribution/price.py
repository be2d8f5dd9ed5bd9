"""The general entry: any market on the final score, any side, from one law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import Market, Period, Selection, Side
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution
from ai_pro_sports.science.pricing.score_distribution.grades import GradeProbabilities, WinPushLoss

__all__ = ["fair_price", "grade_probabilities", "price"]


def grade_probabilities(law: ScoreDistribution, market: Market, side: Side) -> GradeProbabilities:
    """Return the probability of each grade of a bet on `side` of `market`, (games,) each.

    Raises InvalidValue for a side the market does not have and for a period that the law of the full game cannot tell.
    """
    Selection(market, side)
    if market.period is not Period.FULL:
        raise InvalidValue(f"a law of the full game does not price {market.period}", hint="use the period's own law")
    return law.grades(market.kind, side, np.nan if market.line is None else market.line)


def price(law: ScoreDistribution, market: Market, side: Side) -> WinPushLoss:
    """Return the shares of the stake that win, come back and are lost on `side` of `market`, (games,) each.

    >>> from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
    >>> win, push, loss = price(goal_grid([1.4], [1.4]), Market.parse("draw_no_bet:full:"), Side.HOME)
    >>> bool(np.isclose(win[0], loss[0])), push.round(3).tolist()
    (True, [0.253])
    """
    return grade_probabilities(law, market, side).shares()


def fair_price(law: ScoreDistribution, market: Market, side: Side) -> npt.NDArray[np.float64]:
    """Return the decimal price without profit for either side, pushes returned, (games,); infinite where it never wins.

    >>> from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
    >>> fair_price(goal_grid([1.4], [1.4]), Market.parse("spread:full:0"), Side.HOME).round(6).tolist()
    [2.0]
    """
    with np.errstate(divide="ignore"):
        decimal: npt.NDArray[np.float64] = 1 / price(law, market, side).decided
    return decimal
