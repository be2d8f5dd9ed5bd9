"""Kernel locks on files: held by processes, not by what is written in a file, so no crash can leave one behind.

`flock` and not a lock library, for three things the server needs at once: a lock that a child process inherits and
keeps after we are gone (`hand_over`), a lock file that may be deleted while others wait for it, and children made by
`fork` that must never give up their parent's lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import weakref
from pathlib import Path

__all__ = ["FileLock", "is_held"]

_POLL_SECONDS = 0.02


class FileLock:
    """An exclusive lock on `path`, whose folder must exist; released by the kernel when its last holder dies.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lock = FileLock(Path(folder, "door.lock"))
    ...     print(lock.acquire(timeout=1), FileLock(lock.path).acquire(timeout=0), is_held(lock.path))
    ...     lock.release()
    ...     print(is_held(lock.path))
    True False True
    False
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        _live.add(self)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, timeout: float) -> bool:
        """Take the lock, waiting at most `timeout` seconds (0: try once); return whether it is held now."""
        deadline = time.monotonic() + timeout
        while not self._try():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Give the lock up, also for children that inherited it; no effect if it is not held."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self.hand_over()

    def hand_over(self) -> None:
        """Forget the lock without unlocking: children that inherited the descriptor go on holding it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def descriptor(self) -> int:
        """Return the open file descriptor, to be inherited by a child; the lock must be held."""
        if self._descriptor is None:
            raise ValueError(f"the lock {self.path} is not held")
        return self._descriptor

    def _try(self) -> bool:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            if _is_still(self.path, descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether any process, this one included, holds the lock on `path`; a missing file is not held."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the locked file is the one at `path`: its holder may have deleted it while we waited."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(descriptor))
    return False


_live: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _let_go_after_fork() -> None:
    for lock in list(_live):
        lock.hand_over()


os.register_at_fork(after_in_child=_let_go_after_fork)
