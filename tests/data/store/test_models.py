"""Trained models: kept once, found again, one of each kind in production."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.data.store import Database, ModelStatus, TrainedModel, UnitOfWork
from tests.data.store.rows import KICKOFF, RECORDED

pytestmark = pytest.mark.anyio

FIRST = TrainedModel(
    league=NFL.code,
    name="key-number margin",
    version="2023-12-01",
    framework="scipy",
    artefact_path="nfl/2023-12-01.bin",
    artefact_sha256="ab" * 32,
    catalogue_version="1",
    created_at=RECORDED,
    trained_from=KICKOFF - timedelta(days=3650),
    trained_to=KICKOFF,
    metrics={"log_loss": 0.652, "n": 256, "interval": [0.64, 0.66]},
    params={"k": 20},
)
SECOND = replace(FIRST, version="2024-01-01", created_at=RECORDED + timedelta(days=1))


async def test_a_model_comes_back_as_it_went(work: UnitOfWork) -> None:
    model_id = await work.models.add(NFL, FIRST)
    assert model_id == FIRST.id
    assert await work.models.find(model_id) == FIRST


async def test_a_version_is_taken_once(work: UnitOfWork) -> None:
    await work.models.add(NFL, FIRST)
    with pytest.raises(InvalidValue, match=r"already has a score model 2023-12-01"):
        await work.models.add(NFL, replace(FIRST, name="another"))


async def test_no_model_is_in_production_before_one_is_promoted(work: UnitOfWork) -> None:
    await work.models.add(NFL, FIRST)
    assert await work.models.production("NFL") is None
    promoted = await work.models.promote(FIRST.id)
    assert promoted.status is ModelStatus.PRODUCTION
    assert await work.models.production("NFL") == promoted


async def test_promoting_a_model_archives_the_one_before_and_back_again(work: UnitOfWork) -> None:
    for model in (FIRST, SECOND):
        await work.models.add(NFL, model)
    for now, before in ((FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND), (FIRST, SECOND)):
        await work.models.promote(now.id)
        in_production = await work.models.production("NFL")
        assert in_production is not None
        assert in_production.version == now.version
        assert (await work.models.find(before.id)).status is not ModelStatus.PRODUCTION
    assert (await work.models.find(SECOND.id)).status is ModelStatus.ARCHIVED


async def test_each_league_and_bet_type_has_its_own_production(work: UnitOfWork) -> None:
    total = replace(FIRST, bet_type="total")
    english = replace(FIRST, league=EPL.code)
    for league, model in ((NFL, FIRST), (NFL, total), (EPL, english)):
        await work.models.add(league, model)
        await work.models.promote(model.id)
    assert await work.models.production("NFL") == replace(FIRST, status=ModelStatus.PRODUCTION)
    assert await work.models.production("NFL", bet_type="total") == replace(total, status=ModelStatus.PRODUCTION)
    assert await work.models.production("EPL") == replace(english, status=ModelStatus.PRODUCTION)
    assert await work.models.production("EPL", scope="prop") is None


async def test_the_database_itself_allows_one_production(database: Database) -> None:
    with pytest.raises(InvalidValue, match="uq_ml_models_one_production"):
        async with database.unit_of_work() as work:
            await work.models.add(NFL, FIRST)
            await work.models.add(NFL, SECOND)
            await work._connection.exec_driver_sql("UPDATE ml_models SET status = 'production'")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"artefact_sha256": "AB" * 32}, "artefact_sha256_is_sha256"),
        ({"artefact_sha256": "ab"}, "artefact_sha256_is_sha256"),
        ({"trained_to": KICKOFF - timedelta(days=9999)}, "trained_range"),
        ({"status": "retired"}, "status_known"),
    ],
)
async def test_the_database_refuses_an_impossible_model(
    database: Database, change: dict[str, object], rule: str
) -> None:
    with pytest.raises(InvalidValue, match=rule):
        async with database.unit_of_work() as work:
            await work.models.add(NFL, replace(FIRST, **change))  # type: ignore[arg-type]


async def test_models_are_listed_newest_first_for_one_league_or_all(work: UnitOfWork) -> None:
    english = replace(FIRST, league=EPL.code, created_at=RECORDED + timedelta(days=2))
    for league, model in ((NFL, FIRST), (NFL, SECOND), (EPL, english)):
        await work.models.add(league, model)
    assert [model.id for model in await work.models.list()] == [english.id, SECOND.id, FIRST.id]
    assert [model.id for model in await work.models.list("NFL")] == [SECOND.id, FIRST.id]


async def test_what_nobody_keeps_is_an_unknown_name(work: UnitOfWork) -> None:
    for ask in (work.models.find, work.models.promote):
        with pytest.raises(UnknownName, match="no model has the id 404"):
            await ask(404)


async def test_a_model_of_another_league_and_a_naive_time_are_refused(work: UnitOfWork) -> None:
    with pytest.raises(InvalidValue, match="a model of NFL under EPL"):
        await work.models.add(EPL, FIRST)
    with pytest.raises(InvalidValue, match="without a zone"):
        replace(FIRST, created_at=datetime(2024, 1, 1))  # noqa: DTZ001


async def test_numbers_json_cannot_hold_are_kept_as_missing(work: UnitOfWork) -> None:
    await work.models.add(NFL, replace(FIRST, metrics={"ece": float("nan"), "roi": float("inf"), "n": 0}))
    assert (await work.models.find(FIRST.id)).metrics == {"ece": None, "roi": None, "n": 0}
