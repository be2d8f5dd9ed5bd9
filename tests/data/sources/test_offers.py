"""Wide price rows to quotes: signs, notations, lines without prices, and every swap and typo set aside alone."""

import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.contracts import STAGED_QUOTES, UTC_TIME
from ai_pro_sports.core.leagues import league
from ai_pro_sports.core.market import MarketKind, Side
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.csv_table import ROW
from ai_pro_sports.data.sources.offers import Notation, Offer, read_offers

HOME_AWAY = ((Side.HOME, "mh"), (Side.AWAY, "ma"))
MONEYLINE = Offer("book", MarketKind.MONEYLINE, Moment.CLOSE, HOME_AWAY)
SPREAD = Offer(
    "book", MarketKind.SPREAD, Moment.CLOSE, ((Side.HOME, "sh"), (Side.AWAY, "sa")), line_column="sl", line_alone=True
)
TOTAL = Offer("book", MarketKind.TOTAL, Moment.CLOSE, ((Side.OVER, "o"), (Side.UNDER, "u")), line_column="tl")
THREE_WAY = Offer(
    "book", MarketKind.THREE_WAY, Moment.PRE_CLOSE, ((Side.HOME, "h"), (Side.DRAW, "d"), (Side.AWAY, "a"))
)
NFL = league("NFL").bounds
EPL = league("EPL").bounds
STAMP = datetime(2029, 9, 1, tzinfo=UTC)


