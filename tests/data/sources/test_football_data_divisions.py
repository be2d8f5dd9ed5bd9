"""Division files, one invented file per era: results, starts, every kind of price, and what is set aside."""

import gzip
import json
from datetime import UTC, datetime

import polars as pl
import pytest

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, SchemaChanged
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources.football_data_divisions import FootballDataDivisions
from ai_pro_sports.data.sources.source import Parsed
from tests.data.sources.rows import (
    DIVISION_1993,
    DIVISION_2000,
    DIVISION_2003,
    DIVISION_2005,
    DIVISION_2012,
    DIVISION_2019,
    DIVISION_2025,
    accounted,
    division_item,
    parse_division,
)

ERAS = [
    (1993, DIVISION_1993),
    (2000, DIVISION_2000),
    (2003, DIVISION_2003),
    (2005, DIVISION_2005),
    (2012, DIVISION_2012),
    (2019, DIVISION_2019),
    (2025, DIVISION_2025),
]


def prices(
    parsed: Parsed, book: str, market: str, moment: str, number: int = 0
) -> dict[str, tuple[float | None, float]]:
    name = parsed.games["external_id"][number]
    rows = parsed.quotes.filter(
        (pl.col("external_id") == name) & (pl.col("book") == book) & (pl.col("market") == market)
        & (pl.col("moment") == moment)
    )  # fmt: skip
    return {side: (line, price) for side, line, price in rows.select("side", "line", "price").iter_rows()}


def test_items_come_from_the_calendar_not_from_what_is_there_today() -> None:
    items = FootballDataDivisions().items(league("EPL"), [1992, 1993, 1999, 2024, 2041])
    assert [(item.season, item.url.split("mmz4281")[1], item.mirror_path) for item in items] == [
        (1993, "/9394/E0.csv", "soccer/football-data/E0_9394.csv.gz"),
        (1999, "/9900/E0.csv", "soccer/football-data/E0_9900.csv.gz"),
        (2024, "/2425/E0.csv", "soccer/football-data/E0_2425.csv.gz"),
        (2041, "/4142/E0.csv", "soccer/football-data/E0_4142.csv.gz"),
    ]


def test_a_league_without_a_division_there_cannot_be_asked_for() -> None:
    with pytest.raises(InvalidValue, match="football_data_co_uk does not carry NFL"):
        FootballDataDivisions().items(league("NFL"), [2020])


@pytest.mark.parametrize(("season", "body"), ERAS)
def test_every_era_keeps_the_contracts_and_accounts_for_every_row(season: int, body: bytes) -> None:
    parsed = parse_division(body, season)
    assert accounted(parsed)
    assert parsed.rejects.is_empty()
    assert parsed.games.height in {1, 2}
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()


@pytest.mark.parametrize(("season", "body"), ERAS)
def test_the_bytes_read_the_same_compressed_and_again(season: int, body: bytes) -> None:
    once, packed = parse_division(body, season), parse_division(gzip.compress(body, mtime=0), season)
    assert once.games.equals(packed.games)
    assert once.quotes.equals(packed.quotes)


def test_the_first_era_has_results_by_the_day_and_no_prices() -> None:
    parsed = parse_division(DIVISION_1993, 1993)
    assert parsed.games.select("external_id", "home_score", "away_score", "status", "season").rows() == [
        ("E0:1993:Arsenal:Oldham", 2, 1, "final", 1993),
        ("E0:1993:Oldham:Arsenal", 0, 0, "final", 1993),
    ]
    # British summer time, then winter time: the day starts at local midnight.
    assert parsed.games["starts_at"].to_list() == [
        datetime(1993, 8, 13, 23, tzinfo=UTC),
        datetime(1994, 1, 2, tzinfo=UTC),
    ]
    assert parsed.games["start_is_date_only"].all()
    assert parsed.quotes.is_empty()
    assert parsed.blank == 1


def test_the_first_prices_are_pre_close_and_a_referee_with_a_comma_shifts_nothing() -> None:
    parsed = parse_division(DIVISION_2000, 2000)
    assert prices(parsed, "gamebookers", "three_way", "pre_close") == {
        "home": (None, 1.4),
        "draw": (None, 4.0),
        "away": (None, 7.0),
    }
    assert parsed.quotes["book"].unique().sort().to_list() == ["gamebookers", "stanleybet"]


