"""Predict: price the next slate with a model that has seen everything known by then, training one where none has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ai_pro_sports.app.usecases.slate import Slate, SlateRequest, price_slate
from ai_pro_sports.app.usecases.training import ModelInUse, ModelShelf
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database

__all__ = ["Prediction", "last_full_slate", "predict"]


LOOK_BACK = timedelta(days=60)


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
    """Return a moment an hour before the last full slate that has been played, None without any game.

    Full is the most games that `days` days have held in the last two months of the history. For looking back where
    nothing is coming: history ends where its files end.
    """
    async with database.unit_of_work() as work:
        starts = (await work.games.frame(declared.code, now))["starts_at"].sort()
    if starts.is_empty():
        return None
    last: datetime = starts[-1]
    recent = starts.filter(starts > last - LOOK_BACK)
    ends = recent.search_sorted(recent + timedelta(days=days), side="left")
    held = ends - recent.search_sorted(recent, side="left")
    fullest = recent.filter(held == held.max())
    moment: datetime = fullest[-1] - timedelta(hours=1)
    return moment
