"""The rule of each market: from the score to the grade.

Every rule is a distance in quarter points: how far the result lies on the bettor's side of the line. Half a point or
more wins, a quarter wins half, zero pushes, and the same below. Lines are stored from the home side, so the home
distance of a spread is margin + line and the away distance its negative. Markets without a line (three-way, double
chance, both teams to score) have distance +1 or -1; a moneyline or draw-no-bet tie has distance 0 and pushes.

Scores are those at the end of the market's period, by the league's rule on overtime, in the unit the market counts
(sets for set markets): which score that is, the caller knows; how it settles is decided only here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.market import Market, MarketKind, Selection, Side
from ai_pro_sports.science.grading.grade import GRADES, Grade

__all__ = ["VOID_STATUSES", "settle", "settle_array", "settle_columns"]

FloatArray = npt.NDArray[np.float64]
CodeArray = npt.NDArray[np.int8]

VOID_STATUSES: frozenset[GameStatus] = frozenset(
    {GameStatus.POSTPONED, GameStatus.ABANDONED, GameStatus.CANCELLED, GameStatus.WALKOVER}
)
"""States in which the usual house rule returns every stake."""

_VOID = GRADES.index(Grade.VOID)


def _sign(true: npt.NDArray[np.bool_]) -> FloatArray:
    return np.where(true, 1.0, -1.0)


_THREE_WAY: dict[Side, Callable[[FloatArray], FloatArray]] = {
    Side.HOME: lambda margin: _sign(margin > 0),
    Side.DRAW: lambda margin: _sign(margin == 0),
    Side.AWAY: lambda margin: _sign(margin < 0),
    Side.HOME_OR_DRAW: lambda margin: _sign(margin >= 0),
    Side.HOME_OR_AWAY: lambda margin: _sign(margin != 0),
    Side.DRAW_OR_AWAY: lambda margin: _sign(margin <= 0),
}


def _distance(kind: MarketKind, side: Side, line: FloatArray, home: FloatArray, away: FloatArray) -> FloatArray:
    """Return how far the result lies on the bettor's side; all arrays broadcast together."""
    match kind:
        case MarketKind.MONEYLINE | MarketKind.DRAW_NO_BET:
            home_side = np.sign(home - away)
        case MarketKind.THREE_WAY | MarketKind.DOUBLE_CHANCE:
            return _THREE_WAY[side](home - away)
        case MarketKind.SPREAD | MarketKind.SET_SPREAD:
            home_side = home - away + line
        case MarketKind.TOTAL | MarketKind.TOTAL_SETS:
            home_side = home + away - line
        case MarketKind.HOME_TOTAL:
            home_side = home - line
        case MarketKind.AWAY_TOTAL:
            home_side = away - line
        case MarketKind.BTTS:
            home_side = _sign(np.minimum(home, away) > 0)
    return -home_side if side in {Side.AWAY, Side.UNDER, Side.NO} else home_side


def settle_array(
    kind: MarketKind, side: Side, line: npt.ArrayLike, home_score: npt.ArrayLike, away_score: npt.ArrayLike
) -> CodeArray:
    """Return grade codes (`GRADES[code]`) of one side of one kind of market over arrays that broadcast together.

    `line` is NaN where the kind has none. Raises InvalidValue for a missing score, a side the market does not have, a
    line missing, out of place or not in quarter points.

    >>> settle_array(MarketKind.SPREAD, Side.HOME, [-3.0, -3.25, -2.75], 24, 21).tolist()
    [2, 3, 1]
    """
    lines = np.asarray(line, dtype=np.float64)
    _check(kind, side, lines)
    home, away = np.asarray(home_score, dtype=np.float64), np.asarray(away_score, dtype=np.float64)
    if np.isnan(home).any() or np.isnan(away).any():
        raise InvalidValue("a bet without a score cannot be settled", hint="import the result, or void it by rule")
    distance = _distance(kind, side, lines, home, away)
    # +2 quarters and more is code 0 (win) ... -2 quarters and less is code 4 (loss).
    quarters = np.clip(np.rint(distance * 4), -2, 2)
    return (2 - quarters).astype(np.int8)


def _check(kind: MarketKind, side: Side, lines: FloatArray) -> None:
    # One representative market names what is wrong in the core's own words.
    given = np.unique(lines)
    for value in given[:1] if np.isnan(given).all() else given:
        Selection(Market(kind, line=None if np.isnan(value) else float(value)), side)


def settle(
    market: Market,
    side: Side,
    home_score: int | None,
    away_score: int | None,
    *,
    status: GameStatus = GameStatus.FINAL,
    void_statuses: frozenset[GameStatus] = VOID_STATUSES,
) -> Grade:
    """Return the grade of one bet.

    `void_statuses` is the book's rule on games that were not played to the end; states outside it need a score. Raises
    InvalidValue for a side the market does not have, for a game still to be played, and for a score that is missing.

    >>> settle(Market(MarketKind.SPREAD, line=-3.25), Side.HOME, 24, 21)
    <Grade.HALF_LOSS: 'half_loss'>
    >>> settle(Market(MarketKind.MONEYLINE), Side.AWAY, 20, 20)
    <Grade.PUSH: 'push'>
    """
    Selection(market, side)
    if status in void_statuses:
        return Grade.VOID
    if not status.is_over:
        raise InvalidValue(f"a {status} game cannot be settled", hint="settle when it is final, or void it by rule")
    if home_score is None or away_score is None:
        raise InvalidValue(f"a {status} game without a score cannot be settled", hint="import the result first")
    line = float("nan") if market.line is None else market.line
    return GRADES[int(settle_array(market.kind, side, line, home_score, away_score))]


def settle_columns(
    kind: npt.ArrayLike,
    side: npt.ArrayLike,
    line: npt.ArrayLike,
    home_score: npt.ArrayLike,
    away_score: npt.ArrayLike,
    *,
    void: npt.ArrayLike = False,
) -> CodeArray:
    """Return grade codes of a column of bets of any kinds and sides; every argument is (bets,).

    `kind` and `side` hold the written words, `line` NaN where there is none; `void` marks bets whose stake goes back
    whatever the score. Raises InvalidValue as `settle_array` does.

    >>> settle_columns(["moneyline", "total"], ["home", "under"], [np.nan, 45.0], [24, 24], [21, 21]).tolist()
    [0, 2]
    """
    kinds, sides = np.asarray(kind, dtype=np.str_), np.asarray(side, dtype=np.str_)
    lines, home, away = (np.asarray(column, dtype=np.float64) for column in (line, home_score, away_score))
    codes = np.full(kinds.shape, _VOID, dtype=np.int8)
    settled = ~np.broadcast_to(np.asarray(void, dtype=np.bool_), kinds.shape)
    for one_kind, one_side in {*zip(kinds.tolist(), sides.tolist(), strict=True)}:
        rows = settled & (kinds == one_kind) & (sides == one_side)
        codes[rows] = settle_array(MarketKind(one_kind), Side(one_side), lines[rows], home[rows], away[rows])
    return codes
