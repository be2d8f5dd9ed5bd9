"""Interrupted: Ctrl-C, a signal and a closed pipe end a command in order, and nothing finished is lost."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Iterator

import pytest

from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.surfaces.command_line import CommandLine
from tests.surfaces.conftest import SimulatedHome


@pytest.fixture
def own(simulated: SimulatedHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """The command line of an empty home that reads the simulated mirror."""
    home = tmp_path_factory.mktemp("interrupted") / "home"
    yield CommandLine(home, str(simulated.world.root))
    EmbeddedPostgres(home).destroy()


class Terminal:
    """A terminal with a command in its foreground, as a person has it."""

    def __init__(self, aips: CommandLine, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.process = aips.process(
            *arguments,
            columns=100,
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self._shown: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def finish(self) -> tuple[int, str, str]:
        """Wait for the command; return its code, its standard output and what the terminal showed."""
        out, _ = self.process.communicate(timeout=60)
        self._reader.join(timeout=10)
        os.close(self._master)
        return self.process.returncode, out, b"".join(self._shown).decode()

    def _read(self) -> None:
        try:
            while chunk := os.read(self._master, 4096):
                self._shown.append(chunk)
        except OSError:  # the last holder of the other end is gone
            return


def _wait_for_a_file(aips: CommandLine) -> None:
    """Wait until the first payload lies in the lake: the import is under way."""
    deadline = time.monotonic() + 60
    while not any(path.is_file() for path in (aips.home / "lake").rglob("*")):
        assert time.monotonic() < deadline, "no file was fetched in a minute"
        time.sleep(0.01)


def test_ctrl_c_and_sigterm_lose_nothing_and_leave_no_server(own: CommandLine, simulated: SimulatedHome) -> None:
    terminal = Terminal(own, "data", "backfill", "EPL")
    _wait_for_a_file(own)
    terminal.press(b"\x03")
    code, out, shown = terminal.finish()
    assert (code, out) == (1, "")
    assert "stopped; what was finished is kept" in shown
    assert "Next: run the same command to go on" in shown
    assert "Traceback" not in shown
    assert not EmbeddedPostgres(own.home).status().running

    process = own.process("data", "backfill", "EPL")
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode in {143, 0}  # 0 where it was quicker than the signal
    assert "Traceback" not in err
    assert not EmbeddedPostgres(own.home).status().running

    kept = own("system", "status", "--json").result()["server"]
    (report,) = own("data", "backfill", "EPL", "--json").result()
    assert report["ok"]
    whole = own("system", "status", "--json").result()["server"]
    assert kept["games"] <= whole["games"] == simulated.world.truth.filter(league="EPL").height
    assert whole["running"] == 0


def test_progress_is_shown_to_people_and_never_on_standard_output(aips: CommandLine) -> None:
    terminal = Terminal(aips, "data", "backfill", "EPL", "--seasons", "2025")
    code, out, shown = terminal.finish()
    assert code == 0
    assert "EPL" in shown
    assert "\x1b" in shown
    assert "\x1b" not in out
    assert out.startswith("\nSIMULATED EPL: run ")


def test_no_progress_is_written_where_nobody_looks(aips: CommandLine) -> None:
    ran = aips.alone("data", "backfill", "EPL", "--seasons", "2025", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("[")
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("as_json", [["--json"], []])
def test_a_reader_that_leaves_early_is_no_error_to_speak_of(aips: CommandLine, as_json: list[str]) -> None:
    process = aips.process("predict", "generate", "-s", "EPL", "--all", *as_json, bufsize=0)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) in {0, 1}
