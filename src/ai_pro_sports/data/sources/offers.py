"""Prices in wide rows to quotes, one per side, with every price that cannot be true set aside and its game kept.

An offer is what one book quotes on one market at one moment: the price columns of its sides and, for spreads and
totals, where its line is. All offers of a table are read in one pass: unpivot, join, judge each price and offer.

Bounds of the over-round (the sum of 1/price over all sides) are those under which a price pair counts as valid; lines
must be plausible for the league; a spread and the price of the winner must favour the same side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from ai_pro_sports.core.contracts import STAGED_QUOTES
from ai_pro_sports.core.leagues import Bounds
from ai_pro_sports.core.market import MarketKind, Period, Side
from ai_pro_sports.core.odds import MAX_DECIMAL
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.books import BOUNDLESS
from ai_pro_sports.data.sources.cells import as_json, number, shaped, whole
from ai_pro_sports.data.sources.csv_table import ROW
from ai_pro_sports.data.sources.source import REJECTS

__all__ = ["Notation", "Offer", "read_offers"]

Notation = Literal["decimal", "american"]

OVER_ROUND_LOW = 0.98
OVER_ROUND_HIGH = {2: 1.25, 3: 1.35}
BEST_OF_LOW = 0.80
"""The lowest over-round of a best-of or an exchange that is still taken for prices and not for a typing error."""

LINE_OF_A_FAVOURITE = 1 / 12
"""A spread this large, as a share of the league's widest, leaves no doubt about the favourite ..."""
LEAN_OF_A_FAVOURITE = 0.10
"""... and so do winner prices whose implied probabilities differ by this much."""

_WINNER = (MarketKind.MONEYLINE, MarketKind.THREE_WAY)
_KEYS = [ROW, "external_id", "stamped_at"]
_OFFER = [ROW, "offer"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One book's prices on one market at one moment, by the columns they stand in.

    `line_column` holds the line of a spread or total, `fixed_line` replaces it where the market has one line only.
    `line_sign` is -1 where the feed's positive spread means that home is favoured. With `line_alone` a line without
    prices still makes quotes, whose price is null.
    """

    book: str
    market: MarketKind
    moment: Moment
    prices: tuple[tuple[Side, str], ...]
    line_column: str | None = None
    fixed_line: float | None = None
    line_sign: int = 1
    line_alone: bool = False

    @property
    def has_line(self) -> bool:
        """Return whether the market needs a line."""
        return self.line_column is not None or self.fixed_line is not None


def read_offers(
    frame: pl.DataFrame, offers: Sequence[Offer], *, notation: Notation, bounds: Bounds
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return staged quotes and rejects of the `offers` in `frame`.

    `frame` has the row number, `external_id`, `stamped_at` (UTC; where set, the quote is stamped with it, else it has
    the offer's moment and no time) and the columns of the offers as texts. A price that cannot be read or cannot exist
    loses only itself; a bad line, an over-round out of bounds or a contradiction between spread and winner prices
    loses the whole offer. There is one reject per row and offer.
    """
    if not offers or frame.is_empty():
        return STAGED_QUOTES.empty(), pl.DataFrame(schema=REJECTS)
    cells = _long(frame, offers)
    priced = cells.with_columns(_price(notation)).with_columns(_cell_fault(notation), _line_fault(bounds))
    judged = _cross_check(_over_round(priced), bounds)
    usable = pl.all_horizontal(pl.col("cell_fault", "line_fault", "book_fault", "cross_fault").is_null())
    return _quotes(judged.filter(usable), notation), _rejects(judged.filter(~usable))


def _long(frame: pl.DataFrame, offers: Sequence[Offer]) -> pl.DataFrame:
    """Return one row per price cell that says something, with its offer and line."""
    price_columns = [column for offer in offers for _, column in offer.prices]
    line_columns = sorted({offer.line_column for offer in offers if offer.line_column})
    cells = frame.select(*_KEYS, *price_columns).unpivot(
        price_columns, index=_KEYS, variable_name="column", value_name="cell"
    )
    if not any(offer.line_alone for offer in offers):
        cells = cells.filter(pl.col("cell").is_not_null())
    lines = (
        pl.concat(
            frame.select(ROW, pl.lit(column).alias("line_column"), pl.col(column).alias("line_cell"))
            for column in line_columns
        )
        if line_columns
        else pl.DataFrame(schema={ROW: pl.Int64, "line_column": pl.String, "line_cell": pl.String})
    )
    joined = (
        cells.join(_offer_table(offers), on="column", how="inner", maintain_order="left")
        .join(lines.with_columns(_line_value()), on=[ROW, "line_column"], how="left", maintain_order="left")
        .with_columns(pl.coalesce(_from_home(), "fixed_line").alias("line"))
    )
    return joined.filter(pl.col("cell").is_not_null() | (pl.col("line_alone") & pl.col("line_cell").is_not_null()))


def _offer_table(offers: Sequence[Offer]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "offer": position,
                "column": column,
                "side": str(side),
                "sides": len(offer.prices),
                "book": offer.book,
                "market": str(offer.market),
                "moment": str(offer.moment),
                "line_column": offer.line_column,
                "fixed_line": offer.fixed_line,
                "line_sign": offer.line_sign,
                "line_alone": offer.line_alone,
                "has_line": offer.has_line,
                "low": BEST_OF_LOW if offer.book in BOUNDLESS else OVER_ROUND_LOW,
                "high": OVER_ROUND_HIGH[len(offer.prices)],
            }
            for position, offer in enumerate(offers)
            for side, column in offer.prices
        ],
        schema_overrides={"line_column": pl.String, "fixed_line": pl.Float64},
    )


