"""The entry: assembles the commands and turns errors into messages and exit codes (0 done, 1 failed, 2 misused)."""

from __future__ import annotations

import json
import signal
import sys
from typing import Annotated

import typer

from ai_pro_sports.core.errors import AipsError, InvalidValue, UnknownName
from ai_pro_sports.surfaces.cli import config, data, db, evaluation, model, predict, quickstart, serve, system

__all__ = ["app", "run"]

app = typer.Typer(
    name="aips",
    help="Sports forecasts that can be checked: collect, train, price, and say honestly how good it was.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(db.app, name="db")
app.add_typer(data.app, name="data")
app.add_typer(model.app, name="model")
app.add_typer(predict.app, name="predict")
app.add_typer(system.app, name="system")
app.add_typer(config.app, name="config")
app.command("evaluate")(evaluation.evaluate)
app.command("demo")(quickstart.demo)
app.command("quickstart")(quickstart.quickstart)
app.command("serve")(serve.serve)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"aips {version('ai-pro-sports')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Sports forecasts that can be checked."""


def run() -> None:
    """Run the command line and exit; our own errors become one message and never a traceback."""
    # Without this a SIGTERM would skip the way out, and the embedded server would outlive its last user.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except AipsError as error:
        _say(error)
        sys.exit(2 if isinstance(error, InvalidValue | UnknownName) else 1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was finished is kept; run the same command to go on.\n")
        sys.exit(1)


def _say(error: AipsError) -> None:
    if "--json" in sys.argv:
        said = {"error": {"kind": type(error).__name__, "message": error.message, "hint": error.hint}}
        sys.stderr.write(json.dumps(said) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    console.print(Text(error.message, style="bold red"))
    if error.hint:
        console.print(Text(f"Next: {error.hint}"))
