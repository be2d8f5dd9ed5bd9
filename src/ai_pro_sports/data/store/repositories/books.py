"""Sportsbooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import polars as pl
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.data.store.copying import Schema, copy_out
from ai_pro_sports.data.store.sportsbooks import sportsbook
from ai_pro_sports.data.store.tables.odds import sportsbooks

__all__ = ["BOOKS", "Books"]

BOOKS: Schema = {
    "book": pl.String,
    "name": pl.String,
    "region": pl.String,
    "is_sharp": pl.Boolean,
    "is_bettable": pl.Boolean,
}


class Books:
    """The books quotes come from."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ensure(self, keys: Iterable[str]) -> int:
        """Add the books among `keys` that are not kept yet and return how many those were."""
        rows = [asdict(sportsbook(key)) for key in sorted(set(keys))]
        if not rows:
            return 0
        added = await self._connection.execute(
            insert(sportsbooks).values(rows).on_conflict_do_nothing().returning(sportsbooks.c.key)
        )
        return len(added.all())

    async def frame(self) -> pl.DataFrame:
        """Return every book: `book`, `name`, `region`, `is_sharp`, `is_bettable`, by key."""
        book = sportsbooks.c
        query = select(book.key.label("book"), book.name, book.region, book.is_sharp, book.is_bettable)
        return await copy_out(self._connection, query.order_by(book.key), BOOKS)
