"""`aips config`: what is set, from where, and what is unsafe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ai_pro_sports.surfaces.cli.present import AsJson, Column, say, show_json, table

if TYPE_CHECKING:
    from ai_pro_sports.app.settings import Described

app = typer.Typer(help="Settings: what is set, from where, and what is unsafe.", no_args_is_help=True)


@app.command("check")
def check(as_json: AsJson = False) -> None:
    """Show every setting with its origin, and what must not run outside development; exits 1 if it would be refused."""
    from ai_pro_sports.app.settings import load_settings

    settings = load_settings()
    described = list(settings.describe())
    unsafe = settings.unsafe()
    environment = settings.application.environment
    refused = bool(unsafe) and environment in {"staging", "production"}
    if as_json:
        show_json({"home": settings.home, "settings": described, "unsafe": unsafe, "refused": refused})
    else:
        columns = [
            Column("setting", style="bold"),
            Column("value", wraps=True, at_least=20),
            Column("from"),
            Column("meaning", wraps=True, at_least=30, spare=1),
        ]
        rows = [(one.variable, _shown(one), one.origin, one.description) for one in described]
        table(f"Settings (home {settings.home})", columns, rows)
        for said in unsafe:
            verdict = "refused" if refused else f"allowed in {environment}, refused in production"
            say(f"unsafe: {said} ({verdict})", style="red" if refused else "yellow")
        if not unsafe:
            say("Nothing unsafe.", style="green")
    if refused:
        raise typer.Exit(1)


def _shown(one: Described) -> str:
    return "(the example)" if one.is_secret and one.origin == "default" and one.shown else one.shown
