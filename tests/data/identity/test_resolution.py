"""Staged games to games: who may create what, how feeds match, and when a result could be known."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.identity.resolution import result_known_at
from tests.data.identity.games import ANNOUNCER, EPL, NFL, OTHER, RECORD, START, World

PLAYED = {"status": "final", "home_score": 2, "away_score": 1}


def test_the_record_source_creates_teams_and_games_with_computed_ids() -> None:
    world = World()
    found = world.take(RECORD, {"external_id": "E0:2024:Leeds:Hull", **PLAYED})
    [game] = found.games.to_dicts()
    assert game["game_id"] == stable_id("game", "record", "E0:2024:Leeds:Hull")
    assert (game["league"], game["source"], game["season"]) == ("EPL", "record", 2024)
    assert {game["home_team"], game["away_team"]} == set(found.new_teams["team_id"])
    assert found.new_teams["source"].unique().to_list() == ["record"]
    assert found.game_ids.rows() == [("E0:2024:Leeds:Hull", game["game_id"])]
    assert found.unmatched.is_empty()


def test_importing_twice_creates_nothing_new() -> None:
    world = World()
    first = world.take(RECORD, PLAYED)
    second = world.take(RECORD, PLAYED)
    assert second.new_teams.is_empty()
    assert second.games.equals(first.games)


def test_a_game_with_an_unknown_team_is_reported_with_its_row_and_a_suggestion() -> None:
    world = World(NFL)
    found = world.take(
        RECORD,
        {"external_id": "a", "home_name": "KC", "away_name": "SF"},
        {"external_id": "b", "home_name": "KC", "away_name": "SFF"},
    )
    assert found.games["external_id"].to_list() == ["a"]
    [(row, reason, content)] = found.unmatched.rows()
    assert row == 2
    assert "unknown team 'SFF' in football/NFL; nearest known: San Francisco 49ers" in reason
    assert json.loads(content)["external_id"] == "b"


def test_a_game_with_two_unknown_teams_is_reported_once_with_both() -> None:
    [(_, reason, _)] = World(NFL).take(RECORD, {"home_name": "Foo", "away_name": "Bar"}).unmatched.rows()
    assert "'Foo'" in reason
    assert "'Bar'" in reason


def test_a_record_of_a_game_without_a_start_is_reported() -> None:
    [(_, reason, _)] = World().take(RECORD, {"starts_at": None}).unmatched.rows()
    assert reason == "a new game without a start"


def test_another_source_matches_by_season_week_and_teams_without_a_date() -> None:
    world = World(NFL)
    world.take(
        RECORD,
        {"external_id": "2015_04_OAK_SD", "home_name": "SD", "away_name": "OAK", "week": 4},
        {"external_id": "2015_16_SD_OAK", "home_name": "OAK", "away_name": "SD", "week": 16},
    )
    found = world.take(
        OTHER, {"external_id": "x", "home_name": "LAC", "away_name": "OAK", "week": 4, "starts_at": None}
    )
    assert found.game_ids.rows() == [("x", stable_id("game", "record", "2015_04_OAK_SD"))]
    assert found.games.is_empty()
    assert found.new_teams.is_empty()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"week": 5}, "not in that week or near that time"),
        ({"season": 2023}, "no known game of these teams in this season"),
        ({"home_name": "SF", "away_name": "KC"}, "no known game of these teams in this season"),
        ({"starts_at": START + timedelta(days=4)}, "not in that week or near that time"),
        ({"home_name": "NYJ"}, "no record source has created it yet"),
    ],
)
def test_what_does_not_match_is_reported_and_never_created(change: dict[str, object], reason: str) -> None:
    world = World(NFL)
    world.take(RECORD, {"home_name": "KC", "away_name": "SF", "week": 4})
    found = world.take(OTHER, {"home_name": "KC", "away_name": "SF", "week": 4, **change})
    assert found.game_ids.is_empty()
    assert found.games.is_empty()
    assert reason in found.unmatched["reason"][0]


def test_a_dated_source_matches_across_midnight() -> None:
    world = World(NFL)
    world.take(RECORD, {"home_name": "KC", "away_name": "SF"})
    found = world.take(
        OTHER, {"external_id": "x", "home_name": "KC", "away_name": "SF", "starts_at": START + timedelta(days=1)}
    )
    assert found.game_ids.height == 1


def test_two_games_that_fit_are_none() -> None:
    world = World()
    world.take(RECORD, {"external_id": "a"}, {"external_id": "b", "starts_at": START + timedelta(days=2)})
    found = world.take(OTHER, {"starts_at": START + timedelta(days=1)})
    assert found.unmatched["reason"].to_list() == ["more than one known game of these teams fits"]


def test_an_announcer_adds_coming_games_of_known_teams_under_the_record_sources_id() -> None:
    world = World()
    world.take(RECORD, {"external_id": "E0:2024:Leeds:Hull", **PLAYED})
    coming = {"external_id": "E0:2024:Hull:Leeds", "home_name": "Hull", "away_name": "Leeds"}
    announced = world.take(ANNOUNCER, coming)
    assert announced.games.select("source", "external_id", "status").rows() == [
        ("record", "E0:2024:Hull:Leeds", "scheduled")
    ]
    recorded = world.take(RECORD, {**coming, **PLAYED})
    assert recorded.games["game_id"].to_list() == announced.games["game_id"].to_list()
    assert world.games.height == 2


def test_an_announcer_creates_no_team() -> None:
    world = World()
    world.take(RECORD, PLAYED)
    found = world.take(ANNOUNCER, {"home_name": "Leeds", "away_name": "Harrogate"})
    assert found.games.is_empty()
    assert found.new_teams.is_empty()
    assert "unknown team 'Harrogate'" in found.unmatched["reason"][0]


def test_an_announced_game_that_moves_keeps_its_id_and_takes_the_new_start() -> None:
    world = World()
    world.take(RECORD, {"external_id": "n"})
    moved = world.take(ANNOUNCER, {"external_id": "n", "starts_at": START + timedelta(days=60)})
    assert moved.games.select("external_id", "starts_at").rows() == [("n", START + timedelta(days=60))]
    assert world.games.height == 1


def test_a_stale_announcement_of_a_final_game_is_matched_but_not_written() -> None:
    world = World()
    world.take(RECORD, {"external_id": "n", **PLAYED})
    stale = world.take(ANNOUNCER, {"external_id": "n"})
    assert stale.games.is_empty()
    assert stale.game_ids["game_id"].to_list() == world.games["game_id"].to_list()


def test_a_second_meeting_in_a_season_gets_the_name_the_record_source_will_give_it() -> None:
    world = World()
    world.take(RECORD, {"external_id": "n", **PLAYED})
    second = {"external_id": "n", "starts_at": START + timedelta(days=120)}
    announced = world.take(ANNOUNCER, second)
    assert announced.games["external_id"].to_list() == ["n:2"]
    assert announced.game_ids["external_id"].to_list() == ["n"]
    again = world.take(ANNOUNCER, second)
    assert again.game_ids.rows() == announced.game_ids.rows()
    assert world.games.height == 2


def test_an_empty_payload_resolves_to_nothing() -> None:
    world = World()
    for source in (RECORD, ANNOUNCER, OTHER):
        found = world.take(source)
        assert found.games.is_empty()
        assert found.game_ids.is_empty()
        assert found.unmatched.is_empty()


def known_at(competition: League, start: datetime, *, date_only: bool, status: str = "final") -> datetime | None:
    frame = pl.DataFrame({"starts_at": [start], "start_is_date_only": [date_only], "status": [status]})
    known: datetime | None = frame.select(result_known_at(competition)).item()
    return known


def test_a_result_is_known_a_quarter_of_an_hour_after_the_usual_end() -> None:
    assert known_at(EPL, START, date_only=False) == START + timedelta(hours=2, minutes=15)
    assert known_at(NFL, START, date_only=False) == START + timedelta(hours=4)


@pytest.mark.parametrize("day", [date(2024, 7, 1), date(2024, 1, 1), date(2024, 3, 31), date(2024, 10, 27)])
def test_a_result_of_a_day_is_known_from_the_next_local_midnight(day: date) -> None:
    from ai_pro_sports.core.clock import local_midnight

    start = local_midnight(day, EPL.timezone)
    assert known_at(EPL, start, date_only=True) == local_midnight(day + timedelta(days=1), EPL.timezone)


def test_a_game_that_is_not_final_has_no_result_to_know() -> None:
    assert known_at(EPL, datetime(2024, 1, 1, tzinfo=UTC), date_only=False, status="scheduled") is None
