"""The composition root: the only place that turns settings into concrete parts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from ai_pro_sports.app.settings import Settings, load_settings
from ai_pro_sports.core.clock import Clock, SystemClock
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import LEAGUES
from ai_pro_sports.core.money import Money

if TYPE_CHECKING:
    import polars as pl

    from ai_pro_sports.app.usecases.slate import SlateRequest
    from ai_pro_sports.app.usecases.training import ModelShelf
    from ai_pro_sports.data.fetch import Fetcher
    from ai_pro_sports.data.lake import RawZone
    from ai_pro_sports.data.store.database import Database
    from ai_pro_sports.data.store.embedded import EmbeddedPostgres

__all__ = ["PRICE_AGE", "SIMULATED", "Application"]

PRICE_AGE = timedelta(hours=6)
"""How old a price may be to be bet on. An opener, dated a day before the start by convention, is no longer there."""

SIMULATED = "SIMULATED"
"""The file that marks a home whose league is made up."""

T = TypeVar("T")


@dataclass
class Application:
    """The parts of one process: settings, clock, database, lake, fetcher; made on demand. A context manager."""

    settings: Settings = field(default_factory=load_settings)
    clock: Clock = field(default_factory=SystemClock)
    _postgres: EmbeddedPostgres | None = field(default=None, init=False, repr=False)
    _prepared: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        self.settings.refuse_unsafe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the embedded server; the last process to do so stops it."""
        if self._postgres is not None:
            self._postgres.release()
            self._postgres = None
            self._prepared = False

    @property
    def home(self) -> Path:
        """Return the folder everything is written under."""
        return self.settings.home

    @property
    def is_simulated(self) -> bool:
        """Return whether this home holds a simulated league."""
        return (self.home / SIMULATED).is_file()

    def claim_home(self) -> None:
        """Keep simulated and real history apart: a home holds one or the other, from its first import on.

        Raises InvalidValue where the mirror is of the other kind than what the home holds.
        """
        from ai_pro_sports.app.sandbox import is_simulation

        mirror = self.settings.paths.mirror
        folder = mirror.removeprefix("file://")
        simulated = bool(folder) and "://" not in folder and is_simulation(Path(folder).expanduser())
        if simulated == self.is_simulated:
            return
        if not simulated:
            raise InvalidValue(
                f"{self.home} holds a simulated league", hint="set AIPS_HOME to another folder for real history"
            )
        if self.settings.lake_root.exists():
            raise InvalidValue(
                f"{self.home} holds real history and {mirror} is simulated", hint="set AIPS_HOME to another folder"
            )
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / SIMULATED).write_text("This home holds a simulated league.\n", encoding="utf-8")

    def postgres(self) -> EmbeddedPostgres:
        """Return the embedded server of this home, not started."""
        from ai_pro_sports.data.store.embedded import EmbeddedPostgres

        if self._postgres is None:
            self._postgres = EmbeddedPostgres(self.home)
        return self._postgres

    def database_url(self, driver: str = "postgresql+asyncpg") -> str:
        """Return the database's URL for `driver`, starting the embedded server if there is no other.

        Raises InvalidValue for a DATABASE_URL that is no PostgreSQL address.
        """
        from ai_pro_sports.data.store.address import for_psycopg

        if self.settings.database_is_embedded:
            return self.postgres().ensure().url(driver)
        url = for_psycopg(self.settings.store.url.get_secret_value())
        return url.set(drivername=driver).render_as_string(hide_password=False)

    def prepare(self) -> None:
        """Bring the schema and the seed rows up to date; cheap when they are."""
        from ai_pro_sports.app.usecases.seed import seed
        from ai_pro_sports.data.store.revisions import is_current, migrate

        if self._prepared:
            return
        url = self.database_url()
        if not is_current(url):
            migrate(url)
        today, invented = self.clock.now().date(), self._invented_teams()
        self._run(lambda database: seed(database, today, invented))
        self._prepared = True

    def _invented_teams(self) -> list[pl.DataFrame]:
        """Return the clubs of a simulated home that its files name by code only; none in a real one."""
        if not self.is_simulated:
            return []
        from ai_pro_sports.app.sandbox import invented_teams

        return [teams for declared in LEAGUES if (teams := invented_teams(declared)) is not None]

    def run(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Run an async use case on a prepared database and return its result."""
        self.prepare()
        return self._run(work)

    def _run(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def on_a_database() -> T:
            database = self.database()
            await database.connect()
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(on_a_database())

    def database(self) -> Database:
        """Return a database handle, not connected, for the running event loop."""
        from ai_pro_sports.data.store.database import Database

        store = self.settings.store
        return Database(
            self.database_url(),
            pool_size=store.pool_size,
            max_overflow=store.max_overflow,
            pool_timeout=store.pool_timeout,
        )

    def fetcher(self) -> AbstractContextManager[Fetcher]:
        """Return a transport to the mirror, or to the public hosts where none is set."""
        from ai_pro_sports.app.logs import configure_logs
        from ai_pro_sports.data.fetch import open_fetcher

        # Unconfigured, logs would land on standard output, between a command and its JSON.
        configure_logs(self.settings.application.log_level)
        fetching = self.settings.fetching
        return open_fetcher(
            self.settings.paths.mirror or None,
            self.clock,
            timeout=fetching.timeout,
            retries=fetching.retries,
            backoff=fetching.backoff,
        )

    def shelf(self) -> ModelShelf:
        """Return the shelf of trained models."""
        from ai_pro_sports.app.usecases.training import ModelShelf

        return ModelShelf(self.settings.model_dir, self.clock, self.settings.forecasting.cutoff_minutes)

    def slate_request(
        self, asked_at: datetime, *, days: int = 5, at_cutoff: bool = False, bankroll: Money | None = None
    ) -> SlateRequest:
        """Return a request for a slate under the settings' cut and staking rules."""
        from ai_pro_sports.app.usecases.slate import SlateRequest
        from ai_pro_sports.science.staking.rules import StakingRules

        betting = self.settings.betting
        return SlateRequest(
            asked_at=asked_at,
            days=days,
            at_cutoff=at_cutoff,
            cutoff_minutes=self.settings.forecasting.cutoff_minutes,
            bankroll=bankroll or Money.of(betting.bankroll),
            exposure=betting.max_exposure,
            rules=StakingRules(
                kelly_multiple=betting.kelly_fraction,
                cap=betting.max_bet_percent,
                minimum=Money.of(betting.min_bet),
                min_edge=float(betting.min_edge),
                max_price_age=PRICE_AGE,
            ),
        )

    def raw_zone(self) -> RawZone:
        """Return the lake's zone of verbatim payloads."""
        from ai_pro_sports.data.lake import RawZone

        return RawZone(self.settings.lake_root)
