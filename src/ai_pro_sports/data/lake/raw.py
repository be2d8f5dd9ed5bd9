"""The raw zone: every payload as it was received, once, under the SHA-256 of its bytes.

    <root>/raw/sha256/ab/abcdef...

Raw bytes are kept before they are parsed, so that a parser that learns something can read them again.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from ai_pro_sports.core.errors import ArtefactDamaged, InvalidValue, UnknownName
from ai_pro_sports.data.fetch.payload import Payload

__all__ = ["RawZone"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class RawZone:
    """Content-addressed files below `root`; several processes may write at once."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "raw" / "sha256"

    def path_of(self, sha256: str) -> Path:
        """Return where bytes of that checksum lie; raises InvalidValue for anything that is no checksum."""
        if not _SHA256.fullmatch(sha256):
            raise InvalidValue(f"not a SHA-256 checksum: {sha256!r}", hint="write 64 hexadecimal digits in lower case")
        return self._folder / sha256[:2] / sha256

    def keep(self, payload: Payload) -> Path:
        """Write the bytes and return their path; bytes that are there already stay as they are.

        The file appears whole or not at all. A file damaged since is written anew. Raises ArtefactDamaged when the
        payload does not match its own checksum.
        """
        if hashlib.sha256(payload.body).hexdigest() != payload.sha256:
            raise ArtefactDamaged(
                f"payload of {payload.item.mirror_path} does not match its checksum", hint="fetch it again"
            )
        path = self.path_of(payload.sha256)
        if not path.exists() or path.read_bytes() != payload.body:
            _write_whole(path, payload.body)
        return path

    def read(self, sha256: str) -> bytes:
        """Return the bytes of that checksum.

        Raises UnknownName when they were never kept, ArtefactDamaged when they no longer match, InvalidValue for
        anything that is no checksum.
        """
        path = self.path_of(sha256)
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise UnknownName(f"no raw payload {sha256}", hint="fetch and keep it first") from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ArtefactDamaged(f"raw payload {path} no longer matches its checksum", hint="fetch it again")
        return body


def _write_whole(path: Path, body: bytes) -> None:
    """Write to a neighbour and move it into place, which is atomic on one file system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    neighbour = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        neighbour.replace(path)
    except BaseException:
        neighbour.unlink(missing_ok=True)
        raise
