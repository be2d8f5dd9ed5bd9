from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.science.ratings.strength import StrengthParameters, means_log, strength, strength_log, track
from tests.oracles.ratings import SlowStrength, in_order
from tests.science.ratings.made_results import made_results, results

PLAIN = StrengthParameters(half_life=100, prior_games=4, home_mean=1.5, away_mean=1.1, newcomer_attack=0.8)


def at_the_last_result(games: pl.DataFrame, parameters: StrengthParameters) -> dict[int, tuple[float, float]]:
    """Both multipliers of every team at the moment of the last result."""
    log = strength_log(track(games, parameters)).group_by("team", maintain_order=True).last()
    seen = pl.struct(
        "season", "known_at", "joined", "attack_made", "attack_exposure", "defence_made", "defence_exposure"
    )
    last = log.select("team", "season", seen.alias("seen"), pl.lit(games["known_at"].max()).alias("at"))
    first = int(games["season"].min())
    both = [
        strength(
            pl.col("seen"), pl.col("at"), pl.col("season"), which=w, parameters=parameters, first_season=first
        ).alias(w)
        for w in ("attack", "defence")
    ]
    return {team: (attack, defence) for team, attack, defence in last.select("team", *both).rows()}


@settings(max_examples=20)
@given(st.sampled_from([NFL, EPL]), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_the_filter_equals_a_reference_that_weighs_every_past_game_anew(
    league: League, seed: int, seasons: int
) -> None:
    parameters = StrengthParameters.of(league)
    games = made_results(league.code, seed, seasons=seasons, teams=6, weeks=5)
    slow = SlowStrength(parameters, int(games["season"].min()))
    means = []
    for game in in_order(games.to_dicts()):
        slow.play(game)
        means.append(slow.means(game["known_at"]))
    np.testing.assert_allclose(means_log(track(games, parameters)).drop("known_at").to_numpy(), means, rtol=1e-10)
    end = games["known_at"].max()
    for team, found in at_the_last_result(games, parameters).items():
        season = slow.past[team][-1]["season"]
        assert found == pytest.approx(slow.strengths(team, season, end), rel=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_nothing_not_even_the_last_bit(seed: int) -> None:
    games = made_results("EPL", 5)
    assert track(games, PLAIN).equals(track(games.sample(fraction=1, shuffle=True, seed=seed), PLAIN))


def test_scoring_more_than_expected_raises_the_attack_and_the_opponents_defence_number() -> None:
    strengths = at_the_last_result(results((2000, 1, 2, 4, 0)), PLAIN)
    assert strengths[1][0] > 1 > strengths[1][1]
    assert strengths[2][0] < 1 < strengths[2][1]


def test_scoring_exactly_what_is_expected_changes_nothing() -> None:
    even = StrengthParameters(half_life=100, prior_games=4, home_mean=2.0, away_mean=1.0)
    strengths = at_the_last_result(results((2000, 1, 2, 2, 1)), even)
    assert strengths[1] == pytest.approx((1.0, 1.0))
    assert strengths[2] == pytest.approx((1.0, 1.0))


def test_a_goal_against_a_strong_defence_counts_for_more() -> None:
    games = results(*[(2000, 1, 9, 3, 0)] * 5, (2000, 2, 1, 2, 0), (2000, 3, 9, 2, 0))
    strengths = at_the_last_result(games, PLAIN)
    assert strengths[2][0] > strengths[3][0]


def test_evidence_halves_in_a_half_life() -> None:
    seen = pl.DataFrame({"season": [2000], "known_at": [0], "joined": [None], "attack_made": [8.0]}).select(
        pl.struct(
            "season",
            pl.col("known_at").cast(pl.Datetime("us", "UTC")),
            pl.col("joined").cast(pl.Int64),
            "attack_made",
            pl.lit(4.0).alias("attack_exposure"),
        ).alias("seen"),
        pl.lit(100 * 86_400_000_000).cast(pl.Datetime("us", "UTC")).alias("at"),
    )
    found = strength(pl.col("seen"), pl.col("at"), pl.lit(2000), which="attack", parameters=PLAIN, first_season=2000)
    assert seen.select(found).item() == pytest.approx((4 + 4) / (4 + 2))


def test_newcomers_start_from_their_own_prior_for_a_season_and_founders_from_one() -> None:
    unseen = pl.DataFrame({"season": [2000, 2001]}).select(
        pl.col("season"),
        pl.lit(None, pl.Datetime("us", "UTC")).alias("at"),
        pl.struct(
            season=pl.lit(None, pl.Int32),
            known_at=pl.lit(None, pl.Datetime("us", "UTC")),
            joined=pl.lit(None, pl.Int64),
            attack_made=pl.lit(None, pl.Float64),
            attack_exposure=pl.lit(None, pl.Float64),
        ).alias("seen"),
    )
    found = strength(
        pl.col("seen"), pl.col("at"), pl.col("season"), which="attack", parameters=PLAIN, first_season=2000
    )
    assert unseen.select(found).to_series().to_list() == [1.0, 0.8]
    log = strength_log(track(results((2000, 1, 2, 1, 1), (2001, 1, 3, 1, 1), (2002, 1, 3, 1, 1)), PLAIN))
    assert log["joined"].to_list() == [None, None, None, 2001, None, 2001]


def test_neutral_games_teach_nothing_about_home_advantage() -> None:
    there = means_log(track(results((2000, 1, 2, 9, 0), neutral=True), PLAIN))
    assert there.select("home_mean", "away_mean").row(0) == (1.5, 1.1)
    here = means_log(track(results((2000, 1, 2, 9, 0)), PLAIN))
    assert here["home_mean"][0] == pytest.approx((100 * 1.5 + 9) / 101)


def test_no_results_make_no_strengths() -> None:
    nothing = track(results().clear(), PLAIN)
    assert nothing.is_empty()
    assert strength_log(nothing).is_empty()


def test_a_leagues_parameters_come_from_its_declaration() -> None:
    parameters = StrengthParameters.of(NFL)
    assert parameters.home_mean + parameters.away_mean == NFL.scores.total
    assert parameters.home_mean - parameters.away_mean == pytest.approx(NFL.scores.home_margin)
