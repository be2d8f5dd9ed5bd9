"""The reliability plot as geometry: where its points, bars and lines stand on the page. The template draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ai_pro_sports.app.reports.contents import ReliabilityCurve
from ai_pro_sports.app.reports.wording import forecaster, percent

__all__ = ["ReliabilityPlot", "draw_reliability"]

WIDTH, HEIGHT = 640.0, 560.0
LEFT, RIGHT, TOP = 72.0, 14.0, 14.0
PLOT_BOTTOM, BARS_TOP, BARS_BOTTOM = 412.0, 438.0, 508.0
STYLES = ("a", "b", "c", "d")
"""Style classes of the curves in order: each has its own colour, dash and marker, so colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bin: its place, the ends of its interval, the height of its bar and what it says when pointed at."""

    x: float
    y: float
    y_low: float
    y_high: float
    bar_x: float
    bar_y: float
    bar_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One forecaster's bins and the line through them."""

    name: str
    style: str
    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class ReliabilityPlot:
    """Everything the template needs to draw: a box of WIDTH by HEIGHT units, ticks and curves."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bars_top: float
    bars_bottom: float
    bar_width: float
    ticks: tuple[tuple[str, float, float], ...]
    most: int
    curves: tuple[Curve, ...]
    summary: str


def draw_reliability(curves: Sequence[ReliabilityCurve]) -> ReliabilityPlot | None:
    """Return the plot of `curves` (at most four are drawn), or None where no bin holds a game."""
    shown = [curve for curve in curves[: len(STYLES)] if any(curve.count)]
    if not shown:
        return None
    most = max(max(curve.count) for curve in shown)
    bar_width = min(14.0, 30.0 / len(shown))
    drawn = tuple(_curve(curve, place, len(shown), most, bar_width) for place, curve in enumerate(shown))
    names = " and ".join(curve.name for curve in drawn)
    return ReliabilityPlot(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=PLOT_BOTTOM,
        bars_top=BARS_TOP,
        bars_bottom=BARS_BOTTOM,
        bar_width=bar_width,
        ticks=tuple((f"{tick} %", _x(tick / 100), _y(tick / 100)) for tick in range(0, 101, 20)),
        most=most,
        curves=drawn,
        summary=f"Reliability of {names}: called probability against how often it happened, with 95 % intervals.",
    )


def _curve(curve: ReliabilityCurve, place: int, of: int, most: int, bar_width: float) -> Curve:
    name = forecaster(curve.forecaster)
    offset = (place - of / 2) * bar_width
    points = []
    bins = zip(curve.called, curve.seen, curve.low, curve.high, curve.count, strict=True)
    for called, seen, low, high, count in bins:
        if not count or math.isnan(called) or math.isnan(seen):
            continue
        height = (BARS_BOTTOM - BARS_TOP) * count / most
        points.append(
            Point(
                x=_x(called),
                y=_y(seen),
                y_low=_y(seen if math.isnan(low) else low),
                y_high=_y(seen if math.isnan(high) else high),
                bar_x=round(_x(called) + offset, 1),
                bar_y=round(BARS_BOTTOM - height, 1),
                bar_height=round(height, 1),
                title=f"{name}: called {percent(called)}, happened {percent(seen)} "
                f"[{percent(low)}, {percent(high)}], {count:,} forecasts",
            )
        )
    path = " ".join(f"{'M' if number == 0 else 'L'}{point.x} {point.y}" for number, point in enumerate(points))
    return Curve(name, STYLES[place], tuple(points), path)


def _x(chance: float) -> float:
    return round(LEFT + chance * (WIDTH - RIGHT - LEFT), 1)


def _y(chance: float) -> float:
    return round(PLOT_BOTTOM - chance * (PLOT_BOTTOM - TOP), 1)
