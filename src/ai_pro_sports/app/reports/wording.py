"""How values are written for people: percentages, odds, money, times, selections and the names of scores."""

from __future__ import annotations

import math
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ai_pro_sports.app.reports.contents import Interval, SlateGame
from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.market import MarketKind, Selection, Side
from ai_pro_sports.core.money import Money

__all__ = [
    "FORECASTERS",
    "METRICS",
    "amount",
    "at_local",
    "at_utc",
    "decimals",
    "described",
    "forecaster",
    "metric",
    "percent",
    "signed",
    "signed_percent",
    "verdict",
]

ABSENT = "–"
MINUS = "−"

FORECASTERS = {
    "model": "Our model",
    "uncalibrated": "Our model, uncalibrated",
    "close": "Closing line",
    "base_rate": "Base rate",
}
METRICS = {
    "log_loss": ("Log loss", "lower is better"),
    "brier": ("Brier score", "lower is better"),
    "rps": ("Ranked probability score", "lower is better"),
    "accuracy": ("Accuracy", "higher is better"),
    "ece": ("Calibration error (ECE)", "lower is better"),
}

_TO_WIN = {MarketKind.MONEYLINE, MarketKind.THREE_WAY, MarketKind.DRAW_NO_BET}


def percent(value: float | None, digits: int = 1) -> str:
    """Return a fraction as a percentage.

    >>> percent(0.5342), percent(None)
    ('53.4 %', '–')
    """
    return ABSENT if value is None or math.isnan(value) else f"{value * 100:.{digits}f} %"


def signed(value: float | None, digits: int = 4) -> str:
    """Return a number with its sign.

    >>> signed(-0.0123, 3), signed(0.5, 1)
    ('−0.012', '+0.5')
    """
    return ABSENT if value is None or math.isnan(value) else f"{value:+.{digits}f}".replace("-", MINUS)


def signed_percent(value: float | None, digits: int = 1) -> str:
    """Return a fraction as a percentage with its sign.

    >>> signed_percent(0.031), signed_percent(-0.02)
    ('+3.1 %', '−2.0 %')
    """
    return ABSENT if value is None or math.isnan(value) else f"{signed(value * 100, digits)} %"


def decimals(value: float | None, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals, a minus sign where it is due.

    >>> decimals(1.909), decimals(float("nan"))
    ('1.91', '–')
    """
    return ABSENT if value is None or math.isnan(value) else f"{value:.{digits}f}".replace("-", MINUS)


def amount(value: Money | Decimal, currency: str = "") -> str:
    """Return money with its currency and thousands separated.

    >>> amount(Money.of("1250.5"))
    'USD 1,250.50'
    """
    if isinstance(value, Money):
        return amount(value.amount, value.currency)
    return f"{currency} {value:,.2f}".strip()


def at_utc(at: datetime, *, date_only: bool = False) -> str:
    """Return a time in UTC, or its day where only that is known.

    >>> at_utc(datetime(2025, 11, 23, 18, 0, tzinfo=ZoneInfo("UTC")))
    'Sun 23 Nov 2025, 18:00 UTC'
    """
    return f"{ensure_utc(at):%a %-d %b %Y}" + ("" if date_only else f", {ensure_utc(at):%H:%M} UTC")


def at_local(at: datetime, zone: str) -> str:
    """Return the weekday, time and zone of `at` in `zone`.

    >>> at_local(datetime(2025, 11, 24, 1, 20, tzinfo=ZoneInfo("UTC")), "America/New_York")
    'Sun 20:20 EST'
    """
    return f"{at.astimezone(ZoneInfo(zone)):%a %H:%M %Z}"


def described(selection: Selection, game: SlateGame) -> str:
    """Return a selection in words, with the handicap of the side that is bet.

    >>> at = datetime(2025, 11, 24, tzinfo=ZoneInfo("UTC"))
    >>> described(Selection.parse("spread:full:-3.5:away"), SlateGame("Home", "Away", at, ()))
    'Away +3.5'
    """
    kind, side = selection.market.kind, selection.side
    name = {Side.HOME: game.home, Side.AWAY: game.away, Side.DRAW: "Draw"}.get(side)
    if kind in _TO_WIN and name:
        return name if side is Side.DRAW else f"{name} to win"
    if kind is MarketKind.SPREAD and name and selection.handicap is not None:
        return f"{name} {_line(selection.handicap, with_sign=True)}"
    if kind is MarketKind.TOTAL and selection.market.line is not None:
        return f"{side.capitalize()} {_line(selection.market.line)}"
    return str(selection)


def forecaster(key: str) -> str:
    """Return a forecaster's name, or of a pair of them; one without a name of ours keeps its own.

    >>> forecaster("model - close"), forecaster("peer")
    ('Our model − Closing line', 'peer')
    """
    return f" {MINUS} ".join(FORECASTERS.get(part, part) for part in key.split(" - "))


def metric(key: str) -> tuple[str, str]:
    """Return a score's name and which way is better; one without a name of ours keeps its own."""
    return METRICS.get(key, (key, ""))


def verdict(difference: Interval | None, other: str) -> str:
    """Return what a paired difference in log loss (ours minus `other`'s) says, in a sentence.

    >>> verdict(Interval(0.012, 0.008, 0.016, 5000), "the closing line")
    'On these games the closing line forecasts better than the model by 0.0120 nats a game [0.0080, 0.0160].'
    """
    if difference is None or math.isnan(difference.value):
        return f"There is no comparison with {other}."
    size, low, high = abs(difference.value), *sorted((abs(difference.low), abs(difference.high)))
    if difference.low <= 0 <= difference.high:
        found = f"[{signed(difference.low)}, {signed(difference.high)}]"
        size_said = f"{signed(difference.value)} nats a game {found}"
        return f"On these games the model and {other} cannot be told apart ({size_said})."
    better, worse = (other, "the model") if difference.value > 0 else ("the model", other)
    return f"On these games {better} forecasts better than {worse} by {size:.4f} nats a game [{low:.4f}, {high:.4f}]."


def _line(line: float, *, with_sign: bool = False) -> str:
    text = f"{line:+g}" if with_sign and line else f"{abs(line):g}"
    return text.replace("-", MINUS)
