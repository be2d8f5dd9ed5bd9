"""What is played: leagues, seasons, teams and their aliases, games and their names at other sources."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.data.store.tables.metadata import LINE, UTC, metadata, one_of, row_times

__all__ = ["game_sources", "games", "seasons", "sports", "team_aliases", "teams"]

sports = Table(
    "sports",
    metadata,
    Column("code", Text, primary_key=True, comment="league code, as in NFL"),
    Column("name", Text, nullable=False),
    Column("family", Text, nullable=False, comment="the game that is played, as in football"),
    Column("team_pool", Text, nullable=False, comment="the set its teams belong to, shared by divisions of a country"),
    Column("timezone", Text, nullable=False),
    Column("provider_keys", JSONB, nullable=False),
    Column("elo_k", Double, nullable=False),
    Column("hfa", Double, nullable=False, comment="home advantage in Elo points"),
    Column("spread_bound", LINE, nullable=False),
    Column("total_min", LINE, nullable=False),
    Column("total_max", LINE, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    *row_times(),
    CheckConstraint("total_min < total_max", name="total_range"),
    Index(None, "team_pool"),
)

seasons = Table(
    "seasons",
    metadata,
    Column("league", Text, ForeignKey("sports.code"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False, comment="the year in which the season starts"),
    Column("label", Text, nullable=False),
    Column("start_date", Date, comment="league-local day of the first game known"),
    Column("end_date", Date, comment="league-local day of the last game known"),
    Column("is_covid_affected", Boolean, nullable=False, server_default=false()),
    CheckConstraint("start_date <= end_date", name="date_range"),
)

teams = Table(
    "teams",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("pool", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("abbreviation", Text),
    Column("source", Text, nullable=False, comment="the source that created it"),
    Column("active", Boolean, nullable=False, server_default=true()),
    *row_times(),
    UniqueConstraint("pool", "name"),
)

team_aliases = Table(
    "team_aliases",
    metadata,
    Column("pool", Text, nullable=False),
    Column("source", Text, comment="null: every source of the pool uses it"),
    Column("alias", Text, nullable=False),
    Column("team_id", BigInteger, ForeignKey("teams.id"), nullable=False, index=True),
    UniqueConstraint("pool", "source", "alias", postgresql_nulls_not_distinct=True),
)

games = Table(
    "games",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("league", Text, ForeignKey("sports.code"), nullable=False),
    Column("season", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("home_team", BigInteger, ForeignKey("teams.id"), nullable=False, index=True),
    Column("away_team", BigInteger, ForeignKey("teams.id"), nullable=False, index=True),
    Column("starts_at", UTC, nullable=False),
    Column("start_is_date_only", Boolean, nullable=False, comment="starts_at is the league's local midnight"),
    Column("status", Text, nullable=False),
    Column("home_score", Integer),
    Column("away_score", Integer),
    Column("neutral", Boolean, nullable=False),
    Column("round", Text),
    Column("week", Integer),
    Column("result_known_at", UTC, comment="when the final score could first be known"),
    Column("status_known_at", UTC, nullable=False, comment="when status and score could first be known"),
    *row_times(),
    ForeignKeyConstraint(["league", "season"], ["seasons.league", "seasons.year"]),
    UniqueConstraint("source", "external_id"),
    CheckConstraint("home_team <> away_team", name="two_teams"),
    CheckConstraint("(home_score IS NULL) = (away_score IS NULL)", name="both_scores"),
    CheckConstraint("home_score >= 0 AND away_score >= 0", name="scores_not_negative"),
    CheckConstraint(
        "status <> 'final' OR (home_score IS NOT NULL AND result_known_at IS NOT NULL)", name="final_is_known"
    ),
    one_of("status", GameStatus),
    Index(None, "league", "starts_at"),
    Index(None, "status", "starts_at"),
)

game_sources = Table(
    "game_sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    Column("game_id", BigInteger, ForeignKey("games.id"), nullable=False, index=True),
)
