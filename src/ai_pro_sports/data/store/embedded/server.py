"""`EmbeddedPostgres`: the life of the server, from the first process that needs it to the last that leaves."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import subprocess
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ai_pro_sports.core.errors import AipsError, DatabaseUnavailable
from ai_pro_sports.data.store.embedded import binaries as programs
from ai_pro_sports.data.store.embedded import cluster, postmaster
from ai_pro_sports.data.store.embedded.accounts import Account
from ai_pro_sports.data.store.embedded.binaries import Binaries
from ai_pro_sports.data.store.embedded.greeting import greet
from ai_pro_sports.data.store.embedded.locks import FileLock
from ai_pro_sports.data.store.embedded.places import Place, inside
from ai_pro_sports.data.store.embedded.records import ServerAddress, ServerRecord, ServerStatus
from ai_pro_sports.data.store.embedded.residence import Residence
from ai_pro_sports.data.store.embedded.users import UserRegister

__all__ = ["EmbeddedPostgres"]

_READY_SECONDS = 60
_LOCK_SECONDS = 5  # nobody else wants it but a glance of `status`
_LAUNCHES = 8
_GREETINGS = 3
_PASSING_TROUBLES = ("could not bind", "shared memory block")
_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """The PostgreSQL server of one home, shared by all processes that use that home.

    A process that called `ensure` is a user until it calls `release`, ends, or is killed; the last user to leave in
    an orderly way stops the server. A server left behind by a killed last user goes on and serves the next. Children
    made by `fork` are no users until they call `ensure` themselves. Objects are safe to share between threads.

    All methods raise DatabaseUnavailable when the server cannot be had (the hint shows the end of its log) and
    CallAHuman when going on would damage a database.
    """

    def __init__(self, home: Path) -> None:
        self._residence = Residence(Path(home))
        self._users = UserRegister(self._residence.users_folder)
        self._mutex = threading.RLock()
        self._exit_hooked = False
        _all.add(self)

    @property
    def home(self) -> Path:
        """The home, absolute, links resolved."""
        return self._residence.path

    def ensure(self) -> ServerAddress:
        """Start the server, or join the running one; on return it has answered a query on the product's database."""
        with self._mutex, self._explained():
            self.home.mkdir(parents=True, exist_ok=True)
            if not self._exit_hooked:
                atexit.register(self._leave_at_exit)
                self._exit_hooked = True
            with self._residence.alone():
                return self._join()

    def release(self) -> None:
        """Say that this process no longer needs the server; the last user stops it. No effect without `ensure`."""
        with self._mutex, self._explained():
            if not self._users.entered:
                return
            if not self.home.exists():  # deleted under us: a server inside it notices by itself
                self._users.leave()
                self._stop_all()
                return
            with self._residence.alone():
                self._users.leave()
                if not self._users.present():
                    self._stop_all()

    def stop(self) -> bool:
        """Stop the server now, whoever uses it; return whether it was running. Its users may `ensure` it again."""
        with self._mutex, self._explained():
            if not self.home.exists():
                return self._stop_all()
            with self._residence.alone():
                return self._stop_all()

    def destroy(self) -> list[Path]:
        """Stop the server and remove all it has, inside and outside the home; return what was removed."""
        with self._mutex, self._explained():
            if self.home.exists():
                with self._residence.alone():
                    return self._demolish()
            if not self._residence.places():
                return []
            self.home.mkdir(parents=True)  # deleted before; what it left outside goes under the same lock
            try:
                with self._residence.alone():
                    return self._demolish()
            finally:
                with contextlib.suppress(OSError):
                    self.home.rmdir()

    def status(self) -> ServerStatus:
        """Look at the server without starting, joining or disturbing it."""
        with self._explained():
            record = self._residence.record()
            place = next((p for p in self._residence.places() if postmaster.is_alive(p)), None)
            process = postmaster.find(place) if place else None
            return ServerStatus(
                running=place is not None,
                pid=process.pid if process else None,
                version=record.version if record else None,
                data_dir=place.data if place else record.data_dir if record else None,
                port=postmaster.ready_port(place) if place else None,
                users=self._users.present(),
            )

    def _join(self) -> ServerAddress:
        newcomer = self._users.enter()
        try:
            return self._serve()
        except BaseException as error:
            if newcomer:
                self._users.leave()
                if not isinstance(error, AipsError) and not self._users.present():
                    self._stop_all()  # interrupted between starting the server and telling anybody
            raise

    def _serve(self) -> ServerAddress:
        record = self._residence.record()
        place = self._residence.place(record)
        account = self._residence.account(place)
        place = place or self._residence.new_place(account)
        return self._attach(place, record) or self._start(place, account, record)

    def _attach(self, place: Place, record: ServerRecord | None) -> ServerAddress | None:
        """Join the server that runs in `place`; None when there is none, also when it dies meanwhile."""
        for attempts_left in reversed(range(_GREETINGS)):
            port = postmaster.await_ready(place, _READY_SECONDS)
            if port is None:
                return None
            known = record or self._record(place, port)
            if record is None or record.port != port:
                known = replace(known, port=port)
                known.save(self._residence.record_file)
            try:
                greet(known.address())
            except DatabaseUnavailable:
                if attempts_left == 0:
                    raise
                time.sleep(0.2)
            else:
                return known.address()
        return None

    def _start(self, place: Place, account: Account, record: ServerRecord | None) -> ServerAddress:
        """Start the server in `place`, where none runs, making its database first if there is none."""
        if not account.can_write_in(place.root):
            raise DatabaseUnavailable(
                f"user number {account.uid}, under which the database runs, cannot reach {place.root} any more",
                hint="restore the permissions of the folders above it, or begin again: aips db destroy",
            )
        lock = FileLock(place.lock)
        if not lock.acquire(_LOCK_SECONDS):
            raise DatabaseUnavailable(f"somebody else holds {place.lock}", hint="try again")
        try:
            binaries = programs.locate(place, account, wants_copy=place != inside(self.home))
            if not cluster.check(place, binaries):
                cluster.create(place, binaries, account, self._residence.home_id(), lock)
            wanted = record.port if record and postmaster.port_is_free(record.port) else postmaster.free_port()
            known = replace(record or self._record(place, wanted), binaries=binaries.folder, version=binaries.version)
            return self._launch(place, account, binaries, replace(known, port=wanted), lock)
        finally:
            lock.hand_over()  # not release: a server that lives has inherited it

    def _launch(
        self, place: Place, account: Account, binaries: Binaries, record: ServerRecord, lock: FileLock
    ) -> ServerAddress:
        """Launch until the server answers, on another port when somebody was quicker to take ours."""
        since = place.log_size()
        for _ in range(_LAUNCHES):
            record.save(self._residence.record_file)
            since = place.log_size()
            postmaster.launch(place, binaries, account, record.port, lock)
            if postmaster.await_ready(place, _READY_SECONDS) is not None:
                greet(record.address())
                return record.address()
            said = place.log_tail(since)
            if not any(words in said for words in _PASSING_TROUBLES) or not lock.acquire(_LOCK_SECONDS):
                break
            time.sleep(0.5)
            record = replace(record, port=postmaster.free_port())
        raise DatabaseUnavailable("PostgreSQL did not start", hint=f"the end of {place.log}:\n{place.log_tail(since)}")

    def _record(self, place: Place, port: int) -> ServerRecord:
        """Return a record made from what the data directory itself knows; saved, it replaces a lost one."""
        password = cluster.read_deed(place).password
        major = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
        return ServerRecord(self.home, place.data, place.binaries, major, port, password)

    def _stop_all(self) -> bool:
        return sum(postmaster.stop(place) for place in self._residence.places()) > 0

    def _demolish(self) -> list[Path]:
        removed = []
        for place in self._residence.places():
            postmaster.stop(place)
            cluster.discard(place)
            shutil.rmtree(place.root)
            removed.append(place.root)
            if place.root.parent != self.home:
                with contextlib.suppress(OSError):
                    place.root.parent.rmdir()  # /var/lib/aips, if this was its last
        if self._residence.record_file.exists():
            self._residence.record_file.unlink()
            removed.append(self._residence.record_file)
        if self._users.remove():
            removed.append(self._users.directory)
        self._residence.lock_file.unlink()
        return removed

    def _leave_at_exit(self) -> None:
        try:
            self.release()
        except AipsError as error:
            _log.warning("leaving the database server: %s", error)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the operating system refuses into DatabaseUnavailable."""
        try:
            yield
        except PermissionError as error:
            raise DatabaseUnavailable(
                f"no permission for the database of {self.home}: {error}",
                hint="run as the user who owns it, or choose another AIPS_HOME",
            ) from error
        except (OSError, subprocess.SubprocessError) as error:
            raise DatabaseUnavailable(
                f"the machine does not let the database of {self.home} run: {error}",
                hint="see that the disk has room and that AIPS_HOME is on a local disk, then try again",
            ) from error

    def _reset_after_fork(self) -> None:
        self._mutex = threading.RLock()  # perhaps held by a thread that does not exist here


def _reset_all_after_fork() -> None:
    for server in list(_all):
        server._reset_after_fork()


_all: weakref.WeakSet[EmbeddedPostgres] = weakref.WeakSet()
os.register_at_fork(after_in_child=_reset_all_after_fork)
