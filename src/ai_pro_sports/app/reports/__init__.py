"""Reports: what use cases return, as pages people read.

`write_report` makes one self-contained HTML page of slates, scores and where the numbers came from; the dataclasses of
`contents` are what it is given.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.app.reports.contents import (
        EvaluationTable,
        Interval,
        Provenance,
        ReliabilityCurve,
        SlateGame,
        SlateRow,
        SlateTable,
    )
    from ai_pro_sports.app.reports.slate_report import write_report

__all__ = [
    "EvaluationTable",
    "Interval",
    "Provenance",
    "ReliabilityCurve",
    "SlateGame",
    "SlateRow",
    "SlateTable",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "slate_report" if name == "write_report" else "contents"
    return getattr(import_module(f"{__name__}.{home}"), name)
