from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.science.ratings.ratio import ratio

POSITIVE = st.floats(1e-3, 1e3)


@given(POSITIVE, POSITIVE, st.integers(2, 5))
def test_a_row_divides_to_the_same_bits_alone_among_others_and_by_a_constant(x: float, y: float, company: int) -> None:
    alone = pl.DataFrame({"x": [x], "y": [y]})
    among = pl.DataFrame({"x": [x] * company, "y": [y] * company})
    chosen = pl.when(pl.lit(False)).then(pl.col("x")).otherwise(y)
    for frame in (alone, among):
        for denominator in (pl.col("y"), pl.lit(y), y, chosen):
            assert frame.select(ratio(pl.col("x"), denominator)).to_series()[0] == x * (1 / y)


def test_it_is_division() -> None:
    frame = pl.DataFrame({"x": [6, 0, -3], "y": [4, 8, 2]})
    assert frame.select(ratio(pl.col("x"), pl.col("y"))).to_series().to_list() == [1.5, 0.0, -1.5]
