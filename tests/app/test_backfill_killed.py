"""A backfill killed with SIGKILL in the middle: taken up again, it ends with the rows of one that was never disturbed.

One story, told once for the module: the API serves a home, a backfill of it is killed between two files and started
again with the same command. Every test asks one thing of what was seen.
"""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.jobs.backfill import run_backfill
from ai_pro_sports.app.jobs.engine import engine
from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.app.usecases.backfill import BackfillReport, Outcome
from ai_pro_sports.core.errors import RetryLater
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.app.homes import NewDatabase, clean_environment, settings_at, silent
from tests.app.mirrors import put, season_path, thin

SEASONS = range(2010, 2024)
ENOUGH = 4
"""Files that must be done before the kill."""
PATIENCE = 180.0
"""Seconds; a busy machine takes its time."""
TWO_BOOKS = re.compile(r"Div|Date|Time|HomeTeam|AwayTeam|FTHG|FTAG|FTR|(B365|PS)C?[HDA]")

DONE = {"imported", "unchanged"}
TABLES = ("teams", "games", "game_sources", "odds", "closing_lines", "quarantine", "seasons", "sportsbooks")
BOOKKEEPING = ("created_at", "updated_at", "run_id")
"""When and by which run a row was written."""


@dataclass
class Story:
    """What was seen."""

    planned: int
    done_at_kill: dict[str, str] = field(default_factory=dict)
    health: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    runs_at_kill: list[str] = field(default_factory=list)
    refusal: RetryLater | None = None
    exit_code: int | None = None
    said: dict[str, Any] = field(default_factory=dict)
    manifests: dict[str, str] = field(default_factory=dict)
    workflows: list[tuple[str, str]] = field(default_factory=list)
    steps: list[tuple[int, str]] = field(default_factory=list)
    runs: list[tuple[int, str]] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)
    undisturbed: dict[str, list[str]] = field(default_factory=dict)
    undisturbed_report: BackfillReport | None = None


