"""Score the models on real history beside the closing line and the base rate, and write `docs/scoreboard.md`.

Run: make scoreboard   (reads season files from AIPS_MIRROR, else from data/ in AIPS_TEST_DATA, else the public hosts)
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.jobs.backfill import run_backfill
from ai_pro_sports.app.jobs.engine import engine
from ai_pro_sports.app.settings import Settings, load_settings
from ai_pro_sports.app.usecases.backfill import seasons_between
from ai_pro_sports.app.usecases.evaluating import Evaluation, evaluate_league
from ai_pro_sports.core.leagues import LEAGUES, League

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scoreboard.md"
METRICS = {"log_loss": "log loss", "brier": "Brier", "rps": "RPS", "accuracy": "accuracy", "ece": "ECE"}
FORECASTS = {"model": "model", "close": "closing line", "base_rate": "base rate", "model - close": "model minus close"}


@dataclass(frozen=True)
class Choice:
    """One decision behind the numbers, and the seasons it was made on."""

    what: str
    seasons: str


CHOICES = (
    Choice(
        "Elo gain per game, home advantage, carry-over: textbook values of the league files", "none: not fitted here"
    ),
    Choice("margin-of-victory multipliers: as published for football, goal difference for soccer", "none: not fitted"),
    Choice("ridge penalty and half-life of the score models", "NFL before 2006, EPL before 2012"),
    Choice("shrinkage of the NFL key numbers", "NFL before 2006, after a first look at all seasons"),
    Choice("calibration by temperature", "looked at early and late seasons together; worth less than .0002 either way"),
    Choice("coefficients, key numbers, low-score dependence, calibrator", "inside each training window"),
)


def settings_for(home: Path) -> Settings:
    """Return settings of a throw-away home that reads the best history at hand."""
    settings = load_settings()
    mirror = settings.paths.mirror
    if not mirror and settings.paths.test_data:
        mirror = str(settings.paths.test_data / "data")
    return settings.at_home(home).with_mirror(mirror)


def evaluate(application: Application, declared: League) -> Evaluation:
    """Import a league's whole history and walk forward over it."""
    with engine(application):
        run_backfill(declared.code, seasons_between(declared, None, application.clock), watch=lambda *_: None)
    cutoff = application.settings.forecasting.cutoff_minutes
    now = application.clock.now()
    return application.run(lambda database: evaluate_league(database, declared, now, cutoff_minutes=cutoff))


def section(declared: League, comparison: Mapping[str, Any]) -> list[str]:
    """Return a league's part of the page."""
    seasons = [int(season) for season in comparison["seasons"]]
    metrics = [metric for metric in METRICS if metric in comparison["scores"]["model"]]
    span = f"{declared.season_label(min(seasons))} to {declared.season_label(max(seasons))}"
    lines = [
        "",
        f"## {declared.name}, {span}: {comparison['n']:,} games",
        "",
        f"| forecast | {' | '.join(METRICS[metric] for metric in metrics)} |",
        f"|---|{'---|' * len(metrics)}",
    ]
    named = {**comparison["scores"], **comparison["differences"]}
    for name, said in FORECASTS.items():
        cells = (_estimate(named[name].get(metric), signed=" - " in name) for metric in metrics)
        lines.append(f"| {said} | {' | '.join(cells)} |")
    lines.append("")
    left_out = (f"{count:,} {reason}" for reason, count in comparison["excluded"].items() if count)
    lines.append(f"Left out: {'; '.join(left_out)}. Alarm: {comparison['alarm'] or 'none'}.")
    lines += [
        "",
        "| season | games | model | closing line | base rate | model minus close |",
        "|---|---|---|---|---|---|",
    ]
    for season, by in comparison["seasons"].items():
        losses = " | ".join(f"{by[name]['value']:.4f}" for name in ("model", "close", "base_rate"))
        gap = _estimate(by["model - close"], signed=True)
        lines.append(f"| {declared.season_label(int(season))} | {by['model']['n']} | {losses} | {gap} |")
    return lines


def _estimate(found: Mapping[str, float] | None, *, signed: bool) -> str:
    if found is None or found["value"] is None:
        return ""
    digits = "+.4f" if signed else ".4f"
    return f"{found['value']:{digits}} [{found['low']:{digits}}, {found['high']:{digits}}]"


def page(evaluations: list[tuple[League, Evaluation]]) -> str:
    """Return the whole page."""
    lines = [
        "# Scoreboard",
        "",
        "Written by `make scoreboard`. Every season is forecast by models of earlier seasons only, an hour before each",
        "start, from results alone (no price is read), on the games that also have a closing price. The close is that",
        "of the sharp books where they quote, else of all books, vig removed by the league's method. Intervals: 95 %,",
        "block bootstrap over weeks. Losses: lower is better; the closing line is the bar.",
    ]
    for declared, evaluation in evaluations:
        lines += section(declared, evaluation.comparison)
    lines += ["", "## What was chosen, and on which seasons", "", "| choice | made on |", "|---|---|"]
    lines += [f"| {choice.what} | {choice.seasons} |" for choice in CHOICES]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Evaluate every league and write the page."""
    with (
        tempfile.TemporaryDirectory(prefix="aips-scoreboard-") as folder,
        Application(settings_for(Path(folder) / "home")) as application,
    ):
        found = []
        for declared in LEAGUES:
            sys.stderr.write(f"{declared.code}: importing and walking forward\n")
            found.append((declared, evaluate(application, declared)))
        application.postgres().destroy()
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PAGE.parents[1])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
