from __future__ import annotations

from dataclasses import replace

import pytest

from ai_pro_sports.core.leagues import EPL, LEAGUES, NFL, League
from ai_pro_sports.science.features import CATALOGUE, catalogue_version, features_of, market_free
from ai_pro_sports.science.features.declared import Category


@pytest.mark.parametrize("league", LEAGUES, ids=lambda league: league.code)
def test_names_are_unique_in_a_league(league: League) -> None:
    names = [feature.name for feature in features_of(league)]
    assert len(names) == len(set(names)) > 30


def test_every_feature_is_of_some_league() -> None:
    assert {id(f) for league in LEAGUES for f in features_of(league)} == {id(f) for f in CATALOGUE}


def test_every_declaration_is_whole() -> None:
    for feature in CATALOGUE:
        assert feature.definition.endswith("."), feature.name
        assert "{" not in feature.definition + feature.name
        assert feature.known_at
        assert feature.missing.startswith(("never", "null")), feature.name
        assert feature.reads_market <= (feature.category is Category.LINE)


def test_a_feature_is_made_only_of_features_its_leagues_have() -> None:
    for league in LEAGUES:
        names = {feature.name for feature in features_of(league)}
        for feature in features_of(league):
            assert set(feature.of.values()) <= names


def test_features_come_for_both_sides_or_for_neither() -> None:
    for league in LEAGUES:
        names = {feature.name for feature in features_of(league) if feature.side}
        assert {name.replace("_home_", "_away_") for name in names if "_home_" in name} == {
            name for name in names if "_away_" in name
        }


def test_the_two_leagues_have_the_features_their_models_begin_with() -> None:
    shared = {
        "team_home_elo_now",
        "team_elo_win_prob_now",
        "team_away_attack_now",
        "adv_home_expected_score_game",
        "rest_home_days_now",
        "situ_season_progress_game",
        "line_home_prob_now",
        "line_spread_now",
        "line_total_now",
    }
    for league in (NFL, EPL):
        assert shared <= {feature.name for feature in features_of(league)}


def test_the_version_moves_with_a_name_a_definition_a_league_or_a_revision_and_not_with_the_order() -> None:
    version = catalogue_version()
    assert len(version) == 12 and int(version, 16) >= 0
    assert catalogue_version(CATALOGUE[::-1]) == version
    first, *others = CATALOGUE
    for change in (
        {"name": "team_home_strength_now"},
        {"definition": "Another."},
        {"leagues": ("EPL",)},
        {"revision": 2},
    ):
        assert catalogue_version((replace(first, **change), *others)) != version
    assert catalogue_version(tuple(others)) != version


def test_market_free_features_read_no_quote_directly_or_through_others() -> None:
    for league in LEAGUES:
        free = {feature.name for feature in market_free(league)}
        assert not any(name.startswith("line_") for name in free)
        assert free | {f.name for f in features_of(league) if f.category is Category.LINE} == {
            feature.name for feature in features_of(league)
        }
