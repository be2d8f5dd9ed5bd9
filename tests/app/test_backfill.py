"""Backfill: files to rows, twice the same, and every fault with its message and its place in the account."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.app.usecases.backfill import BackfillReport, ItemReport, Outcome, plan, seasons_between
from ai_pro_sports.app.usecases.provenance import source_accounts
from ai_pro_sports.app.usecases.status import quarantined
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.data.store import Database
from tests.app.bench import NOON, Bench, Rows
from tests.app.mirrors import (
    ASTON_ARSENAL,
    CHELSEA_ARSENAL,
    DIVISION,
    FIXTURES,
    LINES,
    SCHEDULE,
    csv,
    item_of,
    season_path,
)
from tests.data.fetch.server import Answer, serve

pytestmark = pytest.mark.anyio

SCHEDULE_FILE = "nfl/nflverse_games.csv.gz"
LINES_FILE = "nfl/nfelomarket_lines.csv.gz"
FIXTURES_FILE = "soccer/football-data/fixtures.csv"
SEASON_FILE = season_path(2023)


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(database, tmp_path)
    await made.set_up()
    yield made


async def whole_leagues(bench: Bench) -> None:
    """Put a good file everywhere a backfill of 2023 looks."""
    for path, rows in {
        SCHEDULE_FILE: SCHEDULE,
        LINES_FILE: LINES,
        SEASON_FILE: DIVISION,
        FIXTURES_FILE: FIXTURES,
    }.items():
        bench.put(path, csv(*rows))


def is_accounted(report: ItemReport) -> bool:
    """Return whether every data row of the file ended somewhere."""
    return report.rows == report.games + report.unmatched + report.lost + report.blank + report.elsewhere


def changed(before: Rows, after: Rows) -> set[str]:
    return {table for table in after if before[table] != after[table]}


# What there is to read


def test_the_plan_asks_the_sources_of_record_first_and_for_every_season_of_the_calendar() -> None:
    items = plan(EPL, [2022, 2023, 2031])
    assert [item.mirror_path for item in items] == [
        season_path(2022),
        season_path(2023),
        season_path(2031),
        FIXTURES_FILE,
    ]
    assert [item.source for item in plan(NFL, [2023])] == ["nflverse", "nfelomarket"]
    assert plan(NFL, []) == []


@pytest.mark.parametrize(
    ("text", "seasons"),
    [("2010", [2010]), ("2010-2012", [2010, 2011, 2012]), ("2023-2023", [2023]), (" 1993 - 1994 ", [1993, 1994])],
)
def test_a_span_of_seasons_is_read(text: str, seasons: list[int]) -> None:
    assert seasons_between(EPL, text, FixedClock(NOON)) == seasons


@pytest.mark.parametrize("text", [None, ""])
def test_no_span_means_every_season_so_far(text: str | None) -> None:
    assert seasons_between(EPL, text, FixedClock(NOON)) == list(range(1993, 2024))
    assert seasons_between(NFL, text, FixedClock(NOON + timedelta(days=120)))[-1] == 2024


@pytest.mark.parametrize(
    "text", ["twenty", "2010-", "-2010", "2010-20x1", "2010 2011", "2010,2011", "2010-2011-2012", "-"]
)
def test_what_is_no_span_of_seasons_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a span of seasons") as refused:
        seasons_between(EPL, text, FixedClock(NOON))
    assert refused.value.hint == "write 2010-2023 or 2023"


@pytest.mark.parametrize("text", ["1992", "1990-2000", "2024", "2020-2024", "2012-2010", "0", "23"])
def test_seasons_the_league_never_had_are_refused_with_those_it_had(text: str) -> None:
    with pytest.raises(InvalidValue, match=f"EPL has no seasons {text}") as refused:
        seasons_between(EPL, text, FixedClock(NOON))
    assert "1993 to 2023" in refused.value.hint


# Good files


async def test_good_files_become_games_quotes_and_teams_with_an_account_of_each(bench: Bench) -> None:
    await whole_leagues(bench)
    football, soccer = await bench.bring_all(NFL), await bench.bring_all(EPL)
    schedule, lines = football.items
    assert schedule == ItemReport(
        source="nflverse",
        item=SCHEDULE_FILE,
        outcome=Outcome.IMPORTED,
        rows=3,
        games=3,
        new_games=3,
        quotes=18,
        new_quotes=18,
        new_teams=schedule.new_teams,
    )
    assert len(schedule.new_teams) == 5
    assert (lines.rows, lines.games, lines.new_games, lines.quotes, lines.new_teams) == (2, 2, 0, 16, ())
    season, fixtures = soccer.items
    assert (season.rows, season.games, season.new_games, season.new_quotes) == (3, 3, 3, 24)
    assert (fixtures.rows, fixtures.elsewhere, fixtures.new_games, fixtures.new_quotes) == (3, 1, 2, 10)
    assert all(is_accounted(item) for item in (*football.items, *soccer.items))
    assert football.ok and soccer.ok
    assert football.teams_by_source() == {"nflverse": sorted(schedule.new_teams)}
    assert soccer.teams_by_source() == {"football_data": ["Arsenal", "Aston Villa", "Chelsea", "Everton"]}
    assert (football.total("games"), football.total("quotes")) == (5, 34)
    counts = await bench.counts()
    assert (counts["games"], counts["odds"], counts["teams"], counts["quarantine"]) == (8, 68, 9, 0)
    assert (counts["lake_manifests"], counts["raw_api_responses"]) == (4, 4)


async def test_a_file_with_nothing_but_a_header_is_an_empty_season_and_no_fault(bench: Bench) -> None:
    report = await bench.bring_file(EPL, "football_data", csv(DIVISION[0]))
    assert (report.outcome, report.rows, report.games, report.is_failure) == (Outcome.IMPORTED, 0, 0, False)


@pytest.mark.parametrize("declared", [NFL, EPL], ids=lambda declared: declared.code)
async def test_importing_twice_changes_nothing(bench: Bench, declared: League) -> None:
    await whole_leagues(bench)
    await bench.bring_all(declared)
    before = await bench.rows()
    assert len(before["odds"]) == 34
    bench.clock.advance(timedelta(hours=1))
    again = await bench.bring_all(declared)
    assert [item.outcome for item in again.items] == [Outcome.UNCHANGED] * 2
    assert (again.ok, again.total("games"), again.total("new_quotes")) == (True, 0, 0)
    assert await bench.rows() == before


@pytest.mark.parametrize("declared", [NFL, EPL], ids=lambda declared: declared.code)
async def test_reading_the_same_bytes_anew_with_another_parser_changes_nothing_but_the_manifest(
    bench: Bench, declared: League
) -> None:
    await whole_leagues(bench)
    await bench.bring_all(declared)
    before = await bench.rows()
    await bench.execute("UPDATE lake_manifests SET parser_version = 0")
    again = await bench.bring_all(declared)
    assert [item.outcome for item in again.items] == [Outcome.IMPORTED] * 2
    assert (again.total("new_games"), again.total("new_quotes"), again.total("rejected")) == (0, 0, 0)
    assert again.teams_by_source() == {}
    assert await bench.rows() == before


async def test_a_file_imported_in_another_order_of_rows_gives_the_same_store(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    before = await bench.rows()
    turned = await bench.bring_file(EPL, "football_data", csv(DIVISION[0], *reversed(DIVISION[1:])))
    assert (turned.outcome, turned.games, turned.new_games, turned.new_quotes) == (Outcome.IMPORTED, 3, 0, 0)
    assert changed(before, await bench.rows()) == {"lake_manifests", "raw_api_responses"}


async def test_quotes_remember_that_they_were_brought_in_later(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    assert {row.endswith(",t)") or ",t," in row for row in (await bench.rows())["odds"]} == {True}


# Files that cannot be used at all

BROKEN = {
    "cut short": (gzip.compress(csv(*DIVISION), mtime=0)[:-20], "the gzip stream is cut short or damaged"),
    "one bit": (
        bytes(byte ^ (place == 60) for place, byte in enumerate(gzip.compress(csv(*DIVISION), mtime=0))),
        "the gzip stream is cut short or damaged",
    ),
    "page": (b"<!DOCTYPE html><html><body>Not found</body></html>", "is a web page, not data"),
    "empty": (b"", "is empty"),
    "another division": (csv(*DIVISION).replace(b"\nE0,", b"\nE1,"), "the file holds division E1"),
    "renamed column": (
        csv(*DIVISION).replace(b"HomeTeam", b"HomeSide", 1),
        "lacks the column HomeTeam (nearest: HomeSide)",
    ),
    "renamed price": (csv(*DIVISION).replace(b"PSCD", b"PSCX", 1), "lacks the column PSCD (nearest: PSCX)"),
    "unclosed quote": (csv(*DIVISION, 'E0,21/04/2024,15:00,"Everton'), "cannot be read as CSV"),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_file_that_cannot_be_used_is_refused_whole_with_its_reason(bench: Bench, fault: str) -> None:
    body, said = BROKEN[fault]
    before = await bench.rows()
    report = await bench.bring_file(EPL, "football_data", body)
    assert (report.outcome, report.games, report.rejected, report.is_failure) == (Outcome.REFUSED, 0, 1, True)
    assert said in report.message
    assert "E0 2023/24" in report.message
    assert len(report.message.split(". ")) >= 2, "the message ends with what to do"
    assert await bench.set_aside(EPL) == [(SEASON_FILE, None, report.message)]
    after = await bench.rows()
    assert changed(before, after) == {"quarantine", "raw_api_responses"}, "nothing of it reached the store"


@pytest.mark.parametrize("fault", BROKEN)
async def test_the_bytes_of_a_refused_file_are_kept_and_on_record(bench: Bench, fault: str) -> None:
    body, _ = BROKEN[fault]
    written = (await bench.bring_file(EPL, "football_data", body)).item
    kept = (bench.mirror / written).read_bytes()
    digest = hashlib.sha256(kept).hexdigest()
    assert bench.zone.read(digest) == kept
    async with bench.database.unit_of_work() as work:
        registered = await work.payloads.frame()
    assert registered.select("item", "sha256", "bytes").rows() == [(SEASON_FILE, digest, len(kept))]


async def test_a_refused_file_is_tried_again_and_read_once_it_is_whole(bench: Bench) -> None:
    broken, _ = BROKEN["cut short"]
    first = await bench.bring_file(EPL, "football_data", broken)
    second = await bench.bring(item_of(EPL, "football_data"))
    assert (first.outcome, second.outcome) == (Outcome.REFUSED, Outcome.REFUSED)
    assert (await bench.counts())["quarantine"] == 1, "the same fault is set aside once"
    mended = await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    assert (mended.outcome, mended.new_games, mended.new_quotes) == (Outcome.IMPORTED, 3, 24)
    assert (await bench.counts())["raw_api_responses"] == 2


async def test_a_file_that_is_refused_later_leaves_what_it_gave_before(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    before = await bench.rows()
    report = await bench.bring_file(EPL, "football_data", BROKEN["renamed column"][0])
    assert report.outcome is Outcome.REFUSED
    assert changed(before, await bench.rows()) == {"quarantine", "raw_api_responses"}


@pytest.mark.parametrize(("source", "column"), [("nflverse", "spread_line"), ("nfelomarket", "home_spread_last")])
async def test_a_renamed_column_of_the_football_files_is_named_with_its_neighbour(
    bench: Bench, source: str, column: str
) -> None:
    rows = {"nflverse": SCHEDULE, "nfelomarket": LINES}[source]
    body = csv(*rows).replace(f"{column},".encode(), f"{column}_new,".encode(), 1)
    report = await bench.bring_file(NFL, source, body)
    assert report.outcome is Outcome.REFUSED
    assert f"lacks the column {column} (nearest: {column}_new)" in report.message


# Files that are not there, and places that do not answer


async def test_a_file_nobody_published_is_absent_and_no_failure(bench: Bench) -> None:
    report = await bench.bring(item_of(EPL, "football_data"))
    assert (report.outcome, report.is_failure) == (Outcome.ABSENT, False)
    assert report.message == f"not published at {item_of(EPL, 'football_data').url}"
    assert (await bench.counts())["quarantine"] == 0


async def test_a_mirror_that_answers_badly_makes_files_unavailable_and_writes_nothing(bench: Bench) -> None:
    before = await bench.rows()
    with serve({f"/{SEASON_FILE}": [Answer(503)]}) as served:
        bench.address = served.url
        report = await bench.bring(item_of(EPL, "football_data"))
    assert (report.outcome, report.is_failure, report.rejected) == (Outcome.UNAVAILABLE, True, 0)
    assert "answered 503" in report.message
    assert await bench.rows() == before


async def test_a_mirror_that_is_down_is_named_and_read_when_it_is_back(bench: Bench) -> None:
    with serve({f"/{SEASON_FILE}": [Answer(body=gzip.compress(csv(*DIVISION), mtime=0))]}) as served:
        address = served.url
    bench.address = address
    down = await bench.bring(item_of(EPL, "football_data"))
    assert down.outcome is Outcome.UNAVAILABLE
    assert f"{address}/{SEASON_FILE} did not answer" in down.message
    with serve({f"/{SEASON_FILE}": [Answer(body=gzip.compress(csv(*DIVISION), mtime=0))]}) as served:
        bench.address = served.url
        up = await bench.bring(item_of(EPL, "football_data"))
    assert (up.outcome, up.new_games) == (Outcome.IMPORTED, 3)


async def test_a_password_in_the_mirrors_address_is_not_written_anywhere(bench: Bench) -> None:
    with serve({f"/{SEASON_FILE}": [Answer(body=csv(*DIVISION))], f"/{season_path(2022)}": [Answer(500)]}) as served:
        bench.address = served.url.replace("://", "://ann:hidden@")
        reports = await bench.bring_all(EPL, [2022, 2023])
    assert [item.outcome for item in reports.items][:2] == [Outcome.UNAVAILABLE, Outcome.IMPORTED]
    assert "hidden" not in str(reports)
    assert "hidden" not in str(await bench.rows())


async def test_a_folder_that_is_no_mirror_stops_the_import_with_what_to_do(bench: Bench) -> None:
    bench.address = str(bench.folder / "nowhere")
    with pytest.raises(InvalidValue, match="is not a directory") as refused:
        await bench.bring(item_of(EPL, "football_data"))
    assert "AIPS_MIRROR" in refused.value.hint


# Rows that cannot be used


async def test_an_unknown_team_in_a_source_that_only_matches_is_reported_with_its_row(bench: Bench) -> None:
    await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE))
    stranger = LINES[2].replace("PIT,SF", "PIT,XXX")
    report = await bench.bring_file(NFL, "nfelomarket", csv(LINES[0], LINES[1], stranger))
    assert (report.outcome, report.rows, report.games, report.unmatched) == (Outcome.IMPORTED, 2, 1, 1)
    assert report.is_failure and is_accounted(report)
    assert (report.quotes, report.rejected) == (8, 1)
    unmatched, prices = sorted(await bench.set_aside(NFL), key=lambda row: "quotes" in row[2])
    assert unmatched == (
        LINES_FILE,
        2,
        "unknown team 'XXX' in football/NFL; add it to the aliases if it is one of ours",
    )
    assert (prices[0], prices[2]) == (LINES_FILE, "8 quotes of a game that was not matched")
    assert not BackfillReport("NFL", bench.run_id, (report,)).ok
    assert (await bench.counts())["teams"] == 5


async def test_a_game_the_record_source_does_not_have_is_unmatched(bench: Bench) -> None:
    await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE))
    other_week = LINES[2].replace("2023,1,PIT,SF", "2023,7,PIT,SF")
    report = await bench.bring_file(NFL, "nfelomarket", csv(LINES[0], LINES[1], other_week))
    assert report.unmatched == 1
    assert (LINES_FILE, 2, "these teams met in this season, but not in that week or near that time") in (
        await bench.set_aside(NFL)
    )


async def test_a_misspelt_team_in_the_record_source_is_reported_and_never_created(bench: Bench) -> None:
    rows = [row.replace("Aston Villa", "Aston Vila") if "20/04" in row else row for row in DIVISION]
    report = await bench.bring_file(EPL, "football_data", csv(*rows))
    assert (report.rows, report.games, report.unmatched) == (3, 2, 1)
    assert report.is_failure and is_accounted(report)
    assert sorted(report.new_teams) == ["Arsenal", "Aston Villa", "Chelsea", "Everton"]
    unmatched, prices = sorted(await bench.set_aside(EPL), key=lambda row: "quotes" in row[2])
    assert unmatched == (
        SEASON_FILE,
        3,
        "'Aston Vila' is new but looks like Aston Villa; add it to the aliases, or to the clubs if it is another",
    )
    assert (prices[0], prices[2]) == (SEASON_FILE, "8 quotes of a game that was not matched")


async def test_a_club_nobody_has_heard_of_is_created_by_the_record_source_and_named_in_the_account(
    bench: Bench,
) -> None:
    report = await bench.bring_file(EPL, "football_data", csv(*DIVISION).replace(b"Everton", b"Wrexham"))
    assert "Wrexham" in BackfillReport("EPL", bench.run_id, (report,)).teams_by_source()["football_data"]
    async with bench.database.unit_of_work() as work:
        teams = await work.teams.frame(EPL.team_pool)
    assert teams.filter(pl.col("name") == "Wrexham")["source"].to_list() == ["football_data"]


async def test_an_unknown_team_in_a_league_of_known_teams_is_reported_by_the_record_source_too(bench: Bench) -> None:
    report = await bench.bring_file(NFL, "nflverse", csv(*SCHEDULE).replace(b"SF,", b"SFX,"))
    assert (report.games, report.unmatched) == (2, 1)
    assert any("unknown team 'SFX' in football/NFL" in reason for _, _, reason in await bench.set_aside(NFL))


SWAPPED = {
    "spread and total": (
        NFL,
        "nflverse",
        SCHEDULE[1].replace("180,-215,4.5,-110,-110,50.5", "180,-215,50.5,-110,-110,4.5"),
        [
            "close spread of nflverse: spread -50.5: spread and total look swapped",
            "close total of nflverse: total 4.5: spread and total look swapped",
        ],
        2,
    ),
    "sides of the moneyline": (
        NFL,
        "nflverse",
        SCHEDULE[1].replace("180,-215", "-215,180"),
        [
            "close moneyline of nflverse: spread -4.5 but winner prices lean -0.33 to home: sides swapped",
            "close spread of nflverse: spread -4.5 but winner prices lean -0.33 to home: sides swapped",
        ],
        2,
    ),
    "sides of one book": (
        EPL,
        "football_data",
        DIVISION[1].replace("1.5,4.4,7,-1,", "7,4.4,1.5,-1,"),
        ["pre_close three_way of bet365: spread -1.0 but winner prices lean -0.52 to home: sides swapped"],
        1,
    ),
    "a point that slipped": (
        EPL,
        "football_data",
        DIVISION[1].replace("1.48,4.6,7.2", "1.48,46,72"),
        ["close three_way of pinnacle: over-round 0.711 is out of bounds"],
        1,
    ),
}


@pytest.mark.parametrize("fault", SWAPPED)
async def test_a_swapped_price_is_set_aside_with_its_row_and_its_game_stays(bench: Bench, fault: str) -> None:
    declared, source, row, reasons, offers = SWAPPED[fault]
    rows = {"nflverse": SCHEDULE, "football_data": DIVISION}[source]
    good = await bench.bring_file(declared, source, csv(*rows))
    await bench.execute("TRUNCATE odds, closing_lines, lake_manifests")
    report = await bench.bring_file(declared, source, csv(rows[0], row, *rows[2:]))
    assert (report.outcome, report.games, report.unmatched, report.lost) == (Outcome.IMPORTED, 3, 0, 0)
    assert report.rejected == offers and not report.is_failure and is_accounted(report)
    assert good.quotes - report.quotes >= 2 * offers
    said = await bench.set_aside(declared)
    assert [row_number for _, row_number, _ in said] == [1] * offers
    assert [reason for _, _, reason in said] == sorted(reasons)


async def test_what_a_set_aside_row_held_can_be_read_again(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION).replace(b"12/08/2023", b"31/02/2023"))
    held = await quarantined(bench.database, "EPL", 10)
    [row] = held.rows
    assert (row.league, row.source, row.item, row.row) == ("EPL", "football_data", SEASON_FILE, 1)
    assert (row.reason, row.created_at) == ("the date cannot be read", NOON)
    assert json.loads(row.content)["Date"] == "31/02/2023"
    assert (held.total, held.reasons) == (1, {"the date cannot be read": 1})
    assert (await quarantined(bench.database, "NFL", 10)).total == 0


MESSY = (
    *DIVISION,
    ",,,,,,,,,,,,,,,,",
    "E1,21/04/2024,15:00,Arsenal,Everton,1,0,H,,,,,,,,,",
    "E0,31/02/2024,15:00,Arsenal,Everton,1,0,H,,,,,,,,,",
    "E0,22/04/2024,15:00,Everton,Everton,1,0,H,,,,,,,,,",
    "E0,23/04/2024,15:00,Everton,Arsenal,1,,H,,,,,,,,,",
    "E0,24/04/2024,15:00,Everton,Arsenall,1,0,H,,,,,,,,,",
    "E0,25/04/2024,15:00,Everton,Chelsea,1,0,A,,,,,,,,,",
    "E0,26/04/2024,15:00,Everton,Chelsea,0,0,D,0,#REF!,3,,1.9,,,,",
)


async def test_every_row_of_a_messy_file_is_counted_once(bench: Bench) -> None:
    report = await bench.bring_file(EPL, "football_data", csv(*MESSY))
    assert report.outcome is Outcome.IMPORTED
    assert (report.rows, report.games, report.blank, report.unmatched, report.lost) == (11, 4, 1, 1, 5)
    assert is_accounted(report)
    said = await bench.set_aside(EPL)
    assert len(said) == report.rejected + report.unmatched
    reasons = {row: reason for _, row, reason in said if "of bet365" not in reason}
    assert {row: reasons[row] for row in (5, 6, 7, 8, 10)} == {
        5: "division is not E0",
        6: "the date cannot be read",
        7: "a team against itself",
        8: "one score only",
        10: "FTR says another winner than the score",
    }
    assert sum("of bet365" in reason for _, _, reason in said) == 2
    async with bench.database.unit_of_work() as work:
        manifest = await work.manifests.find("football_data", "EPL", SEASON_FILE)
    assert manifest is not None
    assert (manifest.rows, manifest.games, manifest.rejected, manifest.unmatched) == (
        11,
        report.games,
        report.rejected,
        1,
    )


async def test_what_is_left_out_on_purpose_is_said_in_the_notes(bench: Bench) -> None:
    old = [row.replace("2023", "2005") for row in SCHEDULE[:3]]
    await bench.bring_file(NFL, "nflverse", csv(*old))
    report = await bench.bring_file(NFL, "nfelomarket", csv(*(row.replace("2023", "2005") for row in LINES)))
    assert report.notes == {"opening spreads before 2007, copies of the last line": 2}


async def test_a_second_price_for_the_same_moment_is_set_aside_and_the_first_stays(bench: Bench) -> None:
    await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    before = await bench.quotes(EPL)
    report = await bench.bring_file(EPL, "football_data", csv(*DIVISION).replace(b"1.48,4.6,7.2", b"1.5,4.6,7.2"))
    assert (report.new_quotes, report.rejected) == (0, 1)
    [(_, _, reason)] = await bench.set_aside(EPL)
    assert reason == "the price kept for this book, selection and time is 1.48, not 1.5"
    assert_frame_equal(await bench.quotes(EPL), before)


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


# Where the numbers came from


async def test_the_account_of_a_source_adds_up_its_files(bench: Bench) -> None:
    bench.put(season_path(2022), csv(*DIVISION).replace(b"/2023", b"/2022").replace(b"/2024", b"/2023"))
    rows = (*DIVISION, "E0,24/04/2024,15:00,Everton,Arsenall,1,0,H,,,,,,,,,")
    bench.put(SEASON_FILE, csv(*rows))
    await bench.bring_all(EPL, [2021, 2022])
    bench.clock.advance(timedelta(hours=3))
    await bench.bring_all(EPL, [2023])
    [account] = await source_accounts(bench.database, ["EPL"])
    assert (account.league, account.source) == ("EPL", "football_data")
    assert (account.files, account.rows, account.games, account.quotes, account.rejected) == (2, 7, 6, 48, 1)
    assert account.origin == (bench.mirror / "soccer" / "football-data").as_uri()
    assert account.fetched_at == NOON + timedelta(hours=3)
    digests = [hashlib.sha256((bench.mirror / season_path(year)).read_bytes()).hexdigest() for year in (2022, 2023)]
    assert account.sha256 == tuple(digests)


async def test_accounts_are_given_for_the_leagues_asked_for(bench: Bench) -> None:
    await whole_leagues(bench)
    assert await source_accounts(bench.database, ["NFL", "EPL"]) == []
    await bench.bring_all(NFL)
    await bench.bring_all(EPL)
    both = await source_accounts(bench.database, ["NFL", "EPL"])
    assert [(account.league, account.source) for account in both] == [
        ("EPL", "football_data"),
        ("EPL", "football_data_fixtures"),
        ("NFL", "nfelomarket"),
        ("NFL", "nflverse"),
    ]
    assert await source_accounts(bench.database, ["NFL"]) == both[2:]
    assert both[0].origin == (bench.mirror / SEASON_FILE).as_uri()


# Nothing of a file without all of it


async def test_a_file_is_written_whole_or_not_at_all(bench: Bench) -> None:
    await bench.execute("ALTER TABLE lake_manifests ADD CONSTRAINT full_disk CHECK (rows < 3)")
    before = await bench.rows()
    with pytest.raises(Exception, match="full_disk"):
        await bench.bring_file(EPL, "football_data", csv(*DIVISION))
    assert await bench.rows() == before


def test_the_invented_fixtures_are_in_the_future_of_the_bench() -> None:
    days = [
        datetime.strptime(row.split(",")[1], "%d/%m/%Y").replace(tzinfo=UTC) for row in (CHELSEA_ARSENAL, ASTON_ARSENAL)
    ]
    assert all(day > NOON for day in days)
