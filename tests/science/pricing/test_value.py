import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.science.pricing.score_distribution.grades import WinPushLoss
from ai_pro_sports.science.pricing.value import Tier, edge, expected_value, tier, tiers

probabilities = st.floats(0.01, 0.99)
prices = st.floats(1.01, 100)


@given(probabilities, prices)
def test_without_pushes_expected_value_is_probability_times_price_less_one(p, price):
    assert expected_value(p, 1 - p, price) == pytest.approx(p * price - 1, abs=1e-12)
    assert expected_value(p, 1 - p, price) == pytest.approx(edge(p, price) * price, abs=1e-9)


@given(st.floats(0.01, 0.6), st.floats(0.01, 0.39), prices)
def test_with_pushes_edge_and_expected_value_still_have_one_sign(win, loss, price):
    decided = WinPushLoss(win, 1 - win - loss, loss).decided
    value = expected_value(win, loss, price)
    assert value == pytest.approx(edge(decided, price) * price * (win + loss), abs=1e-9)


@given(probabilities)
def test_at_the_fair_price_there_is_neither_edge_nor_value(p):
    assert edge(p, 1 / p) == pytest.approx(0, abs=1e-12)
    assert expected_value(p, 1 - p, 1 / p) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("p", "wanted"), [(0.99, "A"), (0.65, "A"), (0.649999, "B"), (0.6, "B"), (0.55, "C"), (0.549999, "D"), (0.0, "D")]
)
def test_the_lower_bound_belongs_to_its_tier(p, wanted):
    assert tier(p) is Tier(wanted)
    assert tiers([p, p]).tolist() == [wanted, wanted]
