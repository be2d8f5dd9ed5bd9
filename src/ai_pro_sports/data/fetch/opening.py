"""Which fetcher to use for a setting, and whether the publishers can be reached at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

import httpx

from ai_pro_sports.core.clock import Clock
from ai_pro_sports.data.fetch.directory import MirrorDirectory
from ai_pro_sports.data.fetch.http import USER_AGENT, HttpFetcher
from ai_pro_sports.data.fetch.payload import Fetcher

__all__ = ["PUBLIC_HOSTS", "open_fetcher", "public_hosts_answer"]

PUBLIC_HOSTS: tuple[str, ...] = ("https://github.com/", "https://www.football-data.co.uk/")
"""Where the record sources of the leagues are published."""


def open_fetcher(
    mirror: str | None, clock: Clock, *, timeout: float = 15.0, retries: int = 3, backoff: float = 1.0
) -> Fetcher:
    """Return a fetcher for a mirror (a directory or an http(s) URL), or for the public hosts when `mirror` is empty.

    Times in seconds. Raises InvalidValue for a mirror that is neither a directory nor an http(s) address.
    """
    if not mirror:
        return HttpFetcher(None, clock, timeout=timeout, retries=retries, backoff=backoff)
    if "://" in mirror and not mirror.startswith("file://"):
        return HttpFetcher(mirror, clock, timeout=timeout, retries=retries, backoff=backoff)
    return MirrorDirectory(Path(mirror.removeprefix("file://")).expanduser(), clock)


def public_hosts_answer(timeout: float = 2.0, hosts: Sequence[str] = PUBLIC_HOSTS) -> bool:
    """Return whether any of `hosts` answers anything within `timeout` seconds, name lookup included.

    All are asked at once, in threads that die with the process: a name lookup without a network cannot be interrupted.
    """
    answers: SimpleQueue[bool] = SimpleQueue()

    def ask(host: str) -> None:
        answered = False
        try:
            httpx.head(host, timeout=timeout, headers={"User-Agent": USER_AGENT})
            answered = True
        except (httpx.HTTPError, httpx.InvalidURL):
            pass
        finally:
            answers.put(answered)

    deadline = time.monotonic() + timeout
    for host in hosts:
        threading.Thread(target=ask, args=(host,), daemon=True).start()
    for _ in hosts:
        try:
            if answers.get(timeout=max(0.0, deadline - time.monotonic())):
                return True
        except Empty:
            return False
    return False
