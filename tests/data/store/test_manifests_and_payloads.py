"""What was fetched and what was imported."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import NFL
from ai_pro_sports.data.store import Database, Manifest, StoredPayload, UnitOfWork
from tests.data.store.rows import RECORDED, game, games, teams

pytestmark = pytest.mark.anyio

MANIFEST = Manifest("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 1, 284, 284, 1_704, 0, 0, RECORDED)
PAYLOAD = StoredPayload(
    source="schedule",
    url="https://example.org/games.csv",
    sha256="ab" * 32,
    item="nfl/games.csv.gz",
    origin="https://example.org",
    bytes=51_200,
    lake_path="raw/ab/ab",
    fetched_at=RECORDED,
    status=200,
)


async def test_a_file_is_done_only_with_these_bytes_and_this_parser(work: UnitOfWork) -> None:
    manifests = work.manifests
    assert await manifests.find("schedule", "NFL", "nfl/games.csv.gz") is None
    assert not await manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 1)
    await manifests.write(MANIFEST)
    assert await manifests.find("schedule", "NFL", "nfl/games.csv.gz") == MANIFEST
    assert await manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 1)
    assert not await manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "cd" * 32, 1)
    assert not await manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 2)
    assert not await manifests.is_done("schedule", "EPL", "nfl/games.csv.gz", "ab" * 32, 1)
    assert not await manifests.is_done("results", "NFL", "nfl/games.csv.gz", "ab" * 32, 1)


async def test_a_file_with_rows_nobody_could_place_is_never_done(work: UnitOfWork) -> None:
    await work.manifests.write(replace(MANIFEST, unmatched=3))
    assert not await work.manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 1)
    await work.manifests.write(MANIFEST)
    assert await work.manifests.is_done("schedule", "NFL", "nfl/games.csv.gz", "ab" * 32, 1)


async def test_a_later_version_of_a_file_replaces_its_manifest(work: UnitOfWork) -> None:
    await work.manifests.write(MANIFEST)
    later = replace(MANIFEST, sha256="cd" * 32, rows=285, imported_at=RECORDED + timedelta(days=1))
    await work.manifests.write(later)
    assert (await work.manifests.frame()).to_dicts() == [asdict(later)]


async def test_a_file_whose_import_fails_is_not_done_and_left_no_rows(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.unit_of_work() as work:
            await work.teams.add(teams())
            await work.games.write(NFL, games(game()), RECORDED)
            await work.manifests.write(MANIFEST)
            raise RuntimeError("killed between the manifest and the end")
    async with database.unit_of_work() as work:
        assert await work.manifests.find("schedule", "NFL", "nfl/games.csv.gz") is None
        assert (await work.status()).seasons.is_empty()


@pytest.mark.parametrize(
    ("name", "value"), [("rows", -1), ("rejected", -1), ("unmatched", -1), ("sha256", "not a checksum")]
)
async def test_an_impossible_manifest_is_refused(database: Database, name: str, value: object) -> None:
    with pytest.raises(InvalidValue, match="ck_lake_manifests"):
        async with database.unit_of_work() as work:
            await work.manifests.write(replace(MANIFEST, **{name: value}))  # type: ignore[arg-type]


async def test_the_first_fetch_of_the_same_bytes_stays(work: UnitOfWork) -> None:
    assert await work.payloads.add(PAYLOAD)
    assert not await work.payloads.add(replace(PAYLOAD, fetched_at=RECORDED + timedelta(days=1)))
    assert (await work.payloads.frame()).to_dicts() == [{name: getattr(PAYLOAD, name) for name in asdict(PAYLOAD)}]


async def test_new_bytes_of_an_address_and_another_source_are_new(work: UnitOfWork) -> None:
    tomorrow = replace(PAYLOAD, sha256="cd" * 32, fetched_at=RECORDED + timedelta(days=1), status=None)
    assert await work.payloads.add(PAYLOAD)
    assert await work.payloads.add(tomorrow)
    assert await work.payloads.add(replace(PAYLOAD, source="other"))
    kept = await work.payloads.frame("schedule")
    assert kept.select("sha256", "status").rows() == [("cd" * 32, None), ("ab" * 32, 200)]
