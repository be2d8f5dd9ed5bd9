"""Worlds: simulated leagues in a real store, imported as they stood on a Friday (`NOW`) and, in a copy, weeks later.

Tests that change a store do so in a transaction that is undone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.app.usecases.slate import Slate, SlatePick, SlateRequest
from ai_pro_sports.app.usecases.training import (
    ModelInUse,
    ModelShelf,
)
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.repositories.models import TrainedModel
from ai_pro_sports.science.staking.rules import StakingRules
from tests.app.homes import NewDatabase, bring_in, settings_at
from tests.app.mirrors import thin
from tests.fixtures.database import RolledBackDatabase

__all__ = [
    "BOLD",
    "CUTOFF",
    "LATER",
    "NOW",
    "SEASONS",
    "World",
    "asked",
    "epl",
    "execute",
    "later",
    "nfl",
    "one_league",
    "picks",
    "said",
    "shelf",
    "shelved",
    "store",
    "world",
]

NOW = datetime(2025, 11, 21, 13, tzinfo=UTC)
LATER = NOW + timedelta(days=21)
SEASONS = range(2022, 2026)
CUTOFF = 60


@dataclass(frozen=True)
class World:
    """A league as imported at NOW, the same store three weeks on, and what was trained in the first."""

    league: League
    url: str
    later_url: str
    shelf: ModelShelf
    model: ModelInUse


def built(declared: League, folder: Path, new_database: NewDatabase, cleaning: ExitStack) -> World:
    mirror, clock = folder / "mirror", FixedClock(NOW)
    url = cleaning.enter_context(new_database())
    application = Application(settings_at(folder / "home", mirror=mirror, url=url), clock)

    def write(now: datetime) -> None:
        simulate(mirror, now=now, seed=8, leagues=[declared.code], seasons=len(SEASONS) - 1)
        thin(mirror)

    write(NOW)
    bring_in(application, declared, SEASONS)
    later_url = cleaning.enter_context(new_database(url))
    model = application.run(lambda database: application.shelf().train(database, declared, NOW))
    write(LATER)
    later = Application(settings_at(folder / "home", mirror=mirror, url=later_url), FixedClock(LATER))
    reports = bring_in(later, declared, SEASONS)
    assert sum(report.new_quotes for report in reports) > 100
    return World(declared, url, later_url, application.shelf(), model)


@pytest.fixture(scope="session")
def nfl(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[World]:
    with ExitStack() as cleaning:
        yield built(NFL, tmp_path_factory.mktemp("nfl"), new_database, cleaning)


@pytest.fixture(scope="session")
def epl(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[World]:
    with ExitStack() as cleaning:
        yield built(EPL, tmp_path_factory.mktemp("epl"), new_database, cleaning)


@pytest.fixture(params=["NFL", "EPL"])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(request.param.lower())
    return found


one_league = pytest.mark.parametrize("world", ["NFL"], indirect=True)
"""For what does not depend on the sport."""


@pytest.fixture
async def store(world: World) -> AsyncIterator[Database]:
    """The world's store at NOW; whatever a test does to it is undone."""
    async with RolledBackDatabase(world.url).rolled_back() as opened:
        yield opened


@pytest.fixture
async def later(world: World) -> AsyncIterator[Database]:
    """The world's store three weeks on; whatever a test does to it is undone."""
    async with RolledBackDatabase(world.later_url).rolled_back() as opened:
        yield opened


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> ModelShelf:
    """A shelf with the world's model on it, in a folder of the test."""
    copied = tmp_path / "models"
    for path in world.shelf.folder.rglob("*.json"):
        target = copied / path.relative_to(world.shelf.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return replace(world.shelf, folder=copied)


async def execute(database: Database, statement: str) -> None:
    async with database.unit_of_work() as work:
        await work._connection.execute(text(statement))


async def shelved(database: Database, declared: League) -> list[TrainedModel]:
    async with database.unit_of_work() as work:
        return await work.models.list(declared.code)


def asked(at: datetime = NOW, **facts: object) -> SlateRequest:
    return replace(SlateRequest(asked_at=at), **facts)


BOLD = StakingRules(kelly_multiple=Decimal(1), cap=Decimal("0.05"), min_edge=0.0, max_price_age=None)
"""Rules that find many bets, so that the limits bite."""


def picks(slate: Slate) -> list[SlatePick]:
    return [pick for game in slate.games for pick in game.picks]


def said(slate: Slate) -> list[object]:
    """Return everything a slate says but when it was asked."""
    return [slate.model, slate.trained_to, slate.last_result_at, slate.caution, slate.games]
