"""The notebook door: frames as known at a named time, and nothing heavy until they are asked for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import ai_pro_sports
from ai_pro_sports import Home, LeagueHistory
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.surfaces.conftest import SimulatedHome

HEAVY = ("polars", "numba", "sqlalchemy", "scipy", "dbos", "fastapi", "pydantic", "alembic", "asyncpg", "uvicorn")


@pytest.fixture
def home(simulated: SimulatedHome) -> Iterator[Home]:
    with ai_pro_sports.open(simulated.root) as opened:
        yield opened


@pytest.fixture(scope="session")
def midway(simulated: SimulatedHome) -> datetime:
    """A moment in the middle of the simulated history, between two kick-offs."""
    moment = simulated.world.truth.filter(league="EPL")["starts_at"].median()
    assert isinstance(moment, datetime)
    return moment.replace(hour=3, minute=0, second=0, microsecond=0)


def test_games_are_those_of_the_league_with_the_names_of_both_teams(home: Home, simulated: SimulatedHome) -> None:
    games = home.history("EPL", as_of=simulated.world.now).games()
    truth = simulated.world.truth.filter(league="EPL")
    assert games.height == truth.height
    assert games.schema["starts_at"] == pl.Datetime("us", "UTC")
    both = games.join(truth, on="external_id", suffix="_true")
    assert both.height == truth.height
    assert both["home"].to_list() == both["home_true"].to_list()
    assert both["away"].to_list() == both["away_true"].to_list()


def test_no_result_that_came_later_is_in_it(home: Home, midway: datetime) -> None:
    games = home.history("EPL", as_of=midway).games()
    played = games.filter(status="final")
    assert 0 < played.height < games.height
    assert played["result_known_at"].max() <= midway  # type: ignore[operator]
    ahead = games.filter(pl.col("starts_at") > midway)
    assert ahead.height > 0
    assert ahead["home_score"].null_count() == ahead.height


def test_what_is_known_only_grows_with_as_of(home: Home, midway: datetime) -> None:
    earlier, later = (home.history("EPL", as_of=midway + timedelta(days=days)).games() for days in (0, 60))
    assert 0 < earlier.filter(status="final").height < later.filter(status="final").height
    kept = earlier.filter(status="final").select("game_id", "home_score", "away_score")
    assert kept.join(later, on=kept.columns).height == kept.height


def test_no_price_that_came_later_is_in_it(home: Home, midway: datetime) -> None:
    quotes = home.history("EPL", as_of=midway).quotes()
    assert quotes.height > 0
    assert quotes["known_at"].max() <= midway  # type: ignore[operator]
    assert quotes["price"].min() > 1  # type: ignore[operator]
    assert set(quotes["market"].unique()) == {"three_way", "spread", "total"}


def test_features_have_a_row_for_every_game_and_no_price_after_as_of(home: Home, midway: datetime) -> None:
    history = home.history("EPL", as_of=midway)
    features = history.features()
    assert features["game_id"].sort().to_list() == history.games()["game_id"].sort().to_list()
    assert features["as_of"].max() <= midway  # type: ignore[operator]
    assert len(features.columns) > 10


def test_a_date_means_its_first_moment_in_utc(home: Home) -> None:
    assert home.history("NFL", as_of="2023-12-01").as_of == datetime(2023, 12, 1, tzinfo=UTC)
    assert home.history("NFL", as_of="2023-12-01T02:00:00+02:00").as_of == datetime(2023, 12, 1, tzinfo=UTC)


def test_as_of_has_no_default(home: Home) -> None:
    with pytest.raises(TypeError, match="as_of"):
        home.history("NFL")  # type: ignore[call-arg]


@pytest.mark.parametrize("naive", [datetime(2023, 12, 1, 18), "2023-12-01T18:00:00"])  # noqa: DTZ001  that is the point
def test_a_time_without_a_zone_is_refused(home: Home, naive: datetime | str) -> None:
    with pytest.raises(InvalidValue, match="without a zone") as refused:
        home.history("NFL", as_of=naive)
    assert "UTC" in refused.value.hint


def test_an_unknown_league_is_refused_with_those_there_are(home: Home) -> None:
    with pytest.raises(UnknownName, match="XFL") as refused:
        home.history("XFL", as_of="2023-12-01")
    assert "NFL" in refused.value.hint


def test_it_works_where_an_event_loop_already_runs_as_in_jupyter(home: Home, midway: datetime) -> None:
    async def cell() -> int:
        return home.history("EPL", as_of=midway).games().height

    assert asyncio.run(cell()) > 0


def test_without_a_home_it_opens_the_one_of_the_environment(
    simulated: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPS_HOME", str(simulated.root))
    assert ai_pro_sports.open().application.home == simulated.root


def test_closing_it_lets_go_of_the_server(simulated: SimulatedHome) -> None:
    server = EmbeddedPostgres(simulated.root)
    before = len(server.status().users)
    with ai_pro_sports.open(str(simulated.root)) as home:
        assert home.history("NFL", as_of=simulated.world.now).games().height > 0
        assert len(server.status().users) == before + 1
    assert len(server.status().users) == before
    assert server.status().running


def test_the_package_offers_what_it_says_and_nothing_else() -> None:
    assert {getattr(ai_pro_sports, name) for name in ai_pro_sports.__all__} >= {Home, LeagueHistory}
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        ai_pro_sports.close  # noqa: B018


def _loaded_after(code: str) -> set[str]:
    ask = f"import sys, io, contextlib\n{code}\nprint(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.__stderr__)"
    ran = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    return set(ran.stderr.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert _loaded_after("import ai_pro_sports") == set()


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "sys.argv = ['aips', '--help']\n"
        "from ai_pro_sports.surfaces.cli import main\n"
        "with contextlib.suppress(SystemExit): main()"
    )
    assert _loaded_after(code) == set()


def test_the_check_for_heavy_parts_sees_them_when_they_are_there(tmp_path: Path) -> None:
    code = f"import ai_pro_sports, polars\nai_pro_sports.open({str(tmp_path)!r})"
    assert {"pydantic", "polars"} <= _loaded_after(code)
