from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.models.design_matrix import DesignMatrix, recency_weights

values = st.one_of(st.none(), st.floats(-1e3, 1e3), st.just(float("nan")))


@given(st.lists(st.tuples(values, values), min_size=1, max_size=30))
def test_training_features_have_mean_zero_and_missing_ones_are_counted(rows):
    frame = pl.DataFrame(rows, schema={"a": pl.Float64, "b": pl.Float64}, orient="row")
    standard, missing = DesignMatrix.fit(frame, ["a", "b"]).matrix(frame)
    np.testing.assert_allclose(standard.mean(axis=0), 0, atol=1e-6)
    assert np.isfinite(standard).all()
    assert missing.tolist() == [sum(x is None or x != x for x in row) for row in rows]  # noqa: PLR0124


def test_a_missing_value_counts_as_the_training_mean():
    design = DesignMatrix.fit(pl.DataFrame({"a": [1.0, 3.0]}), ["a"])
    standard, missing = design.matrix(pl.DataFrame({"a": [None, 2.0, float("inf"), 3.0]}, schema={"a": pl.Float64}))
    assert standard[:, 0].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert missing.tolist() == [1, 0, 1, 0]


def test_a_feature_never_seen_or_constant_in_training_keeps_its_scale():
    frame = pl.DataFrame({"never": [None, None], "same": [5.0, 5.0]}, schema={"never": pl.Float64, "same": pl.Float64})
    design = DesignMatrix.fit(frame, ["never", "same"])
    assert design.scales == (1.0, 1.0)
    assert design.matrix(pl.DataFrame({"never": [2.0], "same": [6.0]}))[0].tolist() == [[2.0, 1.0]]


def test_integers_and_booleans_are_read_as_numbers():
    frame = pl.DataFrame({"n": [1, 3], "yes": [True, False]})
    assert DesignMatrix.fit(frame, ["n", "yes"]).means == (2.0, 0.5)


def test_the_order_of_columns_in_the_frame_does_not_matter():
    frame = pl.DataFrame({"a": [1.0, 2.0], "b": [3.0, 9.0]})
    design = DesignMatrix.fit(frame, ["b", "a"])
    np.testing.assert_array_equal(design.matrix(frame)[0], design.matrix(frame.select("b", "a"))[0])


def test_missing_columns_and_no_or_repeated_features_are_refused():
    frame = pl.DataFrame({"a": [1.0]})
    with pytest.raises(InvalidValue, match="lacks features b, c"):
        DesignMatrix.fit(frame, ["a", "b", "c"])
    for features in ([], ["a", "a"]):
        with pytest.raises(InvalidValue, match="each once"):
            DesignMatrix.fit(frame, features)


def test_a_game_weighs_half_for_every_half_life_before_the_last():
    last = datetime(2023, 5, 1, tzinfo=UTC)
    games = pl.DataFrame({"starts_at": [last - timedelta(days=days) for days in (200, 100, 0)]})
    assert recency_weights(games, 100).tolist() == [0.25, 0.5, 1.0]
    assert recency_weights(games, None).tolist() == [1.0, 1.0, 1.0]
    with pytest.raises(InvalidValue, match="half-life"):
        recency_weights(games, 0)
