"""The evaluation equals a slow recount, and says when there is too little to judge by."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from ai_pro_sports.app.usecases.evaluating import evaluate_league
from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.app.usecases.training import (
    MIN_TRAINING_SEASONS,
    ModelShelf,
    forecaster_of,
    training_frame,
)
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.leagues import League
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.data.store import Database
from ai_pro_sports.science.evaluation.walk_forward import walk_forward
from tests.app.worlds import CUTOFF, NOW, SEASONS, World, execute, one_league

pytestmark = pytest.mark.anyio


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
