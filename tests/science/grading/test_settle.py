import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, Market, MarketKind, Side
from ai_pro_sports.science.grading.grade import GRADES
from ai_pro_sports.science.grading.settle import settle, settle_array, settle_columns

WIN, HALF_WIN, PUSH, HALF_LOSS, LOSS, VOID = GRADES
scores = st.integers(0, 80)
quarter_lines = st.integers(-160, 160).map(lambda quarters: quarters / 4)
LINED = [kind for kind in MarketKind if kind.value.endswith(("spread", "total", "total_sets"))]


@st.composite
def markets(draw):
    kind = draw(st.sampled_from(MarketKind))
    return Market(kind, line=draw(quarter_lines) if kind in LINED else None)


def halves_of(line):
    """A quarter line is two bets of half the stake on the lines beside it."""
    return [line] if line % 0.5 == 0 else [line - 0.25, line + 0.25]


def slow_grade(market, side, home, away):
    """The published wording of each rule, written out without any algebra."""
    if market.kind in {MarketKind.MONEYLINE, MarketKind.DRAW_NO_BET}:
        if home == away:
            return PUSH
        return WIN if (home > away) == (side is Side.HOME) else LOSS
    if market.kind in {MarketKind.THREE_WAY, MarketKind.DOUBLE_CHANCE}:
        result = "home" if home > away else "away" if away > home else "draw"
        return WIN if result in side.value.split("_or_") else LOSS
    if market.kind is MarketKind.BTTS:
        return WIN if (home > 0 and away > 0) == (side is Side.YES) else LOSS
    points = {"home_total": home, "away_total": away}.get(market.kind.value, home + away)
    parts = []
    for line in halves_of(market.line):
        if side is Side.HOME:
            parts.append(np.sign(home + line - away))
        elif side is Side.AWAY:
            parts.append(np.sign(away - (home + line)))
        else:
            parts.append(np.sign(points - line) * (1 if side is Side.OVER else -1))
    return {1: WIN, 0.5: HALF_WIN, 0: PUSH, -0.5: HALF_LOSS, -1: LOSS}[sum(parts) / len(parts)]


@given(markets(), scores, scores, st.data())
def test_every_bet_settles_as_the_written_rule_says(market, home, away, data):
    side = data.draw(st.sampled_from(market.sides))
    assert settle(market, side, home, away) is slow_grade(market, side, home, away)


@given(markets().filter(lambda market: len(market.sides) == 2), scores, scores)
def test_the_two_sides_of_a_market_settle_opposite(market, home, away):
    first, second = (settle(market, side, home, away) for side in market.sides)
    assert first.opposite is second


@given(scores, scores)
def test_three_way_pays_exactly_one_side_and_double_chance_exactly_two(home, away):
    for kind, winners in ((MarketKind.THREE_WAY, 1), (MarketKind.DOUBLE_CHANCE, 2)):
        grades = [settle(Market(kind), side, home, away) for side in EXHAUSTIVE_SIDES[kind]]
        assert grades.count(WIN) == winners
        assert grades.count(LOSS) == 3 - winners


@given(quarter_lines, scores, scores)
def test_home_and_away_mirror_when_teams_and_line_are_swapped(line, home, away):
    at_home = settle(Market(MarketKind.SPREAD, line=line), Side.HOME, home, away)
    on_the_road = settle(Market(MarketKind.SPREAD, line=-line), Side.AWAY, away, home)
    assert at_home is on_the_road
    own = settle(Market(MarketKind.HOME_TOTAL, line=abs(line)), Side.OVER, home, away)
    assert own is settle(Market(MarketKind.AWAY_TOTAL, line=abs(line)), Side.OVER, away, home)


@given(st.lists(st.tuples(markets(), scores, scores), min_size=1, max_size=30), st.data())
def test_columns_settle_like_single_bets(rows, data):
    sides = [data.draw(st.sampled_from(market.sides)) for market, _, _ in rows]
    codes = settle_columns(
        [str(market.kind) for market, _, _ in rows],
        [str(side) for side in sides],
        [np.nan if market.line is None else market.line for market, _, _ in rows],
        [home for _, home, _ in rows],
        [away for _, _, away in rows],
    )
    single = [settle(market, side, home, away) for (market, home, away), side in zip(rows, sides, strict=True)]
    assert [GRADES[code] for code in codes] == single


