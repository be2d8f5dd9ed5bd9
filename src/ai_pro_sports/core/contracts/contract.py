"""A contract: what a frame must look like, and the split of a frame into rows that keep it and rows that do not."""

from __future__ import annotations

from dataclasses import dataclass

import pandera.polars as pa
import polars as pl

from ai_pro_sports.core.errors import SchemaChanged

__all__ = ["UTC_TIME", "Checked", "Contract"]

UTC_TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that keep the contract, and the positions (0-based, in the frame given) and reasons of the rest."""

    valid: pl.DataFrame
    rejected: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Contract:
    """A named pandera schema over Polars frames."""

    name: str
    schema: pa.DataFrameSchema

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """Return column names and Polars types, in order."""
        return {name: column.dtype.type for name, column in self.schema.columns.items()}

    def empty(self) -> pl.DataFrame:
        """Return a frame of this shape without rows."""
        return pl.DataFrame(schema=self.columns)

    def check(self, frame: pl.DataFrame) -> Checked:
        """Split `frame` into rows that keep the contract and rows that do not.

        `rejected` has columns `position` (int) and `reason` (text, all broken rules of the row). Raises SchemaChanged
        when a column is missing or of another type: then no row can be trusted.
        """
        self._check_columns(frame)
        try:
            self.schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as broken:
            rejected = self._reasons(broken.failure_cases)
        else:
            return Checked(frame, pl.DataFrame(schema={"position": pl.Int64, "reason": pl.String}))
        keep = ~pl.Series(range(frame.height)).is_in(rejected["position"].implode())
        return Checked(frame.filter(keep), rejected)

    def _check_columns(self, frame: pl.DataFrame) -> None:
        wanted = self.columns
        missing = [name for name in wanted if name not in frame.columns]
        if missing:
            raise SchemaChanged(f"{self.name} lacks columns {', '.join(missing)}", hint="check the source's format")
        odd = [
            f"{name} is {frame.schema[name]}, not {kind}" for name, kind in wanted.items() if frame.schema[name] != kind
        ]
        if odd:
            raise SchemaChanged(f"{self.name}: {'; '.join(odd)}", hint="check the source's parser")

    def _reasons(self, failures: pl.DataFrame) -> pl.DataFrame:
        without_row = failures.filter(pl.col("index").is_null())
        if without_row.height:
            raise SchemaChanged(f"{self.name}: {without_row['check'].to_list()}", hint="check the source's parser")
        said = (
            pl.when(pl.col("check") == "not_nullable")
            .then(pl.format("{} is missing", pl.col("column")))
            .when(pl.col("column").is_null())
            .then(pl.col("check"))
            .otherwise(pl.format("{}: {} ({})", pl.col("column"), pl.col("check"), pl.col("failure_case")))
        )
        return (
            failures.select(pl.col("index").cast(pl.Int64).alias("position"), said.alias("reason"))
            .unique(maintain_order=True)
            .group_by("position", maintain_order=True)
            .agg(pl.col("reason").str.join("; "))
            .sort("position")
        )
