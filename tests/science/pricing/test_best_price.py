from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.science.pricing.best_price import best_prices, standing_quotes
from tests.science.pricing.quotes import START, frame, moments, quote

HOUR = timedelta(hours=1)


def test_a_price_not_yet_known_does_not_stand():
    quotes = frame(quote("home", 1.9), quote("home", 2.5, book="south", known_at=START + HOUR))
    assert standing_quotes(quotes, moments(1))["price"].to_list() == [1.9]


def test_a_price_known_at_the_very_moment_stands():
    quotes = frame(quote("home", 1.9, known_at=START))
    assert standing_quotes(quotes, moments(1))["age"].to_list() == [timedelta(0)]


def test_a_book_that_has_spoken_again_no_longer_offers_its_earlier_price_or_line():
    spread = {"market": "spread"}
    quotes = frame(
        quote("home", 2.2, known_at=START - 3 * HOUR),
        quote("home", 1.8),
        quote("home", 1.95, **spread, line=-3.0, known_at=START - 3 * HOUR),
        quote("home", 1.91, **spread, line=-3.5),
        quote("home", 2.10, **spread, line=-4.5),
    )
    standing = standing_quotes(quotes, moments(1))
    assert standing["price"].to_list() == [1.8, 1.91, 2.10]


def test_a_price_too_old_is_out_even_if_the_book_never_spoke_again():
    quotes = frame(quote("home", 2.2, known_at=START - 5 * HOUR), quote("home", 1.9, book="south"))
    kept = standing_quotes(quotes, moments(1), max_age=2 * HOUR)
    assert kept["book"].to_list() == ["south"]


def test_only_books_one_can_bet_at_count():
    quotes = frame(quote("home", 2.2), quote("home", 1.9, book="south"))
    assert best_prices(standing_quotes(quotes, moments(1), books=["south"]))["price"].to_list() == [1.9]


def test_games_without_a_moment_and_lines_without_a_price_are_left_out():
    quotes = frame(quote("home", 2.2, game_id=2), quote("home", None, market="spread", line=-3.0), quote("home", 1.9))
    assert standing_quotes(quotes, moments(1))["price"].to_list() == [1.9]


def test_each_game_is_read_at_its_own_moment():
    quotes = frame(quote("home", 1.9), quote("home", 2.0, game_id=2))
    when = pl.concat([moments(1), moments(2, as_of=START - 2 * HOUR)])
    assert standing_quotes(quotes, when)["game_id"].to_list() == [1]


def test_equal_prices_go_to_the_fresher_quote_then_to_the_first_name():
    quotes = frame(
        quote("home", 1.9, book="a", known_at=START - 2 * HOUR),
        quote("home", 1.9, book="c"),
        quote("home", 1.9, book="b"),
        quote("home", 1.8, book="d", known_at=START),
    )
    best = best_prices(standing_quotes(quotes, moments(1)))
    assert best.select("book", "books").rows() == [("b", 4)]


def test_no_quotes_have_no_best_price():
    assert best_prices(standing_quotes(frame(), moments(1))).is_empty()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([(None, "moneyline"), (-3.0, "spread"), (-3.5, "spread")]),
            st.sampled_from(["home", "away"]),
            st.integers(101, 500),
            st.integers(-3, 3),
        ),
        max_size=30,
        unique_by=lambda row: (row[0], row[1], row[2], row[4]),
    )
)
def test_the_best_price_is_the_one_a_patient_reader_would_find(rows):
    quotes = frame(
        *(
            quote(side, cents / 100, book=book, market=market, line=line, known_at=START + hours * HOUR)
            for book, (line, market), side, cents, hours in rows
        )
    )
    best = best_prices(standing_quotes(quotes, moments(1)))
    slow = {}
    for row in quotes.iter_rows(named=True):
        later = [
            other["known_at"]
            for other in quotes.iter_rows(named=True)
            if all(other[key] == row[key] for key in ("book", "market", "side")) and other["known_at"] <= START
        ]
        if row["known_at"] <= START and row["known_at"] == max(later):
            name = (row["market"], row["line"], row["side"])
            slow[name] = max(slow.get(name, 0), row["price"])
    assert {(r["market"], r["line"], r["side"]): r["price"] for r in best.iter_rows(named=True)} == slow
