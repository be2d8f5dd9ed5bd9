"""`aips db`: the embedded database of a home, from nothing to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_pro_sports.core.leagues import LEAGUES
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from ai_pro_sports.data.store.sportsbooks import KNOWN_BOOKS
from tests.surfaces.command_line import CommandLine


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """The command line of an empty home whose database may be stopped and destroyed."""
    home = tmp_path_factory.mktemp("own") / "home"
    yield CommandLine(home)
    if home.exists():
        EmbeddedPostgres(home).destroy()


def _server(aips: CommandLine) -> EmbeddedPostgres:
    return EmbeddedPostgres(aips.home)


@pytest.mark.parametrize(("command", "said"), [("init", "Ready: embedded PostgreSQL "), ("migrate", "Migrated: ")])
def test_the_schema_is_made_and_made_again_without_harm(aips: CommandLine, command: str, said: str) -> None:
    first, second = (aips("db", command, "--json").result() for _ in range(2))
    assert first == second
    assert first["kind"] == "embedded"
    assert first["simulated"]
    assert first["games"] > 0
    ran = aips("db", command)
    assert ran.out.startswith(said)
    assert f"schema {first['revision']}" in ran.out
    assert str(aips.home) in ran.out


def test_seeding_writes_what_is_declared_and_can_be_repeated(aips: CommandLine) -> None:
    first, second = (aips("db", "seed", "--json").result() for _ in range(2))
    assert first == second
    assert (first["leagues"], first["books"]) == (len(LEAGUES), len(KNOWN_BOOKS))
    assert aips("db", "seed").out == f"Seeded {first['leagues']} leagues, {first['seasons']} seasons, " + (
        f"{first['books']} books.\n"
    )


def test_the_last_command_to_leave_stops_the_server(own: CommandLine) -> None:
    ran = own.alone("db", "init")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.rstrip().endswith("Next: aips data backfill NFL EPL")
    assert not _server(own).status().running


def test_a_server_in_use_can_be_stopped(own: CommandLine) -> None:
    server = _server(own)
    server.ensure()
    assert own("db", "stop").out == "Stopped.\n"
    assert not server.status().running
    assert own("db", "stop").out == "It was not running.\n"
    assert own("db", "stop", "--json").result() == {"was_running": False}
    server.ensure()
    assert own("db", "stop", "--json").result() == {"was_running": True}
    server.release()


def test_an_empty_store_says_what_to_do_next(own: CommandLine) -> None:
    with_next = {
        ("data", "status"): "The store is empty.\nNext: aips data backfill NFL EPL\n",
        ("model", "list"): "No models yet.\nNext: aips model train -s NFL\n",
        ("model", "list", "-s", "EPL"): "No models yet.\nNext: aips model train -s EPL\n",
        ("data", "quarantine"): "Nothing is in quarantine.\n",
    }
    for command, said in with_next.items():
        ran = own(*command)
        assert (ran.code, ran.out, ran.err) == (0, said, "")
    assert "Next: aips data backfill NFL EPL" in own("system", "status").out


@pytest.mark.parametrize("command", [("predict", "generate"), ("evaluate",), ("model", "train")])
def test_what_needs_history_fails_and_says_how_to_get_it(own: CommandLine, command: tuple[str, ...]) -> None:
    ran = own(*command, "-s", "EPL")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == ["no EPL games in the store", "Next: aips data backfill EPL"]
    error = own(*command, "-s", "EPL", "--json").error()
    assert error == {
        "kind": "NothingToDo",
        "message": "no EPL games in the store",
        "hint": "run: aips data backfill EPL",
    }


def test_nothing_is_destroyed_without_a_yes(own: CommandLine) -> None:
    assert own("db", "init").code == 0
    for answer in ("", "n\n"):
        process = own.process("db", "destroy", stdin=-1)
        out, err = process.communicate(answer, timeout=60)
        assert (process.returncode, out) == (1, "")
        assert "nothing removed" in err
        assert "--yes" in err
    error = own("db", "destroy", "--json").error()
    assert error["hint"] == "pass --yes"
    assert (own.home / "postgres.json").exists()


def test_destroy_removes_all_of_the_database_and_says_what(tmp_path: Path) -> None:
    aips = CommandLine(tmp_path / "home")
    assert aips("db", "init").code == 0
    held = aips.home / "lake" / "kept.txt"
    held.parent.mkdir()
    held.write_text("a raw payload")
    process = aips.process("db", "destroy", stdin=-1)
    out, _ = process.communicate("y\n", timeout=60)
    assert process.returncode == 0
    removed = [Path(line.removeprefix("removed ")) for line in out.splitlines()]
    assert aips.home / "postgres.json" in removed
    assert not any(path.exists() for path in removed)
    assert sorted(path.name for path in aips.home.iterdir()) == ["lake"]
    assert held.exists()
    assert aips("db", "destroy", "--yes").out == "There was nothing to remove.\n"
    assert aips("db", "destroy", "--yes", "--json").result() == {"removed": []}


@pytest.mark.parametrize("command", [("stop",), ("destroy", "--yes")])
def test_an_external_server_is_left_alone(nowhere: CommandLine, command: tuple[str, ...]) -> None:
    ran = nowhere("db", *command, DATABASE_URL="postgresql://me:s3cret@127.0.0.1:1/other")
    assert (ran.code, ran.out) == (2, "")
    assert "not ours to stop" in ran.err
    assert "s3cret" not in ran.err


def test_an_external_server_that_is_away_is_named_without_its_password(nowhere: CommandLine) -> None:
    ran = nowhere("db", "init", DATABASE_URL="postgresql://me:s3cret@127.0.0.1:1/other")
    assert (ran.code, ran.out) == (1, "")
    assert "127.0.0.1:1/other" in ran.err
    assert "s3cret" not in ran.err
    assert "Next: " in ran.err
    assert not nowhere.home.exists()


def test_a_home_that_is_no_folder_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    ran = CommandLine(tmp_path / "home")("db", "init")
    assert (ran.code, ran.out) == (1, "")
    assert str(tmp_path / "home") in ran.err
    assert "Next: " in ran.err
