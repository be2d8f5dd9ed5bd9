"""Who uses the server: one file per user, locked for as long as its process lives.

The kernel drops the lock of a killed process, so the register is right after every crash. `enter`, `leave` and `sweep`
are called under the start lock; `present` may be called by anyone at any time.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from ai_pro_sports.data.store.embedded.locks import FileLock, is_held

__all__ = ["UserRegister"]


class UserRegister:
    """The register of users kept in `directory` (created on the first entry)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._mine: FileLock | None = None

    @property
    def entered(self) -> bool:
        """Whether this object's process has entered; False in a child made by fork."""
        return self._mine is not None and self._mine.held

    def enter(self) -> bool:
        """Sign in, clearing away what killed processes left; return False if already in."""
        if self._mine is not None and self._mine.held and self._mine.path.exists():
            return False
        self.leave()
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self.sweep()
        mine = FileLock(self.directory / f"{os.getpid()}-{secrets.token_hex(4)}.user")
        mine.acquire(timeout=0)
        self._mine = mine
        return True

    def leave(self) -> None:
        """Sign out; no effect if not entered."""
        if self._mine is not None and self._mine.held:
            self._mine.path.unlink(missing_ok=True)
            self._mine.release()
        self._mine = None

    def present(self) -> tuple[int, ...]:
        """Return the process ids of all users now, one per entry, sorted."""
        return tuple(sorted(int(path.name.partition("-")[0]) for path in self._files() if _in_use(path)))

    def sweep(self) -> None:
        """Remove the files of users that are gone."""
        for path in self._files():
            if not _in_use(path):
                path.unlink(missing_ok=True)

    def remove(self) -> bool:
        """Remove the whole register, whoever is in it; return whether there was one."""
        self.leave()
        existed = self.directory.exists()
        shutil.rmtree(self.directory, ignore_errors=True)
        return existed

    def _files(self) -> list[Path]:
        return list(self.directory.glob("*-*.user"))


def _in_use(path: Path) -> bool:
    try:
        return is_held(path)
    except PermissionError:
        return True  # made by another account: who cannot be asked counts as there
