"""What was learned: trained models, where their artefacts lie and which one is in production."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ai_pro_sports.data.store.tables.metadata import UTC, checksum, metadata, one_of

__all__ = ["ModelStatus", "ml_models"]


class ModelStatus(StrEnum):
    """How far a model has come."""

    CANDIDATE = "candidate"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


ml_models = Table(
    "ml_models",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("scope", Text, nullable=False, comment="what it forecasts: game, or a kind of prop"),
    Column("league", Text, ForeignKey("sports.code"), nullable=False),
    Column("bet_type", Text, nullable=False, comment="score: one law of both scores, from which every market follows"),
    Column("name", Text, nullable=False),
    Column("framework", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("artefact_path", Text, nullable=False, comment="relative to the model directory"),
    *checksum("artefact_sha256"),
    Column("catalogue_version", Text, nullable=False, comment="version of the feature catalogue it was trained on"),
    Column("metrics", JSONB, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("trained_from", UTC),
    Column("trained_to", UTC),
    Column("created_at", UTC, nullable=False),
    UniqueConstraint("scope", "league", "bet_type", "version"),
    one_of("status", ModelStatus),
    CheckConstraint("trained_from <= trained_to", name="trained_range"),
    Index(
        "uq_ml_models_one_production",
        "scope",
        "league",
        "bet_type",
        unique=True,
        postgresql_where=text("status = 'production'"),
    ),
)