def test_the_first_handicaps_have_a_line_per_book_and_may_be_split() -> None:
    parsed = parse_division(DIVISION_2003, 2003)
    assert prices(parsed, "gamebookers", "spread", "pre_close") == {"home": (-0.25, 1.9), "away": (-0.25, 1.95)}
    assert prices(parsed, "ladbrokes", "spread", "pre_close") == {"home": (-0.25, 1.88), "away": (-0.25, 1.98)}
    assert prices(parsed, "bet365", "spread", "pre_close") == {"home": (-0.25, 1.825), "away": (-0.25, 2.025)}
    assert prices(parsed, "bet365", "total", "pre_close") == {"over": (2.5, 2.05), "under": (2.5, 1.8)}


def test_betbrain_maxima_and_averages_are_market_books() -> None:
    parsed = parse_division(DIVISION_2005, 2005)
    assert prices(parsed, "market_best", "three_way", "pre_close") == {
        "home": (None, 8.0),
        "draw": (None, 4.2),
        "away": (None, 1.57),
    }
    assert prices(parsed, "market_average", "spread", "pre_close") == {"home": (1.0, 1.9), "away": (1.0, 1.95)}


def test_the_first_closing_prices_stand_beside_the_pre_close_ones() -> None:
    parsed = parse_division(DIVISION_2012, 2012)
    assert prices(parsed, "pinnacle", "three_way", "pre_close")["home"] == (None, 2.5)
    assert prices(parsed, "pinnacle", "three_way", "close")["home"] == (None, 2.4)
    assert parsed.quotes["known_at"].null_count() == parsed.quotes.height


def test_since_2019_there_are_times_and_a_closing_handicap_of_its_own() -> None:
    parsed = parse_division(DIVISION_2019, 2019)
    assert parsed.games["starts_at"].to_list() == [
        datetime(2019, 8, 9, 19, tzinfo=UTC),
        datetime(2020, 7, 26, 15, tzinfo=UTC),
    ]
    assert not parsed.games["start_is_date_only"].any()
    assert prices(parsed, "pinnacle", "spread", "pre_close") == {"home": (-2.25, 1.97), "away": (-2.25, 1.95)}
    assert prices(parsed, "pinnacle", "spread", "close") == {"home": (-2.5, 1.94), "away": (-2.5, 1.98)}
    assert prices(parsed, "market_average", "three_way", "close")["draw"] == (None, 9.5)


def test_the_newest_books_are_known_and_a_new_one_is_taken_as_it_is() -> None:
    parsed = parse_division(DIVISION_2025, 2025)
    books = set(parsed.quotes["book"])
    assert books == {"betfred", "betvictor", "betfair_exchange", "new"}
    assert prices(parsed, "new", "three_way", "close")["away"] == (None, 3.2)


def test_a_match_without_a_score_is_scheduled_then_postponed_and_keeps_its_prices() -> None:
    body = DIVISION_2012.replace(b",5,0,H,", b",,,,")
    before = parse_division(body, 2012, datetime(2012, 8, 18, 9, tzinfo=UTC))
    after = parse_division(body, 2012, datetime(2012, 9, 18, 9, tzinfo=UTC))
    assert before.games["status"].to_list() == ["scheduled"]
    assert after.games["status"].to_list() == ["postponed"]
    assert before.quotes.height == after.quotes.height == 6


def test_the_second_meeting_at_the_same_place_gets_a_name_of_its_own_by_date() -> None:
    body = (
        b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\n"
        b"E0,01/03/01,Leeds,Hull,1,1,D\nE0,01/09/00,Leeds,Hull,2,0,H\nE0,05/09/00,Hull,Leeds,0,0,D\n"
    )
    names = parse_division(body, 2000).games["external_id"].to_list()
    assert names == ["E0:2000:Leeds:Hull:2", "E0:2000:Leeds:Hull", "E0:2000:Hull:Leeds"]


def test_a_name_with_a_broken_apostrophe_is_the_same_club() -> None:
    body = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,01/09/00,Nott\u0092m Forest,Hull,2,0,H\n"
    assert parse_division(body.encode(), 2000).games["home_name"].to_list() == ["Nott'm Forest"]


def test_old_short_column_names_of_the_teams_are_read() -> None:
    body = b"Div,Date,HT,AT,FTHG,FTAG,FTR\nE0,01/09/00,Leeds,Hull,2,0,H\n"
    assert parse_division(body, 2000).games["home_name"].to_list() == ["Leeds"]


