import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.science.pricing.vig import METHODS, Refusal, book_sum_bounds, devig, devig_book

methods = st.sampled_from(sorted(METHODS))


@st.composite
def books(draw, outcomes=None):
    """A book made by putting a margin on true probabilities, so that it is possible by construction."""
    n = outcomes or draw(st.integers(2, 6))
    true = np.array(draw(st.lists(st.floats(0.05, 1), min_size=n, max_size=n)))
    total = draw(st.floats(0.985, 1.24))
    inverse = true / true.sum() * total
    assume((inverse < 0.99).all())
    return (1 / inverse).tolist()


def slow_power(prices):
    inverse = [1 / price for price in prices]
    k = brentq(lambda k: sum(q**k for q in inverse) - 1, 1e-3, 60, xtol=1e-14)
    return [q**k for q in inverse]


def slow_shin(prices):
    inverse = [1 / price for price in prices]
    total = sum(inverse)

    def fair(z):
        return [((z**2 + 4 * (1 - z) * q**2 / total) ** 0.5 - z) / (2 * (1 - z)) for q in inverse]

    z = brentq(lambda z: sum(fair(z)) - 1, -0.999, 0.999, xtol=1e-15)
    return fair(z)


def test_power_solves_its_equation_like_a_root_finder():
    for prices in ([1.5, 2.7], [2.1, 3.4, 3.6], [1.05, 15.0, 34.0], [2.8, 4.0, 5.0, 8.0, 10.0]):
        np.testing.assert_allclose(devig_book(prices, "power").probabilities, slow_power(prices), atol=1e-12)


@given(books())
def test_power_and_shin_equal_the_slow_reference(prices):
    np.testing.assert_allclose(devig_book(prices, "power").probabilities, slow_power(prices), atol=1e-10)
    np.testing.assert_allclose(devig_book(prices, "shin").probabilities, slow_shin(prices), atol=1e-10)


@given(books(), methods)
def test_fair_probabilities_sum_to_one_and_keep_the_order_of_the_prices(prices, method):
    fair = devig([prices], method)
    assume(fair.accepted[0])
    p = fair.probabilities[0]
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (p > 0).all()
    order = np.argsort(prices, kind="stable")
    assert (np.diff(p[order]) <= 1e-12).all()


@given(books(), methods)
def test_a_book_without_vig_comes_back_unchanged(prices, method):
    inverse = 1 / np.array(prices)
    fair = inverse / inverse.sum()
    np.testing.assert_allclose(devig([1 / fair], method).probabilities[0], fair, atol=1e-9)


@given(books(outcomes=2))
def test_for_two_outcomes_shin_is_additive(prices):
    additive = devig([prices], "additive")
    assume(additive.accepted[0])
    np.testing.assert_allclose(devig([prices], "shin").probabilities, additive.probabilities, atol=1e-9)


@given(books(outcomes=3), methods)
def test_the_order_of_the_outcomes_does_not_matter(prices, method):
    fair = devig([prices, prices[::-1]], method)
    assume(fair.accepted.all())
    np.testing.assert_allclose(fair.probabilities[0], fair.probabilities[1][::-1], atol=1e-10)


@given(st.lists(books(outcomes=3), min_size=1, max_size=20), methods)
def test_a_batch_is_its_books_one_by_one(many, method):
    fair = devig(many, method)
    for row, prices in enumerate(many):
        alone = devig([prices], method)
        np.testing.assert_array_equal(fair.probabilities[row], alone.probabilities[0])
        assert fair.refusal[row] == alone.refusal[0]


@given(books())
def test_with_a_margin_power_and_shin_leave_the_favourite_more_than_multiplicative(prices):
    assume(sum(1 / price for price in prices) > 1.001)
    favourite = int(np.argmin(prices))
    plain = devig_book(prices, "multiplicative").probabilities[favourite]
    for method in ("power", "shin"):
        assert devig_book(prices, method).probabilities[favourite] >= plain - 1e-10


def test_hold_and_parameter_are_those_of_the_definition():
    prices = [1.8, 2.0]
    total = 1 / 1.8 + 1 / 2.0
    book = devig_book(prices, "multiplicative")
    assert (book.hold, book.parameter, book.method) == pytest.approx((1 - 1 / total, total, "multiplicative"))
    assert devig_book(prices, "additive").parameter == pytest.approx((total - 1) / 2)
    assert devig_book(prices, "power").parameter > 1
    assert 0 < devig_book(prices, "shin").parameter < 1


@pytest.mark.parametrize(
    ("prices", "refusal"),
    [
        ([1.9, float("nan")], Refusal.PRICE_MISSING),
        ([1.9, float("inf")], Refusal.PRICE_MISSING),
        ([1.9, 1.0], Refusal.PRICE_NOT_ABOVE_ONE),
        ([1.9, -2.0], Refusal.PRICE_NOT_ABOVE_ONE),
        ([2.2, 2.2], Refusal.BOOK_SUM_BELOW_BOUNDS),
        ([1.4, 1.4], Refusal.BOOK_SUM_ABOVE_BOUNDS),
        ([1.9, 2.0], Refusal.NONE),
    ],
)
def test_impossible_books_are_refused_with_their_reason(prices, refusal):
    fair = devig([prices], "power")
    assert fair.refusal[0] == refusal
    assert (fair.reason(0) is None) == (refusal == Refusal.NONE)
    assert np.isnan(fair.probabilities).all() == (refusal != Refusal.NONE)
    if refusal != Refusal.NONE:
        with pytest.raises(InvalidValue, match="not a book"):
            devig_book(prices, "power")


def test_additive_refuses_a_longshot_that_would_get_less_than_nothing():
    fair = devig([[1.02, 20.0, 100.0]], "additive")
    assert fair.refusal[0] == Refusal.NO_PROBABILITY_LEFT
    assert np.isnan(fair.probabilities).all()


def test_a_refused_book_leaves_its_neighbours_alone():
    fair = devig([[1.9, 1.9], [0.5, 9.0], [1.5, 2.8]], "shin")
    assert fair.accepted.tolist() == [True, False, True]
    assert np.isfinite(fair.probabilities[[0, 2]]).all()


def test_bounds_widen_with_the_outcomes_and_can_be_set():
    assert book_sum_bounds(2) == (0.98, 1.25)
    assert book_sum_bounds(3) == (0.98, 1.35)
    assert devig([[1.4, 1.4]], "power", bounds=(0.9, 1.5)).accepted.all()


def test_an_unknown_method_and_a_flat_array_are_refused():
    with pytest.raises(UnknownName, match="multiplicative, additive, power, shin"):
        devig([[1.9, 1.9]], "guess")
    with pytest.raises(InvalidValue, match="shape"):
        devig([1.9, 1.9], "power")


def test_no_books_at_all_give_no_rows():
    for method in METHODS:
        assert devig(np.empty((0, 3)), method).probabilities.shape == (0, 3)
