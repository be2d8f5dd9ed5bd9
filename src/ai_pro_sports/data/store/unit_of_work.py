"""The unit of work: one transaction, the repositories that share it, and the only commit of the product."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store.repositories.books import Books
from ai_pro_sports.data.store.repositories.closing import Closing
from ai_pro_sports.data.store.repositories.games import Games
from ai_pro_sports.data.store.repositories.holdings import Holdings, count_holdings
from ai_pro_sports.data.store.repositories.leagues import Leagues
from ai_pro_sports.data.store.repositories.manifests import Manifests
from ai_pro_sports.data.store.repositories.models import Models
from ai_pro_sports.data.store.repositories.payloads import Payloads
from ai_pro_sports.data.store.repositories.quarantine import Quarantine
from ai_pro_sports.data.store.repositories.quotes import Quotes
from ai_pro_sports.data.store.repositories.runs import Runs
from ai_pro_sports.data.store.repositories.teams import Teams

__all__ = ["UnitOfWork"]


class UnitOfWork:
    """One transaction: kept when its block ends, undone when an error leaves it.

        async with database.unit_of_work() as work:
            await work.games.write(league, frame, clock.now())

    Nobody commits from inside; a use case that wants nothing kept calls `rollback`. On a connection that is in a
    transaction already, the unit is a savepoint in it. One task at a time uses it.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._transaction: AsyncTransaction | None = None
        self.books = Books(connection)
        self.closing = Closing(connection)
        self.games = Games(connection)
        self.leagues = Leagues(connection)
        self.manifests = Manifests(connection)
        self.models = Models(connection)
        self.payloads = Payloads(connection)
        self.quarantine = Quarantine(connection)
        self.quotes = Quotes(connection)
        self.runs = Runs(connection)
        self.teams = Teams(connection)

    async def status(self) -> Holdings:
        """Count what the store holds."""
        return await count_holdings(self._connection)

    async def rollback(self) -> None:
        """Undo everything done in this unit and end it; raises InvalidValue when it is over already."""
        await self._open().rollback()

    def _open(self) -> AsyncTransaction:
        if self._transaction is None or not self._transaction.is_active:
            raise InvalidValue("this unit of work is over", hint="open another one")
        return self._transaction

    async def __aenter__(self) -> Self:
        connection = self._connection
        self._transaction = await (connection.begin_nested() if connection.in_transaction() else connection.begin())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transaction is None or not self._transaction.is_active:
            return
        if error is None:
            await self._transaction.commit()
        else:
            await self._transaction.rollback()
