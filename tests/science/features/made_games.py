"""Games and quotes by hand, for arithmetic one can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from ai_pro_sports.core.contracts import GAMES, QUOTES
from ai_pro_sports.science.features.history import History

START = datetime(2020, 9, 6, 18, tzinfo=UTC)


def game(
    number: int, home: int = 1, away: int = 2, score: tuple[int, int] | None = None, **facts: Any
) -> dict[str, Any]:
    """Game `number`, a week after the one before; final if it has a score, known three hours after its start."""
    starts_at = facts.pop("starts_at", START + timedelta(days=7 * number))
    home_score, away_score = score or (None, None)
    return {
        "game_id": number,
        "league": "NFL",
        "source": "made",
        "external_id": str(number),
        "home_team": home,
        "away_team": away,
        "season": 2020,
        "starts_at": starts_at,
        "start_is_date_only": False,
        "status": "final" if score else "scheduled",
        "home_score": home_score,
        "away_score": away_score,
        "neutral": False,
        "round": "REG",
        "week": number,
        "result_known_at": starts_at + timedelta(hours=3) if score else None,
    } | facts


def games(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=GAMES.columns)


def quote(number: int, known_at: datetime, **facts: Any) -> dict[str, Any]:
    """A moneyline quote on the home side of game `number` at even money."""
    return {
        "game_id": number,
        "book": "alpha",
        "market": "moneyline",
        "period": "full",
        "line": None,
        "side": "home",
        "price": 2.0,
        "price_american": None,
        "moment": "stamped",
        "known_at": known_at,
    } | facts


def quotes(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=QUOTES.columns)


def history(*rows: dict[str, Any], quoted: pl.DataFrame | None = None) -> History:
    return History(games(*rows), quotes() if quoted is None else quoted)
