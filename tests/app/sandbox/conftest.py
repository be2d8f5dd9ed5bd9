from __future__ import annotations

import pytest

from ai_pro_sports.app.sandbox import World, simulate
from tests.app.sandbox.worlds import NOW, SEED


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One mirror with both leagues, read by many tests and changed by none."""
    return simulate(tmp_path_factory.mktemp("simulated") / "mirror", now=NOW, seed=SEED)
