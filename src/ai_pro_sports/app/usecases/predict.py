"""Predict: price the next slate with a model that has seen everything known by then, training one where none has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ai_pro_sports.app.usecases.slate import Slate, SlateRequest, next_games, price_slate
from ai_pro_sports.app.usecases.training import ModelInUse, ModelShelf
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database

__all__ = ["Prediction", "last_full_slate", "predict"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A slate and the model that priced it."""

    slate: Slate
    model: ModelInUse


async def predict(database: Database, declared: League, shelf: ModelShelf, request: SlateRequest) -> Prediction:
    """Price the games that `request` asks for; the model has learned from nothing later than `request.asked_at`.

    Raises NothingToDo where no game is scheduled or no result is known to learn from.
    """
    model = await shelf.fresh(database, declared, request.asked_at)
    return Prediction(await price_slate(database, declared, request, model), model)


async def last_full_slate(database: Database, declared: League, now: datetime, *, least: int = 5) -> datetime | None:
    """Return a moment just before the last slate of `least` games or more that has been played, None without one.

    For looking back where nothing is coming: history ends where its files end.
    """
    async with database.unit_of_work() as work:
        games = (await work.games.frame(declared.code, now)).sort("starts_at", descending=True)
    unplayed = games.with_columns(pl.lit("scheduled").alias("status"))
    for starts_at in games["starts_at"].unique(maintain_order=True):
        moment: datetime = starts_at - timedelta(hours=1)
        if next_games(unplayed, moment, 5).height >= least:
            return moment
    return None
