"""What the tests of the app share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest

from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.embedded import ServerAddress
from tests.app.bench import Bench
from tests.app.homes import NewDatabase
from tests.app.worlds import epl, later, nfl, shelf, store, world
from tests.fixtures.database import _new_database

__all__ = ["epl", "later", "new_database", "nfl", "shelf", "store", "world"]

_numbers = count(1)


@pytest.fixture(scope="session")
def new_database(postgres: ServerAddress, worker_name: str, _pristine: str) -> NewDatabase:
    """Databases that outlive a test, for homes that a module shares: empty ones, or copies of another's URL."""

    def make(copied: str | None = None) -> AbstractContextManager[str]:
        template = _pristine if copied is None else copied.rpartition("/")[2]
        return _new_database(postgres, f"app_{worker_name}_{next(_numbers)}", template)

    return make


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(database, tmp_path)
    await made.set_up()
    yield made
