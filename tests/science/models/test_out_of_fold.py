import numpy as np
import polars as pl
import pytest

from ai_pro_sports.core.errors import InvalidValue, NothingToDo
from ai_pro_sports.science.models.goals import Goals
from ai_pro_sports.science.models.out_of_fold import out_of_fold
from tests.science.models.worlds import FEATURES, soccer_world

MODEL = Goals(FEATURES)


@pytest.fixture(scope="module")
def world():
    return soccer_world(seasons=5, games=60)


def test_every_season_after_the_first_is_forecast_once_from_earlier_ones(world):
    folds = list(out_of_fold(MODEL, world, min_training=2))
    assert [fold.season for fold in folds] == [2002, 2003, 2004]
    for fold in folds:
        assert fold.trained_on["season"].max() == fold.season - 1
        assert fold.trained_on["season"].min() == 2000
        assert fold.forecasts.game_ids.tolist() == fold.games["game_id"].to_list()


def test_what_happens_in_a_season_or_later_cannot_change_its_forecast(world):
    later = pl.col("season") >= 2003
    changed = world.with_columns(
        home_score=pl.when(later).then(9 - pl.col("away_score")).otherwise("home_score"),
        noise=pl.when(pl.col("season") > 2003).then(100.0).otherwise("noise"),
    )
    for before, after in zip(
        out_of_fold(MODEL, world, min_training=2), out_of_fold(MODEL, changed, min_training=2), strict=True
    ):
        same = np.array_equal(before.forecasts.law.mass, after.forecasts.law.mass)
        assert same == (before.season <= 2003)


def test_the_order_of_the_rows_does_not_matter(world):
    shuffled = world.sample(fraction=1.0, shuffle=True, seed=3)
    for before, after in zip(
        out_of_fold(MODEL, world, min_training=3), out_of_fold(MODEL, shuffled, min_training=3), strict=True
    ):
        order = np.argsort(after.forecasts.game_ids)
        np.testing.assert_allclose(before.forecasts.law.mass, after.forecasts.law.mass[order], atol=1e-9)


def test_too_little_history_and_a_missing_season_are_said(world):
    with pytest.raises(NothingToDo, match="5 seasons leave none to test after 5"):
        list(out_of_fold(MODEL, world, min_training=5))
    with pytest.raises(InvalidValue, match="lacks season"):
        list(out_of_fold(MODEL, world.drop("season"), min_training=2))
