from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.science.features.board import board
from ai_pro_sports.science.features.declared import Quotes
from tests.science.features.made_games import START, quote, quotes

HOUR = timedelta(hours=1)


def spread(
    line: float, hours: int = 24, prices: tuple[float | None, float | None] = (1.91, 1.91), **facts: Any
) -> list:
    about = {"market": "spread", "line": line, **facts}
    return [
        quote(1, START - hours * HOUR, side=s, price=p, **about) for s, p in zip(("home", "away"), prices, strict=True)
    ]


def result(*prices: float, hours: int = 24, **facts: Any) -> list[dict[str, Any]]:
    market, sides = ("three_way", ("home", "draw", "away")) if len(prices) == 3 else ("moneyline", ("home", "away"))
    return [
        quote(1, START - hours * HOUR, market=market, side=s, price=p, **facts)
        for s, p in zip(sides, prices, strict=True)
    ]


def seen(*groups: list[dict[str, Any]], league: League = NFL) -> dict[str, Any]:
    (row,) = board(Quotes(league, quotes(*(row for group in groups for row in group)))).to_dicts()
    return row


def test_a_line_is_the_median_over_books_at_first_and_at_last() -> None:
    row = seen(
        spread(-3.0, book="alpha"),
        spread(-3.5, hours=3, book="alpha"),
        spread(-4.0, book="beta"),
        spread(-7.0, book="gamma"),
    )
    assert (row["spread_open"], row["spread_now"]) == (-4.0, -4.0)
    assert seen(spread(-3.0), spread(-3.5, hours=3))["spread_now"] == -3.5


def test_of_several_lines_of_a_book_the_evenly_priced_one_is_its_line() -> None:
    assert seen(spread(-7.0, prices=(2.6, 1.5)), spread(-3.0), spread(1.0, prices=(1.2, 4.0)))["spread_now"] == -3.0


def test_a_line_without_a_price_counts_and_yields_to_one_with_a_price() -> None:
    assert seen(spread(-7.0, prices=(None, None)))["spread_now"] == -7.0
    assert seen(spread(-7.0, prices=(None, None)), spread(-3.0))["spread_now"] == -3.0


def test_the_best_of_all_books_is_no_book_and_an_average_counts_only_alone() -> None:
    best, average, own = spread(-9.0, book="market_best"), spread(-5.0, book="market_average"), spread(-3.0)
    assert seen(own, average, best)["spread_now"] == -3.0
    assert seen(average, best)["spread_now"] == -5.0
    assert board(Quotes(NFL, quotes(*best))).is_empty()


def test_fair_probabilities_are_without_vig_and_the_median_over_books() -> None:
    row = seen(result(1.8, 2.0, book="alpha"), result(1.9, 1.9, book="beta"), result(3.0, 1.4, book="gamma"))
    assert row["home_prob_now"] == pytest.approx(0.5)
    assert row["home_prob_disp_now"] > 0.05
    assert seen(result(1.9, 1.9))["home_prob_disp_now"] is None


def test_three_outcomes_are_taken_by_the_leagues_own_method() -> None:
    row = seen(result(2.0, 3.5, 4.0), league=EPL)
    assert row["home_prob_now"] + row["draw_prob_now"] + row["away_prob_now"] == pytest.approx(1.0, abs=1e-7)
    assert row["home_prob_now"] > (1 / 2.0) / (1 / 2.0 + 1 / 3.5 + 1 / 4.0)  # power takes more from the longshots


def test_of_prices_of_one_time_the_one_called_close_is_the_later() -> None:
    for order in (1, -1):
        groups = [result(1.5, 2.6, moment="stamped"), result(1.9, 1.9, moment="close")][::order]
        assert seen(*groups)["home_prob_now"] == pytest.approx(0.5)


def test_half_a_market_is_no_market_and_an_earlier_whole_one_stands() -> None:
    row = seen(result(1.9, 1.9), result(5.0, 1.2, hours=2)[:1])
    assert row["home_prob_now"] == pytest.approx(0.5)
    assert seen(spread(-3.0), result(5.0, 1.2)[:1])["home_prob_now"] is None


def test_an_impossible_book_is_left_out() -> None:
    assert seen(result(1.9, 1.9), result(9.0, 9.0, book="beta"))["home_prob_now"] == pytest.approx(0.5)


def test_other_periods_are_other_markets() -> None:
    assert seen(spread(-3.0), spread(-1.5, hours=2, period="first_half"))["spread_now"] == -3.0


def test_no_quotes_make_an_empty_board_with_every_column() -> None:
    empty = board(Quotes(EPL, quotes()))
    assert empty.is_empty()
    assert {"spread_open", "total_now", "draw_prob_now", "home_prob_disp_now"} <= set(empty.columns)
