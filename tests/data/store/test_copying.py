"""COPY: what goes in comes out, whatever the text holds, and it belongs to the transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import bindparam, column, select, text

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store import Database, UnitOfWork
from ai_pro_sports.data.store.copying import POSITION, Schema, copy_out, staged
from ai_pro_sports.data.store.tables.odds import sportsbooks

pytestmark = pytest.mark.anyio

SHAPE: Schema = {
    "whole": pl.Int64,
    "small": pl.Int32,
    "real": pl.Float64,
    "words": pl.String,
    "truth": pl.Boolean,
    "day": pl.Date,
    "at": pl.Datetime("us", "UTC"),
}

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
nasty = st.sampled_from(
    ["", '"', '""', ",", "\n", "\r\n", "\r", "\\.", "\\N", "NULL", 'a,b\n"c"', " ", "\t", "é🏈\u2028"]
)
rows = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | words | nasty,
    st.none() | st.booleans(),
    st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
tables = st.lists(rows, max_size=20).map(lambda some: pl.DataFrame(some, schema=dict(SHAPE), orient="row"))


async def there_and_back(work: UnitOfWork, frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    async with staged(work._connection, frame) as table:
        query = select(*(table.c[name] for name in schema)).order_by(table.c[POSITION])
        return await copy_out(work._connection, query, schema)


@given(tables)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_frame_comes_back_as_it_went(work: UnitOfWork, frame: pl.DataFrame) -> None:
    assert_frame_equal(await there_and_back(work, frame, SHAPE), frame)


@given(st.lists(st.none() | words | nasty, max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_single_column_of_text_keeps_nulls_empties_and_line_ends(
    work: UnitOfWork, some: list[str | None]
) -> None:
    schema: Schema = {"words": pl.String}
    frame = pl.DataFrame({"words": some}, schema=dict(schema))
    assert_frame_equal(await there_and_back(work, frame, schema), frame)


@pytest.mark.parametrize("price", [1.909090909090909, 1.1, 1 + 100 / 110, 1000.9999999999999, 1.0000000000000002])
async def test_a_price_is_kept_to_the_last_bit(work: UnitOfWork, price: float) -> None:
    schema: Schema = {"price": pl.Float64}
    back = await there_and_back(work, pl.DataFrame({"price": [price]}), schema)
    assert back["price"].to_list() == [price]


async def test_times_keep_their_microseconds(work: UnitOfWork) -> None:
    at = datetime(2023, 9, 10, 17, 0, 0, 1, tzinfo=UTC)
    frame = pl.DataFrame({"at": [at, at + timedelta(microseconds=1)]}, schema={"at": SHAPE["at"]})
    assert_frame_equal(await there_and_back(work, frame, {"at": SHAPE["at"]}), frame)


async def test_rows_keep_the_order_and_the_position_they_are_given(work: UnitOfWork) -> None:
    frame = pl.DataFrame({"position": [7, 3], "words": ["seventh", "third"]})
    async with staged(work._connection, frame) as table:
        query = select(table.c.position, table.c.words).order_by(table.c.position)
        back = await copy_out(work._connection, query, {"position": pl.Int64, "words": pl.String})
    assert back["words"].to_list() == ["third", "seventh"]


async def test_parameters_reach_the_query_whatever_they_hold(work: UnitOfWork) -> None:
    await work.books.ensure(["o'reilly $1", "pinnacle"])
    query = select(sportsbooks.c.key).where(sportsbooks.c.key.in_(["o'reilly $1", '"; DROP TABLE odds; --']))
    back = await copy_out(work._connection, query, {"key": pl.String})
    assert back["key"].to_list() == ["o'reilly $1"]


async def test_a_query_without_rows_gives_an_empty_frame_of_the_shape(work: UnitOfWork) -> None:
    back = await there_and_back(work, pl.DataFrame(schema=dict(SHAPE)), SHAPE)
    assert back.schema == pl.Schema(SHAPE)
    assert back.is_empty()


async def test_columns_that_are_not_those_of_the_shape_are_refused(work: UnitOfWork) -> None:
    query = select(sportsbooks.c.key, sportsbooks.c.name)
    with pytest.raises(InvalidValue, match="'key', 'name'"):
        await copy_out(work._connection, query, {"name": pl.String, "key": pl.String})


async def test_a_column_type_copy_does_not_carry_is_refused_by_name(work: UnitOfWork) -> None:
    with pytest.raises(InvalidValue, match="column legs is List"):
        async with staged(work._connection, pl.DataFrame({"legs": [[1, 2]]})):
            pass


async def test_a_nul_character_is_refused_and_nothing_is_kept(database: Database) -> None:
    with pytest.raises(InvalidValue, match="cannot hold"):
        async with database.unit_of_work() as work, staged(work._connection, pl.DataFrame({"words": ["a\0b"]})):
            pass
    async with database.unit_of_work() as work:
        assert (await work.books.frame()).is_empty()


async def test_the_staged_table_is_gone_after_the_block_and_its_name_is_not_used_again(work: UnitOfWork) -> None:
    async with staged(work._connection, pl.DataFrame({"x": [1]})) as first:
        pass
    async with staged(work._connection, pl.DataFrame({"x": [1]})) as second:
        assert first.name != second.name
    found = await work._connection.execute(
        text("SELECT to_regclass(:first), to_regclass(:second)"), {"first": first.name, "second": second.name}
    )
    assert found.one() == (None, None)


async def test_a_copy_is_undone_with_its_transaction(database: Database) -> None:
    async with database.unit_of_work() as work:
        async with staged(work._connection, pl.DataFrame({"key": ["corner_shop"]})) as table:
            copied = select(table.c.key, table.c.key)
            await work._connection.execute(sportsbooks.insert().from_select(["key", "name"], copied))
        assert (await work.books.frame())["book"].to_list() == ["corner_shop"]
        await work.rollback()
    async with database.unit_of_work() as work:
        assert (await work.books.frame()).is_empty()


async def test_reading_by_copy_first_of_all_is_inside_the_transaction(database_url: str) -> None:
    shape: Schema = {"one": pl.Int64, "now": pl.Datetime("us", "UTC")}
    query = select(bindparam("one", 1).label("one"), column("now").label("now")).select_from(text("now()"))
    database = Database(database_url)
    async with database.unit_of_work() as work:
        first = await copy_out(work._connection, query, shape)
        second = await copy_out(work._connection, query, shape)
    await database.close()
    assert first["now"].to_list() == second["now"].to_list()  # now() is the transaction's start
