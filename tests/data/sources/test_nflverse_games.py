"""The nflverse schedule: signs, zones, lines without prices, coming games with live ones, ties and moved clubs."""

import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.errors import PayloadRejected, SchemaChanged
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources.nflverse_games import NflverseGames
from ai_pro_sports.data.sources.source import Parsed
from tests.data.sources.rows import (
    LATER,
    NFLVERSE_1999,
    NFLVERSE_2015,
    NFLVERSE_COMING,
    NFLVERSE_FINAL,
    NFLVERSE_HEADER,
    NFLVERSE_TIE,
    accounted,
    nflverse_csv,
    parse_nflverse,
)

ALL = nflverse_csv(NFLVERSE_1999, NFLVERSE_2015, NFLVERSE_TIE, NFLVERSE_FINAL, NFLVERSE_COMING)


def game(parsed: Parsed, name: str) -> dict[str, Any]:
    return parsed.games.row(by_predicate=pl.col("external_id") == name, named=True)


def quotes(parsed: Parsed, name: str, market: str) -> list[tuple[str, float | None, float | None, int | None, str]]:
    rows = parsed.quotes.filter((pl.col("external_id") == name) & (pl.col("market") == market))
    return [
        (side, line, price if price is None else round(price, 4), american, moment)
        for side, line, price, american, moment in rows.select(
            "side", "line", "price", "price_american", "moment"
        ).iter_rows()
    ]


def test_one_file_is_asked_for_and_only_when_a_season_is() -> None:
    source = NflverseGames()
    assert source.items(league("NFL"), []) == []
    [item] = source.items(league("NFL"), range(1999, 2030))
    assert item.url == "https://github.com/nflverse/nflverse-data/releases/download/schedules/games.csv"
    assert (item.mirror_path, item.season, item.league) == ("nfl/nflverse_games.csv.gz", None, "NFL")


def test_the_file_keeps_the_contracts_and_accounts_for_every_row() -> None:
    parsed = parse_nflverse(ALL)
    assert accounted(parsed)
    assert parsed.games.height == parsed.rows == 5
    assert parsed.rejects.is_empty()
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()


def test_a_positive_spread_line_means_home_favoured_and_is_stored_from_the_home_side() -> None:
    assert quotes(parse_nflverse(ALL), "2015_04_OAK_SD", "spread") == [
        ("home", -4.5, 1.8696, -115, "close"),
        ("away", -4.5, 1.9524, -105, "close"),
    ]


def test_moneyline_and_total_keep_their_american_prices() -> None:
    parsed = parse_nflverse(ALL)
    assert quotes(parsed, "2015_04_OAK_SD", "moneyline") == [
        ("home", None, 1.4762, -210, "close"),
        ("away", None, 2.8, 180, "close"),
    ]
    assert quotes(parsed, "2015_04_OAK_SD", "total") == [
        ("over", 44.5, 1.8929, -112, "close"),
        ("under", 44.5, 1.9259, -108, "close"),
    ]


def test_the_first_seasons_have_lines_without_prices_and_days_without_times() -> None:
    parsed = parse_nflverse(ALL)
    assert quotes(parsed, "1999_03_NE_MIA", "spread") == [
        ("home", -3.5, None, None, "close"),
        ("away", -3.5, None, None, "close"),
    ]
    assert quotes(parsed, "1999_03_NE_MIA", "moneyline") == []
    row = game(parsed, "1999_03_NE_MIA")
    assert row["start_is_date_only"]
    assert row["starts_at"] == datetime(1999, 9, 26, 4, tzinfo=UTC)


def test_a_kick_off_is_eastern_time_and_january_belongs_to_the_season_before() -> None:
    row = game(parse_nflverse(ALL), "2022_22_KC_PHI")
    assert row["starts_at"] == datetime(2023, 2, 12, 23, 30, tzinfo=UTC)
    assert (row["season"], row["round"], row["week"], row["neutral"]) == (2022, "SB", 22, True)


def test_a_tie_is_a_final_score_and_a_neutral_field_keeps_its_home_side() -> None:
    row = game(parse_nflverse(ALL), "2016_08_WAS_CIN")
    assert (row["status"], row["home_score"], row["away_score"]) == ("final", 27, 27)
    assert (row["home_name"], row["neutral"], row["starts_at"]) == (
        "CIN",
        True,
        datetime(2016, 10, 30, 13, 30, tzinfo=UTC),
    )


