"""Quickstart: from nothing to a priced slate and a report, on real files or on a simulated league."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.jobs.backfill import run_backfill
from ai_pro_sports.app.jobs.engine import engine
from ai_pro_sports.app.settings import Settings
from ai_pro_sports.app.usecases.backfill import BackfillReport, seasons_between
from ai_pro_sports.app.usecases.predict import Prediction, last_full_slate, predict
from ai_pro_sports.app.usecases.provenance import SourceAccount, source_accounts
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.leagues import League

__all__ = [
    "DEMO_SEED",
    "Picture",
    "demo_settings",
    "take_picture",
    "write_demo_world",
]

DEMO_SEED = 20
Watcher = Callable[[str, int, int, str], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a first look shows: what came in, what was forecast, and where the numbers came from."""

    backfills: tuple[BackfillReport, ...]
    predictions: tuple[Prediction, ...]
    sources: tuple[SourceAccount, ...]
    looked_back: tuple[str, ...]
    empty: dict[str, str]


def demo_settings(settings: Settings, seed: int | None = None) -> Settings:
    """Return settings for the demo: a home of its own for each world inside the home, its mirror a simulation in it."""
    home = settings.home / "demo" / f"world-{DEMO_SEED if seed is None else seed}"
    return settings.at_home(home).with_mirror(str(home / "mirror"))


def write_demo_world(settings: Settings, leagues: Sequence[League], *, now: datetime, seed: int) -> pl.DataFrame:
    """Simulate the leagues up to `now` into the demo's mirror and return the truth of every game.

    A later `now` reveals more of the same world, so running the demo again goes on where it was.
    """
    from ai_pro_sports.app.sandbox import simulate

    root = Path(settings.paths.mirror)
    return simulate(root, now=now, seed=seed, leagues=[declared.code for declared in leagues]).truth


def take_picture(application: Application, leagues: Sequence[League], *, read: bool = True, watch: Watcher) -> Picture:
    """Bring the leagues' history in (unless `read` is false), train where needed, and price the next slate of each.

    Where no game is coming, the last full slate is priced as it stood then. `watch(what, done, total, doing)` is told
    of every step.
    """
    backfills = _read(application, leagues, watch) if read else []
    predictions: list[Prediction] = []
    looked_back: list[str] = []
    empty: dict[str, str] = {}
    for place, declared in enumerate(leagues):
        watch("Forecasting", place, len(leagues), declared.code)
        try:
            prediction, is_past = _next_or_last(application, declared)
        except NothingToDo as nothing:
            empty[declared.code] = str(nothing)
            continue
        predictions.append(prediction)
        if is_past:
            looked_back.append(declared.code)
    watch("Forecasting", len(leagues), len(leagues), "")
    accounts = application.run(lambda database: source_accounts(database, [declared.code for declared in leagues]))
    return Picture(tuple(backfills), tuple(predictions), tuple(accounts), tuple(looked_back), empty)


def _read(application: Application, leagues: Sequence[League], watch: Watcher) -> list[BackfillReport]:
    with engine(application):
        return [
            run_backfill(
                declared.code,
                seasons_between(declared, None, application.clock),
                watch=lambda *step, code=declared.code: watch(f"Reading {code}", *step),
            )
            for declared in leagues
        ]


def _next_or_last(application: Application, declared: League) -> tuple[Prediction, bool]:
    now, shelf = application.clock.now(), application.shelf()
    try:
        request = application.slate_request(now)
        return application.run(lambda database: predict(database, declared, shelf, request)), False
    except NothingToDo:
        moment = application.run(lambda database: last_full_slate(database, declared, now))
        if moment is None:
            raise
        past = application.slate_request(moment, at_cutoff=True)
        return application.run(lambda database: predict(database, declared, shelf, past)), True
