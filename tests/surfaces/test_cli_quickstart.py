"""`aips quickstart` and `aips demo`: from nothing to a slate and a report in one command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.surfaces.command_line import CommandLine, Ran
from tests.surfaces.conftest import SimulatedHome

NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
"""A proxy that nobody runs: what a machine without a network looks like."""


@pytest.fixture(scope="module")
def unaided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Ran]]:
    """A new home without mirror, network or data, and what its first `quickstart` said."""
    aips = CommandLine(tmp_path_factory.mktemp("unaided") / "home")
    yield aips, aips("quickstart", "-s", "EPL", **NO_NETWORK)
    for postgres in aips.home.rglob("postgres.json"):
        EmbeddedPostgres(postgres.parent).destroy()


def test_with_no_data_and_no_network_a_simulated_league_is_shown_and_marked(
    unaided: tuple[CommandLine, Ran],
) -> None:
    aips, ran = unaided
    assert (ran.code, ran.err) == (0, "Reading EPL\nForecasting EPL\n")
    assert ran.out.startswith("No AIPS_MIRROR is set and the public hosts do not answer: showing a simulated league.")
    for said in (
        "SIMULATED EPL: run ",
        "SIMULATED EPL: 1,",
        "games, walk-forward",
        "games, as of ",
        "truth",
        "Where every number came from",
        "Everything above is SIMULATED",
        "Next: real history. Set AIPS_MIRROR",
        f"Report: {aips.home / 'report.html'}",
    ):
        assert said in ran.out
    page = (aips.home / "report.html").read_text(encoding="utf-8")
    assert "simulated" in page.lower()


def test_the_truth_stands_beside_the_forecast_of_every_game(unaided: tuple[CommandLine, Ran]) -> None:
    _, ran = unaided
    lines = ran.out.splitlines()
    heading = next(line for line in lines if line.startswith("game (UTC)"))
    place = heading.index("truth")
    slate = lines[lines.index(heading) + 2 : lines.index(next(line for line in lines if line.startswith("Model v")))]
    told = [line[place:].strip() for line in slate]
    games = sum(line.startswith("at ") for line in slate)
    assert games > 0
    assert sum(said.startswith("home 0.") for said in told) == games
    assert sum(said.startswith("margin ") for said in told) == games
    assert sum(said.startswith("total ") for said in told) == games


def test_simulated_and_real_history_live_apart(unaided: tuple[CommandLine, Ran]) -> None:
    aips, _ = unaided
    assert not (aips.home / "SIMULATED").exists()
    assert not (aips.home / "postgres.json").exists()
    assert not (aips.home / "lake").exists()
    worlds = list((aips.home / "demo").iterdir())
    assert len(worlds) == 1
    assert (worlds[0] / "SIMULATED").is_file()


def test_the_demo_goes_on_in_the_same_world_and_speaks_json(unaided: tuple[CommandLine, Ran]) -> None:
    aips, _ = unaided
    found = aips("demo", "-s", "EPL", "--json").result()
    assert found["simulated"] is True
    (slate,) = found["slates"]
    assert slate["league"] == "EPL"
    assert slate["games"]
    assert {source["source"] for source in found["sources"]} == {"football_data", "football_data_fixtures"}
    assert all(source["sha256"] and source["origin"] for source in found["sources"])
    assert Path(found["report"]).is_file()


def test_with_a_mirror_it_reads_that_and_says_so(aips: CommandLine, simulated: SimulatedHome) -> None:
    ran = aips("quickstart", "-s", "EPL")
    assert ran.code == 0
    assert ran.out.startswith(f"History from {simulated.world.root}.")
    assert str(simulated.world.root) in ran.out.partition("Where every number came from")[2]
    assert (aips.home / "report.html").is_file()
    found = aips("quickstart", "--league", "EPL", "--json").result()
    assert found["report"] == str(aips.home / "report.html")
    assert len(found["slates"][0]["games"]) > 0


def test_a_mirror_that_is_not_there_begins_nothing(nowhere: CommandLine) -> None:
    ran = nowhere("quickstart", AIPS_MIRROR="/no/where")
    assert ran.code == 2
    assert "the mirror /no/where is not a directory" in ran.err
    assert not nowhere.home.exists()


def test_stored_history_is_used_where_nothing_new_can_be_read(simulated: SimulatedHome) -> None:
    ran = CommandLine(simulated.root, "")("quickstart", "-s", "EPL", **NO_NETWORK)
    assert (ran.code, ran.err) == (0, "Forecasting EPL\n")
    assert "nothing new is read, the store is used" in ran.out
    assert "SIMULATED EPL" in ran.out
