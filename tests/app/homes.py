"""Homes for tests: settings that know nothing of the machine, on a database of the session's server."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from ai_pro_sports.app.settings import Settings, load_settings

__all__ = ["settings_at", "silent"]


def settings_at(home: Path, *, mirror: Path | str = "", url: str = "") -> Settings:
    """Return settings of a home, with the store at `url` or, without one, an embedded server of its own."""
    settings = load_settings().at_home(home).with_mirror(str(mirror))
    hasty = settings.fetching.model_copy(update={"timeout": 2.0, "retries": 0, "backoff": 0.0})
    store = settings.store.model_copy(update={"url": SecretStr(url)})
    return settings.model_copy(update={"store": store, "fetching": hasty})


def silent(*_: object) -> None:
    """Watch a job without a word."""
