"""What the product did: runs, rows set aside, payloads kept, files imported."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from ai_pro_sports.data.store.tables.metadata import UTC, checksum, metadata, one_of

__all__ = ["RunStatus", "job_runs", "lake_manifests", "quarantine", "raw_api_responses"]


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


job_runs = Table(
    "job_runs",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("run_key", Text, comment="the caller's own name of the run; a resumed workflow finds its row by it"),
    Column("task", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("started_at", UTC, nullable=False),
    Column("finished_at", UTC),
    Column("report", JSONB),
    Column("error", Text),
    UniqueConstraint("run_key"),
    one_of("status", RunStatus),
    CheckConstraint("(status = 'running') = (finished_at IS NULL)", name="finished_when_over"),
    Index(None, "task", "started_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="computed from what the row says"),
    Column("run_id", BigInteger, ForeignKey("job_runs.id", ondelete="SET NULL"), index=True),
    Column("source", Text, nullable=False),
    Column("league", Text, nullable=False),
    Column("item", Text, nullable=False, comment="path in the mirror"),
    Column("row_number", BigInteger, comment="1-based data row; null: the whole payload"),
    Column("reason", Text, nullable=False),
    Column("content", JSONB),
    Column("created_at", UTC, nullable=False),
    Index(None, "league", "created_at"),
    Index(None, "source", "item"),
)

raw_api_responses = Table(
    "raw_api_responses",
    metadata,
    Column("source", Text),
    Column("url", Text, comment="without keys or other secrets"),
    *checksum("sha256"),
    Column("item", Text, nullable=False, comment="path in the mirror"),
    Column("origin", Text, nullable=False, comment="where the bytes came from: a mirror or the public host"),
    Column("bytes", BigInteger, nullable=False),
    Column("status", Integer, comment="HTTP status; null from a directory"),
    Column("lake_path", Text, nullable=False),
    Column("fetched_at", UTC, nullable=False),
    PrimaryKeyConstraint("source", "url", "sha256"),
    CheckConstraint("bytes >= 0", name="bytes_not_negative"),
    Index(None, "source", "fetched_at"),
    Index(None, "sha256"),
)

lake_manifests = Table(
    "lake_manifests",
    metadata,
    Column("source", Text, primary_key=True),
    Column("league", Text, primary_key=True, comment="some files hold several leagues; each reads its own part"),
    Column("item", Text, primary_key=True, comment="path in the mirror"),
    *checksum("sha256"),
    Column("parser_version", Integer, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("games", BigInteger, nullable=False),
    Column("quotes", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("unmatched", BigInteger, nullable=False, comment="rows whose teams or game nobody knew; tried again"),
    Column("imported_at", UTC, nullable=False),
    CheckConstraint("least(rows, games, quotes, rejected, unmatched) >= 0", name="counts_not_negative"),
)
