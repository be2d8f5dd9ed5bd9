"""The account of a backfill, as people read it."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

from ai_pro_sports.app.usecases.backfill import BackfillReport, ItemReport, Outcome
from ai_pro_sports.surfaces.cli.present import Column, mark, say, table

__all__ = ["found_nothing", "show_backfill"]

_SHOWN_ALONE = {Outcome.UNAVAILABLE, Outcome.REFUSED}
_SPARE = {"files": 1, "unchanged": 2, "new": 3, "absent": 4}


def found_nothing(report: BackfillReport) -> bool:
    """Return whether not one file of the run was where it was looked for."""
    return all(item.outcome is Outcome.ABSENT for item in report.items)


def show_backfill(report: BackfillReport, *, simulated: bool = False, home: Path | None = None) -> None:
    """Print one league's run: totals by source, every file that needs a look, and which source created which teams.

    `home` is named in the next step where it is not the one every command uses.
    """
    headings = ("files", "imported", "unchanged", "absent", "games", "new", "quotes", "new quotes", "set aside")
    columns = [Column("source", style="bold")]
    columns += [Column(name, right=True, spare=_SPARE.get(name, 0)) for name in (*headings, "unmatched")]
    sources = list(dict.fromkeys(item.source for item in report.items))
    rows = [_totals(source, [item for item in report.items if item.source == source]) for source in sources]
    table(f"{mark(simulated)}{report.league}: run {report.run_id}", columns, rows)
    for item in report.items:
        if item.outcome in _SHOWN_ALONE or item.unmatched:
            said = item.message or f"{item.unmatched:,} rows without a team"
            say(f"{item.item}: {item.outcome}: {said}", style="red")
    notes: Counter[str] = Counter()
    for item in report.items:
        notes.update(item.notes)
    for reason, count in notes.items():
        say(f"{count:,} rows: {reason}")
    for source, teams in report.teams_by_source().items():
        say(f"{len(teams)} teams created by {source}")
    if found_nothing(report):
        say(f"Not one of these files is there. First: {report.items[0].message}" if report.items else "No files.")
        say("Next: aips config check, and see AIPS_MIRROR: it is laid out like the public hosts' files")
    elif report.total("rejected") or report.total("unmatched"):
        there = "" if home is None else f"AIPS_HOME={shlex.quote(str(home))} "
        say(f"Next: {there}aips data quarantine --league {report.league}")


def _totals(source: str, items: list[ItemReport]) -> tuple[object, ...]:
    outcomes = (Outcome.IMPORTED, Outcome.UNCHANGED, Outcome.ABSENT)
    counts = ("games", "new_games", "quotes", "new_quotes", "rejected", "unmatched")
    return (
        source,
        len(items),
        *(sum(item.outcome is outcome for item in items) for outcome in outcomes),
        *(sum(getattr(item, count) for item in items) for count in counts),
    )
