"""`aips data`: bring history in, and see what is there and what was set aside."""

from __future__ import annotations

from typing import Annotated

import typer

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.surfaces.cli.present import AsJson, Column, fields, mark, progress, say, show_json, table

_REASONS = 20
_CONTENT = 100

app = typer.Typer(help="History: bring it in, see what is there and what was set aside.", no_args_is_help=True)


@app.command("backfill")
def backfill(
    leagues: Annotated[list[str] | None, typer.Argument(help="League codes, such as NFL EPL.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every league.")] = False,
    seasons: Annotated[str | None, typer.Option(help="2010-2023 or 2023, by starting year; all without it.")] = None,
    mirror: Annotated[str | None, typer.Option(help="Directory or URL instead of the public hosts.")] = None,
    is_backfill: Annotated[bool, typer.Option(help="Mark quotes as brought in later, not captured live.")] = True,
    as_json: AsJson = False,
) -> None:
    """Import season files and coming fixtures. Repeating changes nothing; a killed run is taken up where it was."""
    from ai_pro_sports.core.leagues import LEAGUES, league

    if every == bool(leagues):
        raise InvalidValue("name leagues, or --all, not both or neither", hint="as in: aips data backfill NFL EPL")
    chosen = LEAGUES if every else [league(code) for code in leagues or []]

    # The heavy parts come after what is asked is known to make sense: a slip is told at once.
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.jobs.backfill import run_backfill
    from ai_pro_sports.app.jobs.engine import engine
    from ai_pro_sports.app.settings import load_settings
    from ai_pro_sports.app.usecases.backfill import seasons_between
    from ai_pro_sports.surfaces.cli.accounts import found_nothing, show_backfill

    settings = load_settings()
    if mirror:
        settings = settings.with_mirror(mirror)
    with Application(settings) as application:
        wanted = [(one.code, seasons_between(one, seasons, application.clock)) for one in chosen]
        reports = []
        with application.fetcher():
            pass  # a mirror that cannot be opened is said before a run is on record
        with engine(application):
            for code, span in wanted:
                with progress(f"{code}", quiet=as_json) as step:
                    reports.append(run_backfill(code, span, is_backfill=is_backfill, watch=step))
        simulated = application.is_simulated
    failed = [report for report in reports if not report.ok or found_nothing(report)]
    if as_json:
        show_json([{**fields(report), "ok": report not in failed, "simulated": simulated} for report in reports])
    else:
        for report in reports:
            show_backfill(report, simulated=simulated)
    if failed:
        raise typer.Exit(1)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show what the store holds, by league and season, and which source created the teams."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.status import data_status
    from ai_pro_sports.core.leagues import LEAGUES

    with Application() as application:
        held, simulated = application.run(data_status), application.is_simulated
    if as_json:
        show_json({"simulated": simulated, **fields(held)})
        return
    if not held.seasons:
        say("The store is empty.", "Next: aips data backfill NFL EPL")
        return
    columns = [Column("league", style="bold"), Column("season")]
    columns += [Column(name, right=True) for name in ("games", "final", "coming", "quotes", "with close")]
    labels = {str(declared.code): declared for declared in LEAGUES}
    rows = [
        (
            s.league,
            labels[s.league].season_label(s.season) if s.league in labels else s.season,
            s.games,
            s.finals,
            s.games - s.finals,
            f"{s.quotes:,}",
            s.closed,
        )
        for s in held.seasons
    ]
    table(f"{mark(simulated)}What the store holds", columns, rows)
    table(
        "Teams, by the source that created them",
        [
            Column("league pool", style="bold"),
            Column("source"),
            Column("teams", right=True),
            Column("names", wraps=True, at_least=40),
        ],
        [(t.pool, t.source, t.teams, ", ".join(t.names)) for t in held.teams],
    )


@app.command("quarantine")
def quarantine(
    league_code: Annotated[str | None, typer.Option("--league", "-s", help="Only this league.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show rows that could not be used: where they stood, why they were set aside, and what they held."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.status import quarantined
    from ai_pro_sports.core.leagues import league

    code = league(league_code).code if league_code else None
    with Application() as application:
        held = application.run(lambda database: quarantined(database, code, limit))
        simulated = application.is_simulated
    if as_json:
        show_json({"simulated": simulated, **fields(held)})
        return
    if not held.total:
        say("Nothing is in quarantine.")
        return
    reasons = [(f"{count:,}", reason) for reason, count in held.reasons.items()]
    table(
        f"{mark(simulated)}{held.total:,} rows in quarantine, by reason",
        [Column("rows", right=True), Column("reason", wraps=True)],
        reasons[:_REASONS],
    )
    if len(reasons) > _REASONS:
        say(f"... and {len(reasons) - _REASONS:,} rarer reasons; --json shows all.")
    columns = [
        Column("league", style="bold"),
        Column("file", wraps=True, at_least=20),
        Column("row", right=True),
        Column("reason", wraps=True, at_least=30),
        Column("content", wraps=True, at_least=30, spare=1),
    ]
    table("Newest", columns, [(r.league, r.item, r.row, r.reason, _cut(r.content)) for r in held.rows])


def _cut(content: str) -> str:
    return content if len(content) <= _CONTENT else content[: _CONTENT - 3] + "..."
