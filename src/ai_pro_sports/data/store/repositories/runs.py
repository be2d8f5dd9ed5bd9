"""Runs of jobs: when each started, how it ended, what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.data.store.repositories.json_values import storable
from ai_pro_sports.data.store.tables.system import RunStatus, job_runs

__all__ = ["Run", "RunStatus", "Runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a task; `finished_at`, `report` and `error` are None while it runs."""

    id: int
    task: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None = None
    report: Mapping[str, Any] | None = None
    error: str | None = None
    run_key: str | None = None


class Runs:
    """The log of runs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def start(self, task: str, started_at: datetime, run_key: str | None = None) -> int:
        """Open a run and return its id; the same `run_key` again returns the run it opened, reopened if it was over.

        Raises InvalidValue where `run_key` belongs to another task.
        """
        new = insert(job_runs).values(
            task=task, started_at=ensure_utc(started_at), status=RunStatus.RUNNING, run_key=run_key
        )
        kept = new.on_conflict_do_update(
            index_elements=[job_runs.c.run_key],
            set_={"status": RunStatus.RUNNING, "finished_at": None, "error": None},
            where=job_runs.c.task == task,
        ).returning(job_runs.c.id)
        run_id = (await self._connection.execute(kept)).scalar()
        if run_id is None:
            raise InvalidValue(f"run {run_key!r} belongs to another task than {task}", hint="use another run key")
        return int(run_id)

    async def finish(
        self,
        run_id: int,
        status: RunStatus,
        finished_at: datetime,
        report: Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> None:
        """Close a run with its report (JSON) or its error; raises UnknownName, and InvalidValue for `running`."""
        if status is RunStatus.RUNNING:
            raise InvalidValue("a run does not finish as running", hint="succeeded, failed or cancelled")
        closed = await self._connection.execute(
            update(job_runs)
            .where(job_runs.c.id == run_id)
            .values(
                status=status,
                finished_at=ensure_utc(finished_at),
                report=None if report is None else storable(dict(report)),
                error=None if error is None else storable(error),
            )
        )
        if closed.rowcount == 0:
            raise UnknownName(f"no run has the id {run_id}", hint="start it first")

    async def find(self, run_id: int) -> Run:
        """Return one run; raises UnknownName."""
        found = (await self._connection.execute(select(job_runs).where(job_runs.c.id == run_id))).first()
        if found is None:
            raise UnknownName(f"no run has the id {run_id}", hint="list the runs for their ids")
        return _run(found)

    async def list(self, task: str | None = None, limit: int = 50) -> list[Run]:
        """Return the latest runs first, of one task or of all."""
        query = select(job_runs).order_by(job_runs.c.started_at.desc(), job_runs.c.id.desc()).limit(limit)
        if task is not None:
            query = query.where(job_runs.c.task == task)
        return [_run(row) for row in await self._connection.execute(query)]

    async def count(self, status: RunStatus) -> int:
        """Return how many runs stand at `status`."""
        query = select(func.count()).select_from(job_runs).where(job_runs.c.status == status)
        return int((await self._connection.execute(query)).scalar_one())


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        task=row.task,
        status=RunStatus(row.status),
        started_at=row.started_at,
        finished_at=row.finished_at,
        report=row.report,
        error=row.error,
        run_key=row.run_key,
    )
