from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.pricing.best_price import standing_quotes
from ai_pro_sports.science.pricing.consensus import closing_probabilities, consensus
from ai_pro_sports.science.pricing.vig import devig_book
from tests.science.pricing.quotes import START, frame, moments, quote


def two_way(home, away, **changes):
    return quote("home", home, **changes), quote("away", away, **changes)


def standing(*rows):
    return standing_quotes(frame(*rows), moments(1, 2))


def fair_of(answer):
    return {(row["game_id"], row["line"], row["side"]): row["fair"] for row in answer.fair.iter_rows(named=True)}


def test_one_book_is_the_consensus_alone():
    answer = consensus(standing(*two_way(1.5, 2.7)), "power")
    wanted = devig_book([1.5, 2.7], "power").probabilities
    assert fair_of(answer) == pytest.approx({(1, None, "home"): wanted[0], (1, None, "away"): wanted[1]})
    assert answer.fair["dispersion"].to_list() == [0.0, 0.0]
    assert answer.fair["reference"].to_list() == ["consensus"] * 2


def test_books_are_averaged_and_their_disagreement_measured():
    answer = consensus(standing(*two_way(1.9, 1.9), *two_way(1.5, 2.7, book="south")), "multiplicative")
    other = devig_book([1.5, 2.7], "multiplicative").probabilities[0]
    assert fair_of(answer)[1, None, "home"] == pytest.approx((0.5 + other) / 2)
    assert answer.fair["books"].to_list() == [2, 2]
    assert answer.fair["dispersion"][0] == pytest.approx((other - 0.5) / 2)


def test_a_sharp_book_speaks_for_the_market_where_it_speaks():
    rows = (*two_way(1.9, 1.9), *two_way(1.5, 2.7, book="sharp"), *two_way(1.9, 1.9, game_id=2))
    answer = consensus(standing(*rows), "power", sharp_books=["sharp"])
    assert fair_of(answer)[1, None, "home"] == pytest.approx(devig_book([1.5, 2.7], "power").probabilities[0])
    assert fair_of(answer)[2, None, "home"] == pytest.approx(0.5)
    assert answer.fair["reference"].to_list() == ["sharp", "sharp", "consensus", "consensus"]


def test_half_a_book_is_no_book():
    rows = (quote("home", 1.5), quote("home", 1.9, market="spread", line=-3.0))
    assert consensus(standing(*rows, quote("away", 1.9, market="spread", line=-3.5)), "power").fair.is_empty()


def test_lines_are_kept_apart_and_three_way_books_have_three_sides():
    spread = {"market": "spread"}
    rows = (*two_way(1.8, 2.0, **spread, line=-3.0), *two_way(2.0, 1.8, **spread, line=-3.5))
    three_prices = [("home", 2), ("draw", 3.5), ("away", 4)]
    draw = [quote(side, price, game_id=2, market="three_way") for side, price in three_prices]
    answer = consensus(standing(*rows, *draw), "shin")
    found = fair_of(answer)
    assert found[1, -3.0, "home"] > 0.5 > found[1, -3.5, "home"]
    assert sum(found[2, None, side] for side in ("home", "draw", "away")) == pytest.approx(1)


def test_an_impossible_book_is_left_out_and_reported():
    answer = consensus(standing(*two_way(1.9, 1.9), *two_way(1.1, 1.2, book="typo")), "power")
    assert answer.fair["books"].to_list() == [1, 1]
    assert answer.refused.select("book", "reason").rows() == [
        ("typo", "the inverse prices sum to too much: a typing error or the prices of two markets")
    ]


def test_overlapping_sides_and_an_empty_market_have_no_consensus():
    rows = [quote(side, 1.4, market="double_chance") for side in ("home_or_draw", "home_or_away", "draw_or_away")]
    assert consensus(standing(*rows), "power").fair.is_empty()
    assert consensus(standing(), "power").refused.is_empty()


@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(1.0, 1.1)), min_size=1, max_size=6))
def test_the_consensus_of_a_market_sums_to_one(books):
    rows = []
    for number, (p, margin) in enumerate(books):
        rows += two_way(1 / (p * margin), 1 / ((1 - p) * margin), book=f"book {number}")
    answer = consensus(standing(*rows), "power")
    assert sum(fair_of(answer).values()) == pytest.approx(1)


def test_the_close_is_the_last_word_before_the_start_and_no_earlier_nominal_price():
    rows = (
        *two_way(1.9, 1.9, moment="open", known_at=START - timedelta(hours=24)),
        *two_way(1.5, 2.7, moment="close", known_at=START),
        *two_way(1.9, 1.9, game_id=2, moment="pre_close", known_at=START - timedelta(hours=2)),
        *two_way(2.4, 1.6, game_id=3, known_at=START - timedelta(minutes=5)),
        *two_way(1.9, 1.9, game_id=3, known_at=START - timedelta(hours=5)),
        *two_way(1.2, 5.0, game_id=3, known_at=START + timedelta(minutes=5)),
    )
    starts = moments(1, 2, 3).rename({"as_of": "starts_at"})
    close = closing_probabilities(frame(*rows), starts, MarketKind.MONEYLINE, "power")
    assert close["game_id"].to_list() == [1, 3]
    assert close["p_home"].to_list() == pytest.approx(
        [devig_book([1.5, 2.7], "power").probabilities[0], devig_book([2.4, 1.6], "power").probabilities[0]]
    )
    assert (close["p_home"] + close["p_away"]).to_list() == pytest.approx([1, 1])
