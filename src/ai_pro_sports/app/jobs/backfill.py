"""Backfill as a durable workflow: one step per input file. Killed midway and started again, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from dbos import DBOS

from ai_pro_sports.app.jobs.engine import WORKFLOW_VERSION, executor_of, running
from ai_pro_sports.app.usecases.backfill import BackfillReport, ItemReport, Outcome, import_item, plan
from ai_pro_sports.core.errors import AipsError
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources import RawItem
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.repositories.runs import RunStatus

__all__ = ["run_backfill"]

Watcher = Callable[[int, int, str], None]
_UNFINISHED = ["PENDING", "ENQUEUED"]
_watchers: list[Watcher] = []


def run_backfill(code: str, seasons: Sequence[int], *, is_backfill: bool = True, watch: Watcher) -> BackfillReport:
    """Backfill one league inside `engine`, after finishing whatever a killed process left unfinished.

    `watch(done, total, doing)` is told of every file. Returns the account of this league's run.
    """
    wanted = {"code": code, "seasons": list(seasons), "is_backfill": is_backfill}
    _watchers.append(watch)
    try:
        resumed: dict[str, Any] | None = None
        for status in DBOS.list_workflows(
            status=_UNFINISHED,
            name="backfill",
            # What another home or an older version left is not taken up here: waiting for it would never end.
            executor_id=executor_of(running().home),
            app_version=WORKFLOW_VERSION,
        ):
            report: dict[str, Any] = DBOS.retrieve_workflow(status.workflow_id).get_result()
            if status.input and status.input["args"] and status.input["args"][0] == wanted:
                resumed = report
        return _read(resumed if resumed is not None else DBOS.start_workflow(backfill, wanted).get_result())
    finally:
        _watchers.remove(watch)


@DBOS.workflow(name="backfill")
def backfill(request: dict[str, Any]) -> dict[str, Any]:
    """Import every planned file, in order, and close the run with its account."""
    run_id, items = start_run(request)
    reports: list[dict[str, Any]] = []
    try:
        for done, item in enumerate(items):
            _tell(done, len(items), item["mirror_path"])
            reports.append(import_file(item, run_id, request["is_backfill"]))
    except AipsError as failed:
        finish_run(run_id, reports, str(failed))
        raise
    _tell(len(items), len(items), "")
    finish_run(run_id, reports)
    return {"league": request["code"], "run_id": run_id, "items": reports}


@DBOS.step()
def start_run(request: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Open a run and list the files; recorded, so a resumed workflow works on the same list."""
    items = [asdict(item) for item in plan(league(request["code"]), request["seasons"])]
    started_at, run_key = running().clock.now(), DBOS.workflow_id

    async def open_run(database: Database) -> int:
        async with database.unit_of_work() as work:
            return await work.runs.start("backfill", started_at, run_key)

    return running().run(open_run), items


@DBOS.step()
def import_file(item: dict[str, Any], run_id: int, is_backfill: bool) -> dict[str, Any]:
    """Import one file in one transaction."""
    application = running()

    async def bring_in(database: Database) -> ItemReport:
        with application.fetcher() as fetcher:
            return await import_item(
                database,
                fetcher,
                application.raw_zone(),
                application.clock,
                RawItem(**item),
                run_id=run_id,
                is_backfill=is_backfill,
            )

    return asdict(application.run(bring_in))


@DBOS.step()
def finish_run(run_id: int, reports: list[dict[str, Any]], error: str | None = None) -> None:
    """Close the run with its account, and with the error that ended it early, if one did."""
    finished_at = running().clock.now()
    failed = error or any(report["outcome"] in {Outcome.UNAVAILABLE, Outcome.REFUSED} for report in reports)
    status = RunStatus.FAILED if failed else RunStatus.SUCCEEDED

    async def close_run(database: Database) -> None:
        async with database.unit_of_work() as work:
            await work.runs.finish(run_id, status, finished_at, {"items": reports}, error)

    running().run(close_run)


def _read(result: dict[str, Any]) -> BackfillReport:
    items = tuple(ItemReport(**{**item, "outcome": Outcome(item["outcome"])}) for item in result["items"])
    return BackfillReport(result["league"], result["run_id"], items)


def _tell(done: int, total: int, doing: str) -> None:
    for watch in _watchers:
        watch(done, total, doing)
