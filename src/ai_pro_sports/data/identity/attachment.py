"""Staged quotes to quotes: the game's id, and a time for every price."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.contracts import QUOTES
from ai_pro_sports.core.quote import NOMINAL_LEAD
from ai_pro_sports.data.sources.cells import as_json, shaped
from ai_pro_sports.data.sources.source import REJECTS

__all__ = ["attach"]

_SELECTION = ["book", "market", "period", "line", "side"]


def attach(
    quotes_staged: pl.DataFrame, games: pl.DataFrame, game_ids: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return quotes of known games (QUOTES) and rejects.

    `games` has at least `game_id` and `starts_at` of every game in `game_ids`. A price without a time of its own gets
    the nominal one of its moment: the start less `NOMINAL_LEAD`. Set aside, one line each: the quotes of a game that
    was not matched, counted; and a second, different price of one book for one selection at one time. Exact repeats
    are one quote. `row` of a reject is the 1-based position of its first staged quote.
    """
    starts = games.select("game_id", "starts_at").unique("game_id", keep="last")
    placed = (
        quotes_staged.with_row_index("row", offset=1)
        .join(game_ids.unique("external_id"), on="external_id", how="left", maintain_order="left")
        .join(starts, on="game_id", how="left", maintain_order="left")
    )
    homeless = pl.col("starts_at").is_null()
    timed = placed.filter(~homeless).with_columns(_known_at())
    one_price = ["game_id", *_SELECTION, "known_at"]
    distinct = timed.unique([*one_price, "price"], keep="first", maintain_order=True)
    second = ~pl.struct(one_price).is_first_distinct()
    rejects = pl.concat([_homeless(placed.filter(homeless)), _contradicting(distinct.filter(second))])
    return shaped(distinct.filter(~second), QUOTES.columns), rejects.sort("row")


def _known_at() -> pl.Expr:
    lead = pl.lit(None, dtype=pl.Duration("us"))
    for moment, before in NOMINAL_LEAD.items():
        lead = pl.when(pl.col("moment") == str(moment)).then(pl.lit(before)).otherwise(lead)
    return pl.coalesce("known_at", pl.col("starts_at") - lead).alias("known_at")


def _homeless(quotes: pl.DataFrame) -> pl.DataFrame:
    games = quotes.group_by("external_id", maintain_order=True).agg(pl.col("row").first(), pl.len().alias("quotes"))
    reason = pl.format("{} quotes of a game that was not matched", "quotes")
    return _rejects(games.with_columns(reason.alias("reason")), ["external_id", "quotes"])


def _contradicting(quotes: pl.DataFrame) -> pl.DataFrame:
    reason = pl.lit("a second price of this book for this selection at this time")
    shown = ["external_id", *_SELECTION, "price", "moment"]
    return _rejects(quotes.with_columns(reason.alias("reason")), shown)


def _rejects(frame: pl.DataFrame, shown: list[str]) -> pl.DataFrame:
    content = pl.Series("content", as_json(frame.select(shown)), dtype=pl.String)
    return shaped(frame.with_columns(content), REJECTS)
