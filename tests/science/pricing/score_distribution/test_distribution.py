import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, Market, MarketKind, Period, Side
from ai_pro_sports.science.grading.grade import Grade
from ai_pro_sports.science.grading.settle import settle
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution
from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from ai_pro_sports.science.pricing.score_distribution.price import fair_price, grade_probabilities, price

SCORE_KINDS = [kind for kind in MarketKind if "set" not in kind.value]
LINED = [kind for kind in SCORE_KINDS if kind.value.endswith(("spread", "total"))]
quarter_lines = st.integers(-24, 40).map(lambda quarters: quarters / 4)


@st.composite
def laws(draw):
    """Any joint law at all, not only those a family makes."""
    games, size = draw(st.integers(1, 3)), draw(st.integers(2, 7))
    seed = draw(st.integers(0, 10**6))
    return ScoreDistribution.normalised(
        np.random.default_rng(seed).dirichlet([0.3] * size**2, games).reshape(-1, size, size)
    )


@st.composite
def markets(draw):
    kind = draw(st.sampled_from(SCORE_KINDS))
    return Market(kind, line=draw(quarter_lines) if kind in LINED else None)


def slow_grades(law, game, market, side):
    """Settle every possible score on its own and add up."""
    found = dict.fromkeys(Grade, 0.0)
    for home, row in enumerate(law.mass[game]):
        for away, mass in enumerate(row):
            found[settle(market, side, home, away)] += mass
    return found


@given(laws(), markets(), st.data())
def test_a_market_is_the_sum_over_scores_each_settled_on_its_own(law, market, data):
    side = data.draw(st.sampled_from(market.sides))
    grades = grade_probabilities(law, market, side)
    for game in range(len(law)):
        slow = slow_grades(law, game, market, side)
        for grade in ("win", "half_win", "push", "half_loss", "loss"):
            assert getattr(grades, grade)[game] == pytest.approx(slow[Grade(grade)], abs=1e-12)


@given(laws(), markets(), st.data())
def test_win_push_and_loss_exhaust_every_bet(law, market, data):
    side = data.draw(st.sampled_from(market.sides))
    np.testing.assert_allclose(sum(price(law, market, side)), 1.0, atol=1e-12)


@given(laws(), markets())
def test_the_sides_of_one_market_leave_no_arbitrage(law, market):
    shares = [price(law, market, side) for side in market.sides]
    if len(shares) == 2:
        np.testing.assert_allclose(shares[0].win, shares[1].loss, atol=1e-12)
        np.testing.assert_allclose(shares[0].push, shares[1].push, atol=1e-12)
    winners = 2 if market.kind is MarketKind.DOUBLE_CHANCE else 1
    if len(shares) == 3:
        np.testing.assert_allclose(sum(share.win for share in shares), winners, atol=1e-12)


@given(laws(), st.sampled_from([Side.HOME, Side.AWAY]), quarter_lines)
def test_a_quarter_line_is_the_mean_of_its_halves(law, side, line):
    quarter = line + 0.25 if (line * 4) % 2 == 0 else line
    whole = law.grades(MarketKind.SPREAD, side, quarter).shares()
    halves = [law.grades(MarketKind.SPREAD, side, quarter + step).shares() for step in (-0.25, 0.25)]
    for field in ("win", "push", "loss"):
        mean = (getattr(halves[0], field) + getattr(halves[1], field)) / 2
        np.testing.assert_allclose(getattr(whole, field), mean, atol=1e-12)


@given(laws())
def test_moneyline_spread_draw_no_bet_and_three_way_tell_one_story(law):
    win, draw, lose = law.three_way().T
    np.testing.assert_allclose(law.cover(-0.5).win, win, atol=1e-12)
    np.testing.assert_allclose(law.cover(0.5).win, win + draw, atol=1e-12)
    np.testing.assert_allclose(law.cover(0.0).push, draw, atol=1e-12)
    no_bet = price(law, Market(MarketKind.DRAW_NO_BET), Side.AWAY)
    np.testing.assert_allclose(no_bet.win, lose, atol=1e-12)
    np.testing.assert_allclose((law.win(), law.draw(), law.lose()), (win, draw, lose))
    either = price(law, Market(MarketKind.DOUBLE_CHANCE), Side.HOME_OR_DRAW)
    np.testing.assert_allclose(either.win, win + draw, atol=1e-12)


