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
from ai_pro_sports.data.store.database import Database

__all__ = [
    "DEMO_SEED",
    "Picture",
    "demo_settings",
    "seed_demo_clubs",
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


def seed_demo_clubs(application: Application, leagues: Sequence[League]) -> None:
    """Write the invented football clubs, which the file of their games names by code only."""
    from ai_pro_sports.app.sandbox import invented_teams

    application.claim_home()
    frames = [teams for declared in leagues if (teams := invented_teams(declared)) is not None]

    async def write(database: Database) -> None:
        async with database.unit_of_work() as work:
            for teams in frames:
                await work.teams.add(teams)

    application.run(write)


def take_picture(application: Application, leagues: Sequence[League], *, watch: Watcher) -> Picture:
    """Bring the leagues' history in, train where needed, and price the next slate of each.

    Where no game is coming, the last full slate is priced as it stood then. `watch(what, done, total, doing)` is told
    of every step.
    """
    backfills = []
    with engine(application):
        for declared in leagues:
            code = declared.code
            seasons = seasons_between(declared, None, application.clock)
            report = run_backfill(code, seasons, watch=lambda *step, code=code: watch(f"Reading {code}", *step))
            backfills.append(report)
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
