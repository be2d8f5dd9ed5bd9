"""What belongs to one home: its files, the place its server lives in, the account that server runs under."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from ai_pro_sports.core.errors import CallAHuman, DatabaseUnavailable, InvalidValue
from ai_pro_sports.data.store.embedded import cluster, postmaster
from ai_pro_sports.data.store.embedded.accounts import Account, dedicated, me, owner_of
from ai_pro_sports.data.store.embedded.locks import FileLock
from ai_pro_sports.data.store.embedded.places import Place, home_key, inside, outside, settle
from ai_pro_sports.data.store.embedded.records import ServerRecord

__all__ = ["Residence"]

_PATIENCE_SECONDS = 180  # for others who hold the start lock: a first start, a recovery, a slow stop
_FOREIGN_HINT = (
    "this home was moved or copied, and its database lives outside it: move the home back, "
    "or begin again with an empty database: aips db destroy"
)
_log = logging.getLogger(__name__)


class Residence:
    """The home at `path` (made absolute, links resolved), which may not exist yet.

    Raises InvalidValue for a path with a line break: PostgreSQL could not read back its own postmaster.pid.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        if "\n" in str(self.path):
            raise InvalidValue("AIPS_HOME has a line break in its path", hint="choose another folder")
        self.record_file = self.path / "postgres.json"
        self.lock_file = self.path / "postgres.lock"
        self.users_folder = self.path / "postgres.users"
        self._lock = FileLock(self.lock_file)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the start lock: nobody else starts, stops, joins or leaves the server of this home meanwhile.

        Raises DatabaseUnavailable when somebody else holds it for minutes.
        """
        if not self._lock.acquire(_PATIENCE_SECONDS):
            raise DatabaseUnavailable(
                f"another process has been starting or stopping the database for {_PATIENCE_SECONDS} seconds",
                hint=f"see who has {self.lock_file} open; end it if it hangs, then try again",
                retry_after=60,
            )
        try:
            yield
        finally:
            self._lock.release()

    def record(self) -> ServerRecord | None:
        """Read postgres.json; None when there is none or it is damaged."""
        return ServerRecord.load(self.record_file, self.path)

    def home_id(self) -> str:
        """Return what tells this home from an earlier one at the same path; call it while `alone`."""
        descriptor = self._lock.descriptor()
        found = os.pread(descriptor, 100, 0).decode("ascii", "replace")
        if not found:
            found = secrets.token_hex(16)
            os.pwrite(descriptor, found.encode("ascii"), 0)
        return found

    def places(self) -> list[Place]:
        """Return every place that holds something of this home, the recorded one first."""
        recorded = self._recorded(self.record())
        found = [recorded] if recorded and recorded.root.exists() else []
        found += [place for place in (inside(self.path), *self._trusted_outside()) if place.root.exists()]
        return list(dict.fromkeys(found))

    def place(self, record: ServerRecord | None) -> Place | None:
        """Return the place of the database of this home, None when there is no database yet; call it while `alone`.

        Raises CallAHuman when postgres.json leads to a database that is gone or another home's.
        """
        if record is not None:
            place = self._recorded(record)
            if place is None:
                raise CallAHuman(f"{self.record_file} names the database of another home", hint=_FOREIGN_HINT)
            if not place.data.exists():
                raise CallAHuman(
                    f"the database of this home is gone: {place.data} does not exist",
                    hint="restore it from a backup, or begin again with an empty database: aips db destroy",
                )
            return place
        here = inside(self.path)
        if here.data.is_dir() and any(here.data.iterdir()):
            return here
        for place in self._trusted_outside():
            if place.holds_cluster:
                if cluster.read_deed(place).home_id == self.home_id():
                    return place
                _set_aside(place)
        return None

    def new_place(self, account: Account) -> Place:
        """Return the place for a new database; raises DatabaseUnavailable when `account` can work nowhere."""
        return settle(self.path, account)

    def account(self, place: Place | None) -> Account:
        """Return the account for the server: ours, or for root the owner of what exists, else a dedicated one."""
        mine = me()
        if mine.uid != 0:
            return mine
        root = (place or inside(self.path)).root
        if root.exists() and (owner := owner_of(root)).uid != 0:
            return owner
        return dedicated(home_key(self.path))

    def _recorded(self, record: ServerRecord | None) -> Place | None:
        """Return the place that `record` names, if that is one of this home's."""
        if record is None:
            return None
        place = Place(record.data_dir.parent)
        key = home_key(self.path)
        return place if place == inside(self.path) or place.root.name in {key, f"aips-{key}"} else None

    def _trusted_outside(self) -> list[Place]:
        """Return the places outside that root itself has made for this home; in /tmp anybody can make a folder."""
        if me().uid != 0:
            return []
        makers = {0, dedicated(home_key(self.path)).uid}
        return [p for p in outside(self.path) if p.root.is_dir() and owner_of(p.root).uid in makers]


def _set_aside(place: Place) -> None:
    """Move a database out of the way whose home was deleted; a new home at the same path begins anew."""
    postmaster.stop(place)
    if place.set_aside.exists():
        shutil.rmtree(place.set_aside)
    place.data.rename(place.set_aside)
    _log.warning("the database of a deleted home at the same path was set aside: %s", place.set_aside)
