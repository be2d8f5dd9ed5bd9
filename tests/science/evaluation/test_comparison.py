import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import softmax

from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.evaluation.comparison import FORECASTERS, compare
from ai_pro_sports.science.evaluation.walk_forward import walk_forward
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.goals import Goals
from ai_pro_sports.science.scoring.proper import accuracy, brier, log_loss, ranked_probability
from ai_pro_sports.science.scoring.reliability import reliability
from tests.science.models.worlds import FEATURES, football_law, football_world, soccer_law, soccer_world

FAST = {"resamples": 200}


def close_of(world, law, *, draws, fog=0.0):
    """A close that knows the truth, seen through some fog."""
    three_way = law.three_way() if draws else law.three_way()[:, [0, 2]]
    noise = np.random.default_rng(8).normal(scale=fog, size=three_way.shape)
    said = softmax(np.log(three_way / three_way.sum(axis=1, keepdims=True)) + noise, axis=1)
    sides = ["p_home", "p_draw", "p_away"] if draws else ["p_home", "p_away"]
    return pl.DataFrame({"game_id": world["game_id"], **dict(zip(sides, said.T, strict=True))})


@pytest.fixture(scope="module")
def soccer():
    world = soccer_world(seasons=6, games=300)
    return world, walk_forward(Goals(FEATURES), world, min_training=2), close_of(world, soccer_law(world), draws=True)


@pytest.fixture(scope="module")
def comparison(soccer):
    _, walk, close = soccer
    return compare(walk, close, **FAST)


def test_every_score_is_the_mean_over_the_identical_games(soccer, comparison):
    _, walk, close = soccer
    games = walk.games.join(close.rename({f"p_{s}": f"close_{s}" for s in walk.sides}), on="game_id")
    result = games["outcome"].to_numpy()
    for name, prefix in FORECASTERS.items():
        said = games.select(f"{prefix}{side}" for side in walk.sides).to_numpy()
        rules = {"log_loss": log_loss, "brier": brier, "rps": ranked_probability, "accuracy": accuracy}
        for metric, rule in rules.items():
            assert comparison.scores[name][metric].value == pytest.approx(rule(said, result).mean())
        assert comparison.scores[name]["ece"].value == pytest.approx(reliability(said, result).error)
    assert comparison.n == games.height == 1200


def test_differences_are_those_of_the_scores_and_narrower_than_they(comparison):
    for metric in ("log_loss", "brier", "rps", "accuracy"):
        ours, theirs = comparison.scores["model"][metric], comparison.scores["base_rate"][metric]
        difference = comparison.differences["model - base_rate"][metric]
        assert difference.value == pytest.approx(ours.value - theirs.value)
        assert difference.low <= difference.value <= difference.high
    close = comparison.differences["model - close"]["log_loss"]
    assert (
        close.high - close.low
        < comparison.scores["model"]["log_loss"].high - comparison.scores["model"]["log_loss"].low
    )


def test_a_model_is_between_the_truth_and_the_base_rate(comparison):
    truth, model, base = (comparison.scores[name]["log_loss"].value for name in ("close", "model", "base_rate"))
    assert truth < model < base
    assert comparison.differences["model - base_rate"]["log_loss"].high < 0
    assert comparison.alarm is None


def test_the_close_that_knows_the_truth_is_calibrated(comparison):
    close = comparison.scores["close"]
    assert close["slope"].low < 1 < close["slope"].high
    assert comparison.scores["model"]["ece"].value < 2 * comparison.error_if_calibrated


def test_seasons_add_up_to_the_whole(soccer, comparison):
    assert list(comparison.seasons) == [2002, 2003, 2004, 2005]
    for name in (*FORECASTERS, "model - close"):
        parts = [by[name] for by in comparison.seasons.values()]
        mean = sum(part.value * part.n for part in parts) / sum(part.n for part in parts)
        whole = comparison.differences[name] if " - " in name else comparison.scores[name]
        assert mean == pytest.approx(whole["log_loss"].value)


def test_games_that_only_one_side_speaks_of_are_left_out_and_counted(soccer):
    _, walk, close = soccer
    part = compare(walk, close.filter(pl.col("game_id") % 2 == 0), **FAST)
    assert part.n == 600
    assert part.excluded == {
        "in the first seasons, only learned from": 600,
        "tied, so the two-way market pushed": 0,
        "without a valid closing price": 600,
    }


def test_ties_of_a_two_way_market_are_left_out_and_counted():
    world = football_world(seasons=5, games=100)
    tied = world.with_columns(
        home_score=pl.when(pl.col("game_id") % 10 == 0).then("away_score").otherwise("home_score")
    )
    walk = walk_forward(Football(FEATURES), tied, min_training=2)
    found = compare(walk, close_of(world, football_law(world), draws=False), **FAST)
    ties = (walk.games["outcome"] == -1).sum()
    assert found.excluded["tied, so the two-way market pushed"] == ties >= 30
    assert found.n == 300 - ties
    assert found.result_market is MarketKind.MONEYLINE
    assert "rps" not in found.scores["model"]


def test_a_model_that_beats_the_close_by_more_than_chance_sets_off_the_alarm(soccer):
    world, walk, _ = soccer
    foggy = close_of(world, soccer_law(world), draws=True, fog=0.8)
    assert "leak" in compare(walk, foggy, **FAST).alarm
    few = replace(walk, games=walk.games.filter(pl.col("season") < 2005))
    assert compare(few, foggy, **FAST).alarm is None


def test_the_same_seed_gives_the_same_comparison(soccer, comparison):
    _, walk, close = soccer
    shuffled = close.sample(fraction=1.0, shuffle=True, seed=5)
    assert json.dumps(compare(walk, shuffled, **FAST).as_dict()) == json.dumps(comparison.as_dict())


def test_tables_hold_every_estimate(comparison):
    table = comparison.table()
    assert table.columns == ["forecaster", "metric", "value", "low", "high", "n"]
    assert table.height == 4 * 7 + 3 * 4
    row = table.row(by_predicate=(pl.col("forecaster") == "close") & (pl.col("metric") == "brier"), named=True)
    assert row["value"] == comparison.scores["close"]["brier"].value
    assert comparison.season_table().height == 4 * 5
    bins = comparison.reliability_table()
    assert bins.filter(pl.col("forecaster") == "model")["count"].sum() == 3 * comparison.n
    assert bins.columns == ["forecaster", "called", "seen", "low", "high", "count"]


def test_the_whole_comparison_is_plain_json(soccer, comparison):
    _, walk, close = soccer
    one_rate = replace(walk, games=walk.games.with_columns(base_home=0.5, base_draw=0.25, base_away=0.25))
    for each in (comparison, compare(one_rate, close.head(700), **FAST)):
        text = json.dumps(each.as_dict(), allow_nan=False)
        assert json.loads(text)["scores"]["model"]["log_loss"]["n"] == each.n


def test_a_slope_that_does_not_exist_is_none():
    world = football_world(seasons=4, games=80)
    walk = walk_forward(Football(FEATURES), world, min_training=3)
    found = compare(walk, close_of(world, football_law(world), draws=False), **FAST)
    slope = found.as_dict()["scores"]["base_rate"]["slope"]
    assert slope["value"] is slope["low"] is None


def test_without_any_close_there_is_nothing_to_compare(soccer):
    _, walk, close = soccer
    with pytest.raises(NothingToDo, match="closing price"):
        compare(walk, close.clear(), **FAST)
