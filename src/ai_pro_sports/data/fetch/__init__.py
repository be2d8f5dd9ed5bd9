"""How bytes come in: from a mirror (a directory or a URL) or from the publishers' hosts, with retries and limits."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.data.fetch.opening import open_fetcher, public_hosts_answer
    from ai_pro_sports.data.fetch.payload import Fetcher, Payload

__all__ = ["Fetcher", "Payload", "open_fetcher", "public_hosts_answer"]

_HOME = {"Fetcher": "payload", "Payload": "payload", "open_fetcher": "opening", "public_hosts_answer": "opening"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
