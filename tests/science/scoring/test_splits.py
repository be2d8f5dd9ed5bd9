import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.science.scoring.splits import expanding_seasons


@given(st.lists(st.integers(2000, 2010), max_size=60), st.integers(1, 5))
def test_a_test_season_is_later_than_all_it_was_learned_from(seasons, min_training):
    of_game = np.array(seasons, dtype=int)
    splits = list(expanding_seasons(of_game, min_training=min_training))
    assert [s.season for s in splits] == sorted(set(seasons))[min_training:]
    for split in splits:
        assert (of_game[split.test] == split.season).all()
        assert of_game[split.train].max() < split.season
        assert len(set(of_game[split.train].tolist())) >= min_training


def test_learning_from_nothing_is_refused():
    with pytest.raises(InvalidValue, match="at least one season"):
        list(expanding_seasons([2020, 2021], min_training=0))
