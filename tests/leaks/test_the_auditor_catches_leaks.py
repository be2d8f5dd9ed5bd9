"""Deliberate leaks, each of which the auditor must name, alone and hidden among the honest features."""

from __future__ import annotations

import polars as pl
import pytest

from ai_pro_sports.science.features import Feature, build, features_of
from ai_pro_sports.science.features.audit import Audit, audit
from tests.leaks.leaky import (
    CLOSING_AS_CURRENT,
    GAMES_LEFT,
    LEAKS,
    SAME_DAY_RESULT,
    SEASON_WITH_ITS_FUTURE,
    STAMPED_EARLY,
    WHOLE_TABLE_SCALE,
)
from tests.science.leagues_made import MadeLeague, made_league

NAMES = [leak[0].name for leak in LEAKS]


def alterations_that_move(found: Audit, name: str) -> set[str]:
    return set(found.differences.filter(pl.col("feature") == name)["alteration"])


@pytest.fixture(scope="module")
def nfl() -> MadeLeague:
    return made_league("NFL", seed=11, seasons=4, weeks=10)


@pytest.mark.parametrize("leak", LEAKS, ids=NAMES)
@pytest.mark.parametrize(("code", "day_only"), [("NFL", False), ("EPL", True)])
def test_every_leak_is_named(leak: tuple[Feature, ...], code: str, day_only: bool) -> None:
    made = made_league(code, seed=11, seasons=4, weeks=10, day_only=day_only)
    found = audit(made.history, features=leak, seed=1)
    assert found.leaking == tuple(sorted(feature.name for feature in leak))
    assert not found.is_clean


def test_leaks_are_named_among_honest_features_and_nothing_else_is(nfl: MadeLeague) -> None:
    leaks = tuple(feature for leak in LEAKS for feature in leak)
    found = audit(nfl.history, features=(*features_of(nfl.league), *leaks), seed=2)
    assert found.leaking == tuple(sorted(feature.name for feature in leaks))


def test_the_report_shows_the_very_cell_and_both_its_values(nfl: MadeLeague) -> None:
    found = audit(nfl.history, features=SAME_DAY_RESULT, seed=1)
    cell = found.differences.filter((pl.col("alteration") == "truncated") & pl.col("feature").str.contains("home")).row(
        -1, named=True
    )
    game = nfl.games.filter(pl.col("game_id") == cell["game_id"]).to_dicts()[0]
    assert cell["full"] == game["home_score"] - game["away_score"]
    assert cell["altered"] != cell["full"]
    assert cell["cut_at"] < game["starts_at"] < game["result_known_at"]


def test_a_feature_that_counts_fixtures_to_come_moves_only_where_they_are_taken_off_the_list(nfl: MadeLeague) -> None:
    found = audit(nfl.history, features=GAMES_LEFT, seed=1)
    assert alterations_that_move(found, "situ_home_games_left_season") == {"unscheduled"}


def test_a_closing_line_is_found_by_taking_later_quotes_away(nfl: MadeLeague) -> None:
    found = audit(nfl.history, features=CLOSING_AS_CURRENT, seed=1)
    assert "truncated" in alterations_that_move(found, "line_home_closing_spread_now")


@pytest.mark.parametrize("leak", [STAMPED_EARLY, SEASON_WITH_ITS_FUTURE], ids=lambda leak: leak[0].name)
def test_scrambling_later_results_moves_what_is_made_of_them(leak: tuple[Feature, ...], nfl: MadeLeague) -> None:
    found = audit(nfl.history, features=leak, seed=1)
    assert alterations_that_move(found, leak[0].name) >= {"truncated", "shuffled"}


def test_a_scale_taken_from_the_whole_table_is_found_by_taking_later_results_away(nfl: MadeLeague) -> None:
    found = audit(nfl.history, features=WHOLE_TABLE_SCALE, seed=1)
    assert "truncated" in alterations_that_move(found, WHOLE_TABLE_SCALE[0].name)


def test_a_result_taken_for_a_feature_sets_off_the_alarm() -> None:
    made = made_league("NFL", seed=5, seasons=5, teams=12, weeks=10)
    found = audit(made.history, features=SAME_DAY_RESULT, seed=1)
    assert found.suspicious == ("form_away_same_day_result_last1", "form_home_same_day_result_last1")
    best = found.alarms.filter(pl.col("outcome") == "home_wins")
    assert best["auc"].min() == pytest.approx(1.0)
    assert best["games"].min() >= 200
    assert "AUC 1.000 on home_wins" in str(found)


def test_the_honest_catalogue_is_clean_on_made_leagues() -> None:
    for code, day_only in (("NFL", False), ("EPL", True), ("EPL", False)):
        made = made_league(code, seed=4, seasons=3, day_only=day_only)
        found = audit(made.history, seed=9)
        assert found.is_clean, str(found)
        width = len(build(made.history, made.games).columns) - 2
        assert found.cells >= 3 * width * len(found.cuts)
