"""COPY between Polars frames and PostgreSQL: a frame into a temporary table, a query into a frame.

Row by row, a million quotes take minutes; by COPY they take a second. The wire format is CSV, in which a null is an
empty field and an empty text a quoted one, on both sides. Times cross as microseconds since 1970, so nothing is lost.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    cast,
    extract,
    literal_column,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeEngine

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store.tables.metadata import UTC

__all__ = ["POSITION", "Schema", "copy_out", "staged"]

POSITION = "position"
"""The column `staged` adds: the 0-based row in the frame given."""

_UTC_TIME = pl.Datetime("us", "UTC")
_SQL_TYPES: dict[pl.DataType | type[pl.DataType], TypeEngine[Any]] = {
    pl.Int64: BigInteger(),
    pl.Int32: Integer(),
    pl.Int16: Integer(),
    pl.Float64: Numeric(),  # exact: a float crosses as its shortest decimal
    pl.String: Text(),
    pl.Boolean: Boolean(),
    pl.Date: Date(),
    _UTC_TIME: UTC,
}
_numbers = count(1)
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
"""Column names and Polars types, in order."""


def _sql_type(name: str, kind: pl.DataType) -> TypeEngine[Any]:
    try:
        return _SQL_TYPES[kind]
    except KeyError:
        raise InvalidValue(f"column {name} is {kind}, which COPY does not carry", hint="cast it first") from None


async def _driver(connection: AsyncConnection) -> Any:
    """Return asyncpg's own connection, inside the transaction SQLAlchemy believes it has begun.

    SQLAlchemy sends BEGIN with the first statement of its own; a COPY before it would commit by itself.
    """
    await connection.execute(text("SELECT 1"))
    return (await connection.get_raw_connection()).driver_connection


@asynccontextmanager
async def staged(connection: AsyncConnection, frame: pl.DataFrame) -> AsyncIterator[Table]:
    """Copy `frame` into a temporary table for the length of the block and yield the table.

    It has the frame's columns and, where the frame has none, a `position`; it is analysed so that joins on it are
    planned well. Raises InvalidValue for a column type COPY does not carry.
    """
    if POSITION not in frame.columns:
        frame = frame.with_row_index(POSITION).with_columns(pl.col(POSITION).cast(pl.Int64))
    columns = [Column(name, _sql_type(name, kind)) for name, kind in frame.schema.items()]
    table = Table(f"incoming_{next(_numbers)}", MetaData(), *columns, prefixes=["TEMPORARY"])
    await connection.execute(CreateTable(table))
    body = io.BytesIO()
    frame.write_csv(body, include_header=False, quote_style="non_numeric")
    body.seek(0)
    raw = await _driver(connection)
    await raw.copy_to_table(table.name, source=body, format="csv")
    await connection.execute(text(f"ANALYZE {table.name}"))
    yield table
    await connection.execute(DropTable(table))


async def copy_out(connection: AsyncConnection, query: Select[Any], schema: Schema) -> pl.DataFrame:
    """Run `query` and return its rows, in its order, as a frame of exactly `schema`.

    The query's columns must be those of `schema`, in that order. Raises InvalidValue where they are not.
    """
    names = [column.name for column in query.selected_columns]
    if names != list(schema):
        raise InvalidValue(f"the query gives {names}, the frame wants {list(schema)}", hint="select them in order")
    wire = [_on_the_wire(column, schema[column.name]) for column in query.selected_columns]
    # The constant keeps a row of one null from being an empty line, which CSV readers skip.
    narrowed = query.with_only_columns(literal_column("0"), *wire, maintain_column_froms=True)
    compiled = narrowed.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    arguments = [compiled.params[name] for name in compiled.positiontup or ()]
    body = io.BytesIO()
    raw = await _driver(connection)
    await raw.copy_from_query(str(compiled), *arguments, output=body, format="csv")
    read_as = {"": pl.Int8, **{name: _read_as(kind) for name, kind in schema.items()}}
    frame = pl.read_csv(body.getvalue(), has_header=False, schema=read_as, raise_if_empty=False)
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _on_the_wire(column: ColumnElement[Any], kind: pl.DataType | type[pl.DataType]) -> ColumnElement[Any]:
    if kind == _UTC_TIME:
        return cast(extract("epoch", column) * 1_000_000, BigInteger)
    if kind == pl.Boolean:
        return cast(column, Integer)
    return column


def _read_as(kind: pl.DataType | type[pl.DataType]) -> pl.DataType | type[pl.DataType]:
    if kind == _UTC_TIME:
        return pl.Int64
    return pl.Int8 if kind == pl.Boolean else kind
