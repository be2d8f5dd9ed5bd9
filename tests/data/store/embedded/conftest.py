"""Homes that are destroyed whatever happens, and other processes that use them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from ai_pro_sports.data.store.embedded import EmbeddedPostgres

CLIENT = Path(__file__).with_name("client_process.py")


class Client:
    """Another process that uses a home, spoken to line by line."""

    def __init__(self, command: Sequence[str], **how: Any) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, start_new_session=True, **pipes, **how)
        self.pid = self.process.pid

    def tell(self, do: str, **more: Any) -> None:
        """Send a command without waiting for its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return the answer to the oldest unanswered command."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the client ended with {self.process.wait()}"
        return dict(json.loads(line))

    def ask(self, do: str, **more: Any) -> Any:
        """Send a command and return what it answers; its error fails the test."""
        self.tell(do, **more)
        answer = self.answer()
        assert "error" not in answer, answer
        return answer["answer"]

    def leave(self) -> int:
        """Let the client run off its end; return its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """End it so that it can do nothing about it."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def new_open_folder() -> Path:
    """Make a folder others can reach, in memory where there is plenty: dozens of databases wait for no disk there."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="aips-test-", dir=memory if roomy else None)).resolve()
    folder.chmod(0o755)
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of the machine can reach, unlike pytest's own."""
    folder = new_open_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def serve(open_folder: Path) -> Iterator[Callable[..., EmbeddedPostgres]]:
    """Make servers of homes; each is destroyed in the end, whoever uses it."""
    made: list[EmbeddedPostgres] = []

    def make(home: Path | None = None) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(home or open_folder / "home"))
        return made[-1]

    yield make
    for server in made:
        server.destroy()


@pytest.fixture
def fresh(serve: Callable[..., EmbeddedPostgres]) -> EmbeddedPostgres:
    """The server of a home that does not exist yet."""
    return serve()


@pytest.fixture(scope="session")
def finished_home() -> Iterator[Path]:
    """A home whose server was started once, has the table `kept` with the text 'kept', and is stopped."""
    folder = new_open_folder()
    server = EmbeddedPostgres(folder / "home")
    with psycopg.connect(server.ensure().url("postgresql"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'kept' AS text")
    server.release()
    yield server.home
    server.destroy()
    shutil.rmtree(folder)


@pytest.fixture
def server(finished_home: Path) -> Iterator[EmbeddedPostgres]:
    """The server of the finished home, stopped: for tests that leave its database as it is."""
    server = EmbeddedPostgres(finished_home)
    yield server
    server.release()
    server.stop()


@pytest.fixture
def copied(serve: Callable[..., EmbeddedPostgres], finished_home: Path, open_folder: Path) -> EmbeddedPostgres:
    """The server of a copy of the finished home, stopped: for tests that change or break it."""
    subprocess.run(["cp", "-a", str(finished_home), str(open_folder / "home")], check=True)
    return serve()


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    """Start other processes that use the home of a server; each is killed in the end."""
    started: list[Client] = []

    def start(
        server: EmbeddedPostgres,
        *sys_path: Path,
        python: str = sys.executable,
        prefix: Sequence[str] = (),
        **how: Any,
    ) -> Client:
        program = [python, str(how.pop("program", CLIENT)), str(server.home), *map(str, sys_path)]
        started.append(Client([*prefix, *program], **how))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def bystander() -> Iterator[Callable[[int], int]]:
    """Start a process under a user number that has nothing to do with any database; return its process id."""
    started: list[subprocess.Popen[bytes]] = []

    def start(uid: int) -> int:
        user = {} if uid == os.geteuid() else {"user": uid, "group": uid, "extra_groups": []}
        started.append(subprocess.Popen(["/bin/sleep", "600"], cwd="/", **user))  # type: ignore[call-overload]
        return started[-1].pid

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def kill_postmaster() -> Callable[[EmbeddedPostgres], None]:
    """Kill the postmaster of a server, and return when the kernel has done it."""

    def kill(server: EmbeddedPostgres) -> None:
        pid = server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)

    return kill


@pytest.fixture(name="wait_until")
def wait_until_fixture() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is true; fail after 20 seconds."""
    return wait_until


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)