def test_a_coming_game_has_live_prices_stamped_with_the_fetch() -> None:
    now = datetime(2029, 9, 5, 12, tzinfo=UTC)
    parsed = parse_nflverse(nflverse_csv(NFLVERSE_COMING), now)
    assert parsed.games["status"].to_list() == ["scheduled"]
    assert parsed.quotes.height == 6
    assert parsed.quotes.select("moment", "known_at").unique().rows() == [("stamped", now)]


def test_the_prices_of_a_game_under_way_are_its_close() -> None:
    parsed = parse_nflverse(nflverse_csv(NFLVERSE_COMING), datetime(2029, 9, 9, 21, tzinfo=UTC))
    assert parsed.games["status"].to_list() == ["scheduled"]
    assert parsed.quotes.select("moment", "known_at").unique().rows() == [("close", None)]


def test_a_game_that_never_was_is_postponed() -> None:
    assert game(parse_nflverse(ALL, LATER), "2029_01_SEA_SF")["status"] == "postponed"


def change(row: str, column: str, value: str) -> str:
    cells = row.split(",")
    cells[NFLVERSE_HEADER.split(",").index(column)] = value
    return ",".join(cells)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("game_id", "", "no game_id"),
        ("game_id", "2015_04_OAK_SD", "the same game_id again"),
        ("home_team", "", "no teams"),
        ("home_team", "WAS", "a team against itself"),
        ("season", "twenty", "the season cannot be read"),
        ("season", "2011", "the date is outside the season"),
        ("week", "", "the week cannot be read"),
        ("gameday", "10/30/2016", "the date cannot be read"),
        ("home_score", "2x", "the score cannot be read"),
        ("home_score", "-27", "the score cannot be read"),
        ("home_score", "", "one score only"),
        ("home_score", "30", "result disagrees with the scores"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_with_its_number_and_content(
    column: str, value: str, reason: str
) -> None:
    parsed = parse_nflverse(nflverse_csv(NFLVERSE_2015, change(NFLVERSE_TIE, column, value)))
    assert accounted(parsed)
    assert parsed.games["external_id"].to_list() == ["2015_04_OAK_SD"]
    [(number, said, content)] = parsed.rejects.rows()
    assert number == 2
    assert reason in said
    assert json.loads(content)["weekday"] == "Sunday"


@pytest.mark.parametrize(
    ("changes", "lost", "reason"),
    [
        ({"home_moneyline": "50"}, {("moneyline", "home")}, "American price 50 lies inside ±100"),
        ({"home_moneyline": "180"}, {("moneyline", "home"), ("moneyline", "away")}, "over-round 0.714"),
        (
            {"spread_line": "44.5", "total_line": "4.5"},
            {("spread", "home"), ("spread", "away"), ("total", "over"), ("total", "under")},
            "spread and total look swapped",
        ),
        (
            {"home_moneyline": "180", "away_moneyline": "-210"},
            {("spread", "home"), ("spread", "away"), ("moneyline", "home"), ("moneyline", "away")},
            "sides swapped",
        ),
        ({"spread_line": "4.3"}, {("spread", "home"), ("spread", "away")}, "not in quarter points"),
    ],
)
def test_a_price_that_cannot_be_true_is_set_aside_and_its_game_stays(
    changes: dict[str, str], lost: set[tuple[str, str]], reason: str
) -> None:
    row = NFLVERSE_2015
    for column, value in changes.items():
        row = change(row, column, value)
    parsed = parse_nflverse(nflverse_csv(row))
    whole = parse_nflverse(nflverse_csv(NFLVERSE_2015))
    assert parsed.games.equals(whole.games)
    kept = set(parsed.quotes.select("market", "side").rows())
    assert set(whole.quotes.select("market", "side").rows()) - kept == lost
    assert all(reason in said for said in parsed.rejects["reason"])
    assert parsed.rejected_rows == 0 < parsed.rejected_quotes


def test_a_kick_off_nobody_can_read_costs_the_time_and_not_the_game() -> None:
    parsed = parse_nflverse(nflverse_csv(change(NFLVERSE_2015, "gametime", "TBD")))
    assert parsed.games["start_is_date_only"].to_list() == [True]


@pytest.mark.parametrize(("old", "new"), [("spread_line", "line_spread"), ("gametime", "game_time"), ("result", "")])
def test_a_renamed_or_lost_column_stops_the_import(old: str, new: str) -> None:
    header = ",".join(new if column == old else column for column in NFLVERSE_HEADER.split(","))
    with pytest.raises(SchemaChanged, match=f"lacks the column {old}"):
        parse_nflverse(nflverse_csv(NFLVERSE_2015, header=header))


def test_a_page_is_rejected() -> None:
    with pytest.raises(PayloadRejected, match="web page"):
        parse_nflverse(b"<!DOCTYPE html><title>Not Found</title>")
