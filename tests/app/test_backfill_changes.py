"""Backfill: files that change, and files that are tried again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.app.usecases.backfill import Outcome
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.leagues import EPL, NFL
from tests.app.bench import NOON, Bench
from tests.app.mirrors import (
    DIVISION,
    FIXTURES,
    LINES,
    SCHEDULE,
    csv,
    item_of,
)
from tests.app.season_files import (
    FIXTURES_FILE,
    MESSY,
    is_accounted,
)

pytestmark = pytest.mark.anyio


# Files that change


async def test_a_corrected_score_updates_its_game_and_nothing_else(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    before = await bench.games(EPL)
    bench.clock.advance(timedelta(days=1))
    report = await bench.bring_file(EPL, "football_data", csv(*DIVISION).replace(b"2,1,H", b"2,2,D"))
    assert (report.outcome, report.games, report.new_games, report.new_quotes) == (Outcome.IMPORTED, 3, 0, 0)
    after = await bench.games(EPL)
    moved = after.join(before, on=after.columns, how="anti", nulls_equal=True)
    assert moved.select("external_id", "home_score", "away_score").rows() == [("E0:2023:Arsenal:Chelsea", 2, 2)]
    async with bench.database.unit_of_work() as work:
        assert (await work.payloads.frame())["sha256"].n_unique() == 2, "both versions stay on record"


async def test_a_game_that_is_played_keeps_the_prices_it_had_before(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    await bench.bring_file(EPL, "football_data_fixtures", csv(*FIXTURES))
    stamped = (await bench.quotes(EPL)).filter(pl.col("moment") == "stamped")
    assert stamped["known_at"].unique().to_list() == [NOON]
    bench.clock.advance(timedelta(days=4))
    played = "E0,25/05/2024,15:00,Chelsea,Arsenal,2,2,D,3.5,3.6,2.1,0.5,1.88,2.02,3.4,3.7,2.1"
    report = await bench.bring_file(EPL, "football_data", csv(*DIVISION, played))
    assert (report.games, report.new_games, report.new_quotes) == (4, 0, 8)
    quotes = await bench.quotes(EPL)
    assert_frame_equal(quotes.filter(pl.col("moment") == "stamped"), stamped)
    game = (await bench.games(EPL)).filter(pl.col("external_id") == "E0:2023:Chelsea:Arsenal")
    assert game.select("status", "home_score").rows() == [("final", 2)]
    closes = quotes.filter(pl.col("game_id") == game["game_id"][0], pl.col("moment") == "close")
    assert closes["known_at"].unique().to_list() == [game["starts_at"][0]]


async def test_a_last_price_read_before_the_start_is_no_close_and_the_close_is_taken_once_there(bench: Bench) -> None:
    bench.clock = FixedClock(datetime(2023, 9, 6, 15, tzinfo=UTC))
    coming = [
        re.sub(r"(KC|SF|PIT),\d+,(DET|PIT|BAL),\d+,Home,[^,]*,[^,]*,0", r"\1,,\2,,Home,,,", row) for row in SCHEDULE
    ]
    await bench.bring_file(NFL, "nflverse", csv(*coming))
    await bench.bring_file(NFL, "nfelomarket", csv(*LINES))
    quotes = (await bench.quotes(NFL)).filter(pl.col("book") == "nfelomarket")
    assert set(quotes.select("moment", "known_at").unique().rows()) == {
        ("stamped", bench.clock.now()),
        ("open", datetime(2023, 9, 7, 0, 20, tzinfo=UTC)),
        ("open", datetime(2023, 9, 9, 17, tzinfo=UTC)),
    }
    bench.clock.advance(timedelta(days=7))
    await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE))
    closed = [row.replace(",-215,180,", ",-230,190,") for row in LINES]
    report = await bench.bring_file(NFL, "nfelomarket", csv(*closed))
    assert (report.new_quotes, report.rejected) == (12, 0)
    async with bench.database.unit_of_work() as work:
        closing = await work.closing.frame("NFL", bench.clock.now())
    favourite = closing.filter(pl.col("book") == "nfelomarket", pl.col("market") == "moneyline", pl.col("price") < 1.5)
    assert favourite.select("price_american", "moment").rows() == [(-230, "close")]


async def test_an_older_file_does_not_unplay_a_game(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    stale = csv(*DIVISION).replace(b"0,3,A", b",,")
    report = await bench.bring_file(EPL, "football_data", stale)
    game = (await bench.games(EPL)).filter(pl.col("external_id") == "E0:2023:Chelsea:Aston Villa")
    assert game.select("status", "away_score").rows() == [("final", 3)]
    assert (report.games, report.lost, is_accounted(report)) == (2, 1, True)
    assert [reason for _, _, reason in await bench.set_aside(EPL)] == ["a final game cannot become postponed"]


# Files with unmatched rows are not done


async def test_a_file_with_unmatched_rows_is_read_again_until_its_teams_are_known(bench: Bench) -> None:
    first = await bench.bring_file(EPL, "football_data_fixtures", csv(*FIXTURES))
    assert (first.outcome, first.games, first.unmatched) == (Outcome.IMPORTED, 0, 2)
    again = await bench.bring(item_of(EPL, "football_data_fixtures"))
    assert (again.outcome, again.unmatched) == (Outcome.IMPORTED, 2)
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    third = await bench.bring(item_of(EPL, "football_data_fixtures"))
    assert (third.outcome, third.new_games, third.new_quotes, third.unmatched) == (Outcome.IMPORTED, 2, 10, 0)
    before = await bench.rows()
    done = await bench.bring(item_of(EPL, "football_data_fixtures"))
    assert done.outcome is Outcome.UNCHANGED
    assert await bench.rows() == before


async def test_lines_of_a_game_that_is_listed_later_find_it_on_the_next_run(bench: Bench) -> None:
    await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE[:2]))
    first = await bench.bring_file(NFL, "nfelomarket", csv(*LINES))
    assert (first.games, first.unmatched, first.new_quotes) == (1, 1, 8)
    await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE))
    second = await bench.bring(item_of(NFL, "nfelomarket"))
    assert (second.outcome, second.games, second.unmatched, second.new_quotes) == (Outcome.IMPORTED, 2, 0, 8)


async def test_only_unmatched_rows_make_a_file_be_read_again(bench: Bench) -> None:
    messy = csv(*(row for row in MESSY if "Arsenall" not in row))
    first = await bench.bring_file(EPL, "football_data", messy)
    assert (first.rejected > 0, first.unmatched) == (True, 0)
    assert (await bench.bring(item_of(EPL, "football_data"))).outcome is Outcome.UNCHANGED


async def test_one_file_of_several_leagues_is_done_for_each_on_its_own(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    await bench.bring_file(EPL, "football_data_fixtures", csv(*FIXTURES))
    async with bench.database.unit_of_work() as work:
        manifests = await work.manifests.frame()
    fixtures = manifests.filter(pl.col("item") == FIXTURES_FILE)
    assert fixtures.select("league", "rows", "games").rows() == [("EPL", 3, 2)]
