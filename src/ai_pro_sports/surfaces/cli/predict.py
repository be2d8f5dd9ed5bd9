"""`aips predict`: the next games, priced."""

from __future__ import annotations

from typing import Annotated

import typer

from ai_pro_sports.surfaces.cli.present import AsJson, console, fields, show_json

app = typer.Typer(help="Forecasts of coming games.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Forecasts of coming games."""


@app.command("generate")
def generate(
    league_code: Annotated[str, typer.Option("--league", "-s", help="League code, such as NFL.")],
    as_of: Annotated[
        str | None,
        typer.Option(help="Nothing later is seen: a date (00:00 UTC) or a time with its zone; now without it."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=60, help="Length of the slate from its first game.")] = 5,
    at_cutoff: Annotated[
        bool,
        typer.Option(
            help="See each game as of its own cut before the start, as a live run locks it; for looking back."
        ),
    ] = False,
    bankroll: Annotated[str | None, typer.Option(help="Dollars to stake from; the setting without it.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every offered selection, not the best of each market.")] = False,
    as_json: AsJson = False,
) -> None:
    """Price the next slate: fair probability, best price, edge, EV, tier, stake, or why there is no bet."""
    from ai_pro_sports.core.clock import parse_time
    from ai_pro_sports.core.errors import InvalidValue
    from ai_pro_sports.core.leagues import league
    from ai_pro_sports.core.money import Money

    declared = league(league_code)
    at = parse_time(as_of) if as_of else None
    stakes_from = Money.of(bankroll) if bankroll is not None else None
    if stakes_from is not None and stakes_from.amount <= 0:
        raise InvalidValue(f"nothing can be staked from {bankroll}", hint="give a bankroll above zero, such as 2500")

    # The heavy parts come after what is asked is known to make sense: a slip is told at once.
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.predict import predict
    from ai_pro_sports.surfaces.cli.slates import show_slate

    with Application() as application:
        request = application.slate_request(
            at or application.clock.now(),
            days=days,
            at_cutoff=at_cutoff,
            bankroll=stakes_from,
        )
        shelf = application.shelf()
        with console(stderr=True).status(f"Forecasting {declared.code}"):
            slate = application.run(lambda database: predict(database, declared, shelf, request)).slate
        simulated = application.is_simulated
    if as_json:
        show_json({"simulated": simulated, **fields(slate)})
    else:
        show_slate(slate, every=every, simulated=simulated)
