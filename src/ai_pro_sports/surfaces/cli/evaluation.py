"""`aips evaluate`: how good the forecasts would have been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ai_pro_sports.surfaces.cli.present import AsJson, Column, console, mark, say, show_json, table

if TYPE_CHECKING:
    from ai_pro_sports.core.leagues import League

_SHOWN = {
    "log_loss": "log loss",
    "brier": "Brier",
    "rps": "RPS",
    "accuracy": "accuracy",
    "ece": "ECE",
}
_NAMES = {
    "model": "model",
    "close": "closing line",
    "base_rate": "base rate",
    "uncalibrated": "model before calibration",
    "model - close": "model minus close",
    "model - base_rate": "model minus base rate",
}


def evaluate(
    league_code: Annotated[str, typer.Option("--league", "-s", help="League code, such as NFL.")],
    as_of: Annotated[
        str | None, typer.Option(help="Know nothing later than this date or time; now without it.")
    ] = None,
    by_season: Annotated[bool, typer.Option("--by-season", help="Add the log loss of every season.")] = False,
    as_json: AsJson = False,
) -> None:
    """Walk forward over all seasons: model, closing line and base rate on identical games, with 95 % intervals."""
    from ai_pro_sports.core.clock import parse_time
    from ai_pro_sports.core.leagues import league

    declared = league(league_code)
    asked = parse_time(as_of) if as_of else None

    # The heavy parts come after what is asked is known to make sense: a slip is told at once.
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.usecases.evaluating import evaluate_league

    with Application() as application:
        at = asked or application.clock.now()
        cutoff = application.settings.forecasting.cutoff_minutes
        with console(stderr=True).status(f"Walking forward over {declared.code}"):
            found = application.run(lambda database: evaluate_league(database, declared, at, cutoff_minutes=cutoff))
        simulated = application.is_simulated
    if as_json:
        show_json({"simulated": simulated, "league": found.league, "as_of": found.as_of, **found.comparison})
        return
    show_scores(declared.code, found.comparison, simulated=simulated)
    if by_season:
        _show_seasons(declared, found.comparison)


def show_scores(code: str, comparison: Mapping[str, Any], *, simulated: bool = False) -> None:
    """Print the scores of all forecasters on the same games, their differences, and which games are not among them."""
    metrics = [metric for metric in _SHOWN if metric in comparison["scores"]["model"]]
    columns = [Column("forecast", style="bold")]
    columns += [
        Column(_SHOWN[metric], right=True, wraps=True, at_least=17, spare=place) for place, metric in enumerate(metrics)
    ]
    named = {**comparison["scores"], **comparison["differences"]}
    rows = [
        (said, *(_estimate(named[name].get(metric), signed=" - " in name) for metric in metrics))
        for name, said in _NAMES.items()
        if name in named
    ]
    table(f"{mark(simulated)}{code}: {comparison['n']:,} games, walk-forward, 95 % intervals", columns, rows)
    for reason, count in comparison["excluded"].items():
        if count:
            say(f"Left out: {count:,} games {reason}.")
    if comparison["alarm"]:
        say(f"ALARM: {comparison['alarm']}", style="bold red")


def _estimate(found: Mapping[str, float] | None, *, signed: bool) -> str:
    if found is None or found["value"] is None:
        return ""
    digits = "+.4f" if signed else ".4f"
    return f"{found['value']:{digits}} [{found['low']:{digits}},{found['high']:{digits}}]"


def _show_seasons(declared: League, comparison: Mapping[str, Any]) -> None:
    columns = [Column("season", style="bold"), Column("games", right=True)]
    columns += [Column(name, right=True) for name in ("model", "closing line", "base rate", "model minus close")]
    rows = []
    for season, by in comparison["seasons"].items():
        cells = (f"{by[name]['value']:.4f}" for name in ("model", "close", "base_rate"))
        rows.append(
            (declared.season_label(int(season)), by["model"]["n"], *cells, _estimate(by["model - close"], signed=True))
        )
    table("Log loss by season", columns, rows)
