"""Backfill as a run: its row in the log, its report, what ends it early, and whose home may hold which history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from dbos import DBOS

from ai_pro_sports.app.bootstrap import SIMULATED, Application
from ai_pro_sports.app.jobs.backfill import run_backfill
from ai_pro_sports.app.jobs.engine import engine, executor_of, running
from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.app.usecases.backfill import BackfillReport, Outcome
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.errors import InvalidValue, RetryLater
from ai_pro_sports.data.store.repositories.runs import Run, RunStatus
from tests.app.bench import NOON
from tests.app.homes import settings_at, silent
from tests.app.mirrors import DIVISION, FIXTURES, csv, put, season_path


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    root = tmp_path / "mirror"
    put(root, season_path(2023), csv(*DIVISION))
    put(root, "soccer/football-data/fixtures.csv", csv(*FIXTURES))
    return root


@pytest.fixture
def application(tmp_path: Path, mirror: Path, fresh_database_url: str) -> Iterator[Application]:
    settings = settings_at(tmp_path / "home", mirror=mirror, url=fresh_database_url)
    with Application(settings, FixedClock(NOON)) as made:
        yield made


def with_mirror(application: Application, mirror: Path | str) -> Application:
    return Application(application.settings.with_mirror(str(mirror)), application.clock)


def log_of(application: Application) -> list[Run]:
    async def read(database):  # type: ignore[no-untyped-def]
        async with database.unit_of_work() as work:
            return await work.runs.list("backfill")

    return application.run(read)


def test_a_run_is_in_the_log_with_the_account_of_every_file(application: Application, mirror: Path) -> None:
    put(mirror, season_path(2022), b"<html>")
    told: list[tuple[int, int, str]] = []
    with engine(application):
        report = run_backfill("EPL", [2022, 2023, 2021], watch=lambda *step: told.append(step))
    assert [item.outcome for item in report.items] == [
        Outcome.REFUSED,
        Outcome.IMPORTED,
        Outcome.ABSENT,
        Outcome.IMPORTED,
    ]
    assert (report.league, report.ok, report.total("games"), report.total("rejected")) == ("EPL", False, 5, 1)
    assert told == [
        (0, 4, season_path(2022)),
        (1, 4, season_path(2023)),
        (2, 4, season_path(2021)),
        (3, 4, "soccer/football-data/fixtures.csv"),
        (4, 4, ""),
    ]
    [run] = log_of(application)
    assert (run.id, run.status, run.started_at, run.finished_at) == (report.run_id, RunStatus.FAILED, NOON, NOON)
    assert run.report is not None
    assert [item["outcome"] for item in run.report["items"]] == ["refused", "imported", "absent", "imported"]
    assert run.report["items"][0]["message"] == report.items[0].message
    assert run.report["items"][1]["rows"] == 3


def test_a_run_whose_files_are_fine_succeeds_and_repeating_it_is_another_run(application: Application) -> None:
    with engine(application):
        first = run_backfill("EPL", [2023], watch=silent)
        second = run_backfill("EPL", [2023], watch=silent)
    assert first.ok and second.ok
    assert first.run_id != second.run_id
    assert {item.outcome for item in second.items} == {Outcome.UNCHANGED}
    assert [run.status for run in log_of(application)] == [RunStatus.SUCCEEDED] * 2


def test_an_account_without_files_is_not_called_good() -> None:
    assert not BackfillReport("EPL", 1, ()).ok


def test_one_bad_file_spoils_the_account(application: Application) -> None:
    with engine(application):
        report = run_backfill("EPL", [2023], watch=silent)
    [season, fixtures] = report.items
    for spoilt in (
        replace(season, outcome=Outcome.UNAVAILABLE),
        replace(season, outcome=Outcome.REFUSED),
        replace(season, unmatched=1),
    ):
        assert not replace(report, items=(spoilt, fixtures)).ok
    assert replace(report, items=(replace(season, outcome=Outcome.ABSENT, rejected=9), fixtures)).ok


def test_a_mirror_that_is_not_there_ends_the_run_and_the_log_says_why(application: Application, mirror: Path) -> None:
    with with_mirror(application, mirror / "gone") as lost:
        with engine(lost), pytest.raises(InvalidValue, match="is not a directory"):
            run_backfill("EPL", [2023], watch=silent)
        [run] = log_of(lost)
    assert run.status is RunStatus.FAILED
    assert run.finished_at is not None
    assert str(mirror / "gone") in (run.error or "")
    with engine(application):
        assert run_backfill("EPL", [2023], watch=silent).ok, "the home is none the worse for it"


def test_what_another_home_left_unfinished_is_not_waited_for(application: Application, tmp_path: Path) -> None:
    with engine(application):
        run_backfill("EPL", [2023], watch=silent)
    url = application.settings.store.url.get_secret_value()
    with psycopg.connect(url, autocommit=True) as connection:
        # As if that home's process had been killed: on one server several homes may run jobs.
        connection.execute("UPDATE dbos.workflow_status SET status = 'PENDING', output = NULL")
        connection.execute("DELETE FROM dbos.operation_outputs")
    other = application.settings.model_copy(
        update={"paths": application.settings.paths.model_copy(update={"home": tmp_path / "other home"})}
    )
    with Application(other, application.clock) as stranger, engine(stranger):
        assert run_backfill("EPL", [2023], watch=silent).ok
        [left] = DBOS.list_workflows(status=["PENDING", "ENQUEUED"])
        assert left.executor_id == executor_of(application.home)


def test_the_name_a_home_runs_jobs_under_is_its_own_and_stays(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    name = executor_of(tmp_path / "one")
    assert executor_of(tmp_path / "one") == name
    assert executor_of(tmp_path / "other") != name


def test_two_engines_do_not_run_in_one_home(application: Application) -> None:
    with engine(application):
        assert running() is application
        with pytest.raises(RetryLater, match="another process runs jobs in") as refused, engine(application):
            pass
        assert refused.value.hint
        assert running() is application, "the engine that was there runs on"
    with pytest.raises(RetryLater, match="no job engine runs in this process"):
        running()


def test_jobs_outside_an_engine_are_refused() -> None:
    with pytest.raises(RetryLater, match="no job engine runs in this process"):
        run_backfill("EPL", [2023], watch=silent)


# Simulated and real history


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("simulated") / "mirror"
    simulate(root, now=datetime(2025, 11, 21, 13, tzinfo=UTC), seed=3, leagues=["EPL"], seasons=1)
    return root


def test_a_home_with_real_history_refuses_a_simulated_mirror(
    application: Application, simulated: Path, fresh_database_url: str
) -> None:
    with engine(application):
        run_backfill("EPL", [2023], watch=silent)
    before = log_of(application)
    with with_mirror(application, simulated) as mixed:
        with pytest.raises(InvalidValue, match=r"holds real history and .* is simulated") as refused, engine(mixed):
            pass
        assert "AIPS_HOME" in refused.value.hint
        assert not mixed.is_simulated
    assert log_of(application) == before


@pytest.mark.parametrize("real", ["", "mirror", "http://127.0.0.1:9/data"], ids=["public hosts", "folder", "url"])
def test_a_home_with_a_simulated_league_refuses_real_history(tmp_path: Path, simulated: Path, real: str) -> None:
    (tmp_path / "mirror").mkdir()
    home = tmp_path / "home"
    with Application(settings_at(home, mirror=simulated)) as made_up:
        made_up.claim_home()
        made_up.claim_home()
        assert made_up.is_simulated
        assert (home / SIMULATED).read_text(encoding="utf-8").strip()
    mirror = str(tmp_path / real) if real == "mirror" else real
    with Application(settings_at(home, mirror=mirror)) as mixed:
        with pytest.raises(InvalidValue, match="holds a simulated league") as refused, engine(mixed):
            pass
        assert "AIPS_HOME" in refused.value.hint
    assert {path.name for path in home.iterdir()} == {SIMULATED}, "no server was started, nothing was written"


@pytest.mark.parametrize("spelling", ["file://{}", "~/{}"])
def test_a_simulated_mirror_is_recognised_however_it_is_spelt(
    tmp_path: Path, simulated: Path, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(simulated.parent))
    mirror = spelling.format(simulated if "file" in spelling else simulated.name)
    with Application(settings_at(tmp_path / "home", mirror=mirror)) as application:
        application.claim_home()
        assert application.is_simulated
    (tmp_path / "real" / "lake").mkdir(parents=True)
    with Application(settings_at(tmp_path / "real", mirror=mirror)) as mixed, pytest.raises(InvalidValue):
        mixed.claim_home()


def test_a_fresh_home_may_become_either(tmp_path: Path, simulated: Path, mirror: Path) -> None:
    for folder, is_simulated in ((simulated, True), (mirror, False)):
        with Application(settings_at(tmp_path / str(is_simulated), mirror=folder)) as application:
            application.claim_home()
            assert application.is_simulated is is_simulated
