"""Runs the real command line: inside this process for speed, or as a process of its own where that is the point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from ai_pro_sports.surfaces.cli import entry

__all__ = ["AIPS", "CommandLine", "Ran"]

AIPS = Path(sys.executable).with_name("aips")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    def result(self) -> Any:
        """Read the one JSON document on standard output; the command must have succeeded."""
        assert self.code == 0, self
        return json.loads(self.out)

    def error(self) -> dict[str, str]:
        """Read the error on standard error; standard output must be empty."""
        assert self.out == "", self
        found: dict[str, str] = json.loads(self.err)["error"]
        return found


@dataclass(frozen=True)
class CommandLine:
    """`aips` for one home. The environment holds nothing of ours but what is given."""

    home: Path
    mirror: str = ""

    def __call__(self, *arguments: object, columns: int = 200, **environ: str) -> Ran:
        """Run inside this process, through the same entry as the installed script."""
        out, err = StringIO(), StringIO()
        before = signal.getsignal(signal.SIGTERM)
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", ["aips", *map(str, arguments)])
            patch.chdir(self._folder())
            for name, value in (self._environ(columns) | environ).items():
                patch.setenv(name, value)
            try:
                entry.run()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            finally:
                signal.signal(signal.SIGTERM, before)
        return Ran(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: object, columns: int = 200, **streams: Any) -> subprocess.Popen[str]:
        """Start the installed script."""
        piped = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        return subprocess.Popen(
            [AIPS, *map(str, arguments)],
            cwd=self._folder(),
            env=os.environ | self._environ(columns),
            text=True,
            **piped,
        )

    def alone(self, *arguments: object, columns: int = 200) -> Ran:
        """Run the installed script to its end."""
        process = self.process(*arguments, columns=columns)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err)

    def _environ(self, columns: int) -> dict[str, str]:
        return {"AIPS_HOME": str(self.home), "AIPS_MIRROR": self.mirror, "COLUMNS": str(columns)}

    def _folder(self) -> Path:
        # Not the checkout: a developer's .env must not reach the tests.
        self.home.parent.mkdir(parents=True, exist_ok=True)
        return self.home.parent
