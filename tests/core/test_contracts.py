"""A contract keeps good rows, names every broken one with its reason, and stops at a changed shape."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ai_pro_sports.core.contracts import GAMES, QUOTES, STAGED_GAMES, STAGED_QUOTES, Contract
from ai_pro_sports.core.errors import SchemaChanged

GOOD_QUOTE: dict[str, Any] = {
    "external_id": "g1",
    "book": "pinnacle",
    "market": "spread",
    "period": "full",
    "line": -3.5,
    "side": "home",
    "price": 1.91,
    "price_american": -110,
    "moment": "close",
    "known_at": None,
}
GOOD_GAME: dict[str, Any] = {
    "external_id": "g1",
    "home_name": "AAA",
    "away_name": "BBB",
    "season": 2023,
    "starts_at": datetime(2023, 9, 7, tzinfo=UTC),
    "start_is_date_only": False,
    "status": "final",
    "home_score": 20,
    "away_score": 21,
    "neutral": False,
    "round": None,
    "week": 1,
}


def frame(contract: Contract, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=contract.columns)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": 1.0}, "price not above 1"),
        ({"price": 5000.0}, "price above 1001"),
        ({"line": None}, "line missing"),
        ({"line": -3.3}, "quarter points"),
        ({"side": "over"}, "side not of this market"),
        ({"market": "parlay"}, "not a word of ours"),
        ({"book": ""}, "book name length"),
        ({"moment": "stamped"}, "time and moment disagree"),
        ({"book": None}, "book is missing"),
    ],
)
def test_a_broken_quote_is_rejected_alone_with_its_reason(change: dict[str, Any], reason: str) -> None:
    checked = STAGED_QUOTES.check(frame(STAGED_QUOTES, GOOD_QUOTE, {**GOOD_QUOTE, **change}, GOOD_QUOTE))
    assert checked.valid.height == 2
    assert checked.rejected["position"].to_list() == [1]
    assert reason in checked.rejected["reason"][0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"away_name": "AAA"}, "against itself"),
        ({"home_score": None}, "one score only"),
        ({"home_score": None, "away_score": None}, "final without a score"),
        ({"home_score": -1}, "below zero"),
        ({"starts_at": None}, "starts_at is missing"),
    ],
)
def test_a_broken_game_is_rejected_alone_with_its_reason(change: dict[str, Any], reason: str) -> None:
    checked = STAGED_GAMES.check(frame(STAGED_GAMES, {**GOOD_GAME, **change}, GOOD_GAME))
    assert checked.valid.height == 1
    assert reason in checked.rejected["reason"][0]


def test_a_row_with_two_faults_is_rejected_once() -> None:
    checked = STAGED_GAMES.check(frame(STAGED_GAMES, {**GOOD_GAME, "home_score": -1, "away_score": -2}))
    assert checked.rejected.height == 1
    assert checked.rejected["reason"][0].count("below zero") == 2


@pytest.mark.parametrize("contract", [STAGED_GAMES, STAGED_QUOTES, GAMES, QUOTES], ids=lambda contract: contract.name)
def test_an_empty_frame_keeps_every_contract(contract: Contract) -> None:
    checked = contract.check(contract.empty())
    assert checked.valid.height == checked.rejected.height == 0


def test_a_missing_column_stops_everything() -> None:
    with pytest.raises(SchemaChanged, match="lacks columns price"):
        STAGED_QUOTES.check(frame(STAGED_QUOTES, GOOD_QUOTE).drop("price"))


def test_a_column_of_another_type_stops_everything() -> None:
    with pytest.raises(SchemaChanged, match="price is String"):
        STAGED_QUOTES.check(frame(STAGED_QUOTES, GOOD_QUOTE).cast({"price": pl.String}))
