"""The slate: a league's next games, every offered selection priced from one law, staked or refused with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from ai_pro_sports.app.usecases.history import read_history, with_names
from ai_pro_sports.app.usecases.training import ModelInUse
from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue, NothingToDo
from ai_pro_sports.core.leagues import League
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, Market, MarketKind, Period, Selection, Side
from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.science.features import AsOfRule, History, build
from ai_pro_sports.science.pricing.appraise import appraise
from ai_pro_sports.science.pricing.best_price import SELECTION, best_prices, standing_quotes
from ai_pro_sports.science.staking.controls import Candidate
from ai_pro_sports.science.staking.decision import decide
from ai_pro_sports.science.staking.exposure import fitting_bets
from ai_pro_sports.science.staking.rules import StakingRules, tier_counts

__all__ = ["Slate", "SlateGame", "SlatePick", "SlateRequest", "next_games", "price_slate"]

_SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class SlateRequest:
    """What is asked for: the games of `days` days from the first start after `asked_at` (UTC).

    `at_cutoff` forecasts each game as of its own cut, `cutoff_minutes` before its start, the way a live run locks it;
    without it nothing after `asked_at` is seen. Only ask for it where that time has passed. `exposure` is the
    largest sum of stakes, as a share of the bankroll.
    """

    asked_at: datetime
    days: int = 5
    at_cutoff: bool = False
    cutoff_minutes: int = 60
    bankroll: Money = field(default_factory=lambda: Money.of(10_000))
    exposure: Decimal = Decimal("0.15")
    rules: StakingRules | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked_at", ensure_utc(self.asked_at))
        if self.bankroll.amount <= 0 or self.days < 1:
            raise InvalidValue("a slate needs a bankroll above 0 and at least one day")

    @property
    def rule(self) -> AsOfRule:
        """Return when each game's knowledge is cut."""
        lead = timedelta(minutes=self.cutoff_minutes)
        return AsOfRule(lead) if self.at_cutoff else AsOfRule(lead, not_after=self.asked_at)


@dataclass(frozen=True, slots=True)
class SlatePick:
    """One selection of one game: our probability of winning given a decision, the best price, the stake or why none."""

    selection: str
    probability: float
    push: float
    fair_price: float | None
    price: float | None
    book: str | None
    price_known_at: datetime | None
    edge: float | None
    ev: float | None
    tier: str
    kelly: float | None
    stake: Decimal
    reason: str | None


@dataclass(frozen=True, slots=True)
class SlateGame:
    """One game of the slate; times UTC. `as_of` is when its knowledge was cut."""

    game_id: int
    external_id: str
    home: str
    away: str
    starts_at: datetime
    start_is_date_only: bool
    as_of: datetime
    picks: tuple[SlatePick, ...]

    def best_by_market(self) -> tuple[SlatePick, ...]:
        """Return of each market the selection worth most to us, priced ones first, and every bet."""
        best: dict[str, SlatePick] = {}
        for pick in self.picks:
            market = pick.selection.split(":", 1)[0]
            if market not in best or _worth(pick) > _worth(best[market]):
                best[market] = pick
        # A market can hold two bets, on a draw and an away win say, and the worthiest selection may be refused.
        return tuple(pick for pick in self.picks if pick.reason is None or pick in best.values())


@dataclass(frozen=True, slots=True)
class Slate:
    """The next games of a league, priced, and which model priced them."""

    league: str
    asked_at: datetime
    at_cutoff: bool
    model: str
    trained_to: datetime | None
    bankroll: Decimal
    currency: str
    games: tuple[SlateGame, ...]
    last_result_at: datetime | None
    caution: str | None

    @property
    def bets(self) -> int:
        """Return how many selections are staked."""
        return sum(pick.reason is None for game in self.games for pick in game.picks)


def next_games(games: pl.DataFrame, asked_at: datetime, days: int) -> pl.DataFrame:
    """Return the games of `days` days from the first start after `asked_at`, by start; empty where there is none."""
    coming = games.filter(pl.col("starts_at") > asked_at, pl.col("status") == _SCHEDULED).sort("starts_at", "game_id")
    if coming.is_empty():
        return coming
    return coming.filter(pl.col("starts_at") < coming["starts_at"][0] + timedelta(days=days))


