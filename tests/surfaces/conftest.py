"""One simulated home for all surfaces: both leagues imported, its server kept up for the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.sandbox import World, simulate
from ai_pro_sports.app.settings import load_settings
from ai_pro_sports.core.clock import SystemClock
from tests.surfaces.command_line import CommandLine

SEASONS = 4
"""Three to learn from, one to be judged on, and the current one."""


@dataclass(frozen=True)
class SimulatedHome:
    """A home whose truth is known, and the account of its first import."""

    root: Path
    world: World
    application: Application
    imported: Any


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A simulated mirror as it stands now."""
    return simulate(tmp_path_factory.mktemp("a mirror"), now=SystemClock().now(), seed=11, seasons=SEASONS)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[SimulatedHome]:
    root = tmp_path_factory.mktemp("homes") / "a home"
    settings = load_settings().at_home(root).with_mirror(str(world.root))
    with Application(settings) as application:
        imported = CommandLine(root, str(world.root))("data", "backfill", "NFL", "EPL", "--json").result()
        application.prepare()  # holds the server up for the session
        yield SimulatedHome(root, world, application, imported)
        application.postgres().destroy()


@pytest.fixture
def aips(simulated: SimulatedHome) -> CommandLine:
    """The command line of the simulated home."""
    return CommandLine(simulated.root, str(simulated.world.root))


@pytest.fixture
def nowhere(tmp_path: Path) -> CommandLine:
    """The command line of a home that does not exist; what it is asked here must not make one."""
    return CommandLine(tmp_path / "not made", "")
