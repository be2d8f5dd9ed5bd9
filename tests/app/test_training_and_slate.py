"""Training, the shelf of models, the slate and the evaluation, on simulated leagues in a real store.

Each league is imported once, as it stood on a Friday (`NOW`) and, in a copy of that store, again three weeks later.
Tests that change a store do so in a transaction that is undone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import text

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.app.usecases.evaluating import evaluate_league
from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.app.usecases.predict import predict
from ai_pro_sports.app.usecases.slate import Slate, SlateGame, SlatePick, SlateRequest, price_slate
from ai_pro_sports.app.usecases.training import (
    MIN_TRAINING_SEASONS,
    OUTDATED,
    ModelInUse,
    ModelShelf,
    forecaster_of,
    training_frame,
)
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.errors import ArtefactDamaged, NothingToDo
from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.core.market import MarketKind, Selection
from ai_pro_sports.core.money import Money
from ai_pro_sports.data.store import Database
from ai_pro_sports.data.store.repositories.models import ModelStatus, TrainedModel
from ai_pro_sports.science.evaluation.walk_forward import walk_forward
from ai_pro_sports.science.features import catalogue_version, features_of
from ai_pro_sports.science.staking.rules import StakingRules
from ai_pro_sports.surfaces.cli.present import as_json
from tests.app.homes import NewDatabase, bring_in, settings_at
from tests.app.mirrors import thin
from tests.fixtures.database import RolledBackDatabase

pytestmark = pytest.mark.anyio

NOW = datetime(2025, 11, 21, 13, tzinfo=UTC)
LATER = NOW + timedelta(days=21)
SEASONS = range(2022, 2026)
CUTOFF = 60
FEW_BOOKS = re.compile(r"Div|Date|Time|HomeTeam|AwayTeam|FTHG|FTAG|FTR|(B365|PS|P)C?(AH)?[HDA]|AHC?h|B365[<>]2.5")


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
        thin(mirror, FEW_BOOKS)

    write(NOW)
    bring_in(application, declared, SEASONS)
    later_url = cleaning.enter_context(new_database(url))
    model = application.run(lambda database: application.shelf().train(database, declared, NOW))
    write(LATER)
    later = Application(settings_at(folder / "home", mirror=mirror, url=later_url), FixedClock(LATER))
    reports = bring_in(later, declared, SEASONS)
    assert sum(report.new_quotes for report in reports) > 100
    return World(declared, url, later_url, application.shelf(), model)


@pytest.fixture(scope="module")
def nfl(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[World]:
    with ExitStack() as cleaning:
        yield built(NFL, tmp_path_factory.mktemp("nfl"), new_database, cleaning)


@pytest.fixture(scope="module")
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


# Training


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
        with pytest.raises(NothingToDo, match=f"no {world.league.code} results to learn from") as nothing:
            await ask(store, world.league, before_all)
        assert nothing.value.hint == f"run: aips data backfill {world.league.code}"


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


# What a slate knows


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(hours=20), NOW - timedelta(days=5)])
async def test_a_slate_is_the_same_whether_or_not_the_future_is_in_the_store(
    world: World, shelf: ModelShelf, tmp_path: Path, store: Database, later: Database, at: datetime
) -> None:
    elsewhere = replace(shelf, folder=tmp_path / "other models")
    then = await predict(store, world.league, shelf, asked(at, rules=BOLD))
    now = await predict(later, world.league, elsewhere, asked(at, rules=BOLD))
    assert said(now.slate) == said(then.slate)
    assert then.slate.games
    assert then.model.metrics["games"] == now.model.metrics["games"]
    future = await read_history(later, world.league, LATER)
    assert future.results.filter(pl.col("known_at") > at).height > 20, "there was something to leak"


async def test_a_slate_of_the_past_as_of_each_cut_is_the_same_with_more_future_in_the_store(
    world: World, shelf: ModelShelf, store: Database, later: Database
) -> None:
    request = asked(NOW - timedelta(days=14), at_cutoff=True, rules=BOLD)
    model = await shelf.fresh(store, world.league, request.asked_at)
    then, now = [await price_slate(database, world.league, request, model) for database in (store, later)]
    assert said(now) == said(then)
    assert any(pick.price is not None for pick in picks(then))


async def test_no_price_known_after_the_cut_is_ever_used(world: World, shelf: ModelShelf, later: Database) -> None:
    for at_cutoff in (False, True):
        request = asked(at_cutoff=at_cutoff, days=14, rules=BOLD)
        slate = (await predict(later, world.league, shelf, request)).slate
        for game in slate.games:
            cut = game.starts_at - timedelta(minutes=CUTOFF)
            assert game.as_of == (cut if at_cutoff else min(cut, NOW))
            known = [pick.price_known_at for pick in game.picks if pick.price_known_at is not None]
            assert all(at <= game.as_of for at in known)
            assert bool(known) or at_cutoff is False


async def test_every_price_of_a_slate_is_the_best_one_standing_and_never_a_close(
    world: World, shelf: ModelShelf, later: Database
) -> None:
    slate = (await predict(later, world.league, shelf, asked(at_cutoff=True))).slate
    async with later.unit_of_work() as work:
        quotes = (await work.quotes.frame(world.league.code, LATER)).to_dicts()
        bettable = set((await work.books.frame()).filter("is_bettable")["book"])
    priced = 0
    for game in slate.games:
        mine = [row for row in quotes if row["game_id"] == game.game_id and row["book"] in bettable]
        for pick in game.picks:
            selection = Selection.parse(pick.selection)
            offers = standing(mine, selection, game.as_of)
            if pick.price is None:
                assert offers == []
                continue
            priced += 1
            assert pick.price == max(row["price"] for row in offers)
            taken = [row for row in offers if (row["book"], row["price"]) == (pick.book, pick.price)]
            assert pick.price_known_at in {row["known_at"] for row in taken}
            assert all(row["moment"] != "close" for row in taken)
    assert priced >= 20


def standing(quotes: list[dict], selection: Selection, at: datetime) -> list[dict]:  # type: ignore[type-arg]
    """Return the offers on a selection that stand: each book's last word on that side of that market by `at`."""
    market = selection.market
    same = [
        row
        for row in quotes
        if (row["market"], row["side"]) == (str(market.kind), str(selection.side)) and row["known_at"] <= at
    ]
    last: dict[str, datetime] = {}
    for row in same:
        last[row["book"]] = max(row["known_at"], last.get(row["book"], row["known_at"]))
    return [
        row
        for row in same
        if row["known_at"] == last[row["book"]] and row["line"] == market.line and row["price"] is not None
    ]


