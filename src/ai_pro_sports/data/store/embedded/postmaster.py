"""The server process: found, started, awaited and stopped.

Whether a server lives is asked of the kernel, not of a process number: all its processes inherit a lock on
`server.lock` (see `places`), so the lock is free exactly when the last of them is gone, and a number that was used
again, a zombie nobody has reaped, or a process of another container cannot mislead anybody.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from pathlib import Path

import psutil

from ai_pro_sports.core.errors import DatabaseUnavailable
from ai_pro_sports.data.store.embedded.accounts import Account
from ai_pro_sports.data.store.embedded.binaries import Binaries
from ai_pro_sports.data.store.embedded.locks import FileLock, is_held
from ai_pro_sports.data.store.embedded.places import Place
from ai_pro_sports.data.store.embedded.records import HOST

__all__ = [
    "await_ready",
    "find",
    "free_port",
    "is_alive",
    "launch",
    "port_is_free",
    "ready_port",
    "stop",
]

_POLL_SECONDS = 0.01
_FAST_STOP_SECONDS = 60
_QUICK_STOP_SECONDS = 10
_ORPHAN_SECONDS = 2
_LEADERLESS_SECONDS = 15
_LOG_LIMIT_BYTES = 10_000_000
_PID_LINE, _PORT_LINE, _STATUS_LINE = 0, 3, 7  # of postmaster.pid

# The shell starts the server in the background and goes: the server is nobody's child, so nobody's zombie.
_BACKGROUND = 'log="$1"; shift; "$@" </dev/null >>"$log" 2>&1 &'


def launch(place: Place, binaries: Binaries, account: Account, port: int, lock: FileLock) -> None:
    """Start the server on loopback `port` in a session of its own, and hand it the place's `lock`, which we hold.

    Returns at once; see `await_ready`. Whatever an earlier server left in postmaster.pid is void: we hold the lock.
    """
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    if place.log_size() > _LOG_LIMIT_BYTES:
        place.log.rename(place.log.with_suffix(".log.1"))
    server: list[str | Path] = [binaries.folder / "postgres", "-D", place.data, "-p", str(port)]
    settings = {"listen_addresses": HOST, "unix_socket_directories": "", "logging_collector": "off"}
    for name, value in settings.items():
        server += ["-c", f"{name}={value}"]
    command = ["/bin/sh", "-c", _BACKGROUND, "sh", place.log, *server]
    result = account.run(command, keep_open=[lock.descriptor()], detached=True, timeout=60)
    lock.hand_over()
    if result.stderr:  # the shell's own: everything of the server goes to its log
        raise DatabaseUnavailable("the shell could not start PostgreSQL", hint=f"it said: {result.stderr.strip()}")


def await_ready(place: Place, timeout: float) -> int | None:
    """Wait until the server of `place` accepts connections; return its port, or None once no process of it lives.

    Processes whose postmaster is dead go by themselves, unless busy; after a while they are told to. Raises
    DatabaseUnavailable if the server is neither ready nor gone after `timeout` seconds; it may be recovering.
    """
    deadline = time.monotonic() + timeout
    led_at = told_at = time.monotonic()
    while is_alive(place):
        now = time.monotonic()
        if find(place) is not None:
            led_at = now
            if (port := ready_port(place)) is not None:
                return port
        elif now - led_at > _LEADERLESS_SECONDS:
            raise DatabaseUnavailable(
                f"processes of a dead server still hold {place.data}, or a server in another container does",
                hint=f"see who has {place.lock} open, end it, then try again",
                retry_after=30,
            )
        elif now - max(led_at, told_at) > _ORPHAN_SECONDS:
            _quit_orphans(place)
            told_at = now
        if now > deadline:
            raise DatabaseUnavailable(
                f"PostgreSQL is still starting after {timeout:.0f} seconds, perhaps recovering from a crash",
                hint=f"try again in a minute; the end of {place.log}:\n{place.log_tail()}",
                retry_after=60,
            )
        time.sleep(_POLL_SECONDS)
    return None


def find(place: Place) -> psutil.Process | None:
    """Return the postmaster serving the data directory of `place`; None if the one on record is not, or is no more."""
    lines = _pid_file(place)
    if not lines or not lines[_PID_LINE].isdigit():
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(int(lines[_PID_LINE]))
        if process.status() != psutil.STATUS_ZOMBIE and _serves(process, place.data):
            return process
    return None


def is_alive(place: Place) -> bool:
    """Whether any process of a server of `place` lives; also one that somebody started by hand."""
    return is_held(place.lock) or find(place) is not None


def ready_port(place: Place) -> int | None:
    """Return the port of the server of `place` if postmaster.pid says that it accepts connections."""
    lines = _pid_file(place)
    if len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready" and lines[_PORT_LINE].isdigit():
        return int(lines[_PORT_LINE])
    return None


def stop(place: Place) -> bool:
    """Stop the server of `place`, cleanly, dropping its connections; return whether one was running.

    Raises DatabaseUnavailable if it does not go.
    """
    if not is_alive(place):
        return False
    for demand, patience in ((signal.SIGINT, _FAST_STOP_SECONDS), (signal.SIGQUIT, _QUICK_STOP_SECONDS)):
        if (process := find(place)) is not None:
            with contextlib.suppress(psutil.Error):
                process.send_signal(demand)
        if _await_silence(place, patience):
            return True
    raise DatabaseUnavailable(
        "the database server does not stop",
        hint=f"look for processes of {place.data}; the end of {place.log}:\n{place.log_tail()}",
    )


def free_port() -> int:
    """Return a TCP port that is free on the loopback address now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Return whether a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def _await_silence(place: Place, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    told_at = time.monotonic()
    while is_alive(place):
        now = time.monotonic()
        if now > deadline:
            return False
        if now - told_at > _ORPHAN_SECONDS and find(place) is None:
            _quit_orphans(place)
            told_at = now
        time.sleep(_POLL_SECONDS)
    return True


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _serves(process: psutil.Process, data: Path) -> bool:
    """Whether `process` is a postmaster of `data`, by its command line or, after a move, by where it sits."""
    command = process.cmdline()
    if not command or Path(command[0]).name != "postgres":
        return False
    named = command[command.index("-D") + 1 :][:1] if "-D" in command else []
    return named == [str(data)] or _sits_in(process, data)


def _sits_in(process: psutil.Process, data: Path) -> bool:
    try:
        return Path(process.cwd()) == data
    except (psutil.Error, OSError):
        return False


def _quit_orphans(place: Place) -> None:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name().startswith("postgres") and _sits_in(process, place.data):
                process.send_signal(signal.SIGQUIT)
