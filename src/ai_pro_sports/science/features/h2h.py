"""Head to head: how earlier meetings of the same two sides went, at either ground."""

from __future__ import annotations

from functools import partial

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row
from ai_pro_sports.science.features.sources import MEETINGS
from ai_pro_sports.science.features.windows import YEAR
from ai_pro_sports.science.ratings.ratio import ratio

__all__ = ["H2H"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)

_TOTALS = ("low_margin", "low_won", "low_points", "high_points")
_PAIR = ("pair_low", "pair_high")
_SO_FAR = pl.struct(
    pl.int_range(1, pl.len() + 1).over(_PAIR).alias("meetings"),
    *(pl.col(name).cast(pl.Float64).cum_sum().over(_PAIR).alias(name) for name in _TOTALS),
)
_FIVE_YEARS = {"now": Reading(MEETINGS, _SO_FAR), "then": Reading(MEETINGS, _SO_FAR, before=5 * YEAR)}


def _in_window(row: Row, name: str) -> pl.Expr:
    return row["now"].struct.field(name).fill_null(0) - row["then"].struct.field(name).fill_null(0)


def _home_is_low() -> pl.Expr:
    return pl.col("home_team") == pl.col("pair_low")


def _win_share(row: Row) -> pl.Expr:
    meetings, low_won = _in_window(row, "meetings"), _in_window(row, "low_won")
    won = pl.when(_home_is_low()).then(low_won).otherwise(meetings - low_won)
    return ratio(won + 1, meetings + 2)


def _mean_margin(row: Row) -> pl.Expr:
    meetings, low_margin = _in_window(row, "meetings"), _in_window(row, "low_margin")
    margin = pl.when(_home_is_low()).then(low_margin).otherwise(-low_margin)
    return pl.when(meetings > 0).then(ratio(margin, meetings))


def _dominance(row: Row) -> pl.Expr:
    low, high = _in_window(row, "low_points"), _in_window(row, "high_points")
    return ratio(pl.when(_home_is_low()).then(low).otherwise(high) + 1, low + high + 2)


_feature = partial(Feature, readings=_FIVE_YEARS)

H2H: tuple[Feature, ...] = (
    _feature(
        "h2h_home_win_pct_y5",
        definition="Share of the meetings known in the five years before the cut that the home side won, ties as half, "
        "at either ground, after adding one win each.",
        leagues=_NFL,
        missing="never: 0.5 without a meeting",
        finish=_win_share,
    ),
    _feature(
        "h2h_home_avg_margin_y5",
        definition="Mean margin of the meetings known in the five years before the cut, from the home side's view.",
        leagues=_NFL,
        missing="null without a meeting",
        finish=_mean_margin,
    ),
    _feature(
        "h2h_home_dominance_y5",
        definition="The home side's share of the points (3, 1, 0) both took from each other in the five years before "
        "the cut, at either ground, after adding one point each.",
        leagues=_SOCCER,
        missing="never: 0.5 without a meeting",
        finish=_dominance,
    ),
)
