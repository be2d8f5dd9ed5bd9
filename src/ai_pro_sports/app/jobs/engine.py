"""The engine: DBOS on the product's own PostgreSQL, one running process per home.

DBOS is a process-wide singleton, so the application whose jobs run is one too: `running()` gives it to steps.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dbos import DBOS, DBOSConfig
from dbos import error as dbos_error
from sqlalchemy.exc import DBAPIError

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.core.errors import DatabaseUnavailable, RetryLater
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from ai_pro_sports.data.store.embedded.locks import FileLock

__all__ = ["WORKFLOW_VERSION", "engine", "executor_of", "running"]

WORKFLOW_VERSION = "1"
"""Raised when the order of a workflow's steps changes, so that an old unfinished run is not continued by new code."""

_running: Application | None = None


def running() -> Application:
    """Return the application whose jobs this process runs; raises RetryLater outside `engine`."""
    if _running is None:
        raise RetryLater("no job engine runs in this process", hint="start it with engine(application)")
    return _running


@contextmanager
def engine(application: Application) -> Iterator[None]:
    """Run jobs for `application` while the context lasts; unfinished ones of a killed process are taken up again.

    Raises RetryLater when another process already runs jobs in this home, InvalidValue where simulated and real
    history would mix.
    """
    global _running  # noqa: PLW0603
    application.claim_home()
    application.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(application.home / "jobs.lock")
    if not lock.acquire(timeout=0):
        raise RetryLater(f"another process runs jobs in {application.home}", hint="wait until it is done, or stop it")
    try:
        application.prepare()
        # A failure is raised to whoever waits for the job; DBOS logging it as well would say it twice.
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        DBOS(config=_config(application))
        _running = application
        DBOS.launch()
        with _kept_up(application):
            yield
    except (DBAPIError, dbos_error.DBOSException) as error:
        raise DatabaseUnavailable(
            f"the database went away while a job ran ({type(error).__name__})",
            hint="see that it runs; the same command goes on where this one was",
        ) from error
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _running = None
        lock.release()


@contextmanager
def _kept_up(application: Application) -> Iterator[None]:
    """Start the embedded server again should it die or be stopped: DBOS waits for its database for ever."""
    if not application.settings.database_is_embedded:
        yield
        return
    server, over = EmbeddedPostgres(application.home), threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            with suppress(DatabaseUnavailable):
                server.ensure()

    watcher = threading.Thread(target=watch, name="embedded-server-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        server.release()


def executor_of(home: Path) -> str:
    """Return the name under which a home runs jobs, drawn once and kept in it.

    The machine's name would not do: a container has a new one at every start, and the home outlives it.
    """
    kept = home / "executor"
    if not kept.is_file():
        kept.write_text(f"home-{uuid.uuid4().hex[:12]}\n", encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


def _config(application: Application) -> DBOSConfig:
    return DBOSConfig(
        name="ai-pro-sports",
        system_database_url=application.database_url("postgresql+psycopg"),
        dbos_system_schema="dbos",
        application_version=WORKFLOW_VERSION,
        executor_id=executor_of(application.home),
        sys_db_pool_size=4,
        log_level="CRITICAL",
        console_log_level="CRITICAL",
        enable_otlp=False,
        notification_listener_polling_interval_sec=0.05,
    )