@pytest.mark.parametrize(
    ("line", "side", "home", "away", "grade"),
    [
        (-3.5, Side.HOME, 24, 20, WIN),
        (-3.0, Side.HOME, 23, 20, PUSH),
        (-3.0, Side.AWAY, 23, 20, PUSH),
        (-3.5, Side.AWAY, 23, 20, WIN),
        (7.0, Side.AWAY, 13, 20, PUSH),
        (7.0, Side.HOME, 10, 20, LOSS),
        (-0.25, Side.HOME, 1, 1, HALF_LOSS),
        (-0.25, Side.AWAY, 1, 1, HALF_WIN),
        (0.25, Side.HOME, 1, 1, HALF_WIN),
        (-0.75, Side.HOME, 2, 1, HALF_WIN),
        (-1.25, Side.HOME, 2, 1, HALF_LOSS),
        (-1.25, Side.HOME, 3, 1, WIN),
    ],
)
def test_known_spreads_settle_as_books_settle_them(line, side, home, away, grade):
    assert settle(Market(MarketKind.SPREAD, line=line), side, home, away) is grade


def test_a_tie_pushes_a_two_way_moneyline_and_loses_a_three_way_one():
    assert settle(Market(MarketKind.MONEYLINE), Side.HOME, 20, 20) is PUSH
    assert settle(Market(MarketKind.DRAW_NO_BET), Side.AWAY, 1, 1) is PUSH
    assert settle(Market(MarketKind.THREE_WAY), Side.HOME, 1, 1) is LOSS
    assert settle(Market(MarketKind.THREE_WAY), Side.DRAW, 1, 1) is WIN


@pytest.mark.parametrize("status", ["postponed", "abandoned", "cancelled", "walkover"])
def test_games_not_played_to_the_end_return_every_stake(status):
    assert settle(Market(MarketKind.MONEYLINE), Side.HOME, 2, 1, status=GameStatus(status)) is VOID
    assert settle(Market(MarketKind.MONEYLINE), Side.HOME, None, None, status=GameStatus(status)) is VOID


def test_a_book_that_lets_awarded_games_stand_settles_them_on_the_score():
    rule = frozenset({GameStatus.CANCELLED})
    market = Market(MarketKind.THREE_WAY)
    assert settle(market, Side.HOME, 3, 0, status=GameStatus.WALKOVER, void_statuses=rule) is WIN


def test_a_game_still_open_a_missing_score_and_a_foreign_side_are_refused():
    market = Market(MarketKind.MONEYLINE)
    with pytest.raises(InvalidValue, match="live game cannot be settled"):
        settle(market, Side.HOME, 7, 0, status=GameStatus.LIVE)
    with pytest.raises(InvalidValue, match="without a score"):
        settle(market, Side.HOME, None, 3)
    with pytest.raises(InvalidValue, match="has no side draw"):
        settle(market, Side.DRAW, 1, 1)


def test_columns_void_what_they_are_told_to_and_refuse_other_missing_scores():
    nan = float("nan")
    columns = (["moneyline"] * 2, ["home"] * 2, [nan, nan], [nan, 20], [nan, 20])
    assert settle_columns(*columns, void=[True, False]).tolist() == [5, 2]
    with pytest.raises(InvalidValue, match="without a score"):
        settle_columns(*columns)


@pytest.mark.parametrize(
    ("kind", "side", "line"),
    [
        (MarketKind.SPREAD, Side.HOME, [-3.0, float("nan")]),
        (MarketKind.SPREAD, Side.HOME, [-3.1]),
        (MarketKind.MONEYLINE, Side.HOME, [1.0]),
        (MarketKind.TOTAL, Side.HOME, [44.5]),
    ],
)
def test_a_line_or_side_the_market_does_not_have_is_refused(kind, side, line):
    with pytest.raises(InvalidValue):
        settle_array(kind, side, line, 3, 1)
