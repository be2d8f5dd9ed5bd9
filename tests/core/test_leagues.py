"""What each league declares must hold together."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.leagues import LEAGUES, League, league

each_league = pytest.mark.parametrize("declared", LEAGUES, ids=lambda declared: declared.code)


@each_league
def test_a_league_is_declared_soundly(declared: League) -> None:
    assert ZoneInfo(declared.timezone)
    assert declared.result_market in declared.markets
    assert declared.bounds.total[0] < declared.scores.total < declared.bounds.total[1]
    assert abs(declared.scores.home_margin) < declared.bounds.spread
    assert 0 < declared.elo.carry_over <= 1
    assert set(declared.covid_seasons) <= set(declared.seasons(date(2026, 1, 1)))


@each_league
@given(day=st.dates(date(1995, 1, 1), date(2100, 1, 1)))
def test_seasons_follow_each_other_without_a_gap(declared: League, day: date) -> None:
    season = declared.season_of(day)
    assert season in {day.year, day.year - 1}
    assert declared.season_of(date(day.year, declared.season_starts_month, 1)) == day.year
    assert str(season) in declared.season_label(season)


def test_codes_are_unique_and_found_in_any_case() -> None:
    assert len({known.code for known in LEAGUES}) == len(LEAGUES)
    assert league(" epl ") is league("EPL")


def test_an_unknown_league_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="NFL, EPL"):
        league("XFL")


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    assert league("EPL").provider_key("football_data_co_uk") == "E0"
    with pytest.raises(InvalidValue, match="nflverse"):
        league("NFL").provider_key("football_data_co_uk")


def test_no_season_before_the_first() -> None:
    assert list(league("EPL").seasons(date(1990, 1, 1))) == []
    assert list(league("NFL").seasons(date(2000, 9, 1))) == [1999, 2000]
