"""The life of one server: made, shared, killed, healed, stopped, destroyed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import psycopg
import pytest

from ai_pro_sports.core.errors import CallAHuman, DatabaseUnavailable
from ai_pro_sports.data.store.embedded import EmbeddedPostgres, ServerAddress

StartClient = Callable[..., Any]


def ask(server: EmbeddedPostgres, question: str, **address: str) -> Any:
    """Return the first value of the first row that the server answers with, joining it first."""
    with psycopg.connect(server.ensure().url("postgresql", **address), autocommit=True) as connection:
        cursor = connection.execute(question)
        return row[0] if cursor.description and (row := cursor.fetchone()) else None


def kept(server: EmbeddedPostgres) -> Any:
    """Return what the finished home was made to remember."""
    return ask(server, "SELECT text FROM kept")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_ensure_makes_a_database_that_answers_on_loopback_only(fresh: EmbeddedPostgres) -> None:
    address = fresh.ensure()

    shown = {
        name: ask(fresh, f"SHOW {name}")
        for name in (
            "listen_addresses", "unix_socket_directories", "server_encoding", "data_checksums", "jit",
            "synchronous_commit", "fsync", "shared_buffers", "max_connections", "timezone", "password_encryption",
        )
    }  # fmt: skip
    assert shown == {
        "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "server_encoding": "UTF8",
        "data_checksums": "on", "jit": "off", "synchronous_commit": "on", "fsync": "on", "shared_buffers": "128MB",
        "max_connections": "100", "timezone": "UTC", "password_encryption": "scram-sha-256",
    }  # fmt: skip
    assert ask(fresh, "SELECT current_database() || ' of ' || current_user") == "ai_pro_sports of aips"
    assert ask(fresh, "SELECT rolsuper FROM pg_roles WHERE rolname = 'aips'") is True
    locale = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'ai_pro_sports'"
    assert ask(fresh, locale) == "b C.UTF-8"
    assert ask(fresh, "SELECT upper('élan') || lower('ŽIŽKOV')") == "ÉLANžižkov"
    assert address.host == "127.0.0.1"
    assert {c.laddr.ip for c in psutil.Process(fresh.status().pid).net_connections() if c.status == "LISTEN"} == {
        "127.0.0.1"
    }


def test_asyncpg_gets_in_by_the_url(server: EmbeddedPostgres) -> None:
    async def query() -> Any:
        connection = await asyncpg.connect(server.ensure().url("postgresql"))
        try:
            return await connection.fetchval("SELECT 6 * 7")
        finally:
            await connection.close()

    assert asyncio.run(query()) == 42


def test_secrets_are_closed_and_only_the_right_password_opens(fresh: EmbeddedPostgres) -> None:
    address = fresh.ensure()
    data_dir = fresh.status().data_dir
    assert data_dir is not None
    record = fresh.home / "postgres.json"
    content = json.loads(record.read_text())

    assert (mode(record), mode(data_dir), mode(data_dir.parent / "server.log")) == (0o600, 0o700, 0o600)
    assert content["password"] == address.password
    assert len(address.password) >= 32
    assert Path(content["data_dir"]) == data_dir
    assert (Path(content["binaries"]) / "postgres").is_file()
    assert address.password not in repr(address) + (data_dir.parent / "server.log").read_text()
    wrong = ServerAddress(address.host, address.port, address.user, "guess", address.database)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong.url("postgresql"))


def test_status_looks_without_starting_or_making_anything(fresh: EmbeddedPostgres) -> None:
    before = fresh.status()
    assert not fresh.home.exists()
    assert (before.running, before.pid, before.port, before.users) == (False, None, None, ())

    address = fresh.ensure()
    during = fresh.status()
    assert (during.running, during.port, during.users) == (True, address.port, (os.getpid(),))
    assert during.version is not None
    assert ask(fresh, "SHOW server_version") == during.version
    assert psutil.Process(during.pid).name() == "postgres"

    fresh.release()
    after = fresh.status()
    assert (after.running, after.pid, after.users, after.version) == (False, None, (), during.version)
    assert after.data_dir == during.data_dir


def test_a_warm_start_answers_its_first_query_within_three_seconds(server: EmbeddedPostgres) -> None:
    begun = time.perf_counter()
    assert kept(server) == "kept"
    assert time.perf_counter() - begun < 3


def test_a_second_process_joins_and_the_last_to_leave_stops_the_server(
    server: EmbeddedPostgres, client: StartClient
) -> None:
    first, second = client(server), client(server)
    assert first.ask("ensure") == second.ask("ensure")
    pid = second.ask("status")["pid"]
    assert set(server.status().users) == {first.pid, second.pid}

    first.ask("release")
    assert second.ask("query", sql="SELECT 1") == [[1]]
    assert (server.status().pid, server.status().users) == (pid, (second.pid,))

    assert second.leave() == 0  # no release: its end is enough
    assert server.status().running is False
    data_dir = server.status().data_dir
    assert data_dir is not None
    assert "database system is shut down" in (data_dir.parent / "server.log").read_text()


def test_two_objects_of_one_process_are_two_users(serve: Callable[..., EmbeddedPostgres]) -> None:
    one, other = serve(), serve()
    assert one.ensure() == other.ensure() == one.ensure()
    one.release()
    assert other.status().running is True
    other.release()
    other.release()
    assert other.status().running is False


def test_many_processes_at_once_start_one_server(fresh: EmbeddedPostgres, client: StartClient) -> None:
    crowd = [client(fresh) for _ in range(4)]
    for one in crowd:
        one.tell("ensure")
    answers = [one.answer() for one in crowd]
    assert all(answer == answers[0] and "answer" in answer for answer in answers)
    assert set(fresh.status().users) == {one.pid for one in crowd}


def test_a_killed_postmaster_is_replaced_and_nothing_committed_is_lost(
    server: EmbeddedPostgres, client: StartClient, kill_postmaster: Callable[[EmbeddedPostgres], None]
) -> None:
    other = client(server)
    other.ask("ensure")
    before = server.status().pid
    kill_postmaster(server)

    begun = time.perf_counter()
    assert other.ask("query", sql="SELECT text FROM kept") == [["kept"]]
    assert time.perf_counter() - begun < 10
    assert server.status().pid not in {None, before}
    assert kept(server) == "kept"


def test_a_killed_postmaster_whose_backend_is_busy_is_replaced(
    server: EmbeddedPostgres, kill_postmaster: Callable[[EmbeddedPostgres], None]
) -> None:
    with psycopg.connect(server.ensure().url("postgresql")) as connection:
        # busy in a computation, so that it does not see its postmaster die
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 300000) a, generate_series(1, 10000) b")
        kill_postmaster(server)
        assert kept(server) == "kept"
        connection.close()


def test_a_killed_client_is_no_longer_counted(server: EmbeddedPostgres, client: StartClient) -> None:
    victim = client(server)
    victim.ask("ensure")
    server.ensure()
    victim.kill()

    assert server.status().users == (os.getpid(),)
    assert ask(server, "SELECT 1") == 1
    server.release()
    assert server.status().running is False


def test_a_server_left_behind_by_a_killed_last_user_serves_the_next(
    server: EmbeddedPostgres, client: StartClient
) -> None:
    victim = client(server)
    victim.ask("ensure")
    pid = victim.ask("status")["pid"]
    victim.kill()
    assert (server.status().running, server.status().users) == (True, ())

    assert ask(server, "SELECT 1") == 1
    assert server.status().pid == pid
    server.release()
    assert server.status().running is False


def test_children_do_not_stop_the_server_of_their_parent(server: EmbeddedPostgres, client: StartClient) -> None:
    parent = client(server)
    parent.ask("ensure")
    pid = parent.ask("status")["pid"]
    assert parent.ask("fork and exit") == 0
    assert (server.status().pid, server.status().users) == (pid, (parent.pid,))

    parent.tell("become", program=["/bin/sleep", "600"])  # another program now, which is no user
    wait_for = time.monotonic() + 10
    while server.status().users and time.monotonic() < wait_for:
        time.sleep(0.01)
    assert (server.status().pid, server.status().users) == (pid, ())


def test_a_forked_child_that_needs_the_server_is_a_user_of_its_own(server: EmbeddedPostgres) -> None:
    server.ensure()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        server.ensure()
        users = server.status().users
        server.release()
        os.write(writing, json.dumps([users, server.status().running]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert json.load(told) == [sorted([os.getpid(), child]), True]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask(server, "SELECT 1") == 1


def test_control_c_in_a_client_does_not_reach_the_server(server: EmbeddedPostgres, client: StartClient) -> None:
    server.ensure()
    starter = client(server)
    server.release()  # the server stops, and is started again by the client, in whose terminal it would sit
    starter.ask("ensure")
    pid = starter.ask("status")["pid"]
    server.ensure()
    os.killpg(starter.pid, signal.SIGINT)
    starter.process.wait(timeout=20)
    assert (server.status().pid, ask(server, "SELECT 1")) == (pid, 1)


def test_stop_stops_it_under_its_users_who_may_have_it_again(server: EmbeddedPostgres, client: StartClient) -> None:
    user = client(server)
    user.ask("ensure")
    assert server.stop() is True
    assert server.stop() is False
    assert user.ask("query", sql="SELECT 1") == [[1]]


def test_a_taken_port_is_left_to_its_taker(server: EmbeddedPostgres) -> None:
    port = server.ensure().port
    server.release()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", port))
        taker.listen()
        assert server.ensure().port != port
        assert kept(server) == "kept"
    chosen = server.ensure().port
    server.release()
    assert server.ensure().port == chosen


def test_a_dropped_database_is_made_again(copied: EmbeddedPostgres) -> None:
    copied.ensure()
    ask(copied, "DROP DATABASE ai_pro_sports", database="template1")
    assert ask(copied, "SELECT current_database()") == "ai_pro_sports"


def test_destroy_removes_everything_also_under_a_user(copied: EmbeddedPostgres, client: StartClient) -> None:
    user = client(copied)
    user.ask("ensure")
    pid = user.ask("status")["pid"]
    (copied.home / "other.txt").write_text("not of the database")

    removed = copied.destroy()

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert removed
    assert not any(path.exists() for path in removed)
    assert [path.name for path in copied.home.iterdir()] == ["other.txt"]
    assert copied.destroy() == []
    assert user.ask("query", sql="SELECT 1") == [[1]]
    assert copied.status().users == (user.pid,)


def test_destroy_of_a_home_that_never_was_leaves_no_trace(fresh: EmbeddedPostgres) -> None:
    assert fresh.destroy() == []
    assert not fresh.home.exists()


def test_a_server_that_cannot_start_says_what_its_log_says(copied: EmbeddedPostgres) -> None:
    data_dir = copied.status().data_dir
    assert data_dir is not None
    settings = data_dir / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "\nno_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailable, match=r"did not start(?s:.*)no_such_setting") as refusal:
        copied.ensure()
    assert "server.log" in refusal.value.hint
    assert copied.status().users == ()
    settings.write_text(good)
    assert kept(copied) == "kept"


def test_a_home_in_place_of_a_file_is_refused_with_a_hint(serve: Callable[..., Any], open_folder: Path) -> None:
    (open_folder / "file").write_text("")
    with pytest.raises(DatabaseUnavailable) as refusal:
        EmbeddedPostgres(open_folder / "file" / "home").ensure()
    assert refusal.value.hint


def test_a_database_of_another_major_version_is_not_touched(copied: EmbeddedPostgres) -> None:
    data_dir = copied.status().data_dir
    assert data_dir is not None
    version = (data_dir / "PG_VERSION").read_text()
    (data_dir / "PG_VERSION").write_text("14\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in data_dir.rglob("*"))
    with pytest.raises(CallAHuman, match=r"PostgreSQL 14.*nothing was changed") as refusal:
        copied.ensure()
    assert "aips db destroy" in refusal.value.hint
    assert sorted((path, path.stat().st_mtime_ns) for path in data_dir.rglob("*")) == before
    (data_dir / "PG_VERSION").write_text(version)
    assert kept(copied) == "kept"