def _line_value() -> pl.Expr:
    """Return `line_cell` as a number; a split line, as in `-0.5,-1`, is the mean of its halves."""
    halves = pl.col("line_cell").str.split(",").list.eval(pl.element().str.strip_chars().cast(pl.Float64, strict=False))
    readable = (halves.list.len() <= 2) & ~halves.list.contains(None)
    value = halves.list.mean()
    return pl.when(readable & value.is_finite()).then(value).alias("line")


def _from_home() -> pl.Expr:
    """Return the line from the home side; a pick'em is 0, never -0, which would be another market."""
    line = pl.col("line") * pl.col("line_sign")
    return pl.when(line == 0).then(0.0).otherwise(line)


def _price(notation: Notation) -> list[pl.Expr]:
    quoted = number("cell")
    if notation == "decimal":
        return [quoted.alias("quoted"), quoted.alias("price")]
    decimal = pl.when(quoted > 0).then(1 + quoted / 100).otherwise(1 - 100 / quoted)
    return [quoted.alias("quoted"), pl.when(quoted.abs() >= 100).then(decimal).alias("price")]


def _cell_fault(notation: Notation) -> pl.Expr:
    said, quoted = pl.col("cell"), pl.col("quoted")
    if notation == "american":
        impossible = pl.when(quoted.abs() < 100).then(pl.format("American price {} lies inside ±100", said))
    else:
        impossible = pl.when(quoted <= 1).then(pl.format("price {} is not above 1", said))
    return pl.coalesce(
        pl.when(said.is_not_null() & quoted.is_null()).then(pl.format("'{}' is no price", said)),
        impossible,
        pl.when(pl.col("price") > MAX_DECIMAL).then(pl.format("price {} is beyond belief", said)),
    ).alias("cell_fault")


def _line_fault(bounds: Bounds) -> pl.Expr:
    line, spread = pl.col("line"), pl.col("market") == str(MarketKind.SPREAD)
    low, high = bounds.total
    fits_spread, fits_total = (
        line.abs() <= bounds.spread,
        pl.when(spread).then(line.abs()).otherwise(line).is_between(low, high),
    )
    return (
        pl.when(~pl.col("has_line"))
        .then(None)
        .when(pl.col("line_cell").is_null() & pl.col("fixed_line").is_null())
        .then(pl.lit("prices without a line"))
        .when(line.is_null())
        .then(pl.format("'{}' is no line", pl.col("line_cell")))
        .when(pl.when(spread).then(~fits_spread & fits_total).otherwise(~fits_total & fits_spread))
        .then(pl.format("{} {}: spread and total look swapped", pl.col("market"), line))
        .when(pl.when(spread).then(~fits_spread).otherwise(~fits_total))
        .then(pl.format("{} {} is outside what the league plays", pl.col("market"), line))
        .when(line * 4 % 1 != 0)
        .then(pl.format("line {} is not in quarter points", line))
        .alias("line_fault")
    )


