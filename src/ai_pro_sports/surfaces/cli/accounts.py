"""The account of a backfill, as people read it."""

from __future__ import annotations

from ai_pro_sports.app.usecases.backfill import BackfillReport, Outcome
from ai_pro_sports.surfaces.cli.present import Column, console, table

__all__ = ["show_backfill"]

_SHOWN_ALONE = {Outcome.UNAVAILABLE, Outcome.REFUSED}


def show_backfill(report: BackfillReport) -> None:
    """Print one league's run: totals by source, every file that needs a look, and which source created which teams."""
    out = console()
    sources = list(dict.fromkeys(item.source for item in report.items))
    columns = [Column("source", style="bold")]
    names = (
        "files",
        "imported",
        "unchanged",
        "absent",
        "games",
        "new",
        "quotes",
        "new quotes",
        "set aside",
        "unmatched",
    )
    columns += [Column(name, right=True) for name in names]
    rows = []
    for source in sources:
        items = [item for item in report.items if item.source == source]
        by_outcome = [sum(item.outcome == outcome for item in items) for outcome in list(Outcome)[:3]]
        sums = [
            sum(getattr(item, count) for item in items)
            for count in ("games", "new_games", "quotes", "new_quotes", "rejected", "unmatched")
        ]
        rows.append((source, len(items), *by_outcome, *sums))
    table(f"{report.league}: run {report.run_id}", columns, rows)
    for item in report.items:
        if item.outcome in _SHOWN_ALONE or item.unmatched:
            said = item.message or f"{item.unmatched} rows without a team"
            out.print(f"{item.item}: {item.outcome}: {said}", style="red", markup=False)
    for source, teams in report.teams_by_source().items():
        out.print(f"{len(teams)} teams created by {source}", markup=False)
    if report.total("rejected") or report.total("unmatched"):
        out.print(f"Next: aips data quarantine --league {report.league}")