async def price_slate(database: Database, declared: League, request: SlateRequest, model: ModelInUse) -> Slate:
    """Price the next games of a league with `model`.

    Raises NothingToDo, saying what is known, where no game is scheduled after `asked_at`.
    """
    async with database.unit_of_work() as work:
        schedule = await work.games.frame(declared.code, request.asked_at)
        coming = next_games(schedule, request.asked_at, request.days)
        if coming.is_empty():
            raise _no_games(declared, schedule, request.asked_at)
        named = await with_names(work, declared, coming)
        books = (await work.books.frame()).filter("is_bettable")["book"].to_list()
    history = await read_history(database, declared, request.asked_at)
    if request.at_cutoff:
        last: datetime = coming["starts_at"].max()  # type: ignore[assignment]
        history = await read_history(database, declared, last - timedelta(minutes=request.cutoff_minutes))
    return _priced(declared, request, model, history, named, books)


def _priced(
    declared: League, request: SlateRequest, model: ModelInUse, history: History, named: pl.DataFrame, books: list[str]
) -> Slate:
    features = build(history, named.select(history.games.columns), request.rule)
    forecasts = model.fitted.forecast(features)
    moments = features.select("game_id", "as_of")
    standing = standing_quotes(history.quotes, moments, books=books)
    offers = _offered(declared, named, standing, moments, _lines_alone(declared, history.quotes, moments, books))
    worth = appraise(forecasts.law, forecasts.game_ids, offers)
    rules = request.rules or StakingRules()
    rows = worth.to_dicts()
    chosen = _within_exposure(request, [_pick(declared, request, rules, row) for row in rows])
    picks: dict[int, tuple[SlatePick, ...]] = {}
    for row, pick in zip(rows, chosen, strict=True):
        picks[row["game_id"]] = (*picks.get(row["game_id"], ()), pick)
    games = tuple(
        SlateGame(
            game_id=row["game_id"],
            external_id=row["external_id"],
            home=row["home"],
            away=row["away"],
            starts_at=row["starts_at"],
            start_is_date_only=row["start_is_date_only"],
            as_of=row["as_of"],
            picks=picks.get(row["game_id"], ()),
        )
        for row in named.join(features.select("game_id", "as_of"), on="game_id").sort("starts_at").iter_rows(named=True)
    )
    return Slate(
        league=declared.code,
        asked_at=request.asked_at,
        at_cutoff=request.at_cutoff,
        model=model.version,
        trained_to=model.trained_to,
        bankroll=request.bankroll.amount,
        currency=request.bankroll.currency,
        games=games,
        last_result_at=history.games["result_known_at"].max(),
        caution=model.caution,
    )


def _offered(
    declared: League,
    named: pl.DataFrame,
    standing: pl.DataFrame,
    moments: pl.DataFrame,
    lines_alone: pl.DataFrame,
) -> pl.DataFrame:
    """Return the best price of every selection of the league's markets, each lined market at its main line.

    Where no price is known, the result market and the last known line are listed without one, so that every game shows
    its forecast.
    """
    kinds = [str(kind) for kind in declared.markets]
    best = best_prices(standing.filter(pl.col("market").is_in(kinds), pl.col("period") == str(Period.FULL)))
    main = (
        best.group_by("game_id", "market", "line")
        .agg(pl.col("books").sum(), (pl.col("price") - 2).abs().max().alias("lean"), pl.col("known_at").max())
        .sort("books", "known_at", "lean", descending=[True, True, False])
        .unique(["game_id", "market"], keep="first", maintain_order=True)
    )
    offers = best.join(main.select("game_id", "market", "line"), on=["game_id", "market", "line"], nulls_equal=True)
    result = pl.DataFrame(
        {
            "market": [str(declared.result_market)] * len(EXHAUSTIVE_SIDES[declared.result_market]),
            "period": str(Period.FULL),
            "line": None,
            "side": [str(side) for side in EXHAUSTIVE_SIDES[declared.result_market]],
        },
        schema={"market": pl.String, "period": pl.String, "line": pl.Float64, "side": pl.String},
    )
    wanted = moments.join(result, how="cross")
    unpriced = wanted.join(offers, on=SELECTION, how="anti", nulls_equal=True)
    alone = lines_alone.join(offers, on=["game_id", "market"], how="anti")
    listed = pl.concat([offers, unpriced, alone], how="diagonal_relaxed")
    order = {kind: place for place, kind in enumerate(kinds)}
    return (
        listed.join(named.select("game_id", "starts_at"), on="game_id")
        .with_columns(pl.col("market").replace_strict(order, return_dtype=pl.Int32).alias("_place"))
        .sort("starts_at", "game_id", "_place", "line", "side")
        .drop("_place", "starts_at")
    )


