"""Evaluate: how good the forecasts would have been, season by season, beside the closing line and the base rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.app.usecases.training import learn
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.database import Database

__all__ = ["Evaluation", "evaluate_league"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A walk-forward over every season known at `as_of` (UTC); `comparison` is `Comparison.as_dict()`."""

    league: str
    as_of: datetime
    comparison: Mapping[str, Any]


async def evaluate_league(database: Database, declared: League, as_of: datetime, *, cutoff_minutes: int) -> Evaluation:
    """Walk forward over the league's seasons known at `as_of`, the first few only learned from.

    Raises NothingToDo without enough seasons or without closing prices to stand beside.
    """
    history = await read_history(database, declared, as_of)
    async with database.unit_of_work() as work:
        books = (await work.books.frame()).filter("is_bettable")["book"].to_list()
    comparison = learn(declared, history, books, cutoff_minutes=cutoff_minutes).comparison
    if comparison is None:
        raise NothingToDo(
            f"{declared.code} has too few seasons or no closing prices to be judged by",
            hint=f"run: aips data backfill {declared.code}",
        )
    return Evaluation(declared.code, as_of, comparison.as_dict())
