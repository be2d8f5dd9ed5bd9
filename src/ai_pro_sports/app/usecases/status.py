"""Status: what the store holds, what was set aside, and how the parts are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from ai_pro_sports.app.settings import Settings
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.repositories.models import TrainedModel
from ai_pro_sports.data.store.repositories.runs import RunStatus
from ai_pro_sports.data.store.revisions import head_revision

__all__ = [
    "DataStatus",
    "DatabaseStatus",
    "QuarantineStatus",
    "ShelvedModel",
    "SystemStatus",
    "data_status",
    "database_status",
    "quarantined",
    "shelved_models",
    "system_status",
]


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """The database in short: server version, schema revision, and how much it holds."""

    server_version: str
    revision: str
    games: int
    quotes: int
    models: int
    running: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SeasonHoldings:
    """One league season in the store: `closed` counts games with a closing line."""

    league: str
    season: int
    games: int
    finals: int
    quotes: int
    closed: int
    last_known_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamHoldings:
    """The teams of one pool that one source created."""

    pool: str
    source: str
    teams: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataStatus:
    """What the store holds."""

    seasons: tuple[SeasonHoldings, ...]
    teams: tuple[TeamHoldings, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row in quarantine; `row` is 1-based in its file, None for the whole file."""

    league: str
    source: str
    item: str
    row: int | None
    reason: str
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineStatus:
    """What was set aside: in all, by reason, and the newest rows."""

    total: int
    reasons: dict[str, int]
    rows: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """How the parts are and where they lie."""

    home: Path
    database: str
    server: DatabaseStatus
    lake: Path
    models: Path
    mirror: str
    simulated: bool

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield part and state, as people read them."""
        yield "home", str(self.home)
        yield "database", f"{self.database} PostgreSQL {self.server.server_version}, schema {self.server.revision}"
        yield "data", f"{self.server.games:,} games, {self.server.quotes:,} quotes"
        yield "models", f"{self.server.models} in {self.models}"
        yield "lake", str(self.lake)
        yield "history from", self.mirror or "the public hosts"
        yield "unfinished jobs", str(self.server.running)


async def database_status(database: Database) -> DatabaseStatus:
    """Return the database's version, schema and counts."""
    version = await database.server_version()
    async with database.unit_of_work() as work:
        held = (await work.status()).seasons
        models = await work.models.list()
        running = await work.runs.count(RunStatus.RUNNING)
    return DatabaseStatus(
        server_version=f"{version // 10_000}.{version % 10_000}",
        revision=head_revision(),
        games=int(held["games"].sum()),
        quotes=int(held["quotes"].sum()),
        models=len(models),
        running=running,
    )


async def data_status(database: Database) -> DataStatus:
    """Return what the store holds, by league season, and which source created which teams."""
    async with database.unit_of_work() as work:
        held = await work.status()
        pools = {pool: await work.teams.frame(pool) for pool in held.teams["pool"].unique().sort()}
    seasons = tuple(
        SeasonHoldings(
            league=row["league"],
            season=row["season"],
            games=row["games"],
            finals=row["finals"],
            quotes=row["quotes"],
            closed=row["games_closed"],
            last_known_at=row["last_known_at"],
        )
        for row in held.seasons.iter_rows(named=True)
    )
    teams = tuple(
        TeamHoldings(pool, source, count, tuple(pools[pool].filter(source=source)["name"].sort().to_list()))
        for pool, source, count in held.teams.iter_rows()
    )
    return DataStatus(seasons, teams)


async def quarantined(database: Database, league_code: str | None, limit: int) -> QuarantineStatus:
    """Return what was set aside for a league, or for all: counts by reason and the newest `limit` rows."""
    async with database.unit_of_work() as work:
        reasons = await work.quarantine.reasons()
        rows = await work.quarantine.frame(league_code, limit)
    if league_code is not None:
        reasons = reasons.filter(league=league_code)
    by_reason = reasons.group_by("reason").agg(pl.col("rows").sum())
    counts = dict(by_reason.sort(["rows", "reason"], descending=[True, False]).iter_rows())
    newest = tuple(
        SetAside(**{name: row[name] for name in SetAside.__dataclass_fields__}) for row in rows.iter_rows(named=True)
    )
    return QuarantineStatus(sum(counts.values()), counts, newest)


async def system_status(database: Database, settings: Settings, *, simulated: bool) -> SystemStatus:
    """Return how the parts of an installation are."""
    return SystemStatus(
        home=settings.home,
        database="embedded" if settings.database_is_embedded else "external",
        server=await database_status(database),
        lake=settings.lake_root,
        models=settings.model_dir,
        mirror=settings.paths.mirror,
        simulated=simulated,
    )


@dataclass(frozen=True, slots=True)
class ShelvedModel:
    """One model in the registry, and how its forecaster did walk-forward when it was trained."""

    version: str
    league: str
    status: str
    games: int
    trained_from: datetime | None
    trained_to: datetime | None
    created_at: datetime
    log_loss: float | None
    close_log_loss: float | None
    artefact_path: str
    artefact_sha256: str
    catalogue_version: str


async def shelved_models(database: Database, league_code: str | None) -> list[ShelvedModel]:
    """Return the models of a league, or of all, newest first."""
    async with database.unit_of_work() as work:
        models = await work.models.list(league_code)
    return [_shelved(model) for model in models]


def _shelved(model: TrainedModel) -> ShelvedModel:
    scores = (model.metrics.get("comparison") or {}).get("scores", {})
    losses = {name: scores.get(name, {}).get("log_loss", {}).get("value") for name in ("model", "close")}
    return ShelvedModel(
        version=model.version,
        league=model.league,
        status=str(model.status),
        games=int(model.metrics.get("games", 0)),
        trained_from=model.trained_from,
        trained_to=model.trained_to,
        created_at=model.created_at,
        log_loss=losses["model"],
        close_log_loss=losses["close"],
        artefact_path=model.artefact_path,
        artefact_sha256=model.artefact_sha256,
        catalogue_version=model.catalogue_version,
    )
