"""Invented quotes in the shape of the contract."""

from datetime import UTC, datetime, timedelta

import polars as pl

from ai_pro_sports.core.contracts import QUOTES

START = datetime(2023, 9, 10, 17, 0, tzinfo=UTC)


def quote(side, price, **changes):
    """One row: by default the home moneyline of game 1 at book `north`, stamped one hour before the start."""
    row = {
        "game_id": 1,
        "book": "north",
        "market": "moneyline",
        "period": "full",
        "line": None,
        "side": side,
        "price": price,
        "price_american": None,
        "moment": "stamped",
        "known_at": START - timedelta(hours=1),
    }
    return row | changes


def frame(*rows):
    quotes = pl.DataFrame(list(rows), schema=QUOTES.columns)
    assert QUOTES.check(quotes).rejected.is_empty()
    return quotes


def moments(*games, as_of=START):
    return pl.DataFrame(
        {"game_id": list(games), "as_of": [as_of] * len(games)},
        schema={"game_id": pl.Int64, "as_of": pl.Datetime("us", "UTC")},
    )