def read(
    offers: list[Offer],
    cells: dict[str, str | None],
    *,
    notation: Notation = "american",
    stamped: datetime | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    columns = [column for offer in offers for _, column in offer.prices] + [
        o.line_column for o in offers if o.line_column
    ]
    row = {ROW: 7, "external_id": "g", **{column: cells.get(column) for column in columns}}
    frame = pl.DataFrame([row], schema_overrides=dict.fromkeys(columns, pl.String)).with_columns(
        pl.lit(stamped, dtype=UTC_TIME).alias("stamped_at")
    )
    quotes, rejects = read_offers(frame, offers, notation=notation, bounds=NFL if notation == "american" else EPL)
    assert STAGED_QUOTES.check(quotes).rejected.is_empty()
    return quotes.to_dicts(), rejects.to_dicts()


def test_american_prices_become_decimal_and_are_kept_as_read() -> None:
    quotes, rejects = read([MONEYLINE], {"mh": "-150", "ma": "+130"})
    assert [(q["side"], round(q["price"], 4), q["price_american"]) for q in quotes] == [
        ("home", 1.6667, -150),
        ("away", 2.3, 130),
    ]
    assert rejects == []


def test_decimal_prices_have_no_american_form() -> None:
    quotes, _ = read([THREE_WAY], {"h": "2", "d": "3.4", "a": "3.9"}, notation="decimal")
    assert [(q["side"], q["price"], q["price_american"], q["moment"]) for q in quotes] == [
        ("home", 2.0, None, "pre_close"),
        ("draw", 3.4, None, "pre_close"),
        ("away", 3.9, None, "pre_close"),
    ]


def test_a_feed_whose_plus_means_home_favoured_has_its_sign_turned() -> None:
    turned = Offer("book", MarketKind.SPREAD, Moment.CLOSE, SPREAD.prices, line_column="sl", line_sign=-1)
    quotes, _ = read([turned], {"sl": "3.5", "sh": "-110", "sa": "-110"})
    assert {q["line"] for q in quotes} == {-3.5}


def test_a_pickem_has_no_negative_zero() -> None:
    turned = Offer("book", MarketKind.SPREAD, Moment.CLOSE, SPREAD.prices, line_column="sl", line_sign=-1)
    quotes, _ = read([turned], {"sl": "0", "sh": "-110", "sa": "-110"})
    assert {str(q["line"]) for q in quotes} == {"0.0"}


def test_a_split_line_is_the_mean_of_its_halves() -> None:
    quotes, _ = read([SPREAD], {"sl": "-0.5,-1", "sh": "1.9", "sa": "2"}, notation="decimal")
    assert {q["line"] for q in quotes} == {-0.75}


def test_a_line_without_prices_is_kept_without_a_price() -> None:
    quotes, rejects = read([SPREAD], {"sl": "-3.5"})
    assert [(q["side"], q["line"], q["price"]) for q in quotes] == [("home", -3.5, None), ("away", -3.5, None)]
    assert rejects == []


def test_a_total_whose_line_does_not_stand_alone_needs_a_price() -> None:
    assert read([TOTAL], {"tl": "44.5"}) == ([], [])


def test_a_stamped_row_makes_stamped_quotes() -> None:
    quotes, _ = read([MONEYLINE], {"mh": "-150", "ma": "130"}, stamped=STAMP)
    assert {(q["moment"], q["known_at"]) for q in quotes} == {("stamped", STAMP)}


def test_empty_cells_are_no_quotes_and_no_rejects() -> None:
    assert read([MONEYLINE, TOTAL], {}) == ([], [])


def test_one_side_alone_is_a_quote() -> None:
    quotes, rejects = read([MONEYLINE], {"mh": "-150"})
    assert [q["side"] for q in quotes] == ["home"]
    assert rejects == []


@pytest.mark.parametrize(
    ("cells", "notation", "reason"),
    [
        ({"mh": "50", "ma": "-120"}, "american", "American price 50 lies inside ±100"),
        ({"mh": "-99.5", "ma": "-120"}, "american", "American price -99.5 lies inside ±100"),
        ({"mh": "0", "ma": "-120"}, "american", "American price 0 lies inside ±100"),
        ({"mh": "x", "ma": "-120"}, "american", "'x' is no price"),
        ({"mh": "200000", "ma": "-120"}, "american", "price 200000 is beyond belief"),
        ({"mh": "1", "ma": "2.1"}, "decimal", "price 1 is not above 1"),
        ({"mh": "0", "ma": "2.1"}, "decimal", "price 0 is not above 1"),
        ({"mh": "2.,3", "ma": "2.1"}, "decimal", "'2.,3' is no price"),
        ({"mh": "#REF!", "ma": "2.1"}, "decimal", "'#REF!' is no price"),
    ],
)
def test_a_price_that_cannot_be_true_is_set_aside_and_its_opposite_stays(
    cells: dict[str, str | None], notation: Notation, reason: str
) -> None:
    quotes, [reject] = read([MONEYLINE], cells, notation=notation)
    assert [q["side"] for q in quotes] == ["away"]
    assert reject["row"] == 7
    assert reject["reason"] == f"close moneyline of book: {reason}"
    content = json.loads(reject["content"])
    assert content["external_id"] == "g"
    assert content["cells"] == [{"column": "mh", "cell": cells["mh"]}]


@pytest.mark.parametrize(
    ("offer", "cells", "notation", "reason"),
    [
        (MONEYLINE, {"mh": "150", "ma": "150"}, "american", "over-round 0.8 is out of bounds"),
        (MONEYLINE, {"mh": "-300", "ma": "-200"}, "american", "over-round 1.417 is out of bounds"),
        (THREE_WAY, {"h": "2", "d": "3", "a": "1.5"}, "decimal", "over-round 1.5 is out of bounds"),
        (SPREAD, {"sl": "44.5", "sh": "-110", "sa": "-110"}, "american", "spread 44.5: spread and total look swapped"),
        (TOTAL, {"tl": "-3.5", "o": "-110", "u": "-110"}, "american", "total -3.5: spread and total look swapped"),
        (SPREAD, {"sl": "99", "sh": "-110", "sa": "-110"}, "american", "spread 99.0 is outside what the league plays"),
        (SPREAD, {"sl": "-3.3", "sh": "-110", "sa": "-110"}, "american", "line -3.3 is not in quarter points"),
        (SPREAD, {"sl": "pk?", "sh": "-110", "sa": "-110"}, "american", "'pk?' is no line"),
        (SPREAD, {"sl": "-1,-2,-3", "sh": "-110", "sa": "-110"}, "american", "'-1,-2,-3' is no line"),
        (SPREAD, {"sh": "-110", "sa": "-110"}, "american", "prices without a line"),
    ],
)
def test_an_offer_that_cannot_be_true_is_set_aside_whole(
    offer: Offer, cells: dict[str, str | None], notation: Notation, reason: str
) -> None:
    quotes, [reject] = read([offer], cells, notation=notation)
    assert quotes == []
    assert reject["reason"].endswith(reason)


def test_a_best_of_all_books_may_lie_below_one_hundred_percent() -> None:
    best = Offer("market_best", MarketKind.MONEYLINE, Moment.CLOSE, HOME_AWAY)
    quotes, rejects = read([best], {"mh": "2.2", "ma": "2.1"}, notation="decimal")
    assert len(quotes) == 2
    assert rejects == []
    _, rejects = read([best], {"mh": "4", "ma": "4"}, notation="decimal")
    assert len(rejects) == 1


def test_winner_prices_swapped_against_the_spread_lose_both_where_nothing_else_speaks() -> None:
    quotes, rejects = read(
        [MONEYLINE, SPREAD, TOTAL],
        {"mh": "240", "ma": "-300", "sl": "-7", "sh": "-110", "sa": "-110", "tl": "44", "o": "-110", "u": "-110"},
    )
    assert {q["market"] for q in quotes} == {"total"}
    assert len(rejects) == 2
    assert all("spread -7.0 but winner prices lean -0.46 to home: sides swapped" in r["reason"] for r in rejects)


@pytest.mark.parametrize(
    ("opening_line", "opening_home", "opening_away", "at_fault"),
    [("-6", "-250", "210", "moneyline"), ("6", "210", "-250", "spread")],
)
def test_another_moment_of_the_row_decides_which_of_the_two_is_swapped(
    opening_line: str, opening_home: str, opening_away: str, at_fault: str
) -> None:
    early = [
        Offer("book", MarketKind.MONEYLINE, Moment.OPEN, ((Side.HOME, "emh"), (Side.AWAY, "ema"))),
        Offer("book", MarketKind.SPREAD, Moment.OPEN, ((Side.HOME, "esh"), (Side.AWAY, "esa")), line_column="esl"),
    ]
    cells = {"mh": "240", "ma": "-300", "sl": "-7", "sh": "-110", "sa": "-110", "esh": "-110", "esa": "-110"}
    opening = {"emh": opening_home, "ema": opening_away, "esl": opening_line}
    quotes, [reject] = read([*early, MONEYLINE, SPREAD], {**cells, **opening})
    assert reject["reason"].startswith(f"close {at_fault} of book")
    assert len(quotes) == 6


@pytest.mark.parametrize("line", ["-2", "2", "0"])
def test_a_small_line_contradicts_nobody(line: str) -> None:
    quotes, rejects = read([MONEYLINE, SPREAD], {"mh": "120", "ma": "-140", "sl": line, "sh": "-110", "sa": "-110"})
    assert len(quotes) == 4
    assert rejects == []


@given(
    st.integers(100, 900), st.integers(-1000, -100), st.sampled_from([-14.0, -7.0, -3.0, 3.0, 7.0, 14.0]), st.booleans()
)
def test_no_price_is_ever_lost_without_a_reject(dog: int, favourite: int, line: float, home_is_dog: bool) -> None:
    home, away = (dog, favourite) if home_is_dog else (favourite, dog)
    quotes, rejects = read(
        [MONEYLINE, SPREAD], {"mh": str(home), "ma": str(away), "sl": str(line), "sh": "-110", "sa": "-110"}
    )
    lost = sum(len(json.loads(reject["content"])["cells"]) for reject in rejects)
    assert len(quotes) + lost == 4
