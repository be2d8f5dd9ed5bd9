"""Names to teams: matched, created by the record source, or reported. Never guessed."""

import pytest

from ai_pro_sports.data.identity.directory import TEAMS, TeamDirectory
from ai_pro_sports.data.identity.team_names import NamedTeams, name_teams

NOBODY = TeamDirectory.empty()


def name(
    names: list[str], directory: TeamDirectory = NOBODY, *, pool: str = "soccer/ENG", creates: bool = True
) -> NamedTeams:
    return name_teams(names, pool, directory, source="feed", creates=creates)


def test_a_listed_club_is_created_under_its_full_name_with_the_source_that_did_it() -> None:
    named = name(["Man United"])
    [team] = named.new_teams.to_dicts()
    assert (team["name"], team["abbreviation"], team["pool"], team["source"]) == (
        "Manchester United",
        "MUN",
        "soccer/ENG",
        "feed",
    )
    assert named.ids == {"Man United": team["team_id"]}


def test_two_names_of_one_club_create_it_once() -> None:
    named = name(["STL", "LA", "LAR"], pool="football/NFL")
    assert named.new_teams.height == 1
    assert len(set(named.ids.values())) == 1


def test_a_team_that_exists_is_not_created_again() -> None:
    directory = NOBODY.with_new(name(["Leeds"]).new_teams)
    again = name(["Leeds", "Leeds United"], directory)
    assert again.new_teams.is_empty()
    assert set(again.ids.values()) == set(directory.ids("soccer/ENG"))


def test_a_new_club_of_an_open_pool_is_created_under_the_name_it_came_with() -> None:
    named = name(["Harrogate"])
    [team] = named.new_teams.to_dicts()
    assert (team["name"], team["abbreviation"]) == ("Harrogate", None)
    directory = NOBODY.with_new(named.new_teams)
    assert name(["HARROGATE"], directory, creates=False).ids == {"HARROGATE": team["team_id"]}


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("Liverpoool", "Liverpool"),
        ("Middlesborough", "Middlesbrough"),
        ("Tottenham Hotspurs", "Tottenham Hotspur"),
    ],
)
def test_a_new_name_too_like_a_known_one_is_reported_and_not_created(typed: str, like: str) -> None:
    named = name([typed])
    assert named.ids == {}
    assert named.new_teams.is_empty()
    assert f"looks like {like}; add it to the aliases" in named.unknown[typed]


def test_two_new_names_too_like_each_other_make_one_team_and_one_report() -> None:
    named = name(["Levadiakos", "Levadeiakos"], pool="soccer/GRE")
    assert named.new_teams["name"].to_list() == ["Levadiakos"]
    assert "looks like Levadiakos" in named.unknown["Levadeiakos"]


def test_a_closed_pool_takes_nobody_new_even_from_its_record_source() -> None:
    named = name(["KC", "KCC"], pool="football/NFL")
    assert set(named.ids) == {"KC"}
    assert "unknown team 'KCC' in football/NFL; nearest known: Kansas City Chiefs" in named.unknown["KCC"]


def test_a_source_that_only_matches_creates_nobody_and_says_what_is_missing() -> None:
    named = name(["Leeds", "Harrogate", "Qarabag"], creates=False)
    assert named.ids == {}
    assert named.new_teams.is_empty()
    assert "no record source has created it yet" in named.unknown["Leeds"]
    assert named.unknown["Qarabag"].startswith("unknown team 'Qarabag' in soccer/ENG")


def test_a_suggestion_is_never_applied() -> None:
    directory = NOBODY.with_new(name(["Man United"]).new_teams)
    named = name(["Manchester Untied"], directory, creates=False)
    assert named.ids == {}
    assert "nearest known: Manchester United" in named.unknown["Manchester Untied"]


def test_pools_do_not_mix() -> None:
    directory = NOBODY.with_new(name(["Everton"]).new_teams)
    assert name(["Everton"], directory, pool="soccer/CHI").new_teams.height == 1


@pytest.mark.parametrize("nothing", ["", "?!", " "])
def test_a_name_without_letters_is_nobody(nothing: str) -> None:
    assert nothing in name([nothing]).unknown


def test_a_directory_grows_without_doubles_and_keeps_its_shape() -> None:
    new = name(["Leeds", "Hull"]).new_teams
    directory = NOBODY.with_new(new).with_new(new)
    assert directory.teams.height == 2
    assert dict(directory.teams.schema) == TEAMS
    assert len(directory.ids("soccer/ENG")) == 2
    assert directory.ids("soccer/SCO") == frozenset()
