"""The first report: a picture as the page `write_report` makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from ai_pro_sports.app.jobs.quickstart import Picture
from ai_pro_sports.app.reports.contents import (
    EvaluationTable,
    Interval,
    Provenance,
    ReliabilityCurve,
    SlateGame,
    SlateRow,
    SlateTable,
)
from ai_pro_sports.app.reports.slate_report import write_report
from ai_pro_sports.app.usecases.predict import Prediction
from ai_pro_sports.app.usecases.slate import SlateGame as PricedGame
from ai_pro_sports.app.usecases.slate import SlatePick
from ai_pro_sports.core.leagues import league
from ai_pro_sports.core.market import MarketKind, Selection, Side
from ai_pro_sports.core.money import Money

__all__ = ["truth_of", "write_first_report"]

Truth = Mapping[str, Mapping[str, Any]]


def write_first_report(
    path: Path, picture: Picture, *, simulated: bool, generated_at: datetime, truth: Truth | None = None
) -> Path:
    """Write the page of a picture; `truth` maps a game's external id to what is true of it."""
    return write_report(
        path,
        slates=[_slate(prediction, picture, truth or {}) for prediction in picture.predictions],
        evaluations=[
            _evaluation(prediction) for prediction in picture.predictions if prediction.model.comparison is not None
        ],
        provenance=[Provenance(**_account(account)) for account in picture.sources],
        simulated=simulated,
        generated_at=generated_at,
    )


def truth_of(truth: pl.DataFrame) -> Truth:
    """Return the rows of a simulation's truth by external id."""
    return {row["external_id"]: row for row in truth.iter_rows(named=True)}


def _account(account: Any) -> dict[str, Any]:
    return {name: getattr(account, name) for name in Provenance.__dataclass_fields__}


def _slate(prediction: Prediction, picture: Picture, truth: Truth) -> SlateTable:
    slate = prediction.slate
    declared = league(slate.league)
    notes = [slate.caution] if slate.caution else []
    if slate.league in picture.looked_back:
        notes.insert(
            0,
            f"No {slate.league} game is coming in the files at hand. This is the last full slate they hold, "
            "each game forecast as it stood an hour before its start.",
        )
    return SlateTable(
        league=slate.league,
        league_name=declared.name,
        timezone=declared.timezone,
        asked_at=slate.asked_at,
        model=slate.model,
        bankroll=Money(slate.bankroll, slate.currency),
        games=tuple(_game(game, truth.get(game.external_id)) for game in slate.games),
        trained_to=slate.trained_to,
        note=" ".join(notes) or None,
    )


def _game(game: PricedGame, truth: Mapping[str, Any] | None) -> SlateGame:
    return SlateGame(
        home=game.home,
        away=game.away,
        starts_at=game.starts_at,
        rows=tuple(_row(pick, truth) for pick in game.best_by_market()),
        start_is_date_only=game.start_is_date_only,
        as_of=game.as_of,
        true_margin=None if truth is None else float(truth["expected_margin"]),
        true_total=None if truth is None else float(truth["expected_total"]),
    )


def _row(pick: SlatePick, truth: Mapping[str, Any] | None) -> SlateRow:
    selection = Selection.parse(pick.selection)
    return SlateRow(
        selection=selection,
        probability=pick.probability,
        fair_price=pick.fair_price,
        price=pick.price,
        book=pick.book,
        price_known_at=pick.price_known_at,
        edge=pick.edge,
        ev=pick.ev,
        tier=pick.tier,
        stake=pick.stake,
        reason=pick.reason,
        push=pick.push,
        truth=None if truth is None else true_probability(selection, truth),
    )


def true_probability(selection: Selection, truth: Mapping[str, Any]) -> float | None:
    """Return the true probability of a result selection given a decision; None for lines, which the truth lacks."""
    home, draw, away = (float(truth[f"{side}_probability"]) for side in ("home", "draw", "away"))
    by_side = {Side.HOME: home, Side.DRAW: draw, Side.AWAY: away}
    if selection.market.kind is MarketKind.THREE_WAY:
        return by_side[selection.side]
    if selection.market.kind is MarketKind.MONEYLINE:
        return by_side[selection.side] / (home + away)
    return None


def _evaluation(prediction: Prediction) -> EvaluationTable:
    code, comparison = prediction.slate.league, prediction.model.comparison
    assert comparison is not None
    seasons = [int(season) for season in comparison["seasons"]]
    return EvaluationTable(
        league=code,
        league_name=league(code).name,
        market=comparison["result_market"],
        n=comparison["n"],
        scores=_intervals(comparison["scores"]),
        differences=_intervals(comparison["differences"]),
        seasons=(min(seasons), max(seasons)),
        curves=tuple(ReliabilityCurve(name, **curve) for name, curve in comparison["reliability"].items()),
        excluded={reason: count for reason, count in comparison["excluded"].items() if count},
        error_if_calibrated=comparison["error_if_calibrated"],
        alarm=comparison["alarm"],
        command=f"aips evaluate -s {code} --as-of {prediction.slate.asked_at:%Y-%m-%dT%H:%M}Z",
    )


def _intervals(tree: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Interval]]:
    return {name: {metric: _interval(found) for metric, found in by.items()} for name, by in tree.items()}


def _interval(found: Mapping[str, Any]) -> Interval:
    value, low, high = (
        float("nan") if found[name] is None else float(found[name]) for name in ("value", "low", "high")
    )
    return Interval(value, low, high, int(found["n"]))
