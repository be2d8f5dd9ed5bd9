"""What the tests of the app share."""

from __future__ import annotations

from itertools import count

import pytest

from ai_pro_sports.data.store.embedded import ServerAddress
from tests.app.homes import NewDatabase
from tests.fixtures.database import _new_database

_numbers = count(1)


@pytest.fixture(scope="session")
def new_database(postgres: ServerAddress, worker_name: str, _pristine: str) -> NewDatabase:
    """Databases that outlive a test, for homes that a module shares."""
    return lambda: _new_database(postgres, f"app_{worker_name}_{next(_numbers)}", _pristine)
