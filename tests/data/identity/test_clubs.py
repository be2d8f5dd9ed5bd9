"""Clubs and their names: folding, tables without double meanings, ids that never move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.data.identity import CLUB_TABLES, club_table
from ai_pro_sports.data.identity.clubs import Club, ClubTable, fold, nearest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nott'm Forest", "nottm  forest"),
        ("King’s Lynn", "King\u0092s Lynn"),
        ("St. Albans", "St Albans"),
        ("Preußen Münster", "PREUSSEN MUNSTER"),
        ("Brighton & Hove Albion", "Brighton & Hove Albion "),
        ("Montréal", "Montreal"),
        ("Wolverhampton_Wanderers", "Wolverhampton-Wanderers"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_the_nearest_name_is_suggested_and_a_stranger_is_not() -> None:
    known = {"manchester united": "Manchester United", "manchester city": "Manchester City"}
    assert nearest("Manchester Utd.", known) == "Manchester United"
    assert nearest("Xamax", known) is None


def test_one_name_for_two_clubs_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'Rangers' names both QPR and Glasgow"):
        ClubTable("x", (Club("q", "QPR", aliases=("Rangers",)), Club("g", "Glasgow", aliases=("Rangers",))))


def test_the_nfl_has_32_clubs_and_is_closed() -> None:
    table = club_table("football/NFL")
    assert table.closed
    assert len(table.clubs) == len({club.name for club in table.clubs}) == 32
    assert len({table.team_id(club) for club in table.clubs}) == 32


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (("OAK", "LV", "LVR", "Oakland Raiders", "Los Angeles Raiders"), "Las Vegas Raiders"),
        (("SD", "LAC", "San Diego Chargers"), "Los Angeles Chargers"),
        (("STL", "LA", "LAR", "St. Louis Rams", "Los Angeles Rams"), "Los Angeles Rams"),
        (("WAS", "WSH", "Washington Redskins", "Washington Football Team"), "Washington Commanders"),
        (("JAX", "JAC"), "Jacksonville Jaguars"),
        (("ARI", "ARZ", "Phoenix Cardinals", "St. Louis Cardinals"), "Arizona Cardinals"),
        (("TEN", "Houston Oilers"), "Tennessee Titans"),
        (("IND", "Baltimore Colts"), "Indianapolis Colts"),
    ],
)
def test_codes_and_names_that_changed_lead_to_one_franchise(codes: tuple[str, ...], name: str) -> None:
    table = club_table("football/NFL")
    assert {club.name for code in codes if (club := table.find(code))} == {name}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Man United", "Manchester United FC"),
        ("Nott'm Forest", "Nottingham Forest"),
        ("Wolves", "Wolverhampton Wanderers"),
        ("Sheffield Weds", "Sheffield Wednesday"),
        ("Tottenham", "Tottenham Hotspur"),
        ("Brighton", "Brighton and Hove Albion"),
        ("Bournemouth", "AFC Bournemouth"),
        ("QPR", "Queens Park Rangers"),
    ],
)
def test_short_and_long_names_of_english_clubs_meet(short: str, long: str) -> None:
    table = club_table("soccer/ENG")
    assert table.find(short) is not None
    assert table.find(short) is table.find(long)


def test_clubs_that_sound_alike_stay_apart() -> None:
    table = club_table("soccer/ENG")
    pairs = [("Wimbledon", "AFC Wimbledon"), ("Sheffield United", "Sheffield Weds"), ("Man City", "Man United")]
    for one, other in pairs:
        assert table.find(one) is not table.find(other)


def test_an_english_club_has_the_id_its_short_name_would_get_without_the_table() -> None:
    table = club_table("soccer/ENG")
    forest = table.find("Nottingham Forest")
    assert forest is not None
    assert table.team_id(forest) == stable_id("team", "soccer/ENG", fold("Nott'm Forest"))


def test_every_table_is_of_another_pool_and_names_are_unique_in_it() -> None:
    assert len({table.pool for table in CLUB_TABLES}) == len(CLUB_TABLES)
    for table in CLUB_TABLES:
        assert len({club.name for club in table.clubs}) == len(table.clubs)
        assert len({club.abbreviation for club in table.clubs}) == len(table.clubs)


def test_a_pool_without_a_table_is_open_and_empty() -> None:
    table = club_table("soccer/XXX")
    assert (table.clubs, table.closed, table.find("Leeds")) == ((), False, None)
