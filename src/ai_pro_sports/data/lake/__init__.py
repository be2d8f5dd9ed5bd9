"""What is kept on disk: raw payloads, verbatim, under the checksum of their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.lake.raw import RawZone

__all__ = ["RawZone"]

__getattr__ = lazy_exports(
    __name__,
    {
        "RawZone": "raw",
    },
)
