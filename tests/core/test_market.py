"""The grammar of markets: every word can be written and read back; nothing outside it passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import AipsError, InvalidValue, UnknownName
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, Market, MarketKind, Period, Selection, Side

WITHOUT_LINE = [
    MarketKind.MONEYLINE,
    MarketKind.THREE_WAY,
    MarketKind.DRAW_NO_BET,
    MarketKind.DOUBLE_CHANCE,
    MarketKind.BTTS,
]
lines = st.integers(-400, 1200).map(lambda quarters: quarters / 4)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    kind = draw(st.sampled_from(MarketKind))
    line = None if kind in WITHOUT_LINE else draw(lines)
    market = Market(kind, draw(st.sampled_from(Period)), line)
    return market.select(draw(st.sampled_from(market.sides)))


@given(selections())
def test_a_selection_survives_being_written_and_read(selection: Selection) -> None:
    assert Selection.parse(str(selection)) == selection
    assert Market.parse(str(selection.market)) == selection.market


@given(selections())
def test_a_selection_and_its_opposites_exhaust_the_market(selection: Selection) -> None:
    assert {selection.side, *selection.opposites} == set(EXHAUSTIVE_SIDES[selection.market.kind])
    assert selection.side not in selection.opposites


def test_every_kind_has_its_sides() -> None:
    assert set(EXHAUSTIVE_SIDES) == set(MarketKind)


@given(lines)
def test_the_away_bettor_sees_the_home_line_with_its_sign_turned(line: float) -> None:
    market = Market(MarketKind.SPREAD, line=line)
    home, away = market.select(Side.HOME).handicap, market.select(Side.AWAY).handicap
    assert home is not None
    assert away is not None
    assert home + away == 0


def test_a_total_is_the_same_number_from_both_sides() -> None:
    market = Market(MarketKind.TOTAL, line=44.5)
    assert market.select(Side.OVER).handicap == market.select(Side.UNDER).handicap == 44.5
    assert Market(MarketKind.MONEYLINE).select(Side.HOME).handicap is None


def test_minus_zero_is_pick_em_like_zero() -> None:
    assert str(Market(MarketKind.SPREAD, line=-0.0)) == "spread:full:0"


@pytest.mark.parametrize(
    ("kind", "line"), [(MarketKind.SPREAD, None), (MarketKind.MONEYLINE, -3.5), (MarketKind.TOTAL, 44.3)]
)
def test_a_line_missing_out_of_place_or_odd_is_refused(kind: MarketKind, line: float | None) -> None:
    with pytest.raises(InvalidValue):
        Market(kind, line=line)


def test_a_side_the_market_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no side draw"):
        Market(MarketKind.MONEYLINE).select(Side.DRAW)


@given(st.text(max_size=30))
def test_any_other_text_is_refused_with_our_own_error(text: str) -> None:
    try:
        assert str(Selection.parse(text))
    except AipsError as refused:
        assert str(refused)


@pytest.mark.parametrize(
    "text", ["spread:full:-3.5", "spread:full:x:home", "parlay:full::home", "total:full:44.5:draw"]
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises((UnknownName, InvalidValue)):
        Selection.parse(text)