def until(seen: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline, f"never saw {what}"
        time.sleep(0.02)


@contextmanager
def command(home: Path, mirror: Path, *arguments: str, to: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `aips` in a process of its own, its output in `to`, and make sure it ends."""
    with to.with_suffix(".out").open("wb") as out, to.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "ai_pro_sports", *arguments],
            env=clean_environment() | {"AIPS_HOME": str(home), "AIPS_MIRROR": str(mirror)},
            cwd=home.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(20)


def destroy(home: Path, mirror: Path) -> None:
    with command(home, mirror, "db", "destroy", "--yes", to=home.parent / "destroy") as process:
        assert process.wait(30) == 0, (home.parent / "destroy.err").read_text()


def answering(log: Path) -> str:
    """Return where the API listens, once it answers."""

    def address() -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        return found[0] if found else ""

    def up() -> bool:
        try:
            return bool(address()) and httpx.get(f"{address()}/api/v1/health", timeout=5).is_success
        except httpx.TransportError:
            return False

    until(up, f"the API answer: {log.read_text()}")
    return address()


def manifests(database: psycopg.Connection[Any]) -> dict[str, str]:
    """Return the files that are done and the transaction that wrote each."""
    return dict(database.execute("SELECT item, xmin::text || imported_at::text FROM lake_manifests").fetchall())


def rows_of(database: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Return every row of what a backfill writes, as sorted texts."""
    held = {}
    for table in TABLES:
        columns = database.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        ).fetchall()
        chosen = [name for (name,) in columns if name not in BOOKKEEPING]
        query = f"SELECT row({', '.join(chosen)})::text FROM {table} ORDER BY 1"
        held[table] = [text for (text,) in database.execute(query).fetchall()]  # type: ignore[arg-type]
    return held


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen simulated seasons, one of them with rows to set aside, one that is a page of HTML."""
    root = tmp_path_factory.mktemp("killed") / "mirror"
    simulate(root, now=datetime(2024, 7, 1, tzinfo=UTC), seed=6, leagues=["EPL"], seasons=len(SEASONS))
    # What is priced now would differ between two runs by the time of its fetch.
    (root / "soccer" / "football-data" / "fixtures.csv").unlink()
    thin(root, TWO_BOOKS)
    lines = gzip.decompress((root / season_path(2012)).read_bytes()).decode().splitlines()
    lines[5] = lines[5].replace("/2012", "/1812")
    lines[-1] = re.sub(r"(?<=:\d\d,)(\w[^,]+)", r"\1x", lines[-1], count=1)
    lines[7] = lines[7].rsplit(",", 3)[0] + ",1.01,1.01,1.01"
    put(root, season_path(2012), "\n".join([*lines, ""]).encode())
    put(root, season_path(2020), b"<!doctype html><title>moved</title>")
    return root


@pytest.fixture(scope="module")
def story(mirror: Path, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("a killed home")
    home = folder / "home"
    home.mkdir()
    backfill = ("data", "backfill", "EPL", "--seasons", f"{SEASONS[0]}-{SEASONS[-1]}", "--json")
    seen = Story(planned=len(SEASONS) + 1)
    with ExitStack() as cleaning:
        cleaning.callback(destroy, home, mirror)
        cleaning.enter_context(command(home, mirror, "serve", "--port", "0", to=folder / "serve"))
        address = answering(folder / "serve.err")
        server = EmbeddedPostgres(home)
        cleaning.callback(server.release)
        database = cleaning.enter_context(psycopg.connect(server.ensure().url("postgresql"), autocommit=True))

        def enough() -> bool:
            done = len(manifests(database))
            answer = httpx.get(f"{address}/api/v1/health", timeout=5)
            if done:
                seen.health.append((done, answer.status_code, answer.json()["data"]))
            return done >= ENOUGH

        with command(home, mirror, *backfill, to=folder / "first") as process:
            until(enough, f"{ENOUGH} files done")
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        seen.done_at_kill = manifests(database)
        seen.runs_at_kill = [status for (status,) in database.execute("SELECT status FROM job_runs").fetchall()]

        with command(home, mirror, *backfill, to=folder / "second") as process:
            until(lambda: len(manifests(database)) > len(seen.done_at_kill), "the backfill go on")
            try:
                with Application(settings_at(home, mirror=mirror)) as intruder, engine(intruder):
                    pass
            except RetryLater as refused:
                seen.refusal = refused
            seen.exit_code = process.wait(PATIENCE)
        assert (folder / "second.out").stat().st_size, (folder / "second.err").read_text()
        [seen.said] = json.loads((folder / "second.out").read_text())
        seen.manifests, seen.rows = manifests(database), rows_of(database)
        seen.runs = database.execute("SELECT id, status FROM job_runs ORDER BY id").fetchall()
        seen.workflows = database.execute("SELECT name, status FROM dbos.workflow_status").fetchall()
        seen.steps = database.execute(
            "SELECT function_id, function_name FROM dbos.operation_outputs ORDER BY function_id"
        ).fetchall()

        url = cleaning.enter_context(new_database())
        with Application(settings_at(folder / "undisturbed", mirror=mirror, url=url)) as application:
            with engine(application):
                seen.undisturbed_report = run_backfill("EPL", SEASONS, watch=silent)
            with psycopg.connect(url, autocommit=True) as other:
                seen.undisturbed = rows_of(other)
        yield seen


def test_it_was_killed_between_two_files(story: Story) -> None:
    assert ENOUGH <= len(story.done_at_kill) < story.planned - 3
    assert story.runs_at_kill == ["running"]


def test_the_same_command_finishes_the_run_and_says_what_it_held(story: Story) -> None:
    assert story.exit_code == 1, "a page of HTML and a misspelt team want a look"
    assert story.said["league"] == "EPL"
    assert [(item["item"], item["outcome"]) for item in story.said["items"] if item["outcome"] not in DONE] == [
        (season_path(2020), "refused"),
        ("soccer/football-data/fixtures.csv", "absent"),
    ]
    assert len(story.said["items"]) == story.planned
    assert len(story.manifests) == story.planned - 2
    assert [status for _, status in story.runs] == ["failed"], "one run, closed: a file of it was refused"
    assert story.said["run_id"] == story.runs[0][0]


def test_it_ends_with_the_rows_of_an_undisturbed_run(story: Story) -> None:
    assert {table: len(rows) for table, rows in story.rows.items()} == {
        table: len(rows) for table, rows in story.undisturbed.items()
    }
    for table in TABLES:
        assert story.rows[table] == story.undisturbed[table], table
    assert len(story.rows["games"]) == 13 * 380 - 2
    assert len(story.rows["odds"]) > 50_000
    assert len(story.rows["closing_lines"]) > 20_000
    assert len(story.rows["quarantine"]) >= 4


def test_its_account_is_that_of_an_undisturbed_run(story: Story) -> None:
    assert story.undisturbed_report is not None
    for said, item in zip(story.said["items"], story.undisturbed_report.items, strict=True):
        if said["outcome"] == Outcome.UNCHANGED:
            continue
        assert (said["item"], said["outcome"]) == (item.item, item.outcome)
        for count in ("rows", "games", "new_games", "quotes", "new_quotes", "rejected", "unmatched", "lost"):
            assert said[count] == getattr(item, count), (item.item, count)
        assert said["new_teams"] == list(item.new_teams)


def test_finished_files_were_not_imported_again(story: Story) -> None:
    assert {item: story.manifests[item] for item in story.done_at_kill} == story.done_at_kill
    again = [item["item"] for item in story.said["items"] if item["outcome"] == Outcome.UNCHANGED]
    assert len(again) <= 1, "only the file in flight may be looked at twice"
    assert set(again) <= set(story.done_at_kill)


def test_it_was_one_workflow_and_every_step_of_it_is_recorded_once(story: Story) -> None:
    assert story.workflows == [("backfill", "SUCCESS")]
    assert [number for number, _ in story.steps] == list(range(1, story.planned + 3))
    names = [name.rsplit(".", 1)[-1] for _, name in story.steps]
    assert names == ["start_run", *["import_file"] * story.planned, "finish_run"]


def test_health_is_served_while_the_backfill_runs(story: Story) -> None:
    during = [seen for seen in story.health if seen[0] < story.planned]
    assert len({done for done, _, _ in during}) >= 2, "asked between files, not only after"
    assert {code for _, code, _ in during} == {200}
    for _, _, said in during:
        assert (said["status"], said["simulated"]) == ("ok", True)
        assert said["components"]["database"]["status"] == "ok"


def test_a_second_process_is_asked_to_come_back_later(story: Story) -> None:
    assert story.refusal is not None
    assert "another process runs jobs in" in story.refusal.message
    assert story.refusal.hint == "wait until it is done, or stop it"
