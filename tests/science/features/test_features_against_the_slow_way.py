"""Every feature of the catalogue against a per-game filter-then-aggregate reference."""

from __future__ import annotations

import math
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.science.features import AsOfRule, build, features_of
from tests.oracles.features import SlowFeatures
from tests.science.leagues_made import MadeLeague, made_league


def assert_as_the_slow_way(made: MadeLeague, rule: AsOfRule, every: int) -> None:
    built = build(made.history, made.games, rule)
    games, quotes = made.games.to_dicts(), made.quotes.to_dicts()
    for row in built.to_dicts()[::every]:
        game = next(game for game in games if game["game_id"] == row["game_id"])
        slow = SlowFeatures(made.league, games, quotes, game, row["as_of"])
        for feature in features_of(made.league):
            fast, reference = row[feature.name], slow.value(feature.name)
            if fast is None or reference is None:
                assert fast is None and reference is None, (feature.name, fast, reference)
            else:
                # Market features are rounded to eight decimals.
                assert math.isclose(fast, reference, rel_tol=1e-9, abs_tol=2e-8), (feature.name, fast, reference)


@pytest.mark.parametrize(("code", "day_only"), [("NFL", False), ("EPL", False), ("EPL", True)])
def test_every_feature_equals_its_slow_reference_on_every_game(code: str, day_only: bool) -> None:
    assert_as_the_slow_way(made_league(code, seed=7, seasons=4, weeks=6, day_only=day_only), AsOfRule(), every=1)


@settings(max_examples=8)
@given(st.sampled_from(["NFL", "EPL"]), st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([0, 60, 1500, 20000]))
def test_every_feature_equals_its_slow_reference_on_random_leagues(
    code: str, seed: int, day_only: bool, minutes: int
) -> None:
    made = made_league(code, seed=seed, seasons=3, teams=6, weeks=4, day_only=day_only)
    assert_as_the_slow_way(made, AsOfRule(timedelta(minutes=minutes)), every=5)


def test_a_slate_predicted_at_one_moment_equals_its_slow_reference_at_that_moment() -> None:
    made = made_league("NFL", seed=3)
    moment = made.games["starts_at"].sort()[60] - timedelta(days=5)
    assert_as_the_slow_way(made, AsOfRule(not_after=moment), every=4)


def test_the_made_leagues_exercise_every_feature() -> None:
    for code in ("NFL", "EPL"):
        made = made_league(code, seed=7, seasons=4)
        built = build(made.history, made.games).drop("game_id", "as_of")
        flat = [name for name in built.columns if built[name].drop_nulls().n_unique() < 2]
        assert flat == []


def test_a_feature_the_reference_does_not_know_is_an_error() -> None:
    made = made_league(seasons=1, weeks=1)
    game = made.games.to_dicts()[0]
    slow = SlowFeatures(made.league, [game], [], game, game["starts_at"])
    with pytest.raises(KeyError):
        slow.value("team_home_charisma_now")
    assert isinstance(pl.Series([slow.value("team_home_elo_now")])[0], float)
