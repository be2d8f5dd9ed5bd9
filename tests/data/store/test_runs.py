"""Runs of jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.data.store import Database, Run, RunStatus, UnitOfWork
from tests.data.store.rows import RECORDED

pytestmark = pytest.mark.anyio

LATER = RECORDED + timedelta(minutes=3)


async def test_a_run_is_open_until_it_is_finished(work: UnitOfWork) -> None:
    run_id = await work.runs.start("backfill", RECORDED)
    assert await work.runs.find(run_id) == Run(run_id, "backfill", RunStatus.RUNNING, RECORDED)
    report = {"games": 284, "rejected": {"unknown team": 2}, "took": 1.5}
    await work.runs.finish(run_id, RunStatus.SUCCEEDED, LATER, report)
    assert await work.runs.find(run_id) == Run(run_id, "backfill", RunStatus.SUCCEEDED, RECORDED, LATER, report)


async def test_a_failed_run_keeps_its_error_whatever_it_holds(work: UnitOfWork) -> None:
    run_id = await work.runs.start("backfill", RECORDED)
    await work.runs.finish(run_id, RunStatus.FAILED, LATER, {"at": "E0\0"}, error="cut off at \0 byte")
    run = await work.runs.find(run_id)
    assert (run.error, run.report) == ("cut off at \ufffd byte", {"at": "E0\ufffd"})


async def test_a_resumed_run_finds_its_row_and_opens_it_again(work: UnitOfWork) -> None:
    first = await work.runs.start("backfill", RECORDED, run_key="workflow-1")
    await work.runs.finish(first, RunStatus.FAILED, LATER, error="killed")
    assert await work.runs.start("backfill", LATER, run_key="workflow-1") == first
    assert await work.runs.find(first) == Run(first, "backfill", RunStatus.RUNNING, RECORDED, run_key="workflow-1")
    assert await work.runs.start("backfill", LATER, run_key="workflow-2") != first


async def test_a_key_of_another_task_is_refused(work: UnitOfWork) -> None:
    await work.runs.start("backfill", RECORDED, run_key="workflow-1")
    with pytest.raises(InvalidValue, match="another task"):
        await work.runs.start("train", RECORDED, run_key="workflow-1")


async def test_runs_are_listed_latest_first_and_counted(work: UnitOfWork) -> None:
    ids = [await work.runs.start("backfill", RECORDED + timedelta(hours=n)) for n in range(3)]
    train = await work.runs.start("train", RECORDED - timedelta(hours=1))
    await work.runs.finish(train, RunStatus.CANCELLED, RECORDED)
    assert [run.id for run in await work.runs.list()] == [*reversed(ids), train]
    assert [run.id for run in await work.runs.list("backfill", limit=2)] == [ids[2], ids[1]]
    assert await work.runs.count(RunStatus.RUNNING) == 3
    assert await work.runs.count(RunStatus.CANCELLED) == 1


async def test_a_run_nobody_started_cannot_be_finished_or_found(work: UnitOfWork) -> None:
    with pytest.raises(UnknownName, match="404"):
        await work.runs.finish(404, RunStatus.SUCCEEDED, LATER)
    with pytest.raises(UnknownName, match="404"):
        await work.runs.find(404)


async def test_a_run_does_not_finish_as_running(work: UnitOfWork) -> None:
    run_id = await work.runs.start("backfill", RECORDED)
    with pytest.raises(InvalidValue, match="finish as running"):
        await work.runs.finish(run_id, RunStatus.RUNNING, LATER)


async def test_the_database_wants_an_end_for_what_is_over(database: Database) -> None:
    with pytest.raises(InvalidValue, match="finished_when_over"):
        async with database.unit_of_work() as work:
            await work.runs.start("backfill", RECORDED)
            await work._connection.exec_driver_sql("UPDATE job_runs SET status = 'succeeded'")
