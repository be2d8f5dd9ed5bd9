"""A mirror in a directory: files laid out as the sources name them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from ai_pro_sports.core.clock import Clock
from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, SourceUnavailable
from ai_pro_sports.data.fetch.payload import MAX_BODY_BYTES, Payload, mirror_paths
from ai_pro_sports.data.sources.source import RawItem

__all__ = ["MirrorDirectory"]


class MirrorDirectory:
    """Reads items from a directory; raises InvalidValue when it is none."""

    def __init__(self, root: Path, clock: Clock) -> None:
        if not root.is_dir():
            raise InvalidValue(
                f"the mirror {root} is not a directory", hint="set AIPS_MIRROR to an existing folder, a URL, or nothing"
            )
        self._root = root.absolute()
        self._clock = clock

    def fetch(self, item: RawItem) -> Payload | None:
        """Return the file's bytes, its twin's with or without `.gz`, or None; raises as every fetcher."""
        for relative in mirror_paths(item):
            path = self._root / relative
            try:
                with path.open("rb") as file:
                    body = file.read(MAX_BODY_BYTES + 1)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise SourceUnavailable(
                    f"{path} cannot be read: {reason}", hint="give this user the right to read the mirror"
                ) from error
            if len(body) > MAX_BODY_BYTES:
                raise PayloadRejected(f"{path} is larger than {MAX_BODY_BYTES} bytes", hint="look at the file by hand")
            return Payload.of(item, body, fetched_at=self._clock.now(), origin=path.as_uri())
        return None

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
