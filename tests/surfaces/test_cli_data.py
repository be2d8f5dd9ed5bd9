"""`aips data`: what came in, what is there, what was set aside."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_pro_sports.core.leagues.epl import EPL
from tests.surfaces.command_line import CommandLine, Ran
from tests.surfaces.conftest import SimulatedHome

SEASONS_DIR = Path("soccer/football-data")


def test_the_first_import_brings_in_every_game_of_the_mirror(simulated: SimulatedHome) -> None:
    for report in simulated.imported:
        assert report["ok"]
        assert report["simulated"]
        truth = simulated.world.truth.filter(league=report["league"])
        assert sum(item["new_games"] for item in report["items"]) == truth.height
        assert sum(item["unmatched"] for item in report["items"]) == 0
        assert sum(item["new_quotes"] for item in report["items"]) > 10 * truth.height


def test_every_row_of_every_file_is_in_the_account(simulated: SimulatedHome) -> None:
    items = [item for report in simulated.imported for item in report["items"] if item["outcome"] == "imported"]
    assert len(items) == sum(path.suffix in {".gz", ".csv"} for path in simulated.world.files)
    for item in items:
        counted = item["games"] + item["unmatched"] + item["lost"] + item["blank"] + item["elsewhere"]
        assert item["rows"] == counted > 0


def test_importing_again_changes_nothing(aips: CommandLine) -> None:
    before = aips("data", "status", "--json").result()
    (report,) = aips("data", "backfill", "EPL", "--json").result()
    assert {item["outcome"] for item in report["items"]} == {"unchanged", "absent"}
    assert aips("data", "status", "--json").result() == before


def test_people_are_told_the_totals_and_who_made_the_teams(aips: CommandLine) -> None:
    ran = aips("data", "backfill", "NFL", "EPL", "--seasons", "2025")
    assert ran.code == 0
    assert ran.err == ""
    assert "SIMULATED NFL: run " in ran.out
    assert "SIMULATED EPL: run " in ran.out
    assert "football_data_fixtures" in ran.out


def test_only_the_seasons_asked_for_are_looked_at(aips: CommandLine) -> None:
    (report,) = aips("data", "backfill", "EPL", "--seasons", "2020-2021", "--json").result()
    seasons = {item["item"] for item in report["items"]} - {"soccer/football-data/fixtures.csv"}
    assert {Path(item).name for item in seasons} == {"E0_2021.csv.gz", "E0_2122.csv.gz"}


def test_status_counts_the_store_by_season(aips: CommandLine, simulated: SimulatedHome) -> None:
    held = aips("data", "status", "--json").result()
    assert held["simulated"]
    truth = simulated.world.truth.group_by("league", "season").len().sort("league", "season")
    found = [(row["league"], row["season"], row["games"]) for row in held["seasons"]]
    assert found == truth.rows()
    assert all(row["finals"] <= row["games"] and row["quotes"] > 0 for row in held["seasons"])
    pools = {row["pool"]: row for row in held["teams"]}
    assert pools["soccer/ENG"]["source"] == "football_data"
    assert pools["soccer/ENG"]["teams"] == len(pools["soccer/ENG"]["names"])


def test_status_for_people_says_the_same(aips: CommandLine) -> None:
    held = aips("data", "status", "--json").result()
    ran = aips("data", "status")
    assert ran.code == 0
    assert ran.out.startswith("\nSIMULATED What the store holds")
    for row in held["seasons"]:
        if row["league"] == "EPL":
            line = next(line for line in ran.out.splitlines() if EPL.season_label(row["season"]) in line)
            assert line.split()[2:] == [
                str(row["games"]),
                str(row["finals"]),
                str(row["games"] - row["finals"]),
                f"{row['quotes']:,}",
                str(row["closed"]),
            ]


@dataclass(frozen=True)
class Troubled:
    """What a damaged mirror was answered, twice; the sound one has been imported again since."""

    aips: CommandLine
    as_json: Ran
    as_text: Ran


@pytest.fixture(scope="session")
def troubled(simulated: SimulatedHome, tmp_path_factory: pytest.TempPathFactory) -> Troubled:
    """The home after it was shown a mirror with a cut-off season file and fixtures of clubs nobody knows."""
    mirror = tmp_path_factory.mktemp("trouble") / "mirror"
    shutil.copytree(simulated.world.root, mirror)
    season = sorted((mirror / SEASONS_DIR).glob("E0_*.csv.gz"))[1]
    season.write_bytes(season.read_bytes()[:2000])
    fixtures = mirror / SEASONS_DIR / "fixtures.csv"
    known = pl.read_csv(fixtures, infer_schema=False)
    strangers = known.head(1).with_columns(HomeTeam=pl.lit("Nobody FC"), AwayTeam=pl.lit("No One United"))
    fixtures.write_bytes(strangers.write_csv(line_terminator="\r\n").encode())
    damaged, sound = CommandLine(simulated.root, str(mirror)), CommandLine(simulated.root, str(simulated.world.root))
    found = Troubled(sound, damaged("data", "backfill", "EPL", "--json"), damaged("data", "backfill", "EPL"))
    assert sound("data", "backfill", "EPL", "--json").code == 0
    return found


def test_a_file_that_cannot_be_read_and_a_club_nobody_knows_are_accounted_for(troubled: Troubled) -> None:
    assert troubled.as_json.code == 1
    (report,) = json.loads(troubled.as_json.out)
    assert not report["ok"]
    (refused,) = (item for item in report["items"] if item["outcome"] == "refused")
    assert "truncated" in refused["message"] or "cut" in refused["message"] or "gzip" in refused["message"]
    (unmatched,) = (item for item in report["items"] if item["unmatched"])
    assert unmatched["source"] == "football_data_fixtures"
    assert (unmatched["rows"], unmatched["games"], unmatched["unmatched"]) == (1, 0, 1)


def test_people_see_which_file_needs_a_look_and_where_to_look(troubled: Troubled) -> None:
    ran = troubled.as_text
    assert ran.code == 1
    assert ": refused: " in ran.out
    assert "fixtures.csv: imported: 1 rows without a team" in ran.out
    assert ran.out.rstrip().endswith("Next: aips data quarantine --league EPL")


def test_quarantine_shows_what_was_set_aside_and_why(troubled: Troubled) -> None:
    aips = troubled.aips
    held = aips("data", "quarantine", "--json").result()
    assert held["simulated"]
    assert held["total"] == sum(held["reasons"].values()) >= 2
    (stranger, *_) = (row for row in held["rows"] if "Nobody FC" in row["reason"])
    assert stranger["row"] == 1
    assert stranger["league"] == "EPL"
    assert stranger["item"] == "soccer/football-data/fixtures.csv"
    assert "No One United" in stranger["content"]
    ran = aips("data", "quarantine")
    assert f"SIMULATED {held['total']:,} rows in quarantine, by reason" in ran.out
    assert "Nobody FC" in ran.out


def test_quarantine_can_be_narrowed(troubled: Troubled) -> None:
    aips = troubled.aips
    assert len(aips("data", "quarantine", "--limit", 1, "--json").result()["rows"]) == 1
    assert aips("data", "quarantine", "--league", "epl", "--json").result()["total"] >= 2
    none = aips("data", "quarantine", "-s", "NFL", "--json").result()
    assert (none["total"], none["rows"]) == (0, [])
    assert aips("data", "quarantine", "-s", "NFL").out == "Nothing is in quarantine.\n"


def test_a_mirror_without_one_of_the_files_is_a_failure_that_says_where_it_looked(
    simulated: SimulatedHome, tmp_path: Path
) -> None:
    shutil.copy(simulated.world.root / "truth.json", tmp_path)
    aips = CommandLine(simulated.root, str(tmp_path))
    ran = aips("data", "backfill", "EPL", "--seasons", "2025")
    assert ran.code == 1
    assert "Not one of these files is there" in ran.out
    assert "AIPS_MIRROR" in ran.out
    ran = aips("data", "backfill", "EPL", "--seasons", "2025", "--json")
    assert ran.code == 1
    assert '"ok": false' in ran.out


def test_real_and_simulated_history_never_meet_in_one_home(aips: CommandLine, tmp_path: Path) -> None:
    season = tmp_path / SEASONS_DIR / "E0_2526.csv.gz"
    season.parent.mkdir(parents=True)
    season.write_bytes(gzip.compress(b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\n", mtime=0))
    before = aips("data", "status", "--json").result()
    ran = aips("data", "backfill", "EPL", "--mirror", tmp_path)
    assert ran.code == 2
    assert "holds a simulated league" in ran.err
    assert "AIPS_HOME" in ran.err
    assert aips("data", "status", "--json").result() == before


def test_the_option_names_the_mirror_as_well_as_the_setting(simulated: SimulatedHome) -> None:
    aips = CommandLine(simulated.root, "")
    reports: Any = aips("data", "backfill", "EPL", "--mirror", simulated.world.root, "--json").result()
    assert {item["outcome"] for item in reports[0]["items"]} == {"unchanged", "absent"}
