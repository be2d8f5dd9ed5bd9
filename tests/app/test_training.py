"""Training and the shelf: what is learned, saved, registered, read back, and when it is used again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.app.usecases.training import (
    OUTDATED,
    ModelShelf,
    training_frame,
)
from ai_pro_sports.core.errors import ArtefactDamaged, NothingToDo
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.repositories.models import ModelStatus
from ai_pro_sports.science.features import catalogue_version, features_of
from tests.app.worlds import CUTOFF, LATER, NOW, SEASONS, World, execute, one_league, shelved
from tests.fixtures.database import RolledBackDatabase

pytestmark = pytest.mark.anyio


async def test_a_trained_model_is_saved_with_its_checksum_and_registered(world: World, store: Database) -> None:
    [kept] = await shelved(store, world.league)
    body = (world.shelf.folder / kept.artefact_path).read_bytes()
    assert sha256(body).hexdigest() == kept.artefact_sha256
    assert json.loads(body)
    assert (kept.version, kept.status, kept.created_at) == (world.model.version, ModelStatus.PRODUCTION, NOW)
    assert kept.catalogue_version == catalogue_version(features_of(world.league))
    assert kept.trained_from is not None and kept.trained_to is not None
    assert kept.trained_from < kept.trained_to < NOW
    assert (kept.params["as_of"], kept.params["cutoff_minutes"]) == (NOW.isoformat(), CUTOFF)
    assert kept.params["features"] == list(world.model.fitted.features)
    history = await read_history(store, world.league, NOW)
    assert kept.metrics["games"] == history.results.height
    assert kept.metrics["comparison"]["n"] > 100


@one_league
async def test_training_twice_on_the_same_history_gives_the_same_model_once(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    again = await shelf.train(store, world.league, NOW)
    assert (again.version, again.trained_to, again.is_new) == (world.model.version, world.model.trained_to, True)
    assert len(await shelved(store, world.league)) == 1


async def test_a_model_read_back_forecasts_as_the_one_that_was_saved(world: World, store: Database) -> None:
    [kept] = await shelved(store, world.league)
    frame = training_frame(world.league, await read_history(store, world.league, NOW), CUTOFF).tail(40)
    assert_frame_equal(world.shelf.load(kept).forecast(frame).frame(), world.model.fitted.forecast(frame).frame())


@one_league
async def test_an_artefact_that_was_changed_is_refused(world: World, shelf: ModelShelf, store: Database) -> None:
    [kept] = await shelved(store, world.league)
    path = shelf.folder / kept.artefact_path
    body = path.read_bytes()
    path.write_bytes(body.replace(b"1", b"2", 1))
    with pytest.raises(ArtefactDamaged, match=f"the artefact of {kept.version} was changed") as refused:
        await shelf.fresh(store, world.league, NOW)
    assert str(path) in refused.value.message
    assert refused.value.hint == "train it again"
    await shelf.train(store, world.league, NOW)
    assert path.read_bytes() == body
    assert not (await shelf.fresh(store, world.league, NOW)).is_new


@one_league
@pytest.mark.parametrize("wreck", [b"", b"\xff\xfe not text", b"{}"])
async def test_an_artefact_that_is_no_longer_an_artefact_is_refused_alike(
    world: World, shelf: ModelShelf, store: Database, wreck: bytes
) -> None:
    [kept] = await shelved(store, world.league)
    (shelf.folder / kept.artefact_path).write_bytes(wreck)
    with pytest.raises(ArtefactDamaged, match="was changed"):
        await shelf.fresh(store, world.league, NOW)


@one_league
async def test_an_artefact_that_is_gone_is_refused(world: World, shelf: ModelShelf, store: Database) -> None:
    [kept] = await shelved(store, world.league)
    (shelf.folder / kept.artefact_path).unlink()
    with pytest.raises(ArtefactDamaged, match=f"the artefact of {kept.version} is gone"):
        await shelf.fresh(store, world.league, NOW)


@one_league
async def test_nothing_to_learn_from_is_said_with_what_to_do(world: World, shelf: ModelShelf, store: Database) -> None:
    before_all = datetime(2001, 1, 1, tzinfo=UTC)
    for ask in (shelf.train, shelf.fresh):
        with pytest.raises(NothingToDo, match=f"no {world.league.code} results were known by then") as nothing:
            await ask(store, world.league, before_all)
        assert nothing.value.hint == "ask for a later time"


# Which model is used


@one_league
async def test_a_usable_model_is_used_again(world: World, shelf: ModelShelf, store: Database) -> None:
    found = await shelf.fresh(store, world.league, NOW)
    assert (found.version, found.is_new, found.trained_to) == (world.model.version, False, world.model.trained_to)
    assert found.comparison == json.loads(json.dumps(world.model.comparison))
    assert len(await shelved(store, world.league)) == 1


@one_league
async def test_a_model_that_fell_behind_is_replaced_and_the_newest_is_in_production(
    world: World, shelf: ModelShelf, later: Database
) -> None:
    old = await shelf.train(later, world.league, NOW)
    assert old.trained_to is not None
    still = old.trained_to + OUTDATED
    assert (await shelf.fresh(later, world.league, still)).version == old.version
    new = await shelf.fresh(later, world.league, LATER)
    assert new.is_new and new.trained_to is not None
    assert new.trained_to > still
    models = {model.version: model.status for model in await shelved(later, world.league)}
    assert models == {old.version: ModelStatus.ARCHIVED, new.version: ModelStatus.PRODUCTION}
    back = await shelf.fresh(later, world.league, NOW)
    assert (back.version, back.is_new) == (old.version, False), "looking back uses what was known then"


@one_league
async def test_a_model_trained_for_looking_back_does_not_push_out_the_newest(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    past = await shelf.train(store, world.league, NOW - timedelta(days=30))
    models = {model.version: model.status for model in await shelved(store, world.league)}
    assert models == {world.model.version: ModelStatus.PRODUCTION, past.version: ModelStatus.CANDIDATE}


@one_league
async def test_a_model_of_another_catalogue_of_features_is_not_used(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    await execute(store, "UPDATE ml_models SET catalogue_version = 'another'")
    with pytest.raises(NothingToDo):
        await shelf.fresh(store, world.league, datetime(2001, 1, 1, tzinfo=UTC))
    await execute(store, "UPDATE ml_models SET version = 'v0', id = 1")
    new = await shelf.fresh(store, world.league, NOW)
    assert new.is_new
    status = {model.version: model.status for model in await shelved(store, world.league)}
    assert status == {"v0": ModelStatus.ARCHIVED, new.version: ModelStatus.PRODUCTION}


@one_league
async def test_a_model_whose_features_were_cut_at_another_time_is_not_used(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    earlier = await replace(shelf, cutoff_minutes=1440).fresh(store, world.league, NOW)
    assert earlier.is_new
    assert (await shelf.fresh(store, world.league, NOW)).version == world.model.version


@one_league
async def test_a_model_that_saw_less_than_the_store_holds_is_not_used(
    world: World, shelf: ModelShelf, later: Database
) -> None:
    async with RolledBackDatabase(world.url).rolled_back() as small:
        for table in ("closing_lines", "odds", "game_sources"):
            await execute(small, f"DELETE FROM {table}")
        await execute(small, f"DELETE FROM games WHERE season = {SEASONS[0]}")
        young = await shelf.fresh(small, world.league, NOW)
        assert young.is_new and young.metrics["games"] < world.model.metrics["games"]
        [kept] = [model for model in await shelved(small, world.league) if model.version == young.version]
    async with later.unit_of_work() as work:
        await work.models.add(world.league, kept)
    assert (await shelf.fresh(later, world.league, NOW)).version == world.model.version


@one_league
async def test_a_model_that_knows_the_result_of_a_game_still_going_on_is_not_used(
    world: World, shelf: ModelShelf, later: Database
) -> None:
    history = await read_history(later, world.league, LATER)
    last = history.results.filter(pl.col("starts_at") > NOW).sort("starts_at")[0]
    starts_at, known_at = last["starts_at"][0], last["known_at"][0]
    afterwards = await shelf.train(later, world.league, known_at)
    assert afterwards.trained_to == starts_at
    going_on = starts_at + (known_at - starts_at) / 2
    found = await shelf.fresh(later, world.league, going_on)
    assert found.version != afterwards.version
    assert found.trained_to is not None
    assert found.trained_to < starts_at
