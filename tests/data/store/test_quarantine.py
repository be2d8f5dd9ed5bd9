"""Rows set aside: kept with their reason, once, whatever a damaged file puts into them."""

from __future__ import annotations

import json
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.data.store import Database, UnitOfWork
from ai_pro_sports.data.store.repositories.json_values import storable, storable_json
from ai_pro_sports.data.store.repositories.quarantine import QUARANTINED, REJECTS
from tests.data.store.rows import RECORDED

pytestmark = pytest.mark.anyio

FILE = {"source": "results", "league_code": "EPL", "item": "soccer/E0_2324.csv.gz", "created_at": RECORDED}


def rejects(*rows: tuple[int | None, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(REJECTS), orient="row")


THREE = rejects(
    (7, "unknown team: Nowhere", '{"home": "Nowhere", "score": "2"}'),
    (9, "price below 1", '{"b365h": "0.2"}'),
    (None, "truncated gzip", None),
)


async def test_rows_set_aside_come_back_with_their_reason(work: UnitOfWork) -> None:
    run_id = await work.runs.start("backfill", RECORDED)
    assert await work.quarantine.add(THREE, run_id=run_id, **FILE) == 3
    kept = await work.quarantine.frame()
    assert kept.schema == pl.Schema(QUARANTINED)
    assert kept["run_id"].unique().to_list() == [run_id]
    assert kept.select("row", "reason").rows() == [tuple(row[:2]) for row in THREE.rows()]
    assert [content and json.loads(content) for content in kept["content"]] == [
        {"home": "Nowhere", "score": "2"},
        {"b365h": "0.2"},
        None,
    ]


async def test_the_same_file_again_adds_nothing_even_in_another_run(work: UnitOfWork) -> None:
    await work.quarantine.add(THREE, **FILE)
    again = {**FILE, "created_at": RECORDED + timedelta(days=1)}
    assert await work.quarantine.add(THREE, run_id=await work.runs.start("backfill", RECORDED), **again) == 0
    assert (await work.quarantine.frame())["created_at"].unique().to_list() == [RECORDED]


async def test_a_row_repaired_wrongly_is_a_new_row(work: UnitOfWork) -> None:
    await work.quarantine.add(THREE, **FILE)
    changed = rejects((7, "unknown team: Nowhere", '{"home": "Nowhere", "score": "3"}'))
    assert await work.quarantine.add(changed, **FILE) == 1
    assert await work.quarantine.add(THREE, **{**FILE, "item": "soccer/E0_2223.csv.gz"}) == 3


async def test_a_whole_file_of_bad_rows_is_kept(work: UnitOfWork) -> None:
    many = rejects(*((n, "no date", json.dumps({"n": n})) for n in range(1, 4_502)))
    assert await work.quarantine.add(many, **FILE) == 4_501
    assert (await work.quarantine.frame(limit=10)).height == 10
    assert (await work.quarantine.reasons()).rows() == [
        ("EPL", "results", "soccer/E0_2324.csv.gz", "no date", 4_501),
    ]


async def test_rows_are_shown_for_one_league(work: UnitOfWork) -> None:
    await work.quarantine.add(THREE, **FILE)
    assert (await work.quarantine.frame("EPL")).height == 3
    assert (await work.quarantine.frame("NFL")).is_empty()


async def test_a_run_that_is_forgotten_leaves_its_rows(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.quarantine.add(THREE, run_id=await work.runs.start("backfill", RECORDED), **FILE)
        await work._connection.exec_driver_sql("DELETE FROM job_runs")
        assert (await work.quarantine.frame())["run_id"].to_list() == [None] * 3


async def test_rejects_of_another_shape_are_refused(work: UnitOfWork) -> None:
    with pytest.raises(SchemaChanged, match="reason"):
        await work.quarantine.add(THREE.drop("reason"), **FILE)


texts = st.text(max_size=20) | st.sampled_from(
    ["\0", "\ud800", '{"a": NaN}', '{"a\\u0000": "\\ud800"}', "[1", "", "null"]
)


@given(
    st.lists(st.tuples(st.none() | st.integers(1, 9), texts.filter(lambda t: not has_surrogate(t)), texts), max_size=5)
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_a_damaged_file_holds_stops_its_rows_from_being_kept(
    work: UnitOfWork, rows: list[tuple[int | None, str, str]]
) -> None:
    given_rows = [row for row in rows if not has_surrogate(row[2])]
    await work.quarantine.add(rejects(*given_rows), **FILE)
    assert await work.quarantine.add(rejects(*given_rows), **FILE) == 0


def has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_a_storable_value_is_strict_json_and_stays_what_it_is(value: object) -> None:
    once = storable(value)
    written = json.dumps(once, allow_nan=False)
    assert "\\u0000" not in written
    written.encode("utf-8", "strict")
    assert storable(once) == once


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (None, None),
        ("null", None),
        ("{}", {}),
        ('{"a": [1, 2.5, "x", true]}', {"a": [1, 2.5, "x", True]}),
        ('{"a": NaN, "b": Infinity}', {"a": None, "b": None}),
        ('{"a\\u0000b": "\\ud83d"}', {"a\ufffdb": "\ufffd"}),
        ("HTL,2.1,", {"text": "HTL,2.1,"}),
        ("\0", {"text": "\ufffd"}),
    ],
)
def test_what_a_row_said_is_kept_as_json(written: str | None, kept: object) -> None:
    assert storable_json(written) == kept
