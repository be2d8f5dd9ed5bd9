"""The API over loopback HTTP: alive, honest about its database, and mute about its secrets."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import httpx
import pytest

from ai_pro_sports.core.clock import SystemClock
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.surfaces.command_line import CommandLine
from tests.surfaces.conftest import SimulatedHome

HEALTH = "/api/v1/health"


@dataclass(frozen=True)
class Served:
    """A running `aips serve` and a client for it."""

    process: subprocess.Popen[str]
    client: httpx.Client
    logged: list[str]


def _serve(aips: CommandLine) -> Served:
    """Start the server on a free port and wait until it says which."""
    process = aips.process("serve", "--port", "0")
    assert process.stderr is not None
    logged: list[str] = []
    for line in process.stderr:
        logged.append(line)
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return Served(process, httpx.Client(base_url=found.group(0), timeout=20), logged)
    raise AssertionError("".join(logged))


@pytest.fixture(scope="module")
def served(simulated: SimulatedHome) -> Iterator[Served]:
    running = _serve(CommandLine(simulated.root, str(simulated.world.root)))
    yield running
    running.client.close()
    running.process.send_signal(signal.SIGTERM)
    _, err = running.process.communicate(timeout=30)
    assert "Traceback" not in err


def test_health_says_how_the_parts_are(served: Served) -> None:
    answer = served.client.get(HEALTH)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    (data,) = answer.json().values()
    assert set(data) == {"status", "version", "at", "simulated", "components"}
    assert data["status"] == "ok"
    assert data["version"] == version("ai-pro-sports")
    assert data["simulated"] is True
    assert abs(datetime.fromisoformat(data["at"]) - SystemClock().now()) < timedelta(minutes=1)
    database = data["components"]["database"]
    assert database["status"] == "ok"
    assert database["detail"].startswith("PostgreSQL ")
    assert database["milliseconds"] >= 0


def test_the_short_path_leads_to_the_full_one_and_keeps_the_method(served: Served) -> None:
    answer = served.client.get("/health")
    assert (answer.status_code, answer.headers["location"]) == (308, HEALTH)
    assert served.client.get("/health", follow_redirects=True).json()["data"]["status"] == "ok"


def test_the_description_lists_health_and_its_failure(served: Served) -> None:
    described = served.client.get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "AI PRO SPORTS"
    assert set(described["paths"]) == {HEALTH}
    assert set(described["paths"][HEALTH]["get"]["responses"]) == {"200", "503"}
    assert served.client.get("/docs").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nope", 404), ("POST", HEALTH, 405), ("GET", "/api/v1/", 404)]
)
def test_what_is_not_there_is_a_plain_no(served: Served, method: str, path: str, status: int) -> None:
    answer = served.client.request(method, path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_health_is_503_without_the_database_and_recovers_with_it(
    served: Served, aips: CommandLine, simulated: SimulatedHome
) -> None:
    assert aips("db", "stop").out == "Stopped.\n"
    down = served.client.get(HEALTH)
    assert down.status_code == 503
    data = down.json()["data"]
    assert data["status"] == data["components"]["database"]["status"] == "down"
    assert data["components"]["database"]["detail"]
    assert _password(simulated) not in down.text
    simulated.application.postgres().ensure()
    up = served.client.get(HEALTH)
    assert (up.status_code, up.json()["data"]["status"]) == (200, "ok")


def test_no_answer_and_no_log_line_holds_a_secret(served: Served, simulated: SimulatedHome) -> None:
    answers = [served.client.get(path).text for path in (HEALTH, "/api/v1/openapi.json", "/docs", "/nope")]
    for text in (*answers, *served.logged):
        assert _password(simulated) not in text
        assert "change-me" not in text
        assert str(simulated.root) not in text


def test_stopped_by_a_signal_it_ends_at_once_and_leaves_nothing_behind(
    aips: CommandLine, simulated: SimulatedHome
) -> None:
    users = len(EmbeddedPostgres(simulated.root).status().users)
    for ending in (signal.SIGINT, signal.SIGTERM):
        running = _serve(aips)
        assert running.client.get(HEALTH).status_code == 200
        began = time.monotonic()
        running.process.send_signal(ending)
        _, err = running.process.communicate(timeout=30)
        assert time.monotonic() - began < 20
        assert running.process.returncode in {0, 143}
        assert "Traceback" not in err
        with pytest.raises(httpx.ConnectError):
            running.client.get(HEALTH)
        running.client.close()
    assert len(EmbeddedPostgres(simulated.root).status().users) == users


def test_a_port_in_use_is_said_and_fails(served: Served, aips: CommandLine) -> None:
    port = served.client.base_url.port
    ran = aips("serve", "--port", port)
    assert (ran.code, ran.out) == (1, "")
    message, following = ran.err.splitlines()
    assert message == f"cannot listen on 127.0.0.1:{port}: Address already in use"
    assert following.startswith("Next: ")
    assert aips("serve", "--host", "no.such.host.invalid").code == 1


def _password(simulated: SimulatedHome) -> str:
    record: dict[str, str] = json.loads((simulated.root / "postgres.json").read_text(encoding="utf-8"))
    return record["password"]
