"""Homes for tests: settings that know nothing of the machine, on a database of the session's server."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from pydantic import SecretStr

from ai_pro_sports.app.settings import Settings, load_settings

__all__ = ["NewDatabase", "clean_environment", "settings_at", "silent"]

NewDatabase = Callable[[], AbstractContextManager[str]]
"""Makes a migrated, empty database and yields its URL; leaving it drops it."""


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


def silent(*_: object) -> None:
    """Watch a job without a word."""
