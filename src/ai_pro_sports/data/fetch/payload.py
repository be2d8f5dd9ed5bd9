"""What a fetcher hands over, and the two things every fetcher checks: a path that stays inside, a body of sane size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from types import TracebackType
from typing import Protocol, Self

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.sources.source import RawItem

__all__ = ["MAX_BODY_BYTES", "Fetcher", "Payload", "mirror_paths"]

MAX_BODY_BYTES = 64 * 1024 * 1024
"""The largest body taken; season files are a few megabytes at most."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of one item, exactly as received; `origin` says from where (no secrets), `fetched_at` when (UTC)."""

    item: RawItem
    body: bytes = field(repr=False)
    sha256: str
    fetched_at: datetime
    origin: str

    @classmethod
    def of(cls, item: RawItem, body: bytes, *, fetched_at: datetime, origin: str) -> Payload:
        """Return the payload with its checksum computed."""
        return cls(item, body, hashlib.sha256(body).hexdigest(), ensure_utc(fetched_at), origin)


class Fetcher(Protocol):
    """Whatever gets the bytes of an item. A context manager: leaving it closes connections."""

    def fetch(self, item: RawItem) -> Payload | None:
        """Return the bytes, or None when the item is not published there.

        Raises SourceUnavailable when the place does not answer or refuses (with `retry_after` in seconds where it said
        so) and PayloadRejected for a body beyond `MAX_BODY_BYTES`.
        """
        ...

    def close(self) -> None:
        """Give back what the fetcher holds."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def mirror_paths(item: RawItem) -> tuple[str, str]:
    """Return the item's path in a mirror and its twin with or without `.gz`; raises InvalidValue for one that leaves.

    >>> mirror_paths(RawItem("s", "EPL", 2024, "division", "https://x.invalid", "soccer/E0_2425.csv.gz"))
    ('soccer/E0_2425.csv.gz', 'soccer/E0_2425.csv')
    """
    path = PurePosixPath(item.mirror_path)
    leaves = path.is_absolute() or ".." in path.parts or not path.name or "\\" in item.mirror_path
    if leaves or not item.mirror_path.isprintable() or ":" in item.mirror_path:
        raise InvalidValue(
            f"mirror path {item.mirror_path!r} of source {item.source} leaves the mirror",
            hint="a source names a relative path without .. in it",
        )
    text = str(path)
    return (text, text.removesuffix(".gz")) if text.endswith(".gz") else (text, f"{text}.gz")
