from __future__ import annotations

import math

import pytest

from ai_pro_sports.app.reports import ReliabilityCurve
from ai_pro_sports.app.reports.reliability_plot import BARS_BOTTOM, BARS_TOP, draw_reliability
from tests.app.reports.pages import curve

STRAIGHT = ReliabilityCurve("model", [0.0, 0.5, 1.0], [0.0, 0.5, 1.0], [0, 0.4, 0.9], [0.1, 0.6, 1], [5, 20, 10])


def test_what_is_called_and_happens_lies_on_the_diagonal_of_the_box() -> None:
    plot = draw_reliability([STRAIGHT])
    assert plot is not None
    first, middle, last = plot.curves[0].points
    assert (first.x, first.y) == (plot.left, plot.bottom)
    assert (last.x, last.y) == (plot.right, plot.top)
    assert (middle.x, middle.y) == pytest.approx(((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2))


def test_higher_chances_stand_higher_and_intervals_reach_around_their_point() -> None:
    plot = draw_reliability([curve("model", 1), curve("close", 2)])
    assert plot is not None
    for drawn in plot.curves:
        for point in drawn.points:
            assert point.y_high <= point.y <= point.y_low
            assert plot.top <= point.y_high
            assert point.y_low <= plot.bottom
            assert plot.left <= point.x <= plot.right


def test_bars_stand_on_one_line_and_the_fullest_bin_fills_its_height() -> None:
    plot = draw_reliability([STRAIGHT])
    assert plot is not None
    heights = [point.bar_height for point in plot.curves[0].points]
    assert heights == [(BARS_BOTTOM - BARS_TOP) / 4, BARS_BOTTOM - BARS_TOP, (BARS_BOTTOM - BARS_TOP) / 2]
    assert all(point.bar_y + point.bar_height == BARS_BOTTOM for point in plot.curves[0].points)
    assert plot.most == 20


def test_curves_have_styles_of_their_own_and_bars_beside_each_other() -> None:
    plot = draw_reliability([STRAIGHT, ReliabilityCurve("close", *([0.5],) * 4, [7])])
    assert plot is not None
    assert [one.style for one in plot.curves] == ["a", "b"]
    model, close = plot.curves[0].points[1], plot.curves[1].points[0]
    assert close.bar_x - model.bar_x == pytest.approx(plot.bar_width)


def test_empty_bins_are_left_out_and_nothing_but_empty_bins_is_no_plot() -> None:
    gap = ReliabilityCurve("model", [0.1, math.nan], [0.2, math.nan], [0.1, math.nan], [0.3, math.nan], [4, 0])
    plot = draw_reliability([gap])
    assert plot is not None
    assert len(plot.curves[0].points) == 1
    assert plot.curves[0].path.startswith("M")
    assert draw_reliability([ReliabilityCurve("model", [math.nan], [math.nan], [math.nan], [math.nan], [0])]) is None
    assert draw_reliability([]) is None


def test_each_point_says_what_it_is() -> None:
    plot = draw_reliability([STRAIGHT])
    assert plot is not None
    assert plot.curves[0].points[1].title == "Our model: called 50.0 %, happened 50.0 % [40.0 %, 60.0 %], 20 forecasts"
    assert "Our model" in plot.summary
