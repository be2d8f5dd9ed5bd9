"""Backfill: every fault of a file or a row with its message and its place in the account."""

from __future__ import annotations

import gzip
import hashlib
import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.app.usecases.backfill import BackfillReport, Outcome
from ai_pro_sports.app.usecases.status import quarantined
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import EPL, NFL
from tests.app.bench import NOON, Bench
from tests.app.mirrors import (
    DIVISION,
    LINES,
    SCHEDULE,
    csv,
    item_of,
    season_path,
)
from tests.app.season_files import (
    LINES_FILE,
    MESSY,
    SEASON_FILE,
    changed,
    is_accounted,
)
from tests.data.fetch.server import Answer, serve

pytestmark = pytest.mark.anyio


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


async def test_rows_set_aside_are_named_by_their_place_in_the_file_not_among_the_games(bench: Bench) -> None:
    rows = [row.replace("Aston Villa", "Aston Vila") if "20/04" in row else row for row in DIVISION]
    undated = rows[1].replace(rows[1].split(",")[1], "31/02/2023")
    report = await bench.bring_file(EPL, "football_data", csv(rows[0], undated, ",,,,,,", *rows[1:]))
    assert (report.rows, report.blank, report.games, report.unmatched) == (5, 1, 2, 1)
    assert is_accounted(report)
    assert sorted(row for _, row, _ in await bench.set_aside(EPL)) == [1, 5, 5]


async def test_the_spelling_used_most_is_the_club_even_where_a_misspelling_comes_first(bench: Bench) -> None:
    rest = ",1,1,D,1.9,3.6,4.2,-0.5,1.9,2,1.92,3.6,4.1"
    pairs = ["Wrexhamm Town,Arsenal", "Wrexham Town,Chelsea", "Chelsea,Wrexham Town"]
    rows = [f"E0,{day}/08/2023,15:00,{pair}{rest}" for day, pair in enumerate(pairs, start=12)]
    report = await bench.bring_file(EPL, "football_data", csv(DIVISION[0], *rows))
    assert sorted(report.new_teams) == ["Arsenal", "Chelsea", "Wrexham Town"]
    assert (report.games, report.unmatched) == (2, 1)


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
