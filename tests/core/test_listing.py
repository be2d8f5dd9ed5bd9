"""A knock-out pairing is a result: nobody sees it before the round before is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.contracts.listing import listed_games
from ai_pro_sports.core.leagues import EPL, NFL

START = datetime(2024, 1, 1, tzinfo=UTC)


def season(*rounds: tuple[str, str], year: int = 2023) -> pl.DataFrame:
    """Return a season with one game per (round, status), a week apart."""
    rows: list[dict[str, Any]] = []
    for week, (name, status) in enumerate(rounds):
        final = status == "final"
        rows.append(
            dict.fromkeys(GAMES.columns)
            | {
                "game_id": year * 100 + week,
                "league": "NFL",
                "source": "nflverse",
                "external_id": f"{year}-{week}",
                "home_team": 1,
                "away_team": 2,
                "season": year,
                "starts_at": START + timedelta(weeks=week),
                "start_is_date_only": False,
                "status": status,
                "home_score": 20 if final else None,
                "away_score": 17 if final else None,
                "neutral": False,
                "round": name,
            }
        )
    return pl.DataFrame(rows, schema=GAMES.columns)


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        (0, ["REG", "REG"]),
        (1, ["REG", "REG"]),
        (2, ["REG", "REG", "WC"]),
        (3, ["REG", "REG", "WC", "DIV"]),
        (5, ["REG", "REG", "WC", "DIV", "CON", "SB"]),
        (6, ["REG", "REG", "WC", "DIV", "CON", "SB"]),
    ],
)
def test_a_round_is_listed_once_the_one_before_is_over(known: int, listed: list[str]) -> None:
    rounds = ["REG", "REG", "WC", "DIV", "CON", "SB"]
    games = season(*((name, "final" if week < known else "scheduled") for week, name in enumerate(rounds)))
    assert listed_games(games, NFL)["round"].to_list() == listed


def test_a_cancelled_game_does_not_hold_up_the_play_offs() -> None:
    games = season(("REG", "final"), ("REG", "cancelled"), ("WC", "scheduled"))
    assert listed_games(games, NFL).height == 3


def test_seasons_do_not_hold_up_each_other_and_the_order_is_kept() -> None:
    done = season(("REG", "final"), ("WC", "final"), year=2022)
    coming = season(("REG", "scheduled"), ("WC", "scheduled"))
    mixed = pl.concat([coming, done]).sort("game_id", descending=True)
    shown = listed_games(mixed, NFL)
    assert shown["season"].to_list() == [2023, 2022, 2022]
    assert shown.columns == mixed.columns


def test_a_league_without_knock_out_rounds_lists_everything() -> None:
    games = season(("REG", "scheduled"), ("WC", "scheduled"))
    assert listed_games(games, EPL).equals(games)
