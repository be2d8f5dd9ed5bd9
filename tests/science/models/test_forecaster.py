import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import Market, MarketKind, Side
from ai_pro_sports.science.models.forecaster import UNDECIDED, Forecasts, outcomes
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid


def forecasts(market, games=3):
    law = goal_grid(np.linspace(0.8, 2.0, games), 1.2, -0.05)
    return Forecasts(np.arange(games), law, market, np.zeros(games, dtype=int))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_outcomes_name_the_side_that_won(scores):
    frame = pl.DataFrame(scores, schema=["home_score", "away_score"], orient="row")
    for score, three, two in zip(
        scores, outcomes(frame, MarketKind.THREE_WAY), outcomes(frame, MarketKind.MONEYLINE), strict=True
    ):
        home, away = score
        assert three == (0 if home > away else 1 if home == away else 2)
        assert two == (0 if home > away else UNDECIDED if home == away else 1)


def test_a_game_without_a_score_has_no_outcome():
    with pytest.raises(InvalidValue, match="no outcome"):
        outcomes(pl.DataFrame({"home_score": [1, None], "away_score": [0, None]}), MarketKind.THREE_WAY)


@pytest.mark.parametrize("market", [MarketKind.MONEYLINE, MarketKind.THREE_WAY])
def test_new_result_probabilities_are_carried_into_every_market(market):
    before = forecasts(market)
    wanted = np.array([[0.6, 0.4]] * 3 if market is MarketKind.MONEYLINE else [[0.5, 0.3, 0.2]] * 3)
    after = before.with_result(wanted)
    np.testing.assert_allclose(after.result(), wanted, atol=1e-12)
    decided = after.price(Market(MarketKind.MONEYLINE), Side.HOME).decided
    np.testing.assert_allclose(decided, wanted[:, 0] / (wanted[:, 0] + wanted[:, -1]), atol=1e-12)
    assert (after.price(Market(MarketKind.SPREAD, line=-1.5), Side.HOME).win > 0).all()


def test_the_frame_has_one_row_per_game_with_its_result_and_moments():
    frame = forecasts(MarketKind.THREE_WAY).frame()
    assert frame.columns == [
        "game_id", "p_home", "p_draw", "p_away", "margin_mean", "margin_sd", "total_mean", "total_sd",
        "features_missing",
    ]  # fmt: skip
    assert (frame["p_home"] + frame["p_draw"] + frame["p_away"]).to_list() == pytest.approx([1, 1, 1])
    assert "p_draw" not in forecasts(MarketKind.MONEYLINE).frame().columns


def test_some_of_the_games_can_be_taken():
    some = forecasts(MarketKind.THREE_WAY).take(np.array([2, 0]))
    assert some.game_ids.tolist() == [2, 0]
    assert len(some) == 2


def test_ids_that_do_not_pair_and_markets_that_are_no_result_are_refused():
    law = goal_grid([1.0], [1.0])
    with pytest.raises(InvalidValue, match="do not pair"):
        Forecasts(np.arange(2), law, MarketKind.THREE_WAY, np.zeros(1, dtype=int))
    with pytest.raises(InvalidValue, match="not the market of a result"):
        Forecasts(np.arange(1), law, MarketKind.SPREAD, np.zeros(1, dtype=int))