@given(laws(), quarter_lines)
def test_more_points_given_never_make_a_cover_likelier(law, line):
    easier, harder = law.cover(line + 0.5), law.cover(line)
    assert (easier.win >= harder.win - 1e-12).all()
    assert (law.over(abs(line) + 0.5).win <= law.over(abs(line)).win + 1e-12).all()


@given(laws())
def test_swapping_the_teams_mirrors_every_market(law):
    mirrored = ScoreDistribution(law.mass.transpose(0, 2, 1))
    np.testing.assert_allclose(mirrored.win(), law.lose(), atol=1e-12)
    np.testing.assert_allclose(mirrored.cover(-1.25).win, law.grades(MarketKind.SPREAD, Side.AWAY, 1.25).shares().win)
    home = law.grades(MarketKind.HOME_TOTAL, Side.OVER, 1.5).win
    np.testing.assert_allclose(mirrored.grades(MarketKind.AWAY_TOTAL, Side.OVER, 1.5).win, home, atol=1e-12)
    np.testing.assert_allclose(mirrored.over(2.5).win, law.over(2.5).win, atol=1e-12)


@given(laws())
def test_moments_are_those_of_the_scores(law):
    moments = law.moments()
    for game, mass in enumerate(law.mass):
        home, away = np.indices(mass.shape)
        for name, value in (("margin", home - away), ("total", home + away)):
            mean = (mass * value).sum()
            assert moments[f"{name}_mean"][game] == pytest.approx(mean, abs=1e-9)
            variance = (mass * (value - mean) ** 2).sum()
            assert moments[f"{name}_sd"][game] ** 2 == pytest.approx(variance, abs=1e-9)


def test_a_line_per_game_prices_each_game_at_its_own_line():
    law = goal_grid([1.2, 1.8, 2.4], [1.1, 1.0, 0.6])
    lines = np.array([0.25, -0.5, -1.75])
    together = law.cover(lines)
    for game, line in enumerate(lines):
        assert together.win[game] == pytest.approx(law.take([game]).cover(line).win[0])
    assert len(law.take(np.array([True, False, True]))) == 2


def test_exact_scores_add_up_and_end_with_the_grid():
    law = goal_grid([1.3], [1.2], max_goals=12)
    assert sum(law.exact(h, a)[0] for h in range(13) for a in range(13)) == pytest.approx(1)
    assert law.exact(13, 0).tolist() == [0.0]
    assert law.exact(-1, 0).tolist() == [0.0]


def test_fair_prices_of_a_market_have_no_margin():
    law = goal_grid([1.7], [0.9], -0.08)
    for kind in (MarketKind.THREE_WAY, MarketKind.BTTS):
        market = Market(kind)
        assert sum(1 / fair_price(law, market, side)[0] for side in EXHAUSTIVE_SIDES[kind]) == pytest.approx(1)
    nothing = ScoreDistribution(np.array([[[0.0, 0.0], [1.0, 0.0]]]))
    assert fair_price(nothing, Market(MarketKind.MONEYLINE), Side.AWAY).tolist() == [np.inf]
    always_level = ScoreDistribution(np.array([[[0.0, 0.0], [0.0, 1.0]]]))
    assert np.isnan(fair_price(always_level, Market(MarketKind.MONEYLINE), Side.HOME)).all()


def test_no_games_give_no_prices():
    nobody = goal_grid([], [])
    assert len(nobody) == 0
    assert nobody.cover(-0.5).win.shape == nobody.win().shape == (0,)
    assert nobody.moments()["total_mean"].shape == (0,)


def test_what_is_no_law_and_what_a_law_cannot_price_is_refused():
    with pytest.raises(InvalidValue, match="mass of shape"):
        ScoreDistribution(np.eye(2))
    with pytest.raises(InvalidValue, match="negative or missing"):
        ScoreDistribution(np.array([[[1.5, -0.5]]]))
    with pytest.raises(InvalidValue, match="do not exhaust"):
        ScoreDistribution(np.array([[[0.5, 0.4]]]))
    law = goal_grid([1.0], [1.0])
    with pytest.raises(InvalidValue, match="law of sets"):
        law.grades(MarketKind.TOTAL_SETS, Side.OVER, 3.5)
    with pytest.raises(InvalidValue, match="first_half"):
        price(law, Market(MarketKind.THREE_WAY, Period.FIRST_HALF), Side.HOME)
    with pytest.raises(InvalidValue, match="no side draw"):
        price(law, Market(MarketKind.MONEYLINE), Side.DRAW)
    with pytest.raises(InvalidValue, match="needs a line"):
        law.grades(MarketKind.SPREAD, Side.HOME)
