"""The slate: it sees nothing later than it says, and every number on it follows from the others."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.app.usecases.predict import predict
from ai_pro_sports.app.usecases.slate import SlateGame, SlatePick, price_slate
from ai_pro_sports.app.usecases.training import (
    ModelShelf,
)
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.core.leagues import EPL
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.money import Money
from ai_pro_sports.data.store import Database
from ai_pro_sports.science.staking.rules import StakingRules
from ai_pro_sports.surfaces.cli.present import as_json
from tests.app.homes import settings_at
from tests.app.worlds import BOLD, CUTOFF, LATER, NOW, World, asked, execute, one_league, picks, said

pytestmark = pytest.mark.anyio


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
