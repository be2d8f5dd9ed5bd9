"""The one `MetaData` every table hangs on, its naming convention, and the column types used everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, DateTime, MetaData, Numeric, Text, func

__all__ = ["LINE", "UTC", "checksum", "metadata", "one_of", "row_times"]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

UTC = DateTime(timezone=True)
LINE = Numeric(6, 2)


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """Return the check that `column` holds one of `words`, named `<column>_known`.

    >>> one_of("colour", ["red", "blue"]).sqltext.text
    "colour IN ('red', 'blue')"
    """
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def checksum(column: str, *, nullable: bool = False) -> tuple[Column[str], CheckConstraint]:
    """Return a SHA-256 column in lower-case hex and the check that it is one."""
    rule = CheckConstraint(f"{column} ~ '^[0-9a-f]{{64}}$'", name=f"{column}_is_sha256")
    return Column(column, Text, nullable=nullable), rule


def row_times() -> tuple[Column[object], Column[object]]:
    """Return `created_at` and `updated_at`: when the row was physically written, by the database's clock.

    They are for whoever inspects a database. No read of history uses them: what could be known when is `known_at`.
    """
    return (
        Column("created_at", UTC, nullable=False, server_default=func.now()),
        Column("updated_at", UTC, nullable=False, server_default=func.now(), onupdate=func.now()),
    )