async def test_asking_as_of_the_cut_equals_asking_at_the_cut(world: World, later: Database) -> None:
    whole = asked(at_cutoff=True, rules=BOLD, exposure=Decimal(100))
    model = world.model
    together = await price_slate(later, world.league, whole, model)
    assert len({game.as_of for game in together.games}) > 1
    for game in together.games:
        alone = await price_slate(later, world.league, replace(whole, asked_at=game.as_of, at_cutoff=False), model)
        [same] = [one for one in alone.games if one.game_id == game.game_id]
        assert replace(same, picks=()) == replace(game, picks=())
        for one, other in zip(same.picks, game.picks, strict=True):
            # A law is priced in a batch; its last bits depend on the company.
            assert asdict(one) == {
                name: pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
                for name, value in asdict(other).items()
            }


# What a slate holds


async def test_a_slate_holds_the_games_of_its_days_and_no_others(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    schedule = (await read_history(store, world.league, NOW)).games
    coming = schedule.filter(pl.col("starts_at") > NOW, pl.col("status") == "scheduled").sort("starts_at")
    for days in (1, 5):
        slate = (await predict(store, world.league, shelf, asked(days=days))).slate
        until = coming["starts_at"][0] + timedelta(days=days)
        assert {game.game_id for game in slate.games} == set(coming.filter(pl.col("starts_at") < until)["game_id"])
        assert [game.starts_at for game in slate.games] == sorted(game.starts_at for game in slate.games)
    assert all(game.home and game.away and game.home != game.away for game in slate.games)


@one_league
async def test_no_coming_game_is_said_with_what_is_known_and_how_to_look_back(
    world: World, shelf: ModelShelf, later: Database
) -> None:
    at = LATER + timedelta(days=400)
    with pytest.raises(NothingToDo, match=f"no {world.league.code} game is scheduled after") as nothing:
        await price_slate(later, world.league, asked(at), world.model)
    assert f"aips predict generate -s {world.league.code} --as-of" in nothing.value.hint


@one_league
async def test_an_empty_store_is_said_with_what_to_do(world: World, store: Database) -> None:
    for table in ("closing_lines", "odds", "game_sources", "games"):
        await execute(store, f"DELETE FROM {table}")
    with pytest.raises(NothingToDo, match=f"no {world.league.code} games in the store") as nothing:
        await price_slate(store, world.league, asked(), world.model)
    assert nothing.value.hint == f"run: aips data backfill {world.league.code}"


async def test_games_without_any_price_still_show_a_forecast_and_why_there_is_no_bet(
    world: World, store: Database
) -> None:
    priced = await price_slate(store, world.league, asked(), world.model)
    for table in ("closing_lines", "odds"):
        await execute(store, f"DELETE FROM {table}")
    bare = await price_slate(store, world.league, asked(), world.model)
    assert [game.game_id for game in bare.games] == [game.game_id for game in priced.games]
    for game, with_prices in zip(bare.games, priced.games, strict=True):
        assert len(game.picks) == (3 if world.league is EPL else 2)
        known = {pick.selection: pick.probability for pick in with_prices.picks}
        for pick in game.picks:
            assert pick.probability == known[pick.selection], "the forecast does not hang on prices"
            assert (pick.price, pick.book, pick.edge, pick.ev, pick.kelly) == (None,) * 5
            assert (pick.stake, pick.reason) == (Decimal(0), "no price is known")
            assert pick.fair_price == pytest.approx(1 / pick.probability)
    assert bare.bets == 0


async def test_probabilities_of_the_sides_of_a_market_belong_together(world: World, later: Database) -> None:
    slate = await price_slate(later, world.league, asked(at_cutoff=True, days=14), world.model)
    markets: dict[tuple[int, str], list[SlatePick]] = {}
    for game in slate.games:
        for pick in game.picks:
            kind, _, line, _ = (*pick.selection.split(":"), "", "")[:4]
            markets.setdefault((game.game_id, f"{kind} {line if kind in LINED else ''}"), []).append(pick)
    for (_, market), sides in markets.items():
        assert len(sides) == (3 if market.startswith("three_way") else 2), market
        assert math.isclose(sum(pick.probability for pick in sides), 1, abs_tol=1e-9)
        assert len({round(pick.push, 12) for pick in sides}) == 1
        for pick in sides:
            assert 0 < pick.probability < 1
            assert 0 <= pick.push < 1
    assert {market.split()[0] for _, market in markets} == {str(kind) for kind in world.league.markets}


LINED = {"spread", "total"}


async def test_edge_value_and_tier_follow_from_probability_push_and_price(world: World, later: Database) -> None:
    slate = await price_slate(later, world.league, asked(at_cutoff=True, days=14), world.model)
    checked = 0
    for pick in picks(slate):
        line = Selection.parse(pick.selection).market.line
        if pick.price is None:
            continue
        assert pick.edge == pytest.approx(pick.probability - 1 / pick.price)
        tiers = {"A": (0.65, 1), "B": (0.60, 0.65), "C": (0.55, 0.60), "D": (0, 0.55)}
        low, high = tiers[pick.tier]
        assert low <= pick.probability < high
        if line is None or (line * 2) % 1 == 0:
            decided = 1 - pick.push
            value = decided * (pick.probability * pick.price - 1)
            assert pick.ev == pytest.approx(value)
            kelly = max(0.0, (pick.probability * pick.price - 1) / (pick.price - 1))
            assert pick.kelly == pytest.approx(kelly, abs=1e-9)
            checked += 1
    assert checked > 20


async def test_stakes_follow_the_settled_rules(world: World, later: Database) -> None:
    bankroll = Money.of(2500)
    rules = StakingRules(
        kelly_multiple=Decimal("0.5"),
        cap=Decimal("0.01"),
        minimum=Money.of(5),
        min_edge=0.01,
        max_price_age=None,
    )
    request = asked(at_cutoff=True, days=14, rules=rules, bankroll=bankroll, exposure=Decimal(100))
    slate = await price_slate(later, world.league, request, world.model)
    assert slate.bankroll == 2500
    staked = [pick for pick in picks(slate) if pick.reason is None]
    assert len(staked) >= 3
    for pick in picks(slate):
        wanted = min(Decimal("0.5") * Decimal(pick.kelly or 0.0), Decimal("0.01")) * 2500
        if pick.reason is None:
            assert pick.edge is not None and pick.ev is not None
            assert pick.edge >= 0.01 and pick.ev > 0
            assert pick.stake == wanted.quantize(Decimal("0.01"), rounding="ROUND_DOWN")
            assert 5 <= pick.stake <= 25
        else:
            assert pick.stake == 0
            assert pick.price is None or pick.edge < 0.01 or wanted < 5 or "tier D" in pick.reason  # type: ignore[operator]
    stricter = await price_slate(
        later, world.league, replace(request, rules=replace(rules, min_edge=0.99)), world.model
    )
    assert stricter.bets == 0
    assert any("below the 99.0% wanted" in (pick.reason or "") for pick in picks(stricter))


@one_league
async def test_old_prices_are_not_bet_on(world: World, later: Database) -> None:
    fresh_only = replace(BOLD, max_price_age=timedelta(minutes=30))
    slate = await price_slate(later, world.league, asked(at_cutoff=True, rules=fresh_only), world.model)
    assert slate.bets == 0
    assert any("old, more than 0.5 h" in (pick.reason or "") for pick in picks(slate))


@pytest.mark.parametrize("share", ["0.15", "0.06"])
async def test_open_stakes_never_exceed_the_exposure(world: World, later: Database, share: str) -> None:
    request = asked(at_cutoff=True, days=14, rules=BOLD, exposure=Decimal(share))
    free = await price_slate(later, world.league, replace(request, exposure=Decimal(100)), world.model)
    room = Decimal(share) * 10_000
    assert sum(pick.stake for pick in picks(free)) > room, "the limit bites"
    slate = await price_slate(later, world.league, request, world.model)
    assert 0 < sum(pick.stake for pick in picks(slate)) <= room
    left_out = [
        pick for pick in picks(slate) if pick.reason == f"open exposure is full: {Decimal(share):.0%} of the bankroll"
    ]
    assert left_out and all(pick.stake == 0 for pick in left_out)
    best = max((pick for pick in picks(free) if pick.stake), key=lambda pick: pick.kelly or 0)
    assert best in picks(slate), "the most worthwhile bet stays"
    assert slate.bets + len(left_out) == free.bets


async def test_the_settings_own_limits_hold(world: World, later: Database, tmp_path: Path) -> None:
    with Application(settings_at(tmp_path, url=world.later_url), FixedClock(NOW)) as application:
        request = application.slate_request(NOW, at_cutoff=True, days=14)
    slate = await price_slate(later, world.league, request, world.model)
    stakes = [pick.stake for pick in picks(slate) if pick.reason is None]
    assert sum(stakes) <= 1500
    assert all(10 <= stake <= 200 for stake in stakes)
    assert all(pick.edge is not None and pick.edge >= 0.03 for pick in picks(slate) if pick.reason is None)


async def test_the_short_form_of_a_game_shows_the_best_of_each_market_and_every_bet(
    world: World, later: Database
) -> None:
    slate = await price_slate(later, world.league, asked(at_cutoff=True, days=14, rules=BOLD), world.model)
    shown = [pick for game in slate.games for pick in game.best_by_market()]
    assert sum(pick.reason is None for pick in shown) == slate.bets > 0
    for game in slate.games:
        for kind in {pick.selection.split(":")[0] for pick in game.picks}:
            of_kind = [pick for pick in game.picks if pick.selection.startswith(f"{kind}:")]
            priced = [pick for pick in of_kind if pick.ev is not None]
            best = max(priced or of_kind, key=lambda pick: pick.probability if pick.ev is None else pick.ev)
            others = [pick for pick in of_kind if pick in game.best_by_market() and pick is not best]
            assert best in game.best_by_market()
            assert all(pick.reason is None for pick in others)


def test_two_bets_in_one_market_are_both_shown() -> None:
    def pick(side: str, ev: float, reason: str | None) -> SlatePick:
        at = {"probability": 0.4, "push": 0.0, "fair_price": 2.5, "price": 3.0, "book": "bet365", "price_known_at": NOW}
        worth = {"edge": 0.1, "ev": ev, "tier": "D", "kelly": 0.1, "stake": Decimal(0 if reason else 50)}
        return SlatePick(selection=f"three_way:full::{side}", reason=reason, **at, **worth)  # type: ignore[arg-type]

    home, draw, away = pick("home", 0.4, "the price is 30.0 h old"), pick("draw", 0.2, None), pick("away", 0.1, None)
    game = SlateGame(1, "E0:2025:A:B", "A", "B", NOW, False, NOW, (home, draw, away))
    assert game.best_by_market() == (home, draw, away)


@one_league
async def test_a_slate_is_plain_json(world: World, shelf: ModelShelf, store: Database) -> None:
    prediction = await predict(store, world.league, shelf, asked())
    told = json.loads(json.dumps(as_json(prediction.slate), allow_nan=False))
    assert told["league"] == world.league.code
    assert len(told["games"]) == len(prediction.slate.games)
    assert told["games"][0]["picks"][0]["selection"] == prediction.slate.games[0].picks[0].selection
    assert Decimal(told["games"][0]["picks"][0]["stake"]) == prediction.slate.games[0].picks[0].stake


async def test_a_model_forecasts_better_than_knowing_nothing(world: World) -> None:
    comparison = world.model.comparison
    assert comparison is not None
    assert comparison["scores"]["model"]["log_loss"]["value"] < comparison["scores"]["base_rate"]["log_loss"]["value"]
    assert comparison["alarm"] is None, "and not better than the market that knows the truth"


# Evaluation


def power_devig(prices: list[float]) -> list[float]:
    """Return the k-th powers of the inverse prices that sum to one, k found by halving."""
    low, high = 0.1, 20.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(price**-middle for price in prices) > 1 else (low, middle)
    return [price**-low for price in prices]


def even_devig(prices: list[float]) -> list[float]:
    total = sum(1 / price for price in prices)
    return [1 / price / total for price in prices]


async def slow_close(database: Database, declared: League) -> dict[int, list[float]]:
    """Return each game's fair closing probabilities: sharp books where there is one, else the mean of all."""
    async with database.unit_of_work() as work:
        quotes = (await work.quotes.frame(declared.code, NOW)).to_dicts()
        starts = {row["game_id"]: row["starts_at"] for row in (await work.games.frame(declared.code, NOW)).to_dicts()}
        bettable = set((await work.books.frame()).filter("is_bettable")["book"])
    sides = ["home", "draw", "away"] if declared.result_market is MarketKind.THREE_WAY else ["home", "away"]
    last: dict[tuple[int, str], dict[str, tuple[datetime, float]]] = {}
    for row in quotes:
        counts = row["market"] == declared.result_market and row["moment"] in {"close", "stamped"}
        if counts and row["book"] in bettable and row["known_at"] <= starts[row["game_id"]]:
            book = last.setdefault((row["game_id"], row["book"]), {})
            if row["side"] not in book or row["known_at"] >= book[row["side"]][0]:
                book[row["side"]] = (row["known_at"], row["price"])
    fair: dict[int, dict[str, list[float]]] = {}
    devig = {"power": power_devig, "multiplicative": even_devig}[declared.vig_method]
    for (game, book_key), book in last.items():
        if set(book) == set(sides) and len({at for at, _ in book.values()}) == 1:
            fair.setdefault(game, {})[book_key] = devig([book[side][1] for side in sides])
    closes = {}
    for game, by_book in fair.items():
        heard = [found for key, found in by_book.items() if key in declared.sharp_books] or list(by_book.values())
        closes[game] = [sum(column) / len(column) for column in zip(*heard, strict=True)]
    return closes


async def test_the_evaluation_equals_a_slow_recount_of_every_game(world: World, store: Database) -> None:
    found = (await evaluate_league(store, world.league, NOW, cutoff_minutes=CUTOFF)).comparison
    history = await read_history(store, world.league, NOW)
    walk = walk_forward(
        forecaster_of(world.league),
        training_frame(world.league, history, CUTOFF),
        min_training=MIN_TRAINING_SEASONS,
    )
    closes = await slow_close(store, world.league)
    three = world.league.result_market is MarketKind.THREE_WAY
    results = {row["game_id"]: outcome(row, three=three) for row in history.results.to_dicts()}
    seasons = {row["game_id"]: row["season"] for row in history.results.to_dicts()}
    losses: dict[str, list[float]] = {"model": [], "close": [], "base_rate": []}
    hits: dict[str, list[float]] = {"model": [], "close": [], "base_rate": []}
    for row in walk.games.to_dicts():
        happened = results[row["game_id"]]
        if happened is None or row["game_id"] not in closes:
            continue
        before = [results[game] for game, season in seasons.items() if season < row["season"]]
        decided = [one for one in before if one is not None]
        forecasts = {
            "model": [row[f"p_{side}"] for side in walk.sides],
            "close": closes[row["game_id"]],
            "base_rate": [decided.count(place) / len(decided) for place in range(len(walk.sides))],
        }
        for name, forecast in forecasts.items():
            losses[name].append(-math.log(forecast[happened]))
            likeliest = [place for place, chance in enumerate(forecast) if chance == max(forecast)]
            hits[name].append((happened in likeliest) / len(likeliest))
    assert found["n"] == len(losses["model"]) > 100
    for name, scores in losses.items():
        assert found["scores"][name]["log_loss"]["value"] == pytest.approx(sum(scores) / len(scores), abs=1e-9)
        assert found["scores"][name]["accuracy"]["value"] == pytest.approx(sum(hits[name]) / len(hits[name]), abs=1e-9)
        assert found["scores"][name]["log_loss"]["n"] == len(scores)
    gap = sum(a - b for a, b in zip(losses["model"], losses["close"], strict=True)) / len(losses["model"])
    told = found["differences"]["model - close"]["log_loss"]
    assert told["value"] == pytest.approx(gap, abs=1e-9)
    assert told["low"] < told["value"] < told["high"]
    assert sum(found["excluded"].values()) + found["n"] == history.results.height


def outcome(row: dict, *, three: bool) -> int | None:  # type: ignore[type-arg]
    """Return which side won, by place; None for a tie where ties are no side."""
    if row["home_score"] == row["away_score"]:
        return 1 if three else None
    away = 2 if three else 1
    return 0 if row["home_score"] > row["away_score"] else away


@one_league
async def test_an_evaluation_is_that_of_training_and_sees_nothing_later(
    world: World, store: Database, later: Database
) -> None:
    then = await evaluate_league(store, world.league, NOW, cutoff_minutes=CUTOFF)
    now = await evaluate_league(later, world.league, NOW, cutoff_minutes=CUTOFF)
    assert now.comparison == then.comparison == world.model.comparison
    assert (then.league, then.as_of) == (world.league.code, NOW)


async def test_too_little_history_to_judge_is_said(world: World, store: Database) -> None:
    early = datetime(SEASONS[0] + 2, 12, 1, tzinfo=UTC)
    with pytest.raises(NothingToDo, match="too few seasons or no closing prices") as nothing:
        await evaluate_league(store, world.league, early, cutoff_minutes=CUTOFF)
    assert nothing.value.hint == f"run: aips data backfill {world.league.code}"


@one_league
async def test_history_without_closes_cannot_be_judged_but_still_trains_with_a_caution(
    world: World, shelf: ModelShelf, store: Database
) -> None:
    await execute(store, "DELETE FROM closing_lines")
    await execute(store, "DELETE FROM odds")
    with pytest.raises(NothingToDo):
        await evaluate_league(store, world.league, NOW, cutoff_minutes=CUTOFF)
    trained = await shelf.train(store, world.league, NOW)
    assert trained.comparison is None
    assert trained.caution is not None
    assert "not been judged" in trained.caution
