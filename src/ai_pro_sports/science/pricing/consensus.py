"""What the market thinks: the fair probabilities of many books taken together, at a moment and at the close."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.science.pricing.best_price import SELECTION, standing_quotes
from ai_pro_sports.science.pricing.vig import devig

__all__ = ["Consensus", "closing_probabilities", "consensus"]

_OFFER = ["game_id", "market", "period", "line", "book"]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The market's opinion.

    `fair`: one row per selection with `fair` (probability), `dispersion` (standard deviation between books, 0 for one),
    `books` (how many) and `reference` (`sharp` where a sharp book spoke, else `consensus`).
    `refused`: one row per book left out, with `game_id`, `market`, `period`, `line`, `book`, `reason`.
    """

    fair: pl.DataFrame
    refused: pl.DataFrame


def consensus(standing: pl.DataFrame, method: str, *, sharp_books: Collection[str] = ()) -> Consensus:
    """Return the fair probabilities of every market in standing quotes, vig removed book by book by `method`.

    A book counts where it prices every side of the market at the same line. Where one of `sharp_books` does, only
    sharp books count; else all that were handed in, so pseudo-books such as a best-of-market column must be filtered
    out first. Double chance, whose sides overlap, is left out. Raises UnknownName for an unknown method.
    """
    fair, refused = [], []
    for kind in standing["market"].unique().sort():
        if MarketKind(kind) is not MarketKind.DOUBLE_CHANCE:
            taken, left = _of_kind(standing.filter(pl.col("market") == kind), MarketKind(kind), method)
            fair.append(taken)
            refused.append(left)
    if not fair:
        fair, refused = [_NOTHING_FAIR], [_NOTHING_REFUSED]
    return Consensus(_pooled(pl.concat(fair), sharp_books), pl.concat(refused))


_OFFER_SCHEMA = {
    "game_id": pl.Int64(),
    "market": pl.String(),
    "period": pl.String(),
    "line": pl.Float64(),
    "book": pl.String(),
}
_NOTHING_FAIR = pl.DataFrame(schema=_OFFER_SCHEMA | {"side": pl.String(), "p": pl.Float64()})
_NOTHING_REFUSED = pl.DataFrame(schema=_OFFER_SCHEMA | {"reason": pl.String()})


def _of_kind(quotes: pl.DataFrame, kind: MarketKind, method: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return (fair probability per book and side, refused books) of the quotes of one kind of market."""
    sides = [str(side) for side in EXHAUSTIVE_SIDES[kind]]
    # A book that quotes one selection twice at one moment is taken at its word last given.
    prices = [pl.col("price").filter(pl.col("side") == side).last().alias(side) for side in sides]
    offers = quotes.group_by(_OFFER, maintain_order=True).agg(prices).drop_nulls(sides)
    books = devig(offers.select(sides).to_numpy().reshape(-1, len(sides)), method)
    used = pl.Series(books.accepted, dtype=pl.Boolean)
    reasons = pl.Series([books.reason(row) for row in range(offers.height)], dtype=pl.String)
    fair = (
        offers.select(_OFFER)
        .hstack(pl.DataFrame(books.probabilities, schema=sides))
        .filter(used)
        .unpivot(sides, index=_OFFER, variable_name="side", value_name="p")
    )
    refused = offers.select(_OFFER).with_columns(reasons.alias("reason")).filter(~used)
    return fair.select(_NOTHING_FAIR.columns), refused


def _pooled(fair: pl.DataFrame, sharp_books: Collection[str]) -> pl.DataFrame:
    """Average over books; fair probabilities of a market then still sum to 1."""
    sharp = pl.col("book").is_in(list(sharp_books))
    heard = fair.with_columns(sharp.alias("sharp")).filter(
        pl.col("sharp") | ~pl.col("sharp").any().over("game_id", "market", "period", "line")
    )
    return (
        heard.group_by(SELECTION)
        .agg(
            pl.col("p").mean().alias("fair"),
            pl.col("p").std(ddof=0).alias("dispersion"),
            pl.len().cast(pl.Int64).alias("books"),
            pl.when(pl.col("sharp").any()).then(pl.lit("sharp")).otherwise(pl.lit("consensus")).alias("reference"),
        )
        .sort(SELECTION)
    )


def closing_probabilities(
    quotes: pl.DataFrame,
    starts: pl.DataFrame,
    kind: MarketKind,
    method: str,
    *,
    books: Collection[str] | None = None,
    sharp_books: Collection[str] = (),
) -> pl.DataFrame:
    """Return each game's closing probabilities of a market without a line: `game_id`, one `p_<side>` per side, `books`,
    `reference`.

    `starts` has `game_id` and `starts_at`. The close is the last quote known by the start, a stamped one or one its
    source calls a close; earlier nominal prices (open, pre-close) are not taken for it. Games without a whole book at
    the close are not in the answer.
    """
    closing = quotes.filter(
        pl.col("market") == str(kind), pl.col("moment").is_in([str(Moment.CLOSE), str(Moment.STAMPED)])
    )
    moments = starts.select("game_id", pl.col("starts_at").alias("as_of"))
    fair = consensus(standing_quotes(closing, moments, books=books), method, sharp_books=sharp_books).fair
    full = fair.filter(pl.col("period") == "full")
    sides = [str(side) for side in EXHAUSTIVE_SIDES[kind]]
    columns = [pl.col("fair").filter(pl.col("side") == side).first().alias(f"p_{side}") for side in sides]
    return full.group_by("game_id").agg(*columns, pl.first("books", "reference")).sort("game_id")
