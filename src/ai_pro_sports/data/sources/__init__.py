"""The feeds: one file each says what to ask for, how its bytes become rows, and its traps. No I/O, no clock.

A new feed is one file with a class that keeps the `Source` protocol and one line in `registry.SOURCES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.sources.books import BOOKS, Book
    from ai_pro_sports.data.sources.registry import SOURCES, source_named, sources_for
    from ai_pro_sports.data.sources.source import Parsed, RawItem, Source

__all__ = ["BOOKS", "SOURCES", "Book", "Parsed", "RawItem", "Source", "source_named", "sources_for"]

__getattr__ = lazy_exports(
    __name__,
    {
        "BOOKS": "books",
        "Book": "books",
        "Parsed": "source",
        "RawItem": "source",
        "SOURCES": "registry",
        "Source": "source",
        "source_named": "registry",
        "sources_for": "registry",
    },
)
