"""Items over HTTP: from a mirror at a URL, or from the publishers' own hosts.

Politely: a declared User-Agent, few retries with growing pauses and jitter, and a `Retry-After` is obeyed. What means
"not published" (404, 410, and the 300 football-data answers for unknown names) is None, everything else that is no
success is SourceUnavailable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

import httpx
import stamina

from ai_pro_sports.core.clock import Clock
from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, SourceUnavailable
from ai_pro_sports.data.fetch.payload import MAX_BODY_BYTES, Payload, mirror_paths
from ai_pro_sports.data.sources.source import RawItem

__all__ = ["LONGEST_WAIT", "USER_AGENT", "HttpFetcher", "shown"]

USER_AGENT = f"ai-pro-sports/{version('ai-pro-sports')} (sports history importer; personal use)"

LONGEST_WAIT = 30.0
"""A host that asks for a longer pause than this many seconds is left alone; the caller learns how long."""

SLOW_BODY = 8
"""A body may take this many times the timeout of one read."""

_NOT_PUBLISHED = {httpx.codes.MULTIPLE_CHOICES, httpx.codes.NOT_FOUND, httpx.codes.GONE}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class _TryAgain(SourceUnavailable):
    """A failure that may pass: 429, 5xx, a broken connection, a timeout."""


class HttpFetcher:
    """Gets items from `base_url` plus their mirror path, or, without a base, from their own URL.

    `retries` are the attempts after the first; pauses start at `backoff` seconds, double, and carry as much jitter.
    Raises InvalidValue for a base that is no http(s) URL.
    """

    def __init__(
        self, base_url: str | None, clock: Clock, *, timeout: float = 15.0, retries: int = 3, backoff: float = 1.0
    ) -> None:
        self._base = None if base_url is None else _checked_base(base_url)
        self._clock = clock
        self._retries = retries
        self._backoff = backoff
        self._patience = timeout * SLOW_BODY
        self._client = httpx.Client(
            # A body arrives as it lies on the server, so that what is kept is what was published.
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=timeout,
            follow_redirects=True,
            max_redirects=5,
            # A proxy of the environment is for the world outside, not for a mirror on this machine.
            trust_env=self._base is None or urlsplit(self._base).hostname not in _LOOPBACK,
        )

    def fetch(self, item: RawItem) -> Payload | None:
        """Return the item's bytes, or None when it is not published there; raises as every fetcher."""
        for url in self._urls(item):
            body = self._get(url)
            if body is not None:
                return Payload.of(item, body, fetched_at=self._clock.now(), origin=shown(url))
        return None

    def _urls(self, item: RawItem) -> Iterator[str]:
        if self._base is None:
            yield item.url
            return
        for relative in mirror_paths(item):
            yield f"{self._base}/{quote(relative)}"

    def _get(self, url: str) -> bytes | None:
        attempts = stamina.retry_context(
            on=_pause, attempts=self._retries + 1, timeout=None, wait_initial=self._backoff, wait_jitter=self._backoff
        )
        for attempt in attempts:
            with attempt:
                return self._get_once(url)
        raise AssertionError("stamina ends with a return or an error")

    def _get_once(self, url: str) -> bytes | None:
        try:
            with self._client.stream("GET", url) as response:
                if response.status_code in _NOT_PUBLISHED:
                    return None
                if not response.is_success:
                    raise self._refusal(url, response)
                return _body(url, response, self._patience)
        except httpx.TransportError as error:
            raise _TryAgain(
                f"{shown(url)} did not answer ({type(error).__name__})", hint="check the connection or set AIPS_MIRROR"
            ) from error
        except (httpx.TooManyRedirects, httpx.InvalidURL, httpx.DecodingError) as error:
            raise SourceUnavailable(
                f"{shown(url)} cannot be fetched ({error})", hint="check the address of the source or mirror"
            ) from error

    def _refusal(self, url: str, response: httpx.Response) -> SourceUnavailable:
        status = response.status_code
        message = f"{shown(url)} answered {status} {response.reason_phrase}".rstrip()
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
            wait = self._retry_after(response)
            return _TryAgain(message, hint="try again later", retry_after=wait)
        return SourceUnavailable(message, hint="the host refuses this client: set AIPS_MIRROR, or look at its terms")

    def _retry_after(self, response: httpx.Response) -> float | None:
        """Return the seconds a host asks for, given as seconds or as a date; None where it says nothing readable."""
        said = response.headers.get("Retry-After", "").strip()
        if said.isdecimal():
            return float(said)
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        return max(0.0, (at - self._clock.now()).total_seconds())

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def shown(url: str) -> str:
    """Return the URL without user, password, query and fragment: what may be logged and stored.

    >>> shown("https://me:secret@mirror.invalid/data/x.csv?key=1")
    'https://mirror.invalid/data/x.csv'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _checked_base(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidValue(f"{shown(base_url)!r} is no http(s) address", hint="write https://host/path")
    return base_url.rstrip("/")


def _pause(error: Exception) -> bool | timedelta:
    """Tell the retry loop whether, and after what pause, to try again."""
    if not isinstance(error, _TryAgain):
        return False
    if error.retry_after is None:
        return True
    return timedelta(seconds=error.retry_after) if error.retry_after <= LONGEST_WAIT else False


def _body(url: str, response: httpx.Response, patience: float) -> bytes:
    body = bytearray()
    deadline = time.monotonic() + patience
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise PayloadRejected(f"{shown(url)} is larger than {MAX_BODY_BYTES} bytes", hint="look at it by hand")
        if time.monotonic() > deadline:
            raise _TryAgain(f"{shown(url)} drips: not done in {patience:g} s", hint="try again later")
    return bytes(body)
