"""The entry: assembles the commands and turns errors into messages and exit codes (0 done, 1 failed, 2 misused)."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from typing import Annotated, NoReturn

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
    """Run the command line and exit; errors become one message and never a traceback."""
    # Without this a SIGTERM would skip the way out, and the embedded server would outlive its last user.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # What a job fails with is raised to whoever started it, and said once, below.
    logging.getLogger("dbos").addFilter(lambda record: False)
    try:
        code = app(prog_name="aips", standalone_mode=not _wants_json())
    except AipsError as error:
        _say(type(error).__name__, error.message, error.hint)
        code = 2 if isinstance(error, InvalidValue | UnknownName) else 1
    except typer.TyperException as misuse:
        context, said = getattr(misuse, "ctx", None), getattr(misuse, "format_message", misuse.__str__)
        _say(type(misuse).__name__, said(), f"{context.command_path if context else 'aips'} --help")
        code = 2
    except SystemExit as ended:
        code = ended.code
    if code == _INTERRUPTED:
        _say("Interrupted", "stopped; what was finished is kept", "run the same command to go on")
        code = 1
    _leave(code)


_INTERRUPTED = 130
"""What Typer makes of Ctrl-C."""

_JOB_THREADS = "dbos-executor"
_PATIENCE = 5.0


def _leave(code: str | int | None) -> NoReturn:
    """Exit with `code`; a job that waits for a database that is gone must not keep the process alive."""
    deadline = time.monotonic() + _PATIENCE
    for thread in threading.enumerate():
        if thread.name.startswith(_JOB_THREADS):
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code if isinstance(code, int) else 1)
    sys.exit(code)


def _wants_json() -> bool:
    return "--json" in sys.argv


def _say(kind: str, message: str, hint: str) -> None:
    if _wants_json():
        sys.stderr.write(json.dumps({"error": {"kind": kind, "message": message, "hint": hint}}) + "\n")
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(message, style="bold red", markup=False, soft_wrap=True)
    if hint:
        console.print(f"Next: {hint.removeprefix('run: ')}", markup=False, soft_wrap=True)
