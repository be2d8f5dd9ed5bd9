"""Predict: price the next slate with a model that has seen everything known by then, training one where none has."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.usecases.slate import Slate, SlateRequest, next_games, price_slate
from ai_pro_sports.app.usecases.training import ModelShelf
from ai_pro_sports.core.leagues import League
from ai_pro_sports.core.money import Money
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.science.staking.rules import StakingRules

__all__ = ["last_full_slate", "predict"]


def predict(
    application: Application,
    declared: League,
    *,
    asked_at: datetime,
    days: int = 5,
    at_cutoff: bool = False,
    bankroll: Money | None = None,
) -> Slate:
    """Price the games of `days` days from the first start after `asked_at` (UTC).

    The model has learned from nothing later than `asked_at`. Raises NothingToDo where no game is scheduled.
    """
    settings = application.settings
    rules = StakingRules(
        kelly_multiple=settings.betting.kelly_fraction,
        cap=settings.betting.max_bet_percent,
        minimum=Money.of(settings.betting.min_bet),
        min_edge=float(settings.betting.min_edge),
    )
    request = SlateRequest(
        asked_at=asked_at,
        days=days,
        at_cutoff=at_cutoff,
        cutoff_minutes=settings.forecasting.cutoff_minutes,
        bankroll=bankroll or Money.of(settings.betting.bankroll),
        rules=rules,
    )
    shelf = ModelShelf(settings.model_dir, application.clock, settings.forecasting.cutoff_minutes)

    async def work(database: Database) -> Slate:
        model = await shelf.fresh(database, declared, asked_at)
        return await price_slate(database, declared, request, model)

    return application.run(work)


async def last_full_slate(database: Database, declared: League, now: datetime, *, least: int = 5) -> datetime | None:
    """Return a moment just before the last slate of `least` games or more that has been played, None without one.

    For looking back where nothing is coming: history ends where its files end.
    """
    async with database.unit_of_work() as work:
        games = (await work.games.frame(declared.code, now)).sort("starts_at", descending=True)
    for starts_at in games["starts_at"].unique(maintain_order=True):
        moment = starts_at - timedelta(hours=1)
        if next_games(games.with_columns(pl.lit("scheduled").alias("status")), moment, 5).height >= least:
            return moment
    return None
