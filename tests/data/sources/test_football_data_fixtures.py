"""Coming fixtures: one file for all divisions, stamped prices, and the names the division file will use."""

from datetime import UTC, datetime

import polars as pl
import pytest

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources.football_data_fixtures import FootballDataFixtures
from tests.data.sources.rows import FIXTURES, accounted, parse_division, parse_fixtures

BEFORE = datetime(2025, 8, 15, 18, tzinfo=UTC)


def test_one_file_is_asked_for_and_only_when_a_season_is() -> None:
    source = FootballDataFixtures()
    assert source.items(league("EPL"), []) == []
    [item] = source.items(league("EPL"), [2024, 2025])
    assert item.url == "https://www.football-data.co.uk/fixtures.csv"
    assert (item.mirror_path, item.season) == ("soccer/football-data/fixtures.csv", None)


def test_the_leagues_matches_are_taken_and_the_others_counted_as_elsewhere() -> None:
    parsed = parse_fixtures(FIXTURES, BEFORE)
    assert accounted(parsed)
    assert (parsed.rows, parsed.elsewhere, parsed.games.height) == (3, 1, 2)
    assert parsed.games["status"].unique().to_list() == ["scheduled"]
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()


def test_prices_of_coming_matches_are_stamped_with_the_fetch_and_closing_columns_are_left() -> None:
    parsed = parse_fixtures(FIXTURES, BEFORE)
    assert parsed.quotes.select("moment", "known_at").unique().rows() == [("stamped", BEFORE)]
    assert parsed.quotes.height == 20
    spread = parsed.quotes.filter(pl.col("market") == "spread")
    assert spread["line"].to_list() == [-0.25, 0.5, -0.25, 0.5]


def test_prices_of_a_match_that_has_started_are_pre_close_without_a_time() -> None:
    parsed = parse_fixtures(FIXTURES, datetime(2025, 8, 16, 13, tzinfo=UTC))
    by_game = parsed.quotes.group_by("external_id").agg(pl.col("moment").unique()).sort("external_id")
    assert by_game.rows() == [
        ("E0:2025:Aston Villa:Newcastle", ["pre_close"]),
        ("E0:2025:Man United:Arsenal", ["stamped"]),
    ]


def test_the_division_file_names_the_same_match_alike_later() -> None:
    later = parse_division(
        b"Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,AvgH,AvgD,AvgA\n"
        b"E0,18/08/2025,16:30,Man United,Arsenal,0,1,A,3.5,3.6,2\n",
        2025,
    )
    announced = parse_fixtures(FIXTURES, BEFORE)
    assert later.games["external_id"][0] in announced.games["external_id"].to_list()


def test_a_match_in_spring_belongs_to_the_season_that_began_the_year_before() -> None:
    parsed = parse_fixtures(FIXTURES.replace(b"17/08/2025", b"17/03/2026"), BEFORE)
    assert parsed.games["season"].to_list() == [2025, 2025]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"E0,17/08/2025", b",17/08/2025", "no division"),
        (b"Man United", b"", "no teams"),
        (b"17/08/2025", b"tomorrow", "the date cannot be read"),
        (b"Man United,Arsenal", b"Aston Villa,Newcastle", "the same match again"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside(old: bytes, new: bytes, reason: str) -> None:
    parsed = parse_fixtures(FIXTURES.replace(old, new), BEFORE)
    assert accounted(parsed)
    assert parsed.games.height == 1
    assert parsed.rejects["row"].to_list() == [3]
    assert reason in parsed.rejects["reason"][0]


def test_a_renamed_column_stops_the_import() -> None:
    with pytest.raises(SchemaChanged, match=r"HomeTeam \(nearest: Home\)"):
        parse_fixtures(FIXTURES.replace(b"HomeTeam", b"Home"), BEFORE)
