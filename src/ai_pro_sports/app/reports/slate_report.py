"""Writes the slate report: one HTML page that needs no network, no script and no other file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from ai_pro_sports.app.reports import wording
from ai_pro_sports.app.reports.contents import EvaluationTable, Provenance, ReliabilityCurve, SlateTable
from ai_pro_sports.app.reports.reliability_plot import draw_reliability
from ai_pro_sports.core.clock import ensure_utc

__all__ = ["write_report"]

SHOWN_DIGEST = 12
"""Hex digits of a checksum that are shown: enough to tell two files apart."""
SHOWN_FORECASTERS = ("model", "close", "base_rate")
SHOWN_CURVES = ("model", "close")

NEXT_STEPS = {
    True: (
        ("Set a mirror of real history and run again", "AIPS_MIRROR=/path/to/data make run"),
        ("See what a league knows and what was set aside", "aips data status"),
        ("Run the walk-forward evaluation yourself", "aips evaluate -s NFL"),
    ),
    False: (
        ("Price the next slate of a league", "aips predict generate -s NFL"),
        ("See what was set aside on import, and why", "aips data quarantine"),
        ("Run the walk-forward evaluation again", "aips evaluate -s NFL"),
    ),
}


def write_report(
    path: Path,
    *,
    slates: Sequence[SlateTable],
    evaluations: Sequence[EvaluationTable],
    provenance: Sequence[Provenance],
    simulated: bool,
    generated_at: datetime,
    next_steps: Sequence[tuple[str, str]] | None = None,
) -> Path:
    """Write the report to `path` and return it.

    A page is written beside `path` and moved there, so a reader never sees half of one. `next_steps` are pairs of what
    to do and the command that does it; there are defaults for simulated and for real data. Raises InvalidValue for a
    `generated_at` without a zone.
    """
    page = (
        _environment()
        .get_template("slate_report.html")
        .render(
            slates=slates,
            evaluations=[(table, draw_reliability(_curves(table))) for table in evaluations],
            provenance=provenance,
            simulated=simulated,
            generated_at=ensure_utc(generated_at),
            next_steps=NEXT_STEPS[simulated] if next_steps is None else next_steps,
            forecasters=SHOWN_FORECASTERS,
            digest_length=SHOWN_DIGEST,
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(page, encoding="utf-8")
    return part.replace(path)


def _curves(table: EvaluationTable) -> list[ReliabilityCurve]:
    return [curve for key in SHOWN_CURVES for curve in table.curves if curve.forecaster == key]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ai_pro_sports.app.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = ("amount", "at_local", "at_utc", "decimals", "forecaster", "metric", "percent", "signed")
    environment.filters.update({name: getattr(wording, name) for name in (*filters, "signed_percent")})
    environment.globals.update(described=wording.described, verdict=wording.verdict, zip=zip)
    return environment
