"""How bytes come in: from a mirror (a directory or a URL) or from the publishers' hosts, with retries and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.fetch.opening import open_fetcher, public_hosts_answer
    from ai_pro_sports.data.fetch.payload import Fetcher, Payload

__all__ = ["Fetcher", "Payload", "open_fetcher", "public_hosts_answer"]

__getattr__ = lazy_exports(
    __name__, {"Fetcher": "payload", "Payload": "payload", "open_fetcher": "opening", "public_hosts_answer": "opening"}
)
