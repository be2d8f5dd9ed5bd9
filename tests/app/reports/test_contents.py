from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ai_pro_sports.app.reports import ReliabilityCurve, SlateGame, SlateRow
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.money import Money
from tests.app.reports.pages import football_slate, soccer_slate


def test_a_slate_counts_its_bets_prices_and_stakes() -> None:
    slate = football_slate()
    assert [(game.home, str(row.selection)) for game, row in slate.bets] == [("Aldermoor", "moneyline:full::home")]
    assert slate.staked == Money.of("112.50")
    assert slate.priced == 7
    assert soccer_slate().bets == []
    assert soccer_slate().staked == Money.of("0")


def test_reasons_that_differ_in_figures_only_are_one_reason() -> None:
    assert football_slate().refusals == [("edge … is below the … wanted", 6), ("no price is known", 1)]


def test_a_slate_knows_whether_it_holds_the_truth() -> None:
    assert football_slate().has_truth
    assert not football_slate(truth=False).has_truth


@pytest.mark.parametrize("field", ["probability", "push", "truth"])
def test_a_chance_outside_zero_and_one_is_refused(field: str) -> None:
    values = {"probability": 0.5} | {field: 1.2}
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        SlateRow(Selection.parse("moneyline:full::home"), **values)  # type: ignore[arg-type]


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue, match="zone"):
        SlateGame("A", "B", datetime(2025, 1, 1), ())  # noqa: DTZ001 - a time without a zone is what is refused


def test_a_start_in_another_zone_is_kept_as_utc() -> None:
    game = SlateGame("A", "B", datetime.fromisoformat("2025-11-23T13:00:00-05:00"), ())
    assert game.starts_at == datetime(2025, 11, 23, 18, tzinfo=UTC)
    assert game.starts_at.tzinfo is UTC


def test_a_curve_with_columns_of_different_lengths_is_refused() -> None:
    with pytest.raises(InvalidValue, match="different lengths"):
        ReliabilityCurve("model", [0.5], [0.5], [0.4], [0.6], [10, 20])
