"""What is kept on disk: raw payloads, verbatim, under the checksum of their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.data.lake.raw import RawZone

__all__ = ["RawZone"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ai_pro_sports.data.lake import raw

    return getattr(raw, name)