def _lines_alone(declared: League, quotes: pl.DataFrame, moments: pl.DataFrame, books: Collection[str]) -> pl.DataFrame:
    """Return both sides of the last line of each market that a book published without a price, one line per game."""
    kinds = [str(kind) for kind in declared.markets]
    known = (
        quotes.filter(pl.col("price").is_null(), pl.col("market").is_in(kinds), pl.col("book").is_in(list(books)))
        .join(moments, on="game_id")
        .filter(pl.col("known_at") <= pl.col("as_of"), pl.col("period") == str(Period.FULL))
        .sort("known_at", "book", descending=[True, False])
    )
    last = known.unique(["game_id", "market"], keep="first", maintain_order=True).select("game_id", "market", "line")
    return known.join(last, on=["game_id", "market", "line"]).select(*SELECTION, "as_of").unique(SELECTION)


def _pick(declared: League, request: SlateRequest, rules: StakingRules, row: dict[str, Any]) -> SlatePick:
    kind = MarketKind(row["market"])
    selection = Selection(Market(kind, Period(row["period"]), row["line"]), Side(row["side"]))
    odds = _odds(row["price"], row["price_american"])
    candidate = Candidate(
        win=row["win"],
        push=row["push"],
        loss=row["loss"],
        half_win=row["half_win"],
        half_loss=row["half_loss"],
        odds=odds,
        price_age=row["age"],
        tier_counts=tier_counts(declared.sport, kind),
    )
    decision = decide(candidate, request.bankroll, rules)
    return SlatePick(
        selection=str(selection),
        probability=row["probability"],
        push=row["push"],
        fair_price=row["fair_price"],
        price=row["price"],
        book=row["book"],
        price_known_at=row["known_at"],
        edge=candidate.edge,
        ev=candidate.ev,
        tier=str(candidate.tier),
        kelly=decision.kelly,
        stake=decision.stake.amount,
        reason=decision.reason,
    )


def _within_exposure(request: SlateRequest, picks: list[SlatePick]) -> list[SlatePick]:
    """Refuse the least worthwhile bets that would put more at stake than the bankroll's open exposure allows."""
    stakes = [Money(pick.stake, request.bankroll.currency) for pick in picks]
    fits = fitting_bets(stakes, [pick.kelly or 0.0 for pick in picks], request.bankroll, request.exposure)
    nothing = Money.of(0, request.bankroll.currency).amount
    full = f"open exposure is full: {request.exposure:.0%} of the bankroll"
    return [pick if fit else replace(pick, stake=nothing, reason=full) for pick, fit in zip(picks, fits, strict=True)]


def _odds(price: float | None, american: int | None) -> Odds | None:
    if price is None:
        return None
    return Odds.from_decimal(repr(price)) if american is None else Odds.from_american(american)


def _worth(pick: SlatePick) -> tuple[bool, float]:
    return pick.ev is not None, pick.ev if pick.ev is not None else pick.probability


def _no_games(declared: League, schedule: pl.DataFrame, asked_at: datetime) -> NothingToDo:
    if schedule.is_empty():
        return NothingToDo(f"no {declared.code} games in the store", hint=f"run: aips data backfill {declared.code}")
    last: datetime = schedule["starts_at"].max()  # type: ignore[assignment]
    return NothingToDo(
        f"no {declared.code} game is scheduled after {asked_at:%Y-%m-%d %H:%M} UTC; the last known: {last:%Y-%m-%d}",
        hint=f"bring in newer files, or look back: aips predict generate -s {declared.code} "
        f"--as-of {last - timedelta(days=7):%Y-%m-%d}",
    )