def _over_round(priced: pl.DataFrame) -> pl.DataFrame:
    """Add `book_fault`: all sides are priced and their implied probabilities add up to what no book would offer."""
    implied = pl.when(pl.col("cell_fault").is_null()).then(1 / pl.col("price"))
    whole_book = implied.count().over(_OFFER) == pl.col("sides")
    total = implied.sum().over(_OFFER)
    absurd = whole_book & ~total.is_between(pl.col("low"), pl.col("high"))
    return priced.with_columns(
        implied.alias("implied"),
        pl.when(absurd).then(pl.format("over-round {} is out of bounds", total.round(3))).alias("book_fault"),
    )


def _cross_check(judged: pl.DataFrame, bounds: Bounds) -> pl.DataFrame:
    """Add `cross_fault`: spread and winner prices of one book, game and moment name opposite favourites.

    Everything else the row says about the favourite is the witness: the side it speaks against is at fault, and both
    are where it is silent. A contradicting pair cancels itself out of the sum, so the row's sum is the others' verdict.
    """
    pair = [ROW, "book", "moment"]
    sound = judged.filter(pl.all_horizontal(pl.col("cell_fault", "line_fault", "book_fault").is_null()))
    leans = sound.filter(_is(*_WINNER)).group_by(pair).agg(_lean()).drop_nulls()
    spreads = sound.filter(_is(MarketKind.SPREAD)).group_by(pair).agg(pl.col("line").first().alias("spread"))
    favoured = pl.when(pl.col("lean").abs() >= LEAN_OF_A_FAVOURITE).then(pl.col("lean").sign()).alias("by_price")
    laid = pl.when(pl.col("spread").abs() >= bounds.spread * LINE_OF_A_FAVOURITE).then(-pl.col("spread").sign())
    said = leans.join(spreads, on=pair, how="full", coalesce=True).with_columns(favoured, laid.alias("by_line"))
    witness = pl.sum_horizontal("by_price", "by_line").sum().over(ROW).alias("witness")
    opposed = said.with_columns(witness).filter(pl.col("by_price") * pl.col("by_line") < 0)
    by_price, by_line = (pl.col("witness") * pl.col(column) for column in ("by_price", "by_line"))
    at_fault = pl.when(_is(MarketKind.SPREAD)).then(by_line <= 0).when(_is(*_WINNER)).then(by_price <= 0)
    reason = pl.format("spread {} but winner prices lean {} to home: sides swapped", "spread", pl.col("lean").round(2))
    return judged.join(opposed, on=pair, how="left", maintain_order="left").with_columns(
        pl.when(at_fault).then(reason).alias("cross_fault")
    )


def _is(*kinds: MarketKind) -> pl.Expr:
    return pl.col("market").is_in([str(kind) for kind in kinds])


def _lean() -> pl.Expr:
    """Return how much likelier the winner prices make home than away; null without both."""
    home, away = (pl.col("implied").filter(pl.col("side") == str(side)) for side in (Side.HOME, Side.AWAY))
    return pl.when((home.count() == 1) & (away.count() == 1)).then(home.sum() - away.sum()).alias("lean")


def _quotes(usable: pl.DataFrame, notation: Notation) -> pl.DataFrame:
    stamped = pl.col("stamped_at").is_not_null()
    american = whole("cell") if notation == "american" else pl.lit(None)
    quotes = usable.select(
        "external_id",
        "book",
        "market",
        pl.lit(str(Period.FULL)).alias("period"),
        "line",
        "side",
        "price",
        american.alias("price_american"),
        pl.when(stamped).then(pl.lit(str(Moment.STAMPED))).otherwise("moment").alias("moment"),
        pl.col("stamped_at").alias("known_at"),
    )
    return shaped(quotes, STAGED_QUOTES.columns)


def _rejects(faulty: pl.DataFrame) -> pl.DataFrame:
    faults = pl.concat_list(pl.col("cell_fault", "line_fault", "book_fault", "cross_fault")).list.drop_nulls()
    grouped = faulty.group_by(_OFFER, maintain_order=True).agg(
        pl.col("external_id", "book", "market", "moment", "line_cell").first(),
        faults.explode().unique(maintain_order=True).str.join("; ").alias("reason"),
        pl.struct("column", "cell").alias("cells"),
    )
    shown = grouped.select("external_id", "book", "market", "moment", pl.col("line_cell").alias("line"), "cells")
    rejects = grouped.select(
        pl.col(ROW).alias("row"),
        pl.format("{} {} of {}: {}", "moment", "market", "book", "reason").alias("reason"),
        pl.Series("content", as_json(shown), dtype=pl.String),
    )
    return shaped(rejects, REJECTS)
