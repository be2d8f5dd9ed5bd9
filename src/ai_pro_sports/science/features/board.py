"""The board: what the books show of each game at its cut, reduced to a consensus.

A book's price counts only as part of its whole market at one time. Where a book shows several lines, the one whose two
prices are nearest is its line. The consensus is the median over books. The best prices over books are nobody's market
and are left out; an average over books counts where no book of its own is at hand.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind, Period
from ai_pro_sports.core.quote import MARKET_AVERAGE, MARKET_BEST, Moment
from ai_pro_sports.science.features.declared import Board, Quotes
from ai_pro_sports.science.pricing.vig import devig

__all__ = ["BOARD", "board"]

# Sums over books may differ in their last bits with the order of the rows; a feature must not.
_DECIMALS = 8

_BOOK = ("game_id", "book")
_WHEN = (*_BOOK, "known_at", "_moment")
_LATENESS = {moment: late for late, moment in enumerate((Moment.OPEN, Moment.PRE_CLOSE, Moment.STAMPED, Moment.CLOSE))}


def board(quotes: Quotes) -> pl.DataFrame:
    """Return one row per game with quotes.

    Columns `{spread,total}_{open,now}`, `{home,draw,away}_prob_now` (draw where it can happen), `home_prob_disp_now`.
    Lines are from the home side. `open` is the median of each book's first line, `now` of each book's last. Fair
    probabilities are of the league's result market by its own vig method; `disp` is their standard deviation over
    books, null for fewer than two. Without any quote of a kind the column is null.
    """
    full = quotes.visible.filter((pl.col("period") == str(Period.FULL)) & (pl.col("book") != MARKET_BEST))
    # Of a book's prices of one time, as a stamped one and a nominal one can be, the one called later is later.
    full = full.with_columns(pl.col("moment").replace_strict(_LATENESS, return_dtype=pl.Int8).alias("_moment"))
    has_own = (pl.col("book") != MARKET_AVERAGE).any().over("game_id", "market")
    full = full.filter((pl.col("book") != MARKET_AVERAGE) | ~has_own)
    spread = _lines(full, MarketKind.SPREAD, "spread")
    total = _lines(full, MarketKind.TOTAL, "total")
    fair = _fair(full, quotes.league.result_market, quotes.league.vig_method)
    games = full.select("game_id").unique(maintain_order=True)
    for part in (spread, total, fair):
        games = games.join(part, on="game_id", how="left")
    return games


def _lines(full: pl.DataFrame, kind: MarketKind, name: str) -> pl.DataFrame:
    first, second = EXHAUSTIVE_SIDES[kind]
    price = {side: pl.col("price").filter(pl.col("side") == str(side)).max() for side in (first, second)}
    offered = (
        full.filter(pl.col("market") == str(kind))
        .group_by(*_WHEN, "line")
        .agg((1 / price[first] - 1 / price[second]).abs().alias("tilt"))
        .sort(*_WHEN, "tilt", "line", nulls_last=True)
        .unique(_WHEN, keep="first", maintain_order=True)
    )
    per_book = offered.group_by(_BOOK, maintain_order=True).agg(
        pl.col("line").first().alias(f"{name}_open"), pl.col("line").last().alias(f"{name}_now")
    )
    return per_book.group_by("game_id").agg(pl.col(f"{name}_open", f"{name}_now").median())


def _fair(full: pl.DataFrame, kind: MarketKind, method: str) -> pl.DataFrame:
    sides = EXHAUSTIVE_SIDES[kind]
    priced = full.filter((pl.col("market") == str(kind)) & pl.col("price").is_not_null())
    whole = (
        priced.group_by(*_WHEN)
        .agg(pl.col("price").filter(pl.col("side") == str(side)).max().alias(str(side)) for side in sides)
        .drop_nulls()
        .sort(_WHEN)
        .unique(_BOOK, keep="last", maintain_order=True)
    )
    fair = devig(whole.select(map(str, sides)).to_numpy(), method).probabilities.round(_DECIMALS)
    named = [pl.Series(f"{side}_prob_now", np.ascontiguousarray(fair[:, i])) for i, side in enumerate(sides)]
    books = whole.select("game_id").with_columns(named).filter(pl.col("home_prob_now").is_not_nan())
    return books.group_by("game_id").agg(
        *(pl.col(f"{side}_prob_now").median() for side in sides),
        pl.col("home_prob_now").std().round(_DECIMALS).alias("home_prob_disp_now"),
    )


BOARD = Board("board", board)
"""The consensus of each game's visible quotes: see `board`."""
