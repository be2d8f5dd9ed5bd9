from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from ai_pro_sports.app.reports import Interval, SlateGame, wording
from ai_pro_sports.core.market import Selection

GAME = SlateGame("Aldermoor", "Quarryton", datetime(2025, 11, 23, 18, tzinfo=UTC), ())


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ("moneyline:full::home", "Aldermoor to win"),
        ("moneyline:full::away", "Quarryton to win"),
        ("three_way:full::draw", "Draw"),
        ("spread:full:-3.5:home", "Aldermoor −3.5"),
        ("spread:full:-3.5:away", "Quarryton +3.5"),
        ("spread:full:0:away", "Quarryton 0"),
        ("spread:full:0.25:home", "Aldermoor +0.25"),
        ("total:full:44.5:over", "Over 44.5"),
        ("total:full:2.5:under", "Under 2.5"),
        ("btts:full::yes", "btts:full::yes"),
    ],
)
def test_a_selection_is_said_from_the_bettors_side(selection: str, words: str) -> None:
    assert wording.described(Selection.parse(selection), GAME) == words


def test_what_does_not_exist_is_a_dash_in_every_notation() -> None:
    for write in (wording.percent, wording.signed, wording.signed_percent, wording.decimals):
        assert write(None) == write(math.nan) == "–"


def test_negative_numbers_have_a_minus_sign_and_not_a_hyphen() -> None:
    assert wording.signed(-1.5, 1) == "−1.5"
    assert wording.decimals(-1.5, 1) == "−1.5"
    assert wording.signed_percent(-0.015) == "−1.5 %"


def test_times_are_said_in_utc_and_in_the_leagues_own_zone() -> None:
    summer = datetime(2025, 8, 16, 14, 0, tzinfo=UTC)
    assert wording.at_utc(summer) == "Sat 16 Aug 2025, 14:00 UTC"
    assert wording.at_utc(summer, date_only=True) == "Sat 16 Aug 2025"
    assert wording.at_local(summer, "Europe/London") == "Sat 15:00 BST"


def test_a_score_or_forecaster_nobody_named_keeps_its_own_name() -> None:
    assert wording.metric("slope") == ("slope", "")
    assert wording.forecaster("base_rate") == "Base rate"
    assert wording.forecaster("peer - close") == "peer − Closing line"


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (Interval(0.01, 0.005, 0.015, 900), "the closing line forecasts better than the model by 0.0100"),
        (Interval(-0.01, -0.015, -0.005, 900), "the model forecasts better than the closing line by 0.0100"),
        (Interval(-0.001, -0.004, 0.002, 900), "cannot be told apart (−0.0010 nats a game [−0.0040, +0.0020])"),
        (Interval(math.nan, math.nan, math.nan, 0), "no comparison with the closing line"),
        (None, "no comparison with the closing line"),
    ],
)
def test_the_verdict_says_who_is_better_only_where_the_interval_does(difference: Interval | None, said: str) -> None:
    assert said in wording.verdict(difference, "the closing line")


def test_the_verdicts_interval_runs_from_its_smaller_end_to_its_larger() -> None:
    assert "[0.0050, 0.0150]" in wording.verdict(Interval(-0.01, -0.015, -0.005, 9), "x")
