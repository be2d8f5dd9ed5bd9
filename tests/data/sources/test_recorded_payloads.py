"""Recorded payloads of the publishers: what they really sent, excerpts included, is read whole."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from tests.data.sources.rows import accounted, parse_division, parse_nflverse

RECORDED = "payloads/football-data-co-uk"


def test_the_nflverse_excerpt_holds_played_priced_and_unpriced_coming_games(test_data: Path) -> None:
    now = datetime(2025, 12, 8, 12, tzinfo=UTC)
    parsed = parse_nflverse((test_data / "payloads/nflverse/games_excerpt.csv").read_bytes(), now)
    assert accounted(parsed)
    assert parsed.rejects.is_empty()
    assert parsed.games.height == 11
    assert parsed.games.group_by("status").len().sort("status").rows() == [("final", 6), ("scheduled", 5)]
    stamped = parsed.quotes.filter(pl.col("moment") == "stamped")
    assert stamped["known_at"].unique().to_list() == [now]
    assert stamped["external_id"].n_unique() == 2
    philadelphia = stamped.filter((pl.col("external_id") == "2025_14_PHI_LAC") & (pl.col("market") == "spread"))
    assert philadelphia["line"].unique().to_list() == [2.5]


def test_a_partial_season_of_2021_has_pre_close_and_closing_prices(test_data: Path) -> None:
    parsed = parse_division((test_data / RECORDED / "E0_2122_partial.csv").read_bytes(), 2021)
    assert accounted(parsed)
    assert parsed.games.height == parsed.rows - parsed.blank
    assert set(parsed.quotes["moment"]) == {"pre_close", "close"}
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()


def test_a_season_of_the_betbrain_era_has_no_closing_price_but_pinnacle_had_none_either(test_data: Path) -> None:
    parsed = parse_division((test_data / RECORDED / "E0_1415.csv").read_bytes(), 2014)
    assert accounted(parsed)
    assert parsed.games["start_is_date_only"].all()
    assert set(parsed.quotes["moment"]) <= {"pre_close", "close"}
    assert "market_average" in set(parsed.quotes["book"])


def test_the_newest_header_with_its_new_books_and_byte_order_mark_is_known(test_data: Path) -> None:
    parsed = parse_division((test_data / RECORDED / "E0_2526.csv").read_bytes(), 2025)
    assert accounted(parsed)
    assert {"betfred", "betmgm", "betvictor", "coral", "betfair_exchange"} <= set(parsed.quotes["book"])
    assert parsed.rejects.is_empty()
