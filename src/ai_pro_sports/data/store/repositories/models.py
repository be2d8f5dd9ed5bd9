"""Trained models: kept as they are made, one of each kind in production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.ids import LeagueCode, ModelId, stable_id
from ai_pro_sports.core.leagues import League
from ai_pro_sports.data.store.repositories.json_values import storable
from ai_pro_sports.data.store.repositories.leagues import Leagues
from ai_pro_sports.data.store.tables.models import ModelStatus, ml_models

__all__ = ["ModelStatus", "Models", "TrainedModel"]


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What is known of a trained model; its weights lie at `artefact_path`, under the model directory.

    `trained_from` and `trained_to` bound the starts of the games it learned from (UTC). Raises InvalidValue for naive
    times.
    """

    league: LeagueCode
    name: str
    version: str
    framework: str
    artefact_path: str
    artefact_sha256: str
    catalogue_version: str
    created_at: datetime
    trained_from: datetime | None = None
    trained_to: datetime | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    scope: str = "game"
    bet_type: str = "score"
    status: ModelStatus = ModelStatus.CANDIDATE

    def __post_init__(self) -> None:
        for name in ("created_at", "trained_from", "trained_to"):
            at = getattr(self, name)
            object.__setattr__(self, name, at and ensure_utc(at))

    @property
    def id(self) -> ModelId:
        """Return the id: the same for the same scope, league, bet type and version everywhere."""
        return ModelId(stable_id("model", self.scope, self.league, self.bet_type, self.version))


class Models:
    """The shelf of trained models."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, league: League, model: TrainedModel) -> ModelId:
        """Keep a model and return its id; raises InvalidValue where its version is taken or its league is another."""
        if model.league != league.code:
            raise InvalidValue(f"a model of {model.league} under {league.code}", hint="pass the model's league")
        await Leagues(self._connection).write(league)
        values = {name: getattr(model, name) for name in _FIELDS}
        values |= {"metrics": storable(dict(model.metrics)), "params": storable(dict(model.params))}
        added = await self._connection.execute(
            insert(ml_models).values(id=model.id, **values).on_conflict_do_nothing(index_elements=[ml_models.c.id])
        )
        if added.rowcount == 0:
            raise InvalidValue(
                f"{model.league} already has a {model.bet_type} model {model.version}", hint="give it another version"
            )
        return model.id

    async def promote(self, model_id: int) -> TrainedModel:
        """Put a model into production and archive the one it replaces; return it. Raises UnknownName."""
        model = await self.find(model_id)
        rival = ml_models.c
        await self._connection.execute(
            update(ml_models)
            .where(
                rival.scope == model.scope,
                rival.league == model.league,
                rival.bet_type == model.bet_type,
                rival.status == ModelStatus.PRODUCTION,
                rival.id != model_id,
            )
            .values(status=ModelStatus.ARCHIVED)
        )
        await self._connection.execute(
            update(ml_models).where(rival.id == model_id).values(status=ModelStatus.PRODUCTION)
        )
        return await self.find(model_id)

    async def find(self, model_id: int) -> TrainedModel:
        """Return one model; raises UnknownName."""
        found = (await self._connection.execute(select(ml_models).where(ml_models.c.id == model_id))).first()
        if found is None:
            raise UnknownName(f"no model has the id {model_id}", hint="run: aips model list")
        return _model(found)

    async def production(
        self, league_code: str, *, scope: str = "game", bet_type: str = "score"
    ) -> TrainedModel | None:
        """Return the model in production for a league, or None where none was promoted."""
        model = ml_models.c
        query = select(ml_models).where(
            model.league == league_code,
            model.scope == scope,
            model.bet_type == bet_type,
            model.status == ModelStatus.PRODUCTION,
        )
        found = (await self._connection.execute(query)).first()
        return None if found is None else _model(found)

    async def list(self, league_code: str | None = None) -> list[TrainedModel]:
        """Return the models of one league or of all, newest first."""
        query = select(ml_models).order_by(ml_models.c.created_at.desc(), ml_models.c.version.desc())
        if league_code is not None:
            query = query.where(ml_models.c.league == league_code)
        return [_model(row) for row in await self._connection.execute(query)]


_FIELDS = tuple(TrainedModel.__dataclass_fields__)


def _model(row: Row[Any]) -> TrainedModel:
    values = {name: getattr(row, name) for name in _FIELDS}
    return TrainedModel(**{**values, "status": ModelStatus(row.status), "league": LeagueCode(row.league)})
