"""Staged quotes to quotes: every price gets its game and a time, and nothing is dropped uncounted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from ai_pro_sports.core.contracts import QUOTES, STAGED_QUOTES
from ai_pro_sports.data.identity import attach

START = datetime(2024, 8, 17, 14, tzinfo=UTC)
STAMP = datetime(2024, 8, 16, 9, 30, tzinfo=UTC)
GAMES = pl.DataFrame({"game_id": [1, 2], "starts_at": [START, START + timedelta(days=1)]})
IDS = pl.DataFrame({"external_id": ["a", "b"], "game_id": [1, 2]})


def staged(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {
        "external_id": "a",
        "book": "pinnacle",
        "market": "moneyline",
        "period": "full",
        "line": None,
        "side": "home",
        "price": 1.9,
        "price_american": None,
        "moment": "close",
        "known_at": None,
    }
    return pl.DataFrame([{**usual, **row} for row in rows], schema=STAGED_QUOTES.columns)


@pytest.mark.parametrize(
    ("moment", "lead"), [("open", timedelta(hours=24)), ("pre_close", timedelta(hours=2)), ("close", timedelta(0))]
)
def test_a_price_without_a_time_gets_the_nominal_one_of_its_moment(moment: str, lead: timedelta) -> None:
    quotes, rejects = attach(staged({"moment": moment}), GAMES, IDS)
    assert quotes.select("game_id", "known_at", "moment").rows() == [(1, START - lead, moment)]
    assert rejects.is_empty()
    assert QUOTES.check(quotes).rejected.is_empty()


def test_a_stamped_price_keeps_its_time() -> None:
    quotes, _ = attach(staged({"moment": "stamped", "known_at": STAMP}), GAMES, IDS)
    assert quotes["known_at"].to_list() == [STAMP]


def test_each_quote_takes_the_start_of_its_own_game() -> None:
    quotes, _ = attach(staged({"external_id": "b"}, {"external_id": "a"}), GAMES, IDS)
    assert quotes.select("game_id", "known_at").rows() == [(2, START + timedelta(days=1)), (1, START)]


def test_quotes_of_a_game_that_was_not_matched_are_one_reject_with_their_number() -> None:
    quotes, rejects = attach(
        staged({"external_id": "a"}, {"external_id": "x"}, {"external_id": "x", "side": "away"}), GAMES, IDS
    )
    assert quotes.height == 1
    [(row, reason, content)] = rejects.rows()
    assert (row, reason) == (2, "2 quotes of a game that was not matched")
    assert json.loads(content) == {"external_id": "x", "quotes": 2}


def test_a_matched_game_whose_start_is_not_given_rejects_its_quotes() -> None:
    quotes, rejects = attach(staged({"external_id": "b"}), GAMES.head(1), IDS)
    assert quotes.is_empty()
    assert rejects.height == 1


def test_an_exact_repeat_is_one_quote_and_no_reject() -> None:
    quotes, rejects = attach(staged({}, {}), GAMES, IDS)
    assert quotes.height == 1
    assert rejects.is_empty()


def test_a_second_price_for_the_same_selection_and_time_is_set_aside() -> None:
    quotes, rejects = attach(staged({}, {"price": 2.1}), GAMES, IDS)
    assert quotes["price"].to_list() == [1.9]
    [(row, reason, content)] = rejects.rows()
    assert (row, reason) == (2, "a second price of this book for this selection at this time")
    assert json.loads(content)["price"] == 2.1


def test_other_books_lines_sides_and_times_are_other_quotes() -> None:
    rows: list[dict[str, Any]] = [
        {},
        {"book": "bet365"},
        {"side": "away"},
        {"moment": "open"},
        {"market": "spread", "line": -3.5},
        {"market": "spread", "line": -3.0, "price": None},
    ]
    quotes, rejects = attach(staged(*rows), GAMES, IDS)
    assert quotes.height == len(rows)
    assert rejects.is_empty()


def test_nothing_in_makes_nothing_out() -> None:
    quotes, rejects = attach(STAGED_QUOTES.empty(), GAMES, IDS)
    assert quotes.is_empty()
    assert rejects.is_empty()
    assert QUOTES.check(quotes).rejected.is_empty()
