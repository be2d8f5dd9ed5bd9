"""`aips db`: the database of this home."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ai_pro_sports.core.errors import InvalidValue, NothingToDo
from ai_pro_sports.surfaces.cli.present import AsJson, say, show_json

app = typer.Typer(help="The database: create, migrate, seed, stop, destroy.", no_args_is_help=True)


@app.command("init")
def init(as_json: AsJson = False) -> None:
    """Start the embedded server if none is configured, create the schema and the seed rows. Safe to repeat."""
    _prepared("Ready", as_json)


@app.command("migrate")
def migrate(as_json: AsJson = False) -> None:
    """Bring the schema to the newest revision. Safe to repeat."""
    _prepared("Migrated", as_json)


@app.command("seed")
def seed(as_json: AsJson = False) -> None:
    """Write leagues, seasons and known books. Safe to repeat."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.seed import seed as write_seed

    with Application() as application:
        today = application.clock.now().date()
        counts = application.run(lambda database: write_seed(database, today))
    if as_json:
        show_json(counts)
    else:
        say(f"Seeded {counts.leagues} leagues, {counts.seasons} seasons, {counts.books} books.")


@app.command("stop")
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded server of this home, whoever uses it."""
    from ai_pro_sports.app.bootstrap import Application

    with Application() as application:
        _refuse_external(application.settings.database_is_embedded)
        was_running = application.postgres().stop()
    if as_json:
        show_json({"was_running": was_running})
    else:
        say("Stopped." if was_running else "It was not running.")


@app.command("destroy")
def destroy(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. Everything in the database is lost.")] = False,
    as_json: AsJson = False,
) -> None:
    """Stop the embedded server and remove its data and binaries, wherever they lie. Raw payloads stay in the lake."""
    from ai_pro_sports.app.bootstrap import Application

    with Application() as application:
        _refuse_external(application.settings.database_is_embedded)
        question = f"Remove the database of {application.home} and everything in it?"
        if not yes and (as_json or not _agreed(question)):
            raise NothingToDo("nothing removed", hint="pass --yes" if as_json else "answer y, or pass --yes")
        removed = application.postgres().destroy()
    if as_json:
        show_json({"removed": removed})
    else:
        say(*(f"removed {path}" for path in removed) if removed else ("There was nothing to remove.",))


def _prepared(done: str, as_json: bool) -> None:
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.status import DatabaseStatus, database_status

    with Application() as application:
        status: DatabaseStatus = application.run(database_status)
        kind = "embedded" if application.settings.database_is_embedded else "external"
        if as_json:
            simulated = application.is_simulated
            show_json({"home": application.home, "kind": kind, "simulated": simulated, **status.as_dict()})
            return
        say(f"{done}: {kind} PostgreSQL {status.server_version}, schema {status.revision}, home {application.home}")
        if not status.games:
            say("Next: aips data backfill NFL EPL")


def _agreed(question: str) -> bool:
    """Ask on standard error, so that standard output stays the result's; no answer is a no."""
    typer.echo(f"{question} [y/N]: ", nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        typer.echo(err=True)
    return answer.strip().lower() in {"y", "yes"}


def _refuse_external(embedded: bool) -> None:
    if not embedded:
        raise InvalidValue(
            "DATABASE_URL names an external server, which is not ours to stop", hint="unset DATABASE_URL"
        )
