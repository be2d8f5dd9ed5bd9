"""`aips model`: train models and see what is on the shelf."""

from __future__ import annotations

from typing import Annotated

import typer

from ai_pro_sports.surfaces.cli.present import AsJson, Column, console, fields, mark, number, say, show_json, table

app = typer.Typer(help="Models: train them, see what is on the shelf.", no_args_is_help=True)


@app.command("train")
def train(
    league_code: Annotated[str, typer.Option("--league", "-s", help="League code, such as NFL.")],
    as_of: Annotated[
        str | None, typer.Option(help="Learn from nothing later than this date or time; now without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a league's score model, judge it walk-forward beside the close, save it with its checksum."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.core.clock import parse_time
    from ai_pro_sports.core.leagues import league
    from ai_pro_sports.surfaces.cli.evaluation import show_scores

    declared = league(league_code)
    asked = parse_time(as_of) if as_of else None
    with Application() as application:
        at = asked or application.clock.now()
        shelf = application.shelf()
        with console(stderr=True).status(f"Training {declared.code}"):
            model = application.run(lambda database: shelf.train(database, declared, at))
        simulated = application.is_simulated
    if as_json:
        told = {"version": model.version, "trained_to": model.trained_to, "metrics": model.metrics}
        show_json({"simulated": simulated, "league": declared.code, **told})
        return
    say(f"Trained {model.version} on {model.metrics['games']:,} games.")
    if model.comparison:
        show_scores(declared.code, model.comparison, simulated=simulated)
    else:
        say("Too few seasons, or no closing prices, to judge it by.")
    say(f"Next: aips predict generate -s {declared.code}")


@app.command("list")
def list_models(
    league_code: Annotated[str | None, typer.Option("--league", "-s", help="Only this league.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the models on the shelf, newest first."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.status import shelved_models
    from ai_pro_sports.core.leagues import league

    code = league(league_code).code if league_code else None
    with Application() as application:
        models = application.run(lambda database: shelved_models(database, code))
        simulated = application.is_simulated
    if as_json:
        show_json([{**fields(model), "simulated": simulated} for model in models])
        return
    if not models:
        say("No models yet.", f"Next: aips model train -s {code or 'NFL'}")
        return
    columns = [Column("version", style="bold"), Column("league", spare=3), Column("status")]
    columns += [Column("games", right=True), Column("learned from", spare=1)]
    columns += [Column("log loss", right=True), Column("close", right=True), Column("sha256", spare=2)]
    rows = [
        (
            m.version,
            m.league,
            m.status,
            f"{m.games:,}",
            f"{m.trained_from:%Y-%m-%d} to {m.trained_to:%Y-%m-%d}" if m.trained_from and m.trained_to else "",
            number(m.log_loss, 4),
            number(m.close_log_loss, 4),
            m.artefact_sha256[:12],
        )
        for m in models
    ]
    table(f"{mark(simulated)}Models, newest first", columns, rows)
