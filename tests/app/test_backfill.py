"""Backfill: what there is to read, and good files to rows, twice the same."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from ai_pro_sports.app.usecases.backfill import ItemReport, Outcome, plan, seasons_between
from ai_pro_sports.app.usecases.provenance import source_accounts
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import EPL, NFL, League
from tests.app.bench import NOON, Bench
from tests.app.mirrors import (
    ASTON_ARSENAL,
    CHELSEA_ARSENAL,
    DIVISION,
    csv,
    season_path,
)
from tests.app.season_files import (
    FIXTURES_FILE,
    SCHEDULE_FILE,
    SEASON_FILE,
    changed,
    is_accounted,
    whole_leagues,
)

pytestmark = pytest.mark.anyio


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
