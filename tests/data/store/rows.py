"""Invented rows for the store: two leagues' teams, games and quotes, each built from what a test cares about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from ai_pro_sports.core.contracts import GAMES, QUOTES
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.core.leagues import EPL, NFL, League
from ai_pro_sports.core.quote import NOMINAL_LEAD, Moment
from ai_pro_sports.data.store import UnitOfWork
from ai_pro_sports.data.store.repositories.teams import NEW_TEAMS

KICKOFF = datetime(2023, 9, 10, 17, 0, tzinfo=UTC)
LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)
RECORDED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOURS = timedelta(hours=1)

TOWNS = {NFL.team_pool: ("Harbour", "Hill", "Lake", "Mill"), EPL.team_pool: ("Abbey", "Bridge", "Castle", "Dale")}


def team_id(name: str, league: League = NFL) -> int:
    return stable_id("team", league.team_pool, name)


def teams(league: League = NFL) -> pl.DataFrame:
    """The four teams of a league, as identity hands them over."""
    rows = [(team_id(name, league), league.team_pool, name, name[:3].upper(), "schedule") for name in _towns(league)]
    return pl.DataFrame(rows, schema=dict(NEW_TEAMS), orient="row")


def _towns(league: League) -> tuple[str, ...]:
    return TOWNS[league.team_pool]


def game_id(external_id: str = "g1") -> int:
    return stable_id("game", "schedule", external_id)


def game(external_id: str = "g1", league: League = NFL, **facts: Any) -> dict[str, Any]:
    """One row of GAMES; a final score is known three hours after the start unless `facts` say otherwise."""
    home, away, *_ = _towns(league)
    row: dict[str, Any] = {
        "game_id": game_id(external_id),
        "league": league.code,
        "source": "schedule",
        "external_id": external_id,
        "home_team": team_id(facts.pop("home", home), league),
        "away_team": team_id(facts.pop("away", away), league),
        "season": 2023,
        "starts_at": KICKOFF,
        "start_is_date_only": False,
        "status": "scheduled",
        "home_score": None,
        "away_score": None,
        "neutral": False,
        "round": "REG",
        "week": 1,
        "result_known_at": None,
    }
    row |= facts
    if row["status"] == "final":
        row["home_score"] = 24 if row["home_score"] is None else row["home_score"]
        row["away_score"] = 17 if row["away_score"] is None else row["away_score"]
        if "result_known_at" not in facts:
            row["result_known_at"] = row["starts_at"] + 3 * HOURS
    return row


def games(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=GAMES.columns)


def quote(external_id: str = "g1", start: datetime = KICKOFF, **facts: Any) -> dict[str, Any]:
    """One row of QUOTES: a moneyline price on the home team, three hours before the start."""
    row: dict[str, Any] = {
        "game_id": game_id(external_id),
        "book": "pinnacle",
        "market": "moneyline",
        "period": "full",
        "line": None,
        "side": "home",
        "price": 1.91,
        "price_american": None,
        "moment": "stamped",
        "known_at": start - 3 * HOURS,
    }
    row |= facts
    if row["moment"] != "stamped" and "known_at" not in facts:
        row["known_at"] = start - NOMINAL_LEAD[Moment(row["moment"])]
    return row


def quotes(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=QUOTES.columns)


async def kept_game(work: UnitOfWork, external_id: str = "g1", league: League = NFL, **facts: Any) -> int:
    """Keep the league's teams and one game; return its id."""
    await work.teams.add(teams(league))
    written = await work.games.write(league, games(game(external_id, league, **facts)), RECORDED)
    assert written.refused.is_empty(), written.refused
    return game_id(external_id)
