from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds
from ai_pro_sports.science.staking.controls import CONTROLS, Candidate, price_known
from ai_pro_sports.science.staking.decision import decide
from ai_pro_sports.science.staking.rules import StakingRules, tier_counts

HOUR = timedelta(hours=1)
GOOD = Candidate(0.58, 0.0, 0.42, odds=Odds.from_american(-110), price_age=HOUR)
BANKROLL = Money.of("10000")


@st.composite
def candidates(draw):
    win = draw(st.floats(0.05, 0.9))
    push = draw(st.floats(0, 0.95 - win))
    odds = Odds(draw(st.fractions(Fraction(105, 100), 20, max_denominator=100).filter(lambda x: x > 1)))
    age = timedelta(hours=draw(st.integers(0, 40)))
    return Candidate(win, push, 1 - win - push, odds=odds, price_age=age, tier_counts=draw(st.booleans()))


def test_a_good_bet_gets_a_quarter_of_kelly():
    small_edge = replace(GOOD, win=0.56, loss=0.44)
    decision = decide(small_edge, BANKROLL)
    # Kelly is (0.56 * 10/11 - 0.44) / (10/11) = 0.076, a quarter of it 0.019.
    assert decision.kelly == pytest.approx(0.076)
    assert decision.stake == Money.of("190.00")
    assert decision.reason is None
    assert decision.refused_by is None
    assert [verdict.control for verdict in decision.verdicts] == [
        "price_known", "price_fresh", "edge", "expected_value", "tier", "stake_cap", "minimum_stake",
    ]  # fmt: skip


def test_a_very_good_bet_is_cut_to_two_percent_and_says_so():
    decision = decide(replace(GOOD, win=0.7, loss=0.3), BANKROLL)
    assert decision.stake == Money.of("200.00")
    assert "cut from 9.25% to 2.00%" in decision.verdicts[-2].reason


@pytest.mark.parametrize(
    ("change", "control", "reason"),
    [
        ({"odds": None}, "price_known", "no price is known"),
        ({"price_age": 30 * HOUR}, "price_fresh", "the price is 30.0 h old, more than 24.0 h"),
        ({"price_age": None}, "price_fresh", "the price has no time"),
        ({"price_age": -HOUR}, "price_fresh", "the price was not known yet"),
        ({"win": 0.55, "loss": 0.45}, "edge", "edge +2.6% is below the 3.0% wanted"),
        ({"win": 0.0, "push": 1.0, "loss": 0.0}, "edge", "edge -52.4% is below the 3.0% wanted"),
        (
            {"win": 0.5, "loss": 0.5, "odds": Odds.from_decimal("2.2")},
            "tier",
            "tier D: the side is too unlikely to win",
        ),
    ],
)
def test_the_first_control_that_says_no_is_the_reason(change, control, reason):
    decision = decide(replace(GOOD, **change), BANKROLL)
    assert (decision.refused_by, decision.reason) == (control, reason)
    assert decision.stake == Money.of("0")


def test_the_order_of_the_controls_decides_which_reason_is_given():
    hopeless = replace(GOOD, win=0.2, loss=0.8, price_age=30 * HOUR)
    assert decide(hopeless, BANKROLL).refused_by == "price_fresh"
    assert decide(hopeless, BANKROLL, controls=CONTROLS[::-1]).refused_by == "minimum_stake"


def test_without_a_least_edge_the_expected_value_still_decides():
    rules = StakingRules(min_edge=-1.0)
    decision = decide(replace(GOOD, win=0.5, loss=0.5), BANKROLL, rules)
    assert (decision.refused_by, decision.reason) == ("expected_value", "EV -4.5% is not above zero")


def test_where_the_tier_only_informs_a_longshot_with_value_is_bet():
    longshot = Candidate(0.35, 0.0, 0.65, odds=Odds.from_decimal("3.4"), price_age=HOUR, tier_counts=False)
    assert decide(longshot, BANKROLL).stake.amount > 0
    assert decide(replace(longshot, tier_counts=True), BANKROLL).refused_by == "tier"
    assert "for information" in decide(longshot, BANKROLL).verdicts[4].reason


def test_a_stake_below_ten_dollars_is_not_worth_placing_and_an_empty_bankroll_has_none():
    assert decide(GOOD, Money.of("400")).refused_by == "minimum_stake"
    assert decide(GOOD, Money.of("0")).refused_by == "stake_cap"
    assert decide(GOOD, Money.of("500")).stake == Money.of("10.00")


def test_prices_of_any_age_count_where_the_rules_say_so():
    ageless = StakingRules(max_price_age=None)
    for age in (None, 500 * HOUR):
        assert decide(replace(GOOD, price_age=age), BANKROLL, ageless).reason is None
    assert decide(replace(GOOD, price_age=-HOUR), BANKROLL, ageless).refused_by == "price_fresh"


def test_a_bet_that_can_push_is_judged_given_a_decision():
    push = Candidate(0.5, 0.1, 0.4, odds=Odds.from_american(-110), price_age=HOUR)
    assert push.probability == pytest.approx(5 / 9)
    assert push.tier == "C"
    assert push.edge == pytest.approx(5 / 9 - 11 / 21)
    assert push.ev == pytest.approx(0.5 * 10 / 11 - 0.4)


def test_a_quarter_line_counts_its_half_results_half():
    quarter = Candidate(0.45, 0.0, 0.3, half_loss=0.25, odds=Odds.from_decimal("2.1"), price_age=HOUR)
    assert quarter.won == pytest.approx(0.45)
    assert quarter.lost == pytest.approx(0.425)
    assert quarter.kelly > replace(quarter, loss=0.55, half_loss=0.0).kelly


@given(candidates(), st.integers(0, 10**7))
def test_no_stake_is_ever_above_the_cap_or_a_quarter_of_kelly_or_below_the_minimum(candidate, cents):
    bankroll = Money.of(Decimal(cents) / 100)
    decision = decide(candidate, bankroll)
    assert (decision.reason is None) == (decision.stake.amount > 0)
    if decision.reason is None:
        assert Money.of(10) <= decision.stake <= bankroll.share(Decimal("0.02"))
        assert decision.stake.amount <= bankroll.amount * Decimal(decision.kelly) / 4
        assert candidate.edge >= 0.03
    else:
        assert not decision.verdicts[-1].allowed
        assert all(verdict.allowed for verdict in decision.verdicts[:-1])


def test_a_custom_list_of_controls_replaces_the_house_list():
    assert decide(replace(GOOD, price_age=None), BANKROLL, controls=(price_known,)).stake.amount > 0


def test_rules_that_contradict_themselves_are_refused():
    with pytest.raises(InvalidValue, match="above 0 and not above 1"):
        StakingRules(cap=Decimal("1.5"))
    with pytest.raises(InvalidValue, match="negative"):
        StakingRules(minimum=Money.of("-1"))
    with pytest.raises(InvalidValue, match="one currency"):
        decide(GOOD, Money.of("100", "EUR"))


def test_the_tier_decides_except_in_soccer_and_three_way_markets():
    assert tier_counts(Sport.FOOTBALL, MarketKind.MONEYLINE)
    assert not tier_counts(Sport.HOCKEY, MarketKind.THREE_WAY)
    assert not tier_counts(Sport.SOCCER, MarketKind.TOTAL)
