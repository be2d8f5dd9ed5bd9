"""First tables: sports, odds, models, system."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
LINE = sa.Numeric(6, 2)

_MARKETS = (
    "market IN ('moneyline', 'three_way', 'spread', 'total', 'home_total', 'away_total', 'draw_no_bet', "
    "'double_chance', 'btts', 'set_spread', 'total_sets')"
)
_PERIODS = (
    "period IN ('full', 'regulation', 'first_half', 'second_half', 'first_quarter', 'first_period', 'first_five', "
    "'first_set')"
)
_SIDES = (
    "side IN ('home', 'away', 'draw', 'over', 'under', 'yes', 'no', 'home_or_draw', 'home_or_away', 'draw_or_away')"
)
_MOMENTS = "moment IN ('open', 'pre_close', 'close', 'stamped')"


def _create_sports() -> None:
    op.create_table(
        "sports",
        sa.Column("code", sa.Text(), nullable=False, comment="league code, as in NFL"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False, comment="the game that is played, as in football"),
        sa.Column(
            "team_pool",
            sa.Text(),
            nullable=False,
            comment="the set its teams belong to, shared by divisions of a country",
        ),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("provider_keys", JSONB(), nullable=False),
        sa.Column("elo_k", sa.Double(), nullable=False),
        sa.Column("hfa", sa.Double(), nullable=False, comment="home advantage in Elo points"),
        sa.Column("spread_bound", LINE, nullable=False),
        sa.Column("total_min", LINE, nullable=False),
        sa.Column("total_max", LINE, nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("total_min < total_max", name=op.f("ck_sports_total_range")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sports")),
    )
    op.create_index(op.f("ix_sports_team_pool"), "sports", ["team_pool"])


def _create_seasons() -> None:
    op.create_table(
        "seasons",
        sa.Column("league", sa.Text(), nullable=False),
        sa.Column(
            "year", sa.Integer(), autoincrement=False, nullable=False, comment="the year in which the season starts"
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), comment="league-local day of the first game known"),
        sa.Column("end_date", sa.Date(), comment="league-local day of the last game known"),
        sa.Column("is_covid_affected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("start_date <= end_date", name=op.f("ck_seasons_date_range")),
        sa.ForeignKeyConstraint(["league"], ["sports.code"], name=op.f("fk_seasons_league")),
        sa.PrimaryKeyConstraint("league", "year", name=op.f("pk_seasons")),
    )


def _create_teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False, comment="the source that created it"),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("pool", "name", name=op.f("uq_teams_pool_name")),
    )


def _create_team_aliases() -> None:
    op.create_table(
        "team_aliases",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), comment="null: every source of the pool uses it"),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_aliases_team_id")),
        sa.UniqueConstraint(
            "pool",
            "source",
            "alias",
            name=op.f("uq_team_aliases_pool_source_alias"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_team_aliases_team_id"), "team_aliases", ["team_id"])


def _create_games() -> None:
    op.create_table(
        "games",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("league", sa.Text(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("home_team", sa.BigInteger(), nullable=False),
        sa.Column("away_team", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", UTC, nullable=False),
        sa.Column(
            "start_is_date_only", sa.Boolean(), nullable=False, comment="starts_at is the league's local midnight"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("home_score", sa.Integer()),
        sa.Column("away_score", sa.Integer()),
        sa.Column("neutral", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Text()),
        sa.Column("week", sa.Integer()),
        sa.Column("result_known_at", UTC, comment="when the final score could first be known"),
        sa.Column("status_known_at", UTC, nullable=False, comment="when status and score could first be known"),
        sa.Column("created_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status <> 'final' OR (home_score IS NOT NULL AND result_known_at IS NOT NULL)",
            name=op.f("ck_games_final_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'live', 'suspended', 'final', 'postponed', 'abandoned', 'cancelled', 'walkover')",
            name=op.f("ck_games_status_known"),
        ),
        sa.CheckConstraint("(home_score IS NULL) = (away_score IS NULL)", name=op.f("ck_games_both_scores")),
        sa.CheckConstraint("home_score >= 0 AND away_score >= 0", name=op.f("ck_games_scores_not_negative")),
        sa.CheckConstraint("home_team <> away_team", name=op.f("ck_games_two_teams")),
        sa.ForeignKeyConstraint(["away_team"], ["teams.id"], name=op.f("fk_games_away_team")),
        sa.ForeignKeyConstraint(["home_team"], ["teams.id"], name=op.f("fk_games_home_team")),
        sa.ForeignKeyConstraint(
            ["league", "season"], ["seasons.league", "seasons.year"], name=op.f("fk_games_league_season")
        ),
        sa.ForeignKeyConstraint(["league"], ["sports.code"], name=op.f("fk_games_league")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_games")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_games_source_external_id")),
    )
    op.create_index(op.f("ix_games_away_team"), "games", ["away_team"])
    op.create_index(op.f("ix_games_home_team"), "games", ["home_team"])
    op.create_index(op.f("ix_games_league_starts_at"), "games", ["league", "starts_at"])
    op.create_index(op.f("ix_games_status_starts_at"), "games", ["status", "starts_at"])


def _create_game_sources() -> None:
    op.create_table(
        "game_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("game_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("fk_game_sources_game_id")),
        sa.PrimaryKeyConstraint("source", "external_id", name=op.f("pk_game_sources")),
    )
    op.create_index(op.f("ix_game_sources_game_id"), "game_sources", ["game_id"])


def _create_sportsbooks() -> None:
    op.create_table(
        "sportsbooks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text()),
        sa.Column("is_sharp", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "is_bettable",
            sa.Boolean(),
            server_default=sa.true(),
            nullable=False,
            comment="false: an average or maximum",
        ),
        sa.Column("created_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sportsbooks")),
    )


def _create_odds() -> None:
    op.create_table(
        "odds",
        sa.Column("game_id", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("line", LINE, comment="from the home side"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column(
            "price", sa.Numeric(), comment="decimal odds, exactly as read; null: a line published without its price"
        ),
        sa.Column("price_american", sa.Integer()),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column(
            "known_at", UTC, nullable=False, comment="stamped: recorded; else starts_at less the lead of the moment"
        ),
        sa.Column("is_backfill", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(_MARKETS, name=op.f("ck_odds_market_known")),
        sa.CheckConstraint(_MOMENTS, name=op.f("ck_odds_moment_known")),
        sa.CheckConstraint(_PERIODS, name=op.f("ck_odds_period_known")),
        sa.CheckConstraint(_SIDES, name=op.f("ck_odds_side_known")),
        sa.CheckConstraint("abs(price_american) >= 100", name=op.f("ck_odds_american_range")),
        sa.CheckConstraint("line * 4 = floor(line * 4)", name=op.f("ck_odds_line_in_quarters")),
        sa.CheckConstraint("price > 1 AND price <= 1001", name=op.f("ck_odds_price_range")),
        sa.CheckConstraint("price IS NOT NULL OR line IS NOT NULL", name=op.f("ck_odds_price_or_line")),
        sa.ForeignKeyConstraint(["book"], ["sportsbooks.key"], name=op.f("fk_odds_book")),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("fk_odds_game_id")),
        sa.UniqueConstraint(
            "game_id",
            "book",
            "market",
            "period",
            "line",
            "side",
            "known_at",
            name=op.f("uq_odds_game_id_book_market_period_line_side_known_at"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_odds_game_id_market_known_at", "odds", ["game_id", "market", sa.text("known_at DESC")])


def _create_closing_lines() -> None:
    op.create_table(
        "closing_lines",
        sa.Column("game_id", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("line", LINE, comment="from the home side"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column(
            "price", sa.Numeric(), comment="decimal odds, exactly as read; null: a line published without its price"
        ),
        sa.Column("price_american", sa.Integer()),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("p_novig", sa.Numeric(9, 6), comment="fair probability, where the vig has been removed"),
        sa.Column("captured_at", UTC, nullable=False, comment="known_at of the quote"),
        sa.Column("is_pinnacle", sa.Boolean(), nullable=False),
        sa.CheckConstraint(_MARKETS, name=op.f("ck_closing_lines_market_known")),
        sa.CheckConstraint(_MOMENTS, name=op.f("ck_closing_lines_moment_known")),
        sa.CheckConstraint(_PERIODS, name=op.f("ck_closing_lines_period_known")),
        sa.CheckConstraint(_SIDES, name=op.f("ck_closing_lines_side_known")),
        sa.CheckConstraint("abs(price_american) >= 100", name=op.f("ck_closing_lines_american_range")),
        sa.CheckConstraint("line * 4 = floor(line * 4)", name=op.f("ck_closing_lines_line_in_quarters")),
        sa.CheckConstraint("p_novig >= 0 AND p_novig <= 1", name=op.f("ck_closing_lines_p_novig_range")),
        sa.CheckConstraint("price > 1 AND price <= 1001", name=op.f("ck_closing_lines_price_range")),
        sa.CheckConstraint("price IS NOT NULL OR line IS NOT NULL", name=op.f("ck_closing_lines_price_or_line")),
        sa.ForeignKeyConstraint(["book"], ["sportsbooks.key"], name=op.f("fk_closing_lines_book")),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("fk_closing_lines_game_id")),
        sa.UniqueConstraint(
            "game_id",
            "book",
            "market",
            "period",
            "line",
            "side",
            name=op.f("uq_closing_lines_game_id_book_market_period_line_side"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def _create_ml_models() -> None:
    op.create_table(
        "ml_models",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False, comment="what it forecasts: game, or a kind of prop"),
        sa.Column("league", sa.Text(), nullable=False),
        sa.Column(
            "bet_type",
            sa.Text(),
            nullable=False,
            comment="score: one law of both scores, from which every market follows",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("artefact_path", sa.Text(), nullable=False, comment="relative to the model directory"),
        sa.Column("artefact_sha256", sa.Text(), nullable=False),
        sa.Column(
            "catalogue_version", sa.Text(), nullable=False, comment="version of the feature catalogue it was trained on"
        ),
        sa.Column("metrics", JSONB(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("trained_from", UTC),
        sa.Column("trained_to", UTC),
        sa.Column("created_at", UTC, nullable=False),
        sa.CheckConstraint("artefact_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_ml_models_artefact_sha256_is_sha256")),
        sa.CheckConstraint(
            "status IN ('candidate', 'staging', 'production', 'archived')", name=op.f("ck_ml_models_status_known")
        ),
        sa.CheckConstraint("trained_from <= trained_to", name=op.f("ck_ml_models_trained_range")),
        sa.ForeignKeyConstraint(["league"], ["sports.code"], name=op.f("fk_ml_models_league")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ml_models")),
        sa.UniqueConstraint(
            "scope", "league", "bet_type", "version", name=op.f("uq_ml_models_scope_league_bet_type_version")
        ),
    )
    op.create_index(
        "uq_ml_models_one_production",
        "ml_models",
        ["scope", "league", "bet_type"],
        unique=True,
        postgresql_where=sa.text("status = 'production'"),
    )


def _create_job_runs() -> None:
    op.create_table(
        "job_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "run_key", sa.Text(), comment="the caller's own name of the run; a resumed workflow finds its row by it"
        ),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("finished_at", UTC),
        sa.Column("report", JSONB()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint("(status = 'running') = (finished_at IS NULL)", name=op.f("ck_job_runs_finished_when_over")),
        sa.CheckConstraint(
            "status IN ('running', 'succeeded', 'failed', 'cancelled')", name=op.f("ck_job_runs_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("run_key", name=op.f("uq_job_runs_run_key")),
    )
    op.create_index(op.f("ix_job_runs_task_started_at"), "job_runs", ["task", "started_at"])


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="computed from what the row says"
        ),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("league", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False, comment="path in the mirror"),
        sa.Column("row_number", sa.BigInteger(), comment="1-based data row; null: the whole payload"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", JSONB()),
        sa.Column("created_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["job_runs.id"], name=op.f("fk_quarantine_run_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_league_created_at"), "quarantine", ["league", "created_at"])
    op.create_index(op.f("ix_quarantine_run_id"), "quarantine", ["run_id"])
    op.create_index(op.f("ix_quarantine_source_item"), "quarantine", ["source", "item"])


def _create_raw_api_responses() -> None:
    op.create_table(
        "raw_api_responses",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False, comment="without keys or other secrets"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False, comment="path in the mirror"),
        sa.Column(
            "origin", sa.Text(), nullable=False, comment="where the bytes came from: a mirror or the public host"
        ),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), comment="HTTP status; null from a directory"),
        sa.Column("lake_path", sa.Text(), nullable=False),
        sa.Column("fetched_at", UTC, nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_raw_api_responses_sha256_is_sha256")),
        sa.CheckConstraint("bytes >= 0", name=op.f("ck_raw_api_responses_bytes_not_negative")),
        sa.PrimaryKeyConstraint("source", "url", "sha256", name=op.f("pk_raw_api_responses")),
    )
    op.create_index(op.f("ix_raw_api_responses_sha256"), "raw_api_responses", ["sha256"])
    op.create_index(op.f("ix_raw_api_responses_source_fetched_at"), "raw_api_responses", ["source", "fetched_at"])


def _create_lake_manifests() -> None:
    op.create_table(
        "lake_manifests",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "league", sa.Text(), nullable=False, comment="some files hold several leagues; each reads its own part"
        ),
        sa.Column("item", sa.Text(), nullable=False, comment="path in the mirror"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("games", sa.BigInteger(), nullable=False),
        sa.Column("quotes", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column(
            "unmatched", sa.BigInteger(), nullable=False, comment="rows whose teams or game nobody knew; tried again"
        ),
        sa.Column("imported_at", UTC, nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_lake_manifests_sha256_is_sha256")),
        sa.CheckConstraint(
            "least(rows, games, quotes, rejected, unmatched) >= 0", name=op.f("ck_lake_manifests_counts_not_negative")
        ),
        sa.PrimaryKeyConstraint("source", "league", "item", name=op.f("pk_lake_manifests")),
    )


def upgrade() -> None:
    """Create the tables, referred-to ones first."""
    _create_sports()
    _create_seasons()
    _create_teams()
    _create_team_aliases()
    _create_games()
    _create_game_sources()
    _create_sportsbooks()
    _create_odds()
    _create_closing_lines()
    _create_ml_models()
    _create_job_runs()
    _create_quarantine()
    _create_raw_api_responses()
    _create_lake_manifests()


def downgrade() -> None:
    """Drop them, referring ones first; their indexes go with them."""
    for table in (
        "quarantine",
        "job_runs",
        "lake_manifests",
        "raw_api_responses",
        "ml_models",
        "closing_lines",
        "odds",
        "sportsbooks",
        "game_sources",
        "games",
        "team_aliases",
        "teams",
        "seasons",
        "sports",
    ):
        op.drop_table(table)
