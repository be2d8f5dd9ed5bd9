"""Division whose last bit does not depend on what else is in the frame."""

from __future__ import annotations

import polars as pl

__all__ = ["ratio"]


def ratio(numerator: pl.Expr, denominator: pl.Expr | float) -> pl.Expr:
    """Return numerator over denominator, the same for a row alone and among others.

    Polars divides by a constant column by multiplying with its inverse and by any other column exactly, and a column
    can be constant in one batch of games and not in the next (a frame of one row, a condition no row meets). Here it
    always multiplies with the inverse, so training on all games and serving one give equal bits.

    >>> pl.DataFrame({"x": [6.0, 1.0]}).select(ratio(pl.col("x"), 4)).to_series().to_list()
    [1.5, 0.25]
    """
    inverse = 1.0 / denominator if isinstance(denominator, pl.Expr) else pl.lit(1.0 / denominator)
    return numerator * inverse
