"""Under whose account the server runs. PostgreSQL refuses root, so root hands it to an account of its own.

That account is a number derived from the home, not a shared one such as `nobody`: whatever else runs on the machine has
no say over it, and the servers of two homes cannot touch each other. Only `initdb` insists on an account with a name;
for its half second it runs as `nobody` in a closed folder, which then changes hands (`hand_over`).
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_pro_sports.core.errors import DatabaseUnavailable

__all__ = ["Account", "dedicated", "hand_over", "me", "named", "owner_of"]

# Between the 16-bit accounts people and packages use and the first range given to containers (100000): nobody's land.
_NUMBERS = range(65_536, 100_000)
# For user namespaces that know 16-bit numbers only: the gap that distributions and systemd both leave free.
_SMALL_NUMBERS = range(65_520, 65_534)
_NO_ACCOUNT_HINT = "run as a normal user, or set DATABASE_URL to a PostgreSQL server of your own"


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group number that the server, or a tool of it, runs under."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this is the account of the running process."""
        return self.uid == os.geteuid()

    @property
    def has_name(self) -> bool:
        """Whether the machine knows a name for it, which `initdb` insists on."""
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            return False
        return True

    def run(
        self,
        command: Sequence[str | Path],
        *,
        timeout: float = 120,
        keep_open: Sequence[int] = (),
        detached: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end under this account, with a clean environment and nothing of our terminal.

        `keep_open` are descriptors the command inherits; `detached` puts it into a session of its own. Raises OSError
        when it cannot be executed, subprocess.TimeoutExpired when it does not end in time.
        """
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
            umask=0o077,
            pass_fds=tuple(keep_open),
            start_new_session=detached,
            user=None if self.is_me else self.uid,
            group=None if self.is_me else self.gid,
            extra_groups=None if self.is_me else [],
        )

    def can_write_in(self, folder: Path) -> bool:
        """Whether this account reaches `folder` and can create files there."""
        probe = 'cd -- "$1" && : > .probe && rm .probe'
        try:
            return self.run(["/bin/sh", "-c", probe, "sh", folder], timeout=30).returncode == 0
        except OSError:
            return False

    def make_folder(self, folder: Path, mode: int) -> None:
        """Create `folder` as this account's own; its parent must exist, itself not."""
        folder.mkdir(mode=0o700)
        if not self.is_me:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
            folder.chmod(mode)


def me() -> Account:
    """Return the account of the running process."""
    return Account(os.geteuid(), os.getegid())


def owner_of(path: Path) -> Account:
    """Return the account that owns `path` (of a link: the link's)."""
    found = path.lstat()
    return Account(found.st_uid, found.st_gid)


def dedicated(key: str) -> Account:
    """Return the account root uses for the home with the hexadecimal `key`: always the same, never a user's.

    Raises DatabaseUnavailable where no such number exists (a user namespace that knows only root).
    """
    seed = int(key, 16)
    for numbers in (_NUMBERS, _SMALL_NUMBERS):
        for step in range(len(numbers)):
            number = numbers[(seed + step) % len(numbers)]
            if not (_is_mapped(number, "uid_map") and _is_mapped(number, "gid_map")):
                break
            if not Account(number, number).has_name:
                return Account(number, number)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root, and this machine has no other account for it", hint=_NO_ACCOUNT_HINT
    )


def named(account: Account) -> Account:
    """Return `account` if the machine knows its name, else (only as root) an unprivileged account that has one.

    Raises DatabaseUnavailable when there is none.
    """
    if account.has_name:
        return account
    if os.geteuid() == 0:
        entries = sorted(pwd.getpwall(), key=lambda entry: entry.pw_name != "nobody")
        for entry in entries:
            if entry.pw_uid != 0 and _is_mapped(entry.pw_uid, "uid_map") and _is_mapped(entry.pw_gid, "gid_map"):
                return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        f"initdb needs an account with a name, and user number {account.uid} has none on this machine",
        hint="add the number to /etc/passwd, or set DATABASE_URL to a PostgreSQL server of your own",
    )


def hand_over(folder: Path, giver: Account, taker: Account) -> None:
    """Give `folder` and all in it, made by `giver`, to `taker`; whatever is not plainly the giver's is refused.

    A file with a second name elsewhere is refused too: otherwise the giver could have a file of somebody else's handed
    over by linking it in. Raises DatabaseUnavailable on a refusal.
    """
    if giver == taker:
        return
    for _, folders, files, at in os.fwalk(folder, follow_symlinks=False):
        for name in [".", *folders, *files]:
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
            try:
                found = os.fstat(descriptor)
                if found.st_uid == taker.uid:
                    continue
                plain = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
                if not plain or found.st_uid != giver.uid:
                    raise DatabaseUnavailable(
                        f"a strange file appeared in the new database directory: {folder}: {name}",
                        hint="see who else runs processes under the account nobody, then try again",
                    )
                os.fchown(descriptor, taker.uid, taker.gid)
            finally:
                os.close(descriptor)


def _is_mapped(number: int, table: str) -> bool:
    """Whether `number` exists in this process's user namespace."""
    try:
        lines = Path("/proc/self", table).read_text(encoding="ascii").splitlines()
    except OSError:
        return True  # no user namespaces here
    ranges = ([int(part) for part in line.split()] for line in lines)
    return any(first <= number < first + count for first, _, count in ranges)
