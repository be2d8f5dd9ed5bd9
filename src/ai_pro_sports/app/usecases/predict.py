"""Predict: price the next slate with a model that has seen everything known by then, training one where none has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ai_pro_sports.app.usecases.slate import Slate, SlateRequest, price_slate
from ai_pro_sports.app.usecases.training import ModelInUse, ModelShelf
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database

__all__ = ["Prediction", "last_full_slate", "predict"]


FULL_SHARE = 0.8


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


async def last_full_slate(database: Database, declared: League, now: datetime, *, days: int = 5) -> datetime | None:
    """Return a moment an hour before the last full slate that has been played, None without one.

    Full means that in its `days` days four in five of the season's teams play. For looking back where nothing is
    coming: history ends where its files end.
    """
    async with database.unit_of_work() as work:
        games = (await work.games.frame(declared.code, now)).sort("starts_at")
    if games.is_empty():
        return None
    season = games.filter(pl.col("season") == games["season"][-1])
    teams = pl.concat([season["home_team"], season["away_team"]]).n_unique()
    starts = season["starts_at"]
    ends = starts.search_sorted(starts + timedelta(days=days), side="left")
    held = ends - starts.search_sorted(starts, side="left")
    full = starts.filter(held >= FULL_SHARE * teams / 2)
    if full.is_empty():
        return None
    last: datetime = full[-1]
    return last - timedelta(hours=1)
