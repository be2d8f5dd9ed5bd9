import numpy as np
import polars as pl
import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import Market, Side
from ai_pro_sports.science.pricing.appraise import appraise
from ai_pro_sports.science.pricing.best_price import best_prices, standing_quotes
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from ai_pro_sports.science.pricing.score_distribution.price import grade_probabilities, price
from tests.science.pricing.quotes import frame, moments, quote

LAW = goal_grid([1.8, 1.1], [0.9, 1.5], -0.05)
IDS = [2, 1]


def offers():
    return best_prices(
        standing_quotes(
            frame(
                quote("home", 1.8, game_id=2, market="three_way"),
                quote("draw", 3.9, game_id=2, market="three_way"),
                quote("home", 1.9, market="spread", line=0.25),
                quote("away", 2.0, market="spread", line=0.25),
                quote("over", 2.1, market="total", line=2.5),
                quote("over", 1.7, game_id=2, market="total", line=3.0),
                quote("home", 9.0, game_id=9, market="three_way"),
                quote("home", 9.0, market="three_way", period="first_half"),
            ),
            moments(1, 2, 9),
        )
    )


def test_every_offer_is_priced_by_its_own_games_law():
    appraised = appraise(LAW, IDS, offers())
    assert appraised.height == 6
    for row in appraised.iter_rows(named=True):
        law = LAW.take([IDS.index(row["game_id"])])
        market = Market.parse(f"{row['market']}:full:{'' if row['line'] is None else row['line']}")
        win, push, loss = (share[0] for share in price(law, market, Side(row["side"])))
        grades = grade_probabilities(law, market, Side(row["side"]))
        for name in ("win", "half_win", "push", "half_loss", "loss"):
            assert row[name] == pytest.approx(getattr(grades, name)[0])
        assert row["probability"] == pytest.approx(win / (win + loss))
        assert row["fair_price"] == pytest.approx((win + loss) / win)
        assert row["edge"] == pytest.approx(win / (win + loss) - 1 / row["price"])
        assert row["ev"] == pytest.approx(win * (row["price"] - 1) - loss)
        assert row["tier"] in "ABCD"
        assert push >= 0


def test_the_order_of_the_offers_is_kept():
    mixed = offers().sample(fraction=1.0, shuffle=True, seed=4)
    kept = mixed.filter(pl.col("game_id") != 9, pl.col("period") == "full")
    assert (
        appraise(LAW, IDS, mixed)
        .select("game_id", "market", "side", "price")
        .equals(kept.select("game_id", "market", "side", "price"))
    )


def test_games_and_periods_without_a_law_are_left_out_and_no_offers_give_no_rows():
    assert appraise(LAW, [7, 8], offers()).is_empty()
    assert "edge" in appraise(LAW, IDS, offers().clear()).columns


def test_ids_that_do_not_pair_with_the_laws_are_refused():
    with pytest.raises(InvalidValue, match="one id per law"):
        appraise(LAW, np.arange(3), offers())