def test_values_beyond_the_header_are_noted() -> None:
    body = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,01/09/00,Leeds,Hull,2,0,H,,,Abandoned\n"
    assert parse_division(body, 2000).notes == {"rows with values beyond the header": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b",,,,,,#REF!", "division is not E0; no teams; the date cannot be read"),
        (b"E0,31/02/01,Leeds,Hull,1,0,H", "the date cannot be read"),
        (b"E0,2001-02-03,Leeds,Hull,1,0,H", "the date cannot be read"),
        (b"E0,01/09/05,Leeds,Hull,1,0,H", "the date is outside the season"),
        (b"E0,01/09/00,Leeds,,1,0,H", "no teams"),
        (b"E0,01/09/00,Leeds,Leeds,1,0,H", "a team against itself"),
        (b"E0,01/09/00,Leeds,Hull,1,,H", "one score only"),
        (b"E0,01/09/00,Leeds,Hull,x,0,H", "the score cannot be read"),
        (b"E0,01/09/00,Leeds,Hull,-1,0,A", "the score cannot be read"),
        (b"E1,01/09/00,Leeds,Hull,1,0,H", "division is not E0"),
        (b"E0,01/09/00,Leeds,Hull,1,0,A", "FTR says another winner than the score"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_with_its_number_and_content(row: bytes, reason: str) -> None:
    header = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,02/09/00,Derby,Stoke,1,0,H\n,,,,,,\n"
    parsed = parse_division(header + row + b"\n", 2000)
    assert accounted(parsed)
    assert parsed.games.height == 1
    [(number, said, content)] = parsed.rejects.rows()
    assert number == 3
    assert reason in said
    assert json.loads(content)
    assert parsed.rejected_rows == 1


def test_a_filler_loses_its_price_and_the_game_and_the_other_prices_stay() -> None:
    parsed = parse_division(DIVISION_2012.replace(b"2.5,3.3,3.05", b"0,3.3,3.05"), 2012)
    assert parsed.games.height == 1
    assert prices(parsed, "pinnacle", "three_way", "pre_close").keys() == {"draw", "away"}
    assert parsed.rejects["reason"].to_list() == ["pre_close three_way of pinnacle: price 0 is not above 1"]
    assert (parsed.rejected_rows, parsed.rejected_quotes) == (0, 1)


def test_a_swapped_handicap_is_set_aside_because_the_other_prices_speak_against_it() -> None:
    parsed = parse_division(DIVISION_2019.replace(b"-2.5,1.94,1.98", b"2.5,1.94,1.98"), 2019)
    assert prices(parsed, "pinnacle", "spread", "close") == {}
    assert len(prices(parsed, "pinnacle", "three_way", "close")) == 3
    assert parsed.rejects["reason"].to_list() == [
        "close spread of pinnacle: spread 2.5 but winner prices lean 0.83 to home: sides swapped"
    ]


def test_another_divisions_file_is_rejected() -> None:
    body = DIVISION_2012.replace(b"\nE0,", b"\nEC,")
    with pytest.raises(PayloadRejected, match=r"E0 2012/13: the file holds division EC.*similar name"):
        parse_division(body, 2012)


def test_a_page_is_rejected() -> None:
    with pytest.raises(PayloadRejected, match="E0 2030/31 is a web page, not data"):
        parse_division(b"<!DOCTYPE HTML><title>300 Multiple Choices</title>", 2030)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"HomeTeam", b"Home Team", r"HomeTeam \(nearest: Home Team\)"),
        (b"FTAG", b"AG", r"FTAG \(nearest: AG\)"),
        (b"PSCD", b"PSCX", r"PSCD \(nearest: PSCX\)"),
    ],
)
def test_a_renamed_column_stops_the_import_and_names_its_neighbour(old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(SchemaChanged, match=said):
        parse_division(DIVISION_2012.replace(old, new), 2012)


def test_a_recent_file_without_any_price_is_a_changed_schema() -> None:
    body = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,01/09/15,Leeds,Hull,2,0,H\n"
    with pytest.raises(SchemaChanged, match="AvgH"):
        parse_division(body, 2015)


def test_a_file_that_is_only_a_header_is_a_season_that_has_not_begun() -> None:
    parsed = parse_division(b"Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR\n", 2026)
    assert parsed.games.is_empty()
    assert parsed.rows == 0


def test_an_item_without_a_season_is_read_as_the_running_one() -> None:
    from dataclasses import replace

    item = replace(division_item(2012), season=None)
    parsed = FootballDataDivisions().parse(item, DIVISION_2012, datetime(2012, 9, 1, tzinfo=UTC))
    assert parsed.games["external_id"].to_list() == ["E0:2012:Swansea:QPR"]
