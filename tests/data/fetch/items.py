"""An item of an invented source, for the fetchers."""

from __future__ import annotations

from datetime import UTC, datetime

from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.data.sources.source import RawItem

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)


def item(mirror_path: str = "soccer/E0_2425.csv.gz", url: str = "https://publisher.invalid/E0.csv") -> RawItem:
    return RawItem("feed", "EPL", 2024, "division", url, mirror_path)


def clock() -> FixedClock:
    return FixedClock(NOW)
