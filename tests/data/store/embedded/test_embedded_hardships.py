"""What a home goes through: killed set-ups, stale and foreign process numbers, odd paths, copies, moves, losses."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from ai_pro_sports.core.errors import CallAHuman, DatabaseUnavailable, InvalidValue
from ai_pro_sports.data.store.embedded import EmbeddedPostgres, ServerAddress

Serve = Callable[..., EmbeddedPostgres]
StartClient = Callable[..., Any]


def ask(server: EmbeddedPostgres, question: str) -> Any:
    """Return the first value of the first row that the server answers with, joining it first."""
    with psycopg.connect(server.ensure().url("postgresql"), autocommit=True) as connection:
        cursor = connection.execute(question)
        return row[0] if cursor.description and (row := cursor.fetchone()) else None


def kept(server: EmbeddedPostgres) -> Any:
    """Return what the finished home was made to remember."""
    return ask(server, "SELECT text FROM kept")


def data_dir_of(server: EmbeddedPostgres) -> Path:
    found = server.status().data_dir
    assert found is not None
    return found


def write_stale_pid_file(data_dir: Path, pid: int, port: int) -> None:
    """Write what a postmaster with the process number `pid` would have left, were it not killed."""
    lines = [pid, data_dir, 1_700_000_000, port, "", "127.0.0.1", "  2146331        99", "ready   "]
    (data_dir / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))


def test_a_stale_pid_of_another_live_program_fools_nobody(
    server: EmbeddedPostgres, bystander: Callable[[int], int]
) -> None:
    data_dir = data_dir_of(server)
    port = json.loads((server.home / "postgres.json").read_text())["port"]
    for uid in {data_dir.stat().st_uid, os.geteuid()}:  # of the server's own account, and of ours
        pid = bystander(uid)
        write_stale_pid_file(data_dir, pid, port)
        status = server.status()
        assert (status.running, status.pid, status.port) == (False, None, None)
        assert server.stop() is False
        assert kept(server) == "kept"
        assert server.status().pid not in {None, pid}
        server.release()
        assert psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_stale_pid_of_another_homes_server_fools_nobody(server: EmbeddedPostgres, copied: EmbeddedPostgres) -> None:
    other_port = copied.ensure().port
    pid = copied.status().pid
    assert pid is not None
    write_stale_pid_file(data_dir_of(server), pid, other_port)
    assert server.status().running is False
    assert server.ensure().port != other_port
    assert kept(server) == "kept"
    server.release()
    assert (copied.status().running, copied.status().pid) == (True, pid)


@pytest.mark.parametrize("orphan_too", [False, True], ids=["the client", "the client and initdb"])
def test_an_initdb_killed_midway_heals_itself(
    fresh: EmbeddedPostgres, client: StartClient, wait_until: Callable[..., None], orphan_too: bool
) -> None:
    victim = client(fresh)
    victim.tell("ensure")
    half_made = fresh.home / "postgres" / "setup" / "data" / "global"
    wait_until(half_made.exists)
    makers = psutil.Process(victim.pid).children(recursive=True)
    victim.kill()
    if orphan_too:
        for maker in makers:
            with contextlib.suppress(psutil.NoSuchProcess):
                maker.kill()
    assert not (fresh.home / "postgres" / "data").exists()
    assert not (fresh.home / "postgres.json").exists()

    assert ask(fresh, "SELECT count(*) > 0 FROM pg_class") is True
    assert not (fresh.home / "postgres" / "setup").exists()
    assert fresh.status().users == (os.getpid(),)


def test_an_empty_data_directory_counts_as_none(fresh: EmbeddedPostgres, open_folder: Path) -> None:
    (open_folder / "home" / "postgres" / "data").mkdir(parents=True)
    assert ask(fresh, "SELECT 1") == 1


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_a_damaged_data_directory_is_left_alone(copied: EmbeddedPostgres, missing: str) -> None:
    data_dir = data_dir_of(copied)
    (data_dir / missing).unlink()
    before = sorted(data_dir.rglob("*"))
    with pytest.raises(CallAHuman, match="damaged") as refusal:
        copied.ensure()
    assert "backup" in refusal.value.hint
    assert sorted(data_dir.rglob("*")) == before


def test_a_vanished_data_directory_is_reported_not_replaced(copied: EmbeddedPostgres) -> None:
    shutil.rmtree(data_dir_of(copied))
    for _ in range(2):
        with pytest.raises(CallAHuman, match="gone") as refusal:
            copied.ensure()
    assert "aips db destroy" in refusal.value.hint
    assert copied.destroy()
    assert ask(copied, "SELECT 1") == 1


@pytest.mark.parametrize("damage", [None, "{", "[]", '{"port": 1}'], ids=["missing", "cut", "list", "partial"])
def test_a_lost_record_is_found_again_in_the_database(server: EmbeddedPostgres, damage: str | None) -> None:
    record = server.home / "postgres.json"
    before = json.loads(record.read_text())
    if damage is None:
        record.unlink()
    else:
        record.write_text(damage)
    assert kept(server) == "kept"
    after = json.loads(record.read_text())
    assert (after["data_dir"], after["password"]) == (before["data_dir"], before["password"])


def test_a_record_lost_while_the_server_runs_is_written_again(server: EmbeddedPostgres, client: StartClient) -> None:
    user = client(server)
    address = user.ask("ensure")
    (server.home / "postgres.json").unlink()
    assert server.ensure().port == address["port"]
    assert json.loads((server.home / "postgres.json").read_text())["port"] == address["port"]


@pytest.mark.parametrize(
    "signs", [" a ", " quote ' double \" dollar $HOME back\\slash `tick` "], ids=["space", "shell signs"]
)
def test_a_home_path_of_150_characters_works(serve: Serve, open_folder: Path, signs: str) -> None:
    home = open_folder / signs
    home = Path(f"{home}{'x' * (150 - len(str(home)))}")
    assert len(str(home)) == 150
    server = serve(home)
    server.ensure()
    server.release()
    assert ask(server, "SELECT 1") == 1
    assert server.status().data_dir == home / "postgres" / "data"
    assert {path.parent for path in server.destroy()} == {home}
    assert list(home.iterdir()) == []


def test_a_home_path_with_a_line_break_is_refused(open_folder: Path) -> None:
    with pytest.raises(InvalidValue, match="line break"):
        EmbeddedPostgres(open_folder / "two\nlines")


def test_a_home_reached_by_a_link_is_the_same_home(copied: EmbeddedPostgres, serve: Serve, open_folder: Path) -> None:
    (open_folder / "link").symlink_to(copied.home)
    assert serve(open_folder / "link").ensure() == copied.ensure()


def test_two_homes_never_meet(server: EmbeddedPostgres, serve: Serve, open_folder: Path) -> None:
    other = serve(open_folder / "another home")
    mine, theirs = server.ensure(), other.ensure()
    assert mine.port != theirs.port
    assert mine.password != theirs.password
    crossed = ServerAddress(theirs.host, theirs.port, theirs.user, mine.password, theirs.database)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(crossed.url("postgresql"))
    assert ask(other, "SELECT to_regclass('kept') IS NULL") is True
    server.stop()
    assert ask(other, "SELECT 1") == 1


def test_a_copy_of_a_running_home_goes_its_own_way(server: EmbeddedPostgres, serve: Serve, open_folder: Path) -> None:
    original = server.ensure()
    ask(server, "CHECKPOINT")
    subprocess.run(["cp", "-a", str(server.home), str(open_folder / "copy")], check=True)
    copy = serve(open_folder / "copy")
    assert copy.status().running is False
    assert copy.ensure().port != original.port
    ask(copy, "UPDATE kept SET text = 'changed'")
    assert (kept(server), kept(copy)) == ("kept", "changed")
    assert copy.destroy()
    assert kept(server) == "kept"


def test_a_moved_home_keeps_its_database_and_its_running_server(
    copied: EmbeddedPostgres, serve: Serve, open_folder: Path, client: StartClient
) -> None:
    user = client(copied)
    user.ask("ensure")
    pid = user.ask("status")["pid"]
    copied.home.rename(open_folder / "moved")
    moved = serve(open_folder / "moved")
    assert kept(moved) == "kept"
    assert moved.status().pid == pid
    user.kill()
    moved.release()
    assert moved.status().running is False
    assert kept(moved) == "kept"
    assert data_dir_of(moved) == open_folder / "moved" / "postgres" / "data"


def test_a_record_of_another_home_is_refused_and_destroy_spares_that_home(
    server: EmbeddedPostgres, serve: Serve, open_folder: Path
) -> None:
    other = serve(open_folder / "other")
    other.home.mkdir()
    record = json.loads((server.home / "postgres.json").read_text())
    record["home"] = str(open_folder / "somewhere")
    (other.home / "postgres.json").write_text(json.dumps(record))
    with pytest.raises(CallAHuman, match="another home"):
        other.ensure()
    assert other.destroy() == [other.home / "postgres.json", other.home / "postgres.users"]
    assert kept(server) == "kept"


def test_a_hung_starter_is_waited_for_and_then_named(
    fresh: EmbeddedPostgres, client: StartClient, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_pro_sports.data.store.embedded.residence._PATIENCE_SECONDS", 0.3)
    hung = client(fresh)
    hung.tell("ensure")
    wait_until((fresh.home / "postgres.lock").exists)
    os.kill(hung.pid, signal.SIGSTOP)
    with pytest.raises(DatabaseUnavailable, match="starting or stopping") as refusal:
        fresh.ensure()
    assert "postgres.lock" in refusal.value.hint
    hung.kill()
    assert ask(fresh, "SELECT 1") == 1


def test_a_home_deleted_under_its_users_does_not_hinder_them_at_the_end(
    copied: EmbeddedPostgres, client: StartClient
) -> None:
    user = client(copied)
    user.ask("ensure")
    pid = user.ask("status")["pid"]
    shutil.rmtree(copied.home)
    assert user.ask("release") is None
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).kill()  # it would notice by itself within a minute
