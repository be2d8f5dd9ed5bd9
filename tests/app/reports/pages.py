"""Realistic report contents, and a page read back as people and browsers get it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import numpy as np

from ai_pro_sports.app.reports import (
    EvaluationTable,
    Interval,
    Provenance,
    ReliabilityCurve,
    SlateGame,
    SlateRow,
    SlateTable,
)
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.money import Money

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A page as its tags (with attributes) and its text; refuses tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes out of order"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def row(
    selection: str, probability: float, price: float | None, *, truth: float | None = None, stake: str = "0"
) -> SlateRow:
    """A priced selection; a stake makes it a bet."""
    edge = None if price is None else probability - 1 / price
    ev = None if price is None else probability * price - 1
    why = "no price is known" if edge is None else f"edge {edge:+.1%} is below the 3.0% wanted"
    return SlateRow(
        selection=Selection.parse(selection),
        probability=probability,
        fair_price=1 / probability,
        price=price,
        book=None if price is None else "pinnacle",
        price_known_at=None if price is None else NOW - timedelta(minutes=5),
        edge=edge,
        ev=ev,
        tier="A" if probability >= 0.65 else "D",
        stake=Decimal(stake),
        reason=None if Decimal(stake) else why,
        truth=truth,
    )


def football_slate(*, truth: bool = True) -> SlateTable:
    """Two football games, one bet."""
    shown = (lambda value: value) if truth else (lambda value: None)
    games = (
        SlateGame(
            home="Aldermoor",
            away="Brightwater Quay",
            starts_at=datetime(2025, 11, 23, 18, 0, tzinfo=UTC),
            rows=(
                row("moneyline:full::home", 0.664, 1.62, truth=shown(0.641), stake="112.50"),
                row("moneyline:full::away", 0.336, 2.45, truth=shown(0.357)),
                row("spread:full:-4.5:home", 0.512, 1.91),
                row("spread:full:-4.5:away", 0.488, 1.95),
                row("total:full:44.5:over", 0.473, 1.93),
                row("total:full:44.5:under", 0.527, 1.9),
            ),
            true_margin=shown(4.8),
            true_total=shown(43.2),
        ),
        SlateGame(
            home="Quarryton",
            away="Pasqualine Sound",
            starts_at=datetime(2025, 11, 24, 1, 20, tzinfo=UTC),
            rows=(
                row("moneyline:full::home", 0.402, None, truth=shown(0.43)),
                row("moneyline:full::away", 0.598, 1.6, truth=shown(0.568)),
            ),
        ),
    )
    return SlateTable(
        league="NFL",
        league_name="National Football League",
        timezone="America/New_York",
        asked_at=NOW,
        model="elo-margin 1 · 5f0c2a",
        bankroll=Money.of("10000"),
        games=games,
        trained_to=NOW - timedelta(hours=14),
    )


def soccer_slate() -> SlateTable:
    """One soccer game whose time nobody has published, and no bet."""
    game = SlateGame(
        home="Thornwharf",
        away="Kestrelby",
        starts_at=datetime(2025, 11, 22, 0, 0, tzinfo=UTC),
        start_is_date_only=True,
        rows=(
            row("three_way:full::home", 0.48, 2.02),
            row("three_way:full::draw", 0.27, 3.6),
            row("three_way:full::away", 0.25, 4.1),
            row("spread:full:-0.25:home", 0.53, 1.85),
        ),
    )
    return SlateTable(
        league="EPL",
        league_name="English Premier League",
        timezone="Europe/London",
        asked_at=NOW,
        model="elo-goals 1 · 77ab01",
        bankroll=Money.of("10000"),
        games=(game,),
    )


def curve(forecaster: str, seed: int, n: int = 4000) -> ReliabilityCurve:
    """The reliability of a forecaster that is right on average, in ten bins; the last is empty."""
    drawn = np.random.default_rng(seed)
    chances = drawn.beta(4, 4, n)
    happened = drawn.random(n) < chances
    bins = np.minimum((chances * 10).astype(int), 9)
    count = np.bincount(bins, minlength=10)
    called = np.array([chances[bins == place].mean() if count[place] else math.nan for place in range(10)])
    seen = np.array([happened[bins == place].mean() if count[place] else math.nan for place in range(10)])
    error = 1.96 * np.sqrt(np.maximum(seen * (1 - seen), 0.01) / np.maximum(count, 1))
    return ReliabilityCurve(forecaster, called, seen, np.clip(seen - error, 0, 1), np.clip(seen + error, 0, 1), count)


def evaluation(*, alarm: str | None = None) -> EvaluationTable:
    """Scores as a walk-forward run over a league's seasons gives them: the close ahead, the base rate behind."""

    def scores(shift: float) -> dict[str, Interval]:
        return {
            "log_loss": Interval(0.6241 + shift, 0.6142 + shift, 0.6338 + shift, 4512),
            "brier": Interval(0.2172 + shift / 2, 0.2128 + shift / 2, 0.2217 + shift / 2, 4512),
            "accuracy": Interval(0.651 - shift, 0.637 - shift, 0.665 - shift, 4512),
            "ece": Interval(0.0181, 0.0121, 0.0262, 4512),
            "slope": Interval(1.01, 0.93, 1.09, 4512),
        }

    def gaps(value: float) -> dict[str, Interval]:
        return {name: Interval(value, value - 0.004, value + 0.004, 4512) for name in ("log_loss", "brier", "accuracy")}

    return EvaluationTable(
        league="NFL",
        league_name="National Football League",
        market="moneyline",
        n=4512,
        scores={
            "model": scores(0),
            "close": scores(-0.0117),
            "base_rate": scores(0.061),
            "uncalibrated": scores(0.002),
        },
        differences={"model - close": gaps(0.0117), "model - base_rate": gaps(-0.061)},
        seasons=(2006, 2025),
        curves=(curve("model", 1), curve("close", 2), curve("base_rate", 3)),
        excluded={"in the first seasons, only learned from": 1043, "without a valid closing price": 12},
        error_if_calibrated=0.0214,
        alarm=alarm,
        command="aips evaluate -s NFL",
    )


def provenance() -> list[Provenance]:
    """One source of one file and one of many."""
    return [
        Provenance(
            "NFL", "nflverse", "var/demo/mirror", 1, 1910, NOW, ("9f86d081884c7d659a2feaa0c55ad015" * 2,), 1910, 21408
        ),
        Provenance(
            "EPL",
            "football_data",
            "https://www.football-data.co.uk",
            33,
            12_324,
            NOW,
            tuple(f"{number:064x}" for number in range(33)),
            12_324,
            402_116,
            7,
        ),
    ]
