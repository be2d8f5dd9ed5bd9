"""Which prices stand at a moment, and the best of them for each selection.

Frames of quotes have the columns of the `QUOTES` contract; `moments` has one row per game, `game_id` and `as_of` (UTC).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import polars as pl

__all__ = ["SELECTION", "best_prices", "standing_quotes"]

SELECTION = ["game_id", "market", "period", "line", "side"]
"""The columns that name one selection of one game."""


def standing_quotes(
    quotes: pl.DataFrame,
    moments: pl.DataFrame,
    *,
    max_age: timedelta | None = None,
    books: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return the quotes that stand at each game's `as_of`, with columns `as_of` and `age` added.

    A quote stands when it was known by then, is not older than `max_age`, comes from one of `books` (None: any), has a
    price, and its book has not spoken later about that side of that market: a book that moves its spread from -3 to
    -3.5 no longer offers -3. Quotes of games without a moment are left out.
    """
    known = quotes.join(moments.select("game_id", "as_of"), on="game_id", how="inner").filter(
        pl.col("known_at") <= pl.col("as_of")
    )
    if books is not None:
        known = known.filter(pl.col("book").is_in(list(books)))
    spoken = pl.col("known_at").max().over("game_id", "book", "market", "period", "side")
    standing = known.filter(pl.col("known_at") == spoken, pl.col("price").is_not_null()).with_columns(
        (pl.col("as_of") - pl.col("known_at")).alias("age")
    )
    return standing if max_age is None else standing.filter(pl.col("age") <= max_age)


def best_prices(standing: pl.DataFrame) -> pl.DataFrame:
    """Return the best price of each selection among standing quotes, one row each, sorted by selection.

    Columns: those of `SELECTION`, `price`, `price_american`, `book`, `known_at`, `moment`, `as_of`, `age`, and `books`,
    the number of books that offer it. Equal prices go to the fresher quote, then to the first book by name.
    """
    best_first = standing.sort(
        *SELECTION, "price", "known_at", "book", descending=[False] * len(SELECTION) + [True, True, False]
    )
    return best_first.group_by(SELECTION, maintain_order=True).agg(
        pl.first("price", "price_american", "book", "known_at", "moment", "as_of", "age"),
        pl.col("book").n_unique().alias("books"),
    )
