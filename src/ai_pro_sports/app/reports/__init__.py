"""Reports: what use cases return, as pages people read.

`write_report` makes one self-contained HTML page of slates, scores and where the numbers came from; the dataclasses of
`contents` are what it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

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

__getattr__ = lazy_exports(
    __name__,
    {
        "EvaluationTable": "contents",
        "Interval": "contents",
        "Provenance": "contents",
        "ReliabilityCurve": "contents",
        "SlateGame": "contents",
        "SlateRow": "contents",
        "SlateTable": "contents",
        "write_report": "slate_report",
    },
)
