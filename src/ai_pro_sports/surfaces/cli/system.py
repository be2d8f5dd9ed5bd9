"""`aips system`: how the parts are."""

from __future__ import annotations

import typer

from ai_pro_sports.surfaces.cli.present import AsJson, Column, say, show_json, table

app = typer.Typer(help="The system: how its parts are.", no_args_is_help=True)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show server, schema, data, models and where everything lies; starts the embedded database."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.status import system_status

    with Application() as application:
        settings, simulated = application.settings, application.is_simulated
        found = application.run(lambda database: system_status(database, settings, simulated=simulated))
    if as_json:
        show_json(found)
        return
    table("System", [Column("part", style="bold"), Column("state", wraps=True)], list(found.lines()))
    if found.simulated:
        say("This home holds a SIMULATED league.", style="bold yellow")
    if not found.server.games:
        say("Next: aips data backfill NFL EPL")
