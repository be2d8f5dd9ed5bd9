"""Homes for tests: settings that know nothing of the machine, on a database of the session's server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from pydantic import SecretStr

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.settings import Settings, load_settings
from ai_pro_sports.app.usecases.backfill import ItemReport, import_item, plan
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database

__all__ = ["NewDatabase", "bring_in", "clean_environment", "settings_at", "silent"]

NewDatabase = Callable[..., AbstractContextManager[str]]
"""Makes a migrated database, empty or a copy of the one at the URL given, and yields its URL; leaving it drops it."""


def clean_environment() -> dict[str, str]:
    """Return the environment of a process that is told nothing of us, one thread for each of its pools."""
    ours = {one.variable for one in load_settings().describe(environ={})}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    return {name: value for name, value in os.environ.items() if name not in ours} | threads


def settings_at(home: Path, *, mirror: Path | str = "", url: str = "") -> Settings:
    """Return settings of a home, with the store at `url` or, without one, an embedded server of its own."""
    settings = load_settings().at_home(home).with_mirror(str(mirror))
    hasty = settings.fetching.model_copy(update={"timeout": 2.0, "retries": 0, "backoff": 0.0})
    store = settings.store.model_copy(update={"url": SecretStr(url)})
    return settings.model_copy(update={"store": store, "fetching": hasty})


def bring_in(application: Application, declared: League, seasons: Iterable[int]) -> list[ItemReport]:
    """Import a simulated league without the job engine; whatever is published must be read without a fault."""
    application.claim_home()

    async def import_all(database: Database) -> list[ItemReport]:
        async with database.unit_of_work() as work:
            run_id = await work.runs.start("backfill", application.clock.now())
        with application.fetcher() as fetcher:
            return [
                await import_item(
                    database,
                    fetcher,
                    application.raw_zone(),
                    application.clock,
                    item,
                    run_id=run_id,
                    is_backfill=True,
                )
                for item in plan(declared, seasons)
            ]

    reports = application.run(import_all)
    assert not [report for report in reports if report.is_failure], reports
    return reports


def silent(*_: object) -> None:
    """Watch a job without a word."""
